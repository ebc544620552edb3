"""The start of an answer, as a page shows it without a script."""

import io
from decimal import Decimal

from forumkg.pages.editor.results import Excerpt, read_graph, read_results
from forumkg.pages.shown_terms import ShownTerm

RESULTS = b"""{"head":{"vars":["a","b"]},"results":{"bindings":[
    {"a":{"type":"uri","value":"https://w3id.org/zgc-forum/id/edition/2021"},
     "b":{"type":"literal","value":"7","datatype":"http://www.w3.org/2001/XMLSchema#integer"}},
    {"a":{"type":"uri","value":"javascript:alert(1)"},
     "b":{"type":"literal","value":"\\u8bba\\u575b","xml:lang":"zh"}},
    {"b":{"type":"bnode","value":"x"}}]}}"""


def test_results() -> None:
    """Each term is read as what it is; an unbound variable leaves an empty cell."""
    found = read_results(io.BytesIO(RESULTS))

    assert found == Excerpt(
        ("a", "b"),
        (
            (
                ShownTerm("edition:2021", iri="https://w3id.org/zgc-forum/id/edition/2021"),
                ShownTerm("7", datatype="xsd:integer", number=Decimal(7)),
            ),
            (ShownTerm("javascript:alert(1)", iri="javascript:alert(1)"), ShownTerm("论坛", language="zh")),
            (ShownTerm(), ShownTerm("_:x", is_code=True)),
        ),
    )
    assert found.numeric == (False, False)


def test_numeric_columns() -> None:
    """A column of numbers is one, whatever it leaves unbound; one that is never bound is none."""
    number, gap = ShownTerm("7", datatype="xsd:integer", number=Decimal(7)), ShownTerm()

    assert Excerpt(("a", "b"), ((number, gap), (gap, gap))).numeric == (True, False)
    assert Excerpt(("a",)).numeric == ()


def test_results_beyond_the_bound() -> None:
    """Of a longer answer only the start is read, and it says so."""
    found = read_results(io.BytesIO(RESULTS), most=2)

    assert (len(found.rows), found.is_whole) == (2, False)
    assert read_results(io.BytesIO(RESULTS), most=3).is_whole


def test_no_more_is_read_than_shown() -> None:
    """What follows in an answer without end costs nothing: it is not read."""
    row = b'<urn:s> <urn:p> "o" .\n'
    endless = io.BytesIO(row * 100_000)

    found = read_graph(endless)

    assert (len(found.rows), found.is_whole) == (100, False)
    assert endless.tell() < 1024 * 1024


def test_truth() -> None:
    """An ASK has a truth value, and no table."""
    assert read_results(io.BytesIO(b'{"head":{},"boolean":false}')) == Excerpt(truth=False)


def test_long_literal() -> None:
    """A long text is cut, and its whole length is shown."""
    data = f'<urn:s> <urn:p> "{"x" * 100_000}" .\n'.encode()
    (row,) = read_graph(io.BytesIO(data)).rows

    assert (len(row[2].text), row[2].length) == (400, 100_000)
