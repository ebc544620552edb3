"""Answers as plain text and numbers, for tests that compare them."""

import pyoxigraph as ox

from forumkg.sparql.evaluation import Answer, evaluate

__all__ = ["number", "plain_rows"]


def plain_rows(answer: Answer) -> list[tuple[str, ...]]:
    """Return the rows of a SELECT: IRIs in full, literals as they read, nothing for what is not bound."""
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple(map(_plain, row)) for row in answer]


def number(store: ox.Store, query: str) -> int:
    """Return the one number that a query counts."""
    ((counted,),) = plain_rows(evaluate(store, query))
    return int(counted)


def _plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
