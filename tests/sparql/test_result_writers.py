"""Writing answers piece by piece, and counting their rows."""

import csv
import io
import json
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strict_turtle import assert_plain_names

from forumkg.errors import NotAcceptable
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from forumkg.namespaces import ID, ZGC
from forumkg.sparql.evaluation import evaluate
from forumkg.sparql.result_writers import SORTED_TRIPLES, _repaired, count_rows, serialize

JSON, XML, CSV, TSV = RESULT_FORMATS
READERS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
MANY = SORTED_TRIPLES + 10


@pytest.fixture(scope="module")
def many() -> ox.Store:
    """Return a store with more triples than are sorted."""
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"https://example.org/{number}"),
            ox.NamedNode("https://w3id.org/zgc-forum/ontology/year"),
            ox.Literal(f"{number}\r\n"),
        )
        for number in range(MANY)
    )
    return store


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_many_triples(many: ox.Store, format_: Format) -> None:
    """More triples than are sorted are all written, and read back as they were."""
    data = serialize(evaluate(many, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"), format_)

    assert {*map(ox.Triple.__str__, triples(data, format_))} == {
        str(quad.triple) for quad in many.quads_for_pattern(None, None, None)
    }


@pytest.mark.parametrize("count", [10, MANY])
def test_turtle_has_plain_names(count: int) -> None:
    """No name has an escape, which some stores misread, in a short answer as in a long one."""
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"{ID}{'article' if number < MANY - 5 else 'person'}/a/char={number},{number + 1}"),
            ox.NamedNode(f"{ZGC}year"),
            ox.Literal(f"article:a\\/{number}"),
        )
        for number in range(count)
    )

    data = serialize(evaluate(store, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"), GRAPH_FORMATS[0])

    assert_plain_names(data.decode())
    assert set(triples(data, GRAPH_FORMATS[0])) == {quad.triple for quad in store}


def triples(data: bytes, format_: Format) -> list[ox.Triple]:
    """Return the triples of a document."""
    return [quad.triple for quad in ox.parse(data, format=READERS[format_.name])]


def test_many_triples_that_a_format_cannot_hold(many: ox.Store) -> None:
    """What cannot be written is refused, however late it comes."""
    query = (
        "CONSTRUCT { ?s <https://example.org/1/2> ?o . ?s ?p ?o }"
        " { { ?s ?p ?o } UNION { BIND (<a:a> AS ?s) BIND (1 AS ?o) } }"
    )
    with pytest.raises(NotAcceptable, match="RDF/XML cannot write the property"):
        serialize(evaluate(many, query), by_name("rdfxml", GRAPH_FORMATS) or XML)


@given(text=st.text(st.sampled_from("a\r\n\ufffd\uffef\U0001ffff\uf8ff"), max_size=20), data=st.data())
def test_xml_is_escaped_wherever_it_is_cut(text: str, data: st.DataObject) -> None:
    """A carriage return survives a reader of XML, wherever the text is cut into pieces."""
    document = f"<a>{text}</a>".encode()
    output = io.BytesIO()
    with _repaired(output, XML) as target:
        for piece in pieces(document, data):
            target.write(piece)
            target.flush()

    assert ElementTree.fromstring(output.getvalue()).text == (text or None)  # noqa: S314 - made here


@given(
    before=st.text("a\u4e2d\ufffd", max_size=5), wrong=st.sampled_from("\x00\x1f\ufffe\uffff"), data=st.data()
)
def test_xml_refuses_what_it_cannot_hold_wherever_it_is_cut(
    before: str, wrong: str, data: st.DataObject
) -> None:
    """A character that XML does not have is found, wherever the text is cut into pieces."""
    found = pieces(f"{before}{wrong}{before}".encode(), data)
    with pytest.raises(NotAcceptable), _repaired(io.BytesIO(), XML) as target:
        [target.write(piece) for piece in found]


def pieces(document: bytes, data: st.DataObject) -> list[bytes]:
    """Return bytes in pieces of any size."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(document)), max_size=6)))
    return [document[a:b] for a, b in zip([0, *cuts], [*cuts, len(document)], strict=True)]


VALUES = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8).filter(
    lambda text: all(character >= " " or character in "\t\r\n" for character in text)
)


@given(rows=st.lists(st.tuples(VALUES, VALUES), max_size=5))
def test_rows_are_counted_in_every_format(rows: list[tuple[str | None, str | None]]) -> None:
    """The number of rows is right, whatever the texts in them look like."""
    cells = " ".join(f"({' '.join(map(cell, row))})" for row in rows)
    answer = f"SELECT ?true ?b {{ VALUES (?true ?b) {{ {cells} }} }}"

    for format_ in RESULT_FORMATS:
        assert count_rows(serialize(evaluate(ox.Store(), answer), format_), format_) == len(rows)


def cell(value: str | None) -> str:
    """Return a value as VALUES takes it."""
    return "UNDEF" if value is None else str(ox.Literal(value))


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize(
    ("query", "rows"), [("ASK {}", 1), ("SELECT * {}", 1), ("SELECT ?true {} LIMIT 0", 0)]
)
def test_rows_of_odd_answers_are_counted(format_: Format, query: str, rows: int) -> None:
    """A truth value is one row, and so is one without columns; a name is none."""
    assert count_rows(serialize(evaluate(ox.Store(), query), format_), format_) == rows


def test_triples_are_not_counted() -> None:
    """Triples are not counted."""
    assert count_rows(b"<a:a> <a:a> <a:a> .\n", GRAPH_FORMATS[0]) is None


def test_rows_agree_with_readers() -> None:
    """What is counted is what readers of JSON and CSV find."""
    query = 'SELECT * { VALUES (?a ?b) { ("}},{" "a\\nb") (UNDEF "\\"") (UNDEF UNDEF) } }'
    in_json, in_csv = (serialize(evaluate(ox.Store(), query), format_) for format_ in (JSON, CSV))

    assert len(json.loads(in_json)["results"]["bindings"]) == count_rows(in_json, JSON) == 3
    assert len([*csv.reader(io.StringIO(in_csv.decode(), newline=""))]) - 1 == count_rows(in_csv, CSV) == 3
