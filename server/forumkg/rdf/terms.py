"""Name terms, and write triples with prefixed names for the graphs that the build writes itself."""

from collections.abc import Iterator

import pyoxigraph as ox

from forumkg.namespaces import PREFIXES

__all__ = ["about", "name_of", "named"]


def name_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """Return the IRI of a term, or what N-Triples writes for a blank node or a literal."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def named(name: str) -> ox.NamedNode:
    """Return the IRI of a prefixed name like `void:triples`, of a prefix that the project knows."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def about(subject: str, *statements: tuple[str, ox.NamedNode | ox.Literal]) -> Iterator[ox.Triple]:
    """Yield a triple on the subject for each pair of a prefixed name and a value."""
    for name, value in statements:
        yield ox.Triple(ox.NamedNode(subject), named(name), value)
