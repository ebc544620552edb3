"""Terms by prefixed name, and triples for the graphs that the build generates."""

from collections.abc import Iterator

import pyoxigraph as ox

from forumkg.namespaces import PREFIXES

__all__ = ["about", "iri_from", "name_of", "named"]


def iri_from(text: str) -> ox.NamedNode | None:
    """Return the IRI that a text from outside is; None if it is not an absolute IRI.

    It is the only place where input becomes an IRI: `NamedNode` raises ValueError for about fifty kinds of
    characters and for each broken percent sign.
    """
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


def name_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """Return the IRI of a term, or its N-Triples form if it is a blank node or a literal."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def named(name: str) -> ox.NamedNode:
    """Return the IRI of a prefixed name like `void:triples`, with a prefix of the project."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def about(subject: str, *statements: tuple[str, ox.NamedNode | ox.Literal]) -> Iterator[ox.Triple]:
    """Yield a triple on the subject for each pair of a prefixed name and a value."""
    for name, value in statements:
        yield ox.Triple(ox.NamedNode(subject), named(name), value)
