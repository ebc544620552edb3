"""Answers are compared by their values."""

import pytest

from forumkg.engine.comparison import Comparable, difference, read_comparable

HEAD = '{"head":{"vars":["a"]},"results":{"bindings":[%s]}}'
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"


def rows(*terms: str) -> Comparable:
    """Return rows of one column."""
    return read_comparable((HEAD % ",".join(f'{{"a":{term}}}' for term in terms)).encode(), "SELECT")


def literal(value: str, datatype: str) -> str:
    """Return a literal as JSON has it."""
    return f'{{"type":"literal","value":"{value}","datatype":"{datatype}"}}'


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (literal("1", INTEGER), literal("1.0", DECIMAL)),
        (literal("0.333333333333333", DECIMAL), literal("0.333333333333333333", DECIMAL)),
        (literal("1", BOOLEAN), literal("true", BOOLEAN)),
        (literal("0", BOOLEAN), literal("false", BOOLEAN)),
        ('{"type":"literal","value":"x","xml:lang":"EN"}', '{"type":"literal","value":"x","xml:lang":"en"}'),
        ('{"type":"bnode","value":"b1"}', '{"type":"bnode","value":"b2"}'),
    ],
)
def test_equal(some: str, others: str) -> None:
    """Numbers (of twelve digits), truth values and languages are equal by value; blank nodes all are."""
    assert rows(some) == rows(others)


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (literal("1", INTEGER), literal("2", INTEGER)),
        (literal("true", BOOLEAN), literal("1", INTEGER)),
        (literal("true", BOOLEAN), literal("0", BOOLEAN)),
        ('{"type":"literal","value":"x","xml:lang":"en"}', '{"type":"literal","value":"x"}'),
        ('{"type":"uri","value":"urn:x:a"}', '{"type":"literal","value":"urn:x:a"}'),
    ],
)
def test_different(some: str, others: str) -> None:
    """Other values, types and languages are different."""
    assert rows(some) != rows(others)


def test_difference() -> None:
    """The difference says what is too many or too few, or that the order is another."""
    one, two = literal("1", INTEGER), literal("2", INTEGER)

    assert difference(rows(one, two), rows(one, two), in_order=True) == ""
    assert difference(rows(two, one), rows(one, two), in_order=True) == "another order"
    assert difference(rows(two, one), rows(one, two), in_order=False) == ""
    assert difference(rows(one, one), rows(one, two), in_order=False) == "2 rows for 2: 1 too many, 1 too few"
    truth = literal("true", BOOLEAN)
    assert difference(rows(one, two), rows(truth, two), in_order=True) == "truth values as numbers"
    assert difference(True, False, in_order=True) == "true for false"
    assert (
        difference(frozenset({("a",)}), frozenset({("b",), ("c",)}), in_order=True)
        == "1 triples too many, 2 too few"
    )
