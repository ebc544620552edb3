"""Compare the answers of two engines: terms by their values, rows in their order or without it."""

from collections import Counter
from collections.abc import Hashable
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.formats import JSON, N_TRIPLES, Format
from forumkg.rdf.sparql_tokens import Form
from forumkg.rdf.terms import named
from forumkg.sparql.evaluation import evaluate, serialize

__all__ = ["NUMERIC_TRUTH", "Comparable", "answer_locally", "difference", "format_for", "read_comparable"]

# A truth value, rows in their order, or a set of triples; terms are values that can be compared.
Comparable: TypeAlias = bool | list[tuple[Hashable, ...]] | frozenset[tuple[Hashable, ...]]

_NUMBERS: Final = frozenset(map(named, ("xsd:integer", "xsd:decimal", "xsd:double", "xsd:float")))
# Engines compute quotients with different numbers of digits.
_DIGITS: Final = 12
_GRAPHS: Final = frozenset({"CONSTRUCT", "DESCRIBE"})
_BOOLEAN: Final = named("xsd:boolean").value
# Both ways of XML Schema to write a truth value: https://www.w3.org/TR/xmlschema-2/#boolean
_CANONICAL: Final = {"1": "true", "0": "false"}
_TRUTH: Final[dict[Hashable, Hashable]] = {
    ("literal", "true", _BOOLEAN): Decimal(1),
    ("literal", "false", _BOOLEAN): Decimal(0),
}
# How an answer differs that is right but for the type of truth values.
NUMERIC_TRUTH: Final = "truth values as numbers"


def format_for(form: Form) -> Format:
    """Return the format in which answers to a query form are compared."""
    return N_TRIPLES if form in _GRAPHS else JSON


def answer_locally(store: ox.Store, query: str, form: Form) -> Comparable:
    """Return the answer of our own engine."""
    return read_comparable(serialize(evaluate(store, query), format_for(form)), form)


def read_comparable(data: bytes, form: Form) -> Comparable:
    """Read an answer in the format of `format_for`."""
    if form in _GRAPHS:
        quads = ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
        return frozenset((_term(q.subject), _term(q.predicate), _term(q.object)) for q in quads)
    answer = ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    return [tuple(map(_term, row)) for row in answer]


def difference(found: Comparable, expected: Comparable, *, in_order: bool) -> str:
    """Return how an answer differs from the expected one; empty where it does not."""
    if found == expected:
        return ""
    if isinstance(found, bool) or isinstance(expected, bool):
        return f"{found} for {expected}".lower()
    if isinstance(found, frozenset) and isinstance(expected, frozenset):
        return f"{len(found - expected)} triples too many, {len(expected - found)} too few"
    some, others = Counter(found), Counter(expected)
    if some == others:
        return "another order" if in_order else ""
    if Counter(map(_with_numbers, found)) == Counter(map(_with_numbers, expected)):
        return NUMERIC_TRUTH
    extra, lacking = (some - others).total(), (others - some).total()
    return f"{len(found)} rows for {len(expected)}: {extra} too many, {lacking} too few"


def _term(term: object) -> Hashable:
    if isinstance(term, ox.NamedNode):
        return ("iri", term.value)
    if not isinstance(term, ox.Literal):
        return None if term is None else ("blank",)
    if term.datatype in _NUMBERS:
        return _number(term)
    if term.datatype.value == _BOOLEAN:
        return ("literal", _CANONICAL.get(term.value, term.value), _BOOLEAN)
    return ("literal", term.value, term.language.lower() if term.language else term.datatype.value)


def _with_numbers(row: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    """Return a row or a triple with 1 and 0 for its truth values."""
    return tuple(_TRUTH.get(term, term) for term in row)


def _number(term: ox.Literal) -> Hashable:
    try:
        value = Decimal(term.value)
    except InvalidOperation:
        return ("literal", term.value, term.datatype.value)
    return Decimal(f"{value:.{_DIGITS}e}").normalize() if value.is_finite() else ("number", str(value))
