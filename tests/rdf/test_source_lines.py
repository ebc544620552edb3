"""Lines in documents of each syntax."""

import pytest

from forumkg.formats import DOCUMENT_FORMATS, Format
from forumkg.rdf.documents import document_locations

EDITION, YEAR = "https://w3id.org/zgc-forum/id/edition/2021", "https://w3id.org/zgc-forum/ontology/year"
FORMATS = {format_.name: format_ for format_ in DOCUMENT_FORMATS}
TRIPLE = (EDITION, YEAR, "2021")
INTEGER = '"2021"^^<http://www.w3.org/2001/XMLSchema#integer>'


def lines(text: str, format_: Format) -> tuple[int | None, ...]:
    """Return the lines of a subject, of its predicate and of its value."""
    found = document_locations(text, format_, [TRIPLE])
    return (found.line(EDITION), found.line(EDITION, YEAR), found.line(*TRIPLE))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("turtle", f"\n<{EDITION}>\n<{YEAR}>\n2021 .", (2, 3, 4)),
        ("trig", f"# none\n<urn:g> {{\n<{EDITION}>\n<{YEAR}>\n2021 }}", (3, 4, 5)),
        ("trig", f"GRAPH <urn:g> {{ <urn:a> <urn:b> 2021\n}} <{EDITION}>\n<{YEAR}>\n2021 .", (2, 3, 4)),
        ("ntriples", f"\n<{EDITION}> <{YEAR}> {INTEGER} .\n", (2, 2, 2)),
        ("nquads", f"\n<{EDITION}> <{YEAR}> {INTEGER} <urn:g> .\n", (2, 2, 2)),
        ("jsonld", f'\n{{"@id":\n"{EDITION}",\n"{YEAR}": 2021}}', (3, 3, 3)),
        ("jsonld", f'{{"@id":\n"edition:2021",\n"{YEAR}": 2021}}', (2, 2, 2)),
        ("rdfxml", f"<rdf:RDF><!-- {EDITION} -->\n<rdf:Description\nrdf:about='{EDITION}'>", (3, 3, 3)),
    ],
)
def test_lines(name: str, text: str, expected: tuple[int, ...]) -> None:
    """Turtle and its kin have a line for each term, the others one for each thing."""
    assert lines(text, FORMATS[name]) == expected


@pytest.mark.parametrize("name", ["jsonld", "rdfxml"])
def test_lines_unknown(name: str) -> None:
    """A thing that is not named in full, or with a prefix of ours, is in the text at an unknown line."""
    found = document_locations('"x:2021"', FORMATS[name], [TRIPLE])

    assert lines('"x:2021"', FORMATS[name]) == (None, None, None)
    assert set(found.lines) == {(EDITION, None, None), (EDITION, YEAR, None), TRIPLE}


def test_lines_escaped() -> None:
    """An IRI with an ampersand, which XML escapes, is found."""
    iri = "https://example.org/?a&b"

    assert (
        document_locations('\n"https://example.org/?a&amp;b"', FORMATS["rdfxml"], [(iri, "p", "o")]).line(iri)
        == 2
    )


@pytest.mark.parametrize(("name", "expected"), [("turtle", (1,)), ("trig", ()), ("ntriples", ())])
def test_comments(name: str, expected: tuple[int, ...]) -> None:
    """Only the comments of Turtle are reported."""
    assert document_locations("# Hello", FORMATS[name], []).comments == expected
