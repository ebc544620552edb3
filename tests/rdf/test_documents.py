"""Untrusted documents in each syntax of RDF, read without fetching anything."""

import pyoxigraph as ox
import pytest

from forumkg.errors import DocumentError
from forumkg.formats import DOCUMENT_FORMATS, Format, by_name
from forumkg.rdf.documents import read_document

A, B = ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/b")
TRIPLES = (ox.Triple(A, B, ox.Literal("x", language="en")), ox.Triple(A, B, A))

RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">\n'


def syntax(name: str) -> Format:
    """Return a format by its name."""
    found = by_name(name, DOCUMENT_FORMATS)
    assert found
    return found


def refusal(text: str, name: str) -> tuple[str, str, int | None, int | None]:
    """Return why a document cannot be read: message, advice, line and column."""
    with pytest.raises(DocumentError) as caught:
        read_document(text, syntax(name))
    error = caught.value
    return error.message, error.advice, error.line, error.column


@pytest.mark.parametrize("format_", DOCUMENT_FORMATS, ids=lambda format_: format_.name)
def test_read_each_syntax(format_: Format) -> None:
    """Each syntax gives the triples that were written in it."""
    text = ox.serialize(TRIPLES, format=ox.RdfFormat.from_media_type(format_.media_type))
    assert text

    assert set(read_document(text.decode(), format_)) == set(TRIPLES)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("trig", "<http://example.org/g> { <http://example.org/a> <http://example.org/b> 1 }"),
        ("trig", "GRAPH <http://example.org/g> { <http://example.org/a> <http://example.org/b> 1 . }"),
        (
            "nquads",
            '<http://example.org/a> <http://example.org/b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> '
            "<http://example.org/g> .",
        ),
    ],
)
def test_read_named_graph(name: str, text: str) -> None:
    """What a named graph says is said; a triple of two graphs is said once."""
    assert read_document(text + "\n" + text, syntax(name)) == (ox.Triple(A, B, ox.Literal(1)),)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "turtle",
            "\nzgc:a zgc:b 1 .",
            (
                "Not Turtle: The prefix zgc: has not been declared.",
                "Add at the top: @prefix zgc: <https://w3id.org/zgc-forum/ontology/> .",
                2,
                1,
            ),
        ),
        (
            "trig",
            "<urn:g> { <urn:a> <urn:b> 1 }\n<urn:a> <urn:b> ,",
            ("Not TriG: , is not a valid RDF object.", "Write TriG: https://www.w3.org/TR/trig/.", 2, 17),
        ),
        (
            "ntriples",
            "<urn:a> <urn:b> <urn:c> .\n<urn:a> <b> <urn:c> .\n",
            (
                "Not N-Triples: No scheme found in an absolute IRI.",
                "Write N-Triples: https://www.w3.org/TR/n-triples/.",
                2,
                9,
            ),
        ),
        (
            "nquads",
            "<urn:a> <urn:b> .\n",
            ("Not N-Quads: ", "Write N-Quads: https://www.w3.org/TR/n-quads/.", 1, 17),
        ),
        (
            "jsonld",
            '{\n"@id": "urn:a",, }',
            (
                "Not JSON-LD: Object keys must be strings.",
                "Write JSON-LD: https://www.w3.org/TR/json-ld11/.",
                2,
                16,
            ),
        ),
        (
            "rdfxml",
            f"{RDF_XML}<rdf:Description></rdf:RDF>",
            (
                "Not XML: mismatched tag.",
                "Close every element, quote every attribute, and write &amp; for & and &lt; for <.",
                2,
                20,
            ),
        ),
        (
            "rdfxml",
            f'{RDF_XML}<rdf:Description rdf:about="urn:a b"/></rdf:RDF>',
            (
                "Not RDF/XML: error while parsing IRI 'urn:a b': Invalid IRI code point ' '.",
                "Write RDF/XML: https://www.w3.org/TR/rdf-syntax-grammar/.",
                2,
                1,
            ),
        ),
    ],
)
def test_unreadable(name: str, text: str, expected: tuple[str, str, int | None, int | None]) -> None:
    """A syntax error is reported with its place, where the parser knows it, and the remedy."""
    message, *rest = refusal(text, name)

    assert message.startswith(expected[0])
    assert tuple(rest) == expected[1:]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"@context": "http://127.0.0.1:9/c",\n "@id": "urn:a", "x": 1}', 1, 14),
        ('{"@context": [{},\n"http://127.0.0.1:9/c"], "@id": "urn:a", "x": 1}', 2, 1),
        ('{"@context": {"@import": "http://127.0.0.1:9/c"}, "@id": "urn:a", "x": 1}', 1, 26),
        (
            '{"@context": {"x": {"@id": "urn:x", "@context": "http://127.0.0.1:9/c"}},\n'
            '"@id": "urn:a", "x": {"@id": "urn:b"}}',
            1,
            49,
        ),
        ('[{"@id": "urn:a",\n"urn:x": {"@context": "http://127.0.0.1:9/c", "y": 1}}]', 2, 23),
    ],
)
def test_remote_context(text: str, line: int, column: int) -> None:
    """A remote context is reported with its address and place, and the remedy."""
    assert refusal(text, "jsonld") == (
        "Nothing is fetched, so the context http://127.0.0.1:9/c is not known here.",
        'Write its terms into the document: "@context": {"zgc": "https://w3id.org/zgc-forum/ontology/", …}, '
        "or send Turtle.",
        line,
        column,
    )


LAUGHS = "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(12))


@pytest.mark.parametrize(
    "doctype",
    [
        pytest.param(f'<!DOCTYPE rdf:RDF [<!ENTITY a "ha">{LAUGHS}]>', id="billion laughs"),
        pytest.param('<!DOCTYPE rdf:RDF [<!ENTITY m SYSTEM "file:///etc/passwd">]>', id="file"),
        pytest.param('<!DOCTYPE rdf:RDF [<!ENTITY m SYSTEM "http://127.0.0.1:9/">]>', id="address"),
        pytest.param('<!DOCTYPE rdf:RDF SYSTEM "http://127.0.0.1:9/">', id="elsewhere"),
        pytest.param('<!DOCTYPE rdf:RDF [<!ENTITY % m SYSTEM "http://127.0.0.1:9/"> %m;]>', id="parameter"),
    ],
)
def test_document_type(doctype: str) -> None:
    """No document type is read, so that no entity of it is either, and nothing is large that is small."""
    text = (
        f'<?xml version="1.0"?>\n{doctype}\n{RDF_XML}<rdf:Description rdf:about="urn:a" e:b="&m;"/></rdf:RDF>'
    )

    assert refusal(text, "rdfxml") == (
        "A document type (<!DOCTYPE …>) is not read, nor any entity of it.",
        "Delete it, and write IRIs in full or with xmlns: prefixes.",
        2,
        1,
    )


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("turtle", "<urn:a> <urn:b>\n <<( <urn:a> <urn:b> 1 )>> .", 2, 2),
        ("turtle", "<urn:a> <urn:b> 1 .\n\n<< <urn:a> <urn:b> 1 >> <urn:c> 2 .", 3, 1),
        ("turtle", "<urn:a> <urn:b> 1 # one\n  {| <urn:c> 2 |} .", 2, 4),
        ("turtle", "<urn:a> <urn:b> 1\r ~ <urn:r> .", 2, 2),
        ("trig", "<urn:g> {\n <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> }", 2, 18),
        ("ntriples", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .\n", 2, 17),
    ],
)
def test_triple_term(name: str, text: str, line: int, column: int) -> None:
    """A triple term is refused as what it is, with its place."""
    message, advice, *place = refusal(text, name)

    assert message.endswith("is a triple term, which is RDF 1.2.")
    assert advice == "Say it in triples of RDF 1.1."
    assert place == [line, column]


def test_base_direction() -> None:
    """A base direction is refused rather than lost."""
    assert refusal('<urn:a> <urn:b>\n  "x"@en--ltr .', "turtle") == (
        '"x"@en--ltr has a base direction, which is RDF 1.2.',
        "Write the language alone.",
        2,
        9,
    )


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ('<rdf:Description rdf:about="x"/>', 2, 1),
        ('<rdf:Description\n  rdf:about="urn:a">\n\n <e:b rdf:resource="é ü"/></rdf:Description>', 5, 2),
        ('<rdf:Description rdf:about="urn:a"><e:b xml:lang="de_AT">x</e:b></rdf:Description>', 2, 36),
        ('<rdf:Description rdf:ID="a b"/>', 2, 1),
        ("<rdf:li/>", 2, 1),
    ],
)
def test_place_in_xml(body: str, line: int, column: int) -> None:
    """What is XML and not RDF/XML has the place of the tag at which reading stopped."""
    assert refusal(f"{RDF_XML}{body}\n</rdf:RDF>", "rdfxml")[2:] == (line, column)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<urn:a> <urn:b> 1 ;\n  <urn:c> 2\n  <urn:d> 3 .",
            "Line 2 probably lacks a semicolon: each line of a block but the last ends with one.",
        ),
        (
            '<urn:a> <urn:b> """\n""" # a comment\n\n  a <urn:d> .',
            "Line 2 probably lacks a semicolon: each line of a block but the last ends with one.",
        ),
        (
            "<urn:a> <urn:b> 1\n\n<urn:c> <urn:d> 3 .",
            "Line 1 probably lacks a full stop: each block ends with one.",
        ),
        (
            "<urn:a> <urn:b> 1 <urn:c> 2 .",
            "End each block with a full stop, and each line of it but the last with a semicolon.",
        ),
    ],
)
def test_missing_end(text: str, expected: str) -> None:
    """The line on which a semicolon or a full stop is probably missing is named."""
    assert refusal(text, "turtle")[1] == expected


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads"])
def test_byte_order_mark(name: str) -> None:
    """A byte order mark is refused with the reason, and not shown, as it is invisible."""
    message, advice, *place = refusal("\ufeff<urn:a> <urn:b> <urn:c> .\n", name)

    assert message.endswith("it begins with a byte order mark (U+FEFF).")
    assert (advice, place) == ("Save the file without a byte order mark.", [1, 1])


def test_byte_order_mark_of_others() -> None:
    """JSON and XML may begin with one."""
    assert len(read_document('\ufeff{"@id": "urn:a", "urn:b": 1}', syntax("jsonld"))) == 1
    assert (
        len(
            read_document(
                f'\ufeff{RDF_XML}<rdf:Description rdf:about="urn:a" e:b="x"/></rdf:RDF>', syntax("rdfxml")
            )
        )
        == 1
    )


@pytest.mark.parametrize("depth", [1_000, 200_000])
def test_deep_nesting(depth: int) -> None:
    """What is nested too deeply is read or refused, and breaks nothing."""
    assert (
        len(read_document(f"<urn:a> <urn:b> {'(' * depth}{')' * depth} .", syntax("turtle"))) == 2 * depth - 1
    )
    assert refusal("[" * depth, "jsonld")[0].startswith("Not JSON-LD: ")


def nested_xml(depth: int) -> str:
    """Return a document of RDF/XML with so many elements within each other, of which half are nodes."""
    pairs = depth // 2 - 1  # Within rdf:RDF, around the last node.
    opened, closed = "<rdf:Description><e:b>" * pairs, "</e:b></rdf:Description>" * pairs
    return f"{RDF_XML}{opened}<rdf:Description/>{closed}</rdf:RDF>"


def test_deep_nesting_of_xml() -> None:
    """RDF/XML is read to a depth at which that is fast, and refused beyond it."""
    assert len(read_document(nested_xml(10_000), syntax("rdfxml"))) == 4_999
    message, advice, line, _ = refusal(nested_xml(10_002), "rdfxml")

    assert message == "Not read: more than 10,000 elements are within each other."
    assert advice.startswith("Write nested nodes one after the other")
    assert line == 2
