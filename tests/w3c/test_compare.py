"""The comparison of answers and the readers of formats, without which a passed test would mean nothing."""

import pyoxigraph as ox
import pytest

from w3c.answers import READERS, Answer, Rows, read_graph, table
from w3c.compare import difference, plain

pytestmark = pytest.mark.w3c

XSD = "http://www.w3.org/2001/XMLSchema#"


def rows(*lines: str, is_ordered: bool = False) -> Rows:
    """Return rows of the columns x and y, of terms that are written as in Turtle."""
    answer = READERS["tsv"]("\n".join(("?x\t?y", *lines)).encode())
    assert isinstance(answer, Rows)
    return Rows(answer.variables, answer.rows, is_ordered)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (rows("1\t2", "3\t4"), rows("3\t4", "1\t2")),
        (rows("1\t", "1\t"), rows("1\t", "1\t")),
        (rows("_:a\t_:b", "_:b\t_:a"), rows("_:b\t_:x", "_:x\t_:b")),
        (rows("_:a\t1", "_:b\t1", "_:b\t2"), rows("_:b\t1", "_:a\t1", "_:a\t2")),
        (rows("_:a\t<<( _:a <a:p> _:b )>>"), rows("_:x\t<<( _:x <a:p> _:a )>>")),
        (rows("'x'@EN\t1"), rows("'x'@en\t1")),
        (True, True),
        (
            read_graph(b"<a:s> <a:p> [ <a:q> 1 ], [] .", "ttl"),
            read_graph(b"<a:s> <a:p> [], [ <a:q> 1 ] .", "ttl"),
        ),
    ],
)
def test_same(expected: Answer, actual: Answer) -> None:
    """The order of rows that are not ordered, and the names of blank nodes, make no difference."""
    assert difference(expected, actual) is None
    assert difference(actual, expected) is None


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (rows("1\t2"), rows("1\t3")),
        (rows("1\t2"), rows("1\t2", "1\t2")),
        (rows("1\t2"), rows("1\t")),
        (rows("1\t2"), rows("1.0\t2")),
        (rows("'1'\t2"), rows("1\t2")),
        (rows("_:a\t_:a"), rows("_:a\t_:b")),
        (rows("_:a\t1", "_:a\t2"), rows("_:a\t1", "_:b\t2")),
        (rows("_:a\t1"), rows("<a:a>\t1")),
        (rows("1\t2", "3\t4", is_ordered=True), rows("3\t4", "1\t2")),
        (rows("_:a\t_:b", "_:b\t_:b", is_ordered=True), rows("_:a\t_:a", "_:a\t_:b")),
        (rows("1\t2"), table(("x", "z"), [])),
        (rows(), False),
        (True, False),
        (
            read_graph(b"<a:s> <a:p> [ <a:q> 1 ] .", "ttl"),
            read_graph(b"<a:s> <a:p> [] . [] <a:q> 1 .", "ttl"),
        ),
    ],
)
def test_different(expected: Answer, actual: Answer) -> None:
    """A term, a repeated row, the order of ordered rows, and what blank nodes join make a difference."""
    assert difference(expected, actual) is not None


def test_by_value() -> None:
    """By value, two writings of one number are the same, but no two numbers and no two datatypes."""
    assert difference(rows("1.0\t1e2"), rows("1.00\t100.0e0"), by_value=True) is None
    assert difference(rows("1.0\t2"), rows("1.1\t2"), by_value=True) is not None
    assert difference(rows("1.0\t2"), rows("1\t2"), by_value=True) is not None
    assert difference(rows("'1.0'\t2"), rows("'1'\t2"), by_value=True) is not None


def test_reduced() -> None:
    """REDUCED may leave out repeated rows, but not all of a kind."""
    expected = rows("1\t2", "1\t2", "3\t4")

    assert difference(expected, rows("1\t2", "3\t4"), is_lax=True) is None
    assert difference(expected, rows("1\t2", "1\t2"), is_lax=True) is not None
    assert difference(expected, rows("1\t2", "3\t4", "3\t4"), is_lax=True) is not None


TERMS = table(
    ["iri", "node", "none", "tagged", "typed"],
    [
        {
            "iri": ox.NamedNode("a:b"),
            "node": ox.BlankNode("n"),
            "tagged": ox.Literal("c", language="he", direction=ox.BaseDirection.RTL),
            "typed": ox.Literal("01", datatype=ox.NamedNode(f"{XSD}integer")),
        }
    ],
)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            "json",
            '{"head":{"vars":["iri","node","none","tagged","typed"]},"results":{"bindings":[{'
            '"iri":{"type":"uri","value":"a:b"},"node":{"type":"bnode","value":"n"},'
            '"tagged":{"type":"literal","value":"c","xml:lang":"he","its:dir":"rtl"},'
            f'"typed":{{"type":"literal","value":"01","datatype":"{XSD}integer"}}}}]}}}}',
            TERMS,
        ),
        (
            "xml",
            '<sparql xmlns="http://www.w3.org/2005/sparql-results#" xmlns:its="http://www.w3.org/2005/11/its"><head>'
            '<variable name="iri"/><variable name="node"/><variable name="none"/><variable name="tagged"/>'
            '<variable name="typed"/></head><results><result><binding name="iri"><uri>a:b</uri></binding>'
            '<binding name="node"><bnode>n</bnode></binding><binding name="tagged">'
            '<literal xml:lang="he" its:dir="rtl">c</literal></binding><binding name="typed">'
            f'<literal datatype="{XSD}integer">01</literal></binding></result></results></sparql>',
            TERMS,
        ),
        (
            "tsv",
            f'?iri\t?node\t?none\t?tagged\t?typed\n<a:b>\t_:n\t\t"c"@he--rtl\t"01"^^<{XSD}integer>\n',
            TERMS,
        ),
        ("csv", "iri,node,none,tagged,typed\r\na:b,_:n,,c,01\r\n", plain(TERMS)),
        ("json", '{"head":{},"boolean":false}', False),
        (
            "xml",
            '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean></sparql>',
            True,
        ),
        ("csv", "x\r\n\r\n", table("x", [{"x": ox.Literal("")}])),
        ("csv", "\r\n\r\n", table("", [{}])),
        ("tsv", "\n", table("", [])),
    ],
)
def test_readers(name: str, data: str, expected: Answer) -> None:
    """Each reader keeps all that its format says of a term."""
    assert READERS[name](data.encode()) == expected
