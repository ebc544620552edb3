"""Compare two answers: the same but for the names of blank nodes, or in what they differ.

https://www.w3.org/TR/rdf12-concepts/#section-dataset-isomorphism
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from w3c.answers import Answer, Rows
from w3c.terms import Row, Term

__all__ = ["difference", "has_triple_terms", "plain"]

# A row as it is compared: the words of its terms, one after the other; those of blank nodes begin with `_:`.
_Words = tuple[str, ...]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
# One text for all that mean the same number or day: https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes
_VALUES: Final[dict[str, Callable[[str], object]]] = {
    f"{_XSD}boolean": {"0": "false", "1": "true", "false": "false", "true": "true"}.get,
    f"{_XSD}date": lambda text: text.replace("+00:00", "Z"),
    f"{_XSD}decimal": lambda text: Decimal(text).normalize() + 0,
    f"{_XSD}double": float,
    f"{_XSD}float": float,
    f"{_XSD}integer": int,
}


def difference(
    expected: Answer, actual: Answer, *, by_value: bool = False, is_lax: bool = False
) -> str | None:
    """Return in what an answer differs from the expected one; None where it does not.

    Args:
        expected: the answer that the test names; its order counts where it says so.
        actual: the answer to judge.
        by_value: whether 1.0 and 1.00 of one datatype are the same.
        is_lax: whether REDUCED may have left out repeated rows.
    """
    if isinstance(expected, bool) or isinstance(actual, bool):
        return None if expected is actual else f"expected {expected}, got {actual}"
    if isinstance(expected, Rows) and isinstance(actual, Rows) and expected.variables != actual.variables:
        return f"expected the variables {expected.variables}, got {actual.variables}"
    wanted, found = (
        [tuple(word for term in row for word in _words(term, by_value=by_value)) for row in _rows(answer)]
        for answer in (expected, actual)
    )
    shapes, other_shapes = Counter(map(_shape, wanted)), Counter(map(_shape, found))
    if is_lax and other_shapes <= shapes and other_shapes.keys() == shapes.keys():
        return None
    if shapes != other_shapes:
        return f"missing: {_listed(shapes - other_shapes)}; too many: {_listed(other_shapes - shapes)}"
    is_ordered = isinstance(expected, Rows) and expected.is_ordered
    is_same = _extend({}, zip(wanted, found, strict=True)) if is_ordered else _match(wanted, found)
    what = "order or blank nodes" if is_ordered else "blank nodes"
    return None if is_same is not None else f"{what}: expected {_listed(wanted)}; got {_listed(found)}"


def plain(answer: Answer) -> Answer:
    """Return what CSV keeps of an answer: the text of each term, and the empty text for none."""
    if not isinstance(answer, Rows):
        return answer
    rows = tuple(tuple(map(_plain, row)) for row in answer.rows)
    return Rows(answer.variables, rows, answer.is_ordered)


def has_triple_terms(answer: Answer) -> bool:
    """Whether a row has a term that is a triple."""
    return isinstance(answer, Rows) and any(
        isinstance(term, ox.Triple) for row in answer.rows for term in row
    )


def _plain(term: Term | None) -> Term:
    if isinstance(term, ox.BlankNode):
        return term
    return ox.Literal(term.value if isinstance(term, ox.NamedNode | ox.Literal) else "")


def _rows(answer: Rows | frozenset[ox.Triple]) -> Iterable[Row]:
    if isinstance(answer, Rows):
        return answer.rows
    return ((triple.subject, triple.predicate, triple.object) for triple in answer)


def _words(term: Term | None, *, by_value: bool) -> Iterator[str]:
    if isinstance(term, ox.Triple):
        yield "<<("
        for part in (term.subject, term.predicate, term.object):
            yield from _words(part, by_value=by_value)
        yield ")>>"
    elif by_value and isinstance(term, ox.Literal) and term.datatype.value in _VALUES:
        yield f'"{_VALUES[term.datatype.value](term.value)}"^^{term.datatype}'
    else:
        yield "UNDEF" if term is None else str(term)


def _shape(words: _Words) -> _Words:
    """Return a row with all blank nodes alike."""
    return tuple("_:" if word.startswith("_:") else word for word in words)


def _match(
    wanted: Sequence[_Words], found: Sequence[_Words], names: dict[str, str] | None = None
) -> dict[str, str] | None:
    """Return a renaming of blank nodes that makes each wanted row another one of those found, or None."""
    names = names or {}
    first = next((row for row in wanted if _shape(row) != row), None)
    if first is None:
        return names
    rest = [*wanted]
    rest.remove(first)
    for index, candidate in enumerate(found):
        extended = _extend(names, [(first, candidate)])
        if extended is not None:
            matched = _match(rest, [*found[:index], *found[index + 1 :]], extended)
            if matched is not None:
                return matched
    return None


def _extend(names: dict[str, str], pairs: Iterable[tuple[_Words, _Words]]) -> dict[str, str] | None:
    """Return the renaming, extended so that it makes each first row the second one; None if there is none."""
    extended = dict(names)
    for one, other in pairs:
        if _shape(one) != _shape(other):
            return None
        for mine, yours in zip(one, other, strict=True):
            if mine.startswith("_:") and extended.setdefault(mine, yours) != yours:
                return None
    return extended if len({*extended.values()}) == len(extended) else None


def _listed(rows: Iterable[_Words]) -> str:
    return " | ".join(" ".join(row) for row in rows) or "nothing"
