"""Read answers that are written as a graph, in the vocabulary of the oldest suite.

https://www.w3.org/2001/sw/DataAccess/tests/result-set.n3
"""

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from w3c.answers import Answer, Triples, table
from w3c.terms import Term

__all__ = ["described_answer"]

_RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


def described_answer(triples: Triples) -> Answer:
    """Return the rows or the truth value that a graph describes; any other graph is itself the answer."""
    result = next((t.subject for t in triples if t.object == ox.NamedNode(f"{_RS}ResultSet")), None)
    if result is None:
        return triples
    truth = _text(triples, result, "boolean")
    if truth:
        return truth == "true"
    solutions = sorted(
        _values(triples, result, "solution"), key=lambda solution: int(_text(triples, solution, "index") or 0)
    )
    return table(
        (
            variable.value
            for variable in _values(triples, result, "resultVariable")
            if isinstance(variable, ox.Literal)
        ),
        [_row(triples, solution) for solution in solutions],
        is_ordered=any(_text(triples, solution, "index") for solution in solutions),
    )


def _row(triples: Triples, solution: Term) -> dict[str, Term]:
    return {
        _text(triples, binding, "variable"): value
        for binding in _values(triples, solution, "binding")
        for value in _values(triples, binding, "value")
    }


def _text(triples: Triples, subject: Term, name: str) -> str:
    value = next(_values(triples, subject, name), None)
    return value.value if isinstance(value, ox.Literal) else ""


def _values(triples: Triples, subject: Term, name: str) -> Iterator[Term]:
    for triple in triples:
        if triple.subject == subject and triple.predicate.value == _RS + name:
            yield triple.object
