"""Write triples with prefixed names, for the graphs that the build writes itself."""

from collections.abc import Iterator

import pyoxigraph as ox

from forumkg.namespaces import PREFIXES

__all__ = ["about", "named"]


def named(name: str) -> ox.NamedNode:
    """Return the IRI of a prefixed name like `void:triples`, of a prefix that the project knows."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def about(subject: str, *statements: tuple[str, ox.NamedNode | ox.Literal]) -> Iterator[ox.Triple]:
    """Yield a triple on the subject for each pair of a prefixed name and a value."""
    for name, value in statements:
        yield ox.Triple(ox.NamedNode(subject), named(name), value)
