"""Turn the rows of an answer into text: as it is, or as people read it."""

from collections.abc import Iterator

import pyoxigraph as ox

from forumkg.engine.queries import Answer
from forumkg.namespaces import shorten

__all__ = ["columns", "plain_rows", "readable_rows"]

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None


def columns(answer: Answer) -> tuple[str, ...]:
    """Return the names of the columns: triples have three, the truth value of an ASK has one."""
    if isinstance(answer, ox.QuerySolutions):
        return tuple(variable.value for variable in answer.variables)
    return ("subject", "predicate", "object") if isinstance(answer, ox.QueryTriples) else ("answer",)


def plain_rows(answer: Answer) -> Iterator[tuple[str, ...]]:
    """Yield the rows: IRIs in full, literals as they read, nothing for what is not bound."""
    for row in _rows(answer):
        yield tuple(map(_plain, row))


def readable_rows(answer: Answer) -> Iterator[tuple[str, ...]]:
    """Yield the rows with shortened IRIs, for people to read."""
    for row in _rows(answer):
        yield tuple(shorten(term.value) if isinstance(term, ox.NamedNode) else _plain(term) for term in row)


def _rows(answer: Answer) -> Iterator[tuple[_Term, ...]]:
    if isinstance(answer, ox.QueryBoolean):
        yield (ox.Literal(bool(answer)),)
    elif isinstance(answer, ox.QueryTriples):
        yield from ((triple.subject, triple.predicate, triple.object) for triple in answer)
    else:
        names = columns(answer)
        yield from (tuple(row[name] for name in names) for row in answer)


def _plain(term: _Term) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
