"""From a path to the IRI of a thing, and from a thing to the paths of its documents."""

import re
import string
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from forumkg.errors import DataError
from forumkg.formats import GRAPH_FORMATS, Format
from forumkg.namespaces import BASE, ID
from forumkg.sparql.identifiers import (
    DOCUMENTS,
    HTML,
    document_links,
    names,
    path_of,
    read_withdrawn,
    split,
    thing_links,
)

EDITION = f"{ID}edition/2021"
PASSAGE = f"{ID}article/xinhua-2020-09-17/char=0,93"

# An IRI that percent-encodes a letter has the same form on the wire as the one that has the letter.
ASCII_CHARACTERS = st.sampled_from(string.ascii_letters + string.digits + "-._~:@!$&'()*+,;=/?")
ENCODED = st.sampled_from(["%20", "%22", "%25", "%2F", "%23", "%3C"])
OTHERS = st.characters(min_codepoint=0xA0, max_codepoint=0xD7FF, exclude_categories=["Cn", "Zs", "Zl", "Zp"])
IRIS = st.lists(st.one_of(ASCII_CHARACTERS, ENCODED, OTHERS), min_size=1).map(
    lambda parts: ID + "".join(parts)
)


@pytest.mark.parametrize(
    "sent",
    [
        "id/article/xinhua-2020-09-17/char=0,93",
        "id/article/xinhua-2020-09-17/char%3D0%2C93",
        "id/article/xinhua-2020-09-17/char%3d0,93",
        "id%2Farticle/%78inhua-2020-09-17/char=0,93",
    ],
)
def test_names_passage_however_encoded(sent: str) -> None:
    """The `=` and `,` of a passage may come percent-encoded or not."""
    assert PASSAGE in names(sent)


def test_names_as_sent_first() -> None:
    """An IRI with a percent sign of its own is found before the one that it decodes to."""
    assert names("id/a%2Fb") == (f"{ID}a%2Fb", f"{ID}a/b")


@given(st.text() | st.binary().map(quote))
@example("id/[x]")
@example("id/%ff")
@example("id/%zz")
@example("graph/a%C2%9Bb.ttl")
@example("ontology/%EF%BF%BE")
@example("dataset.%5D")
@example("id/\ud800")
def test_names_are_iris(path: str) -> None:
    """Whatever a path is, what it names are IRIs, as the store reads them."""
    assert all(ox.NamedNode(iri).value == iri for iri in names(path))


@pytest.mark.parametrize("path", ["", "id/\n", "id/a b", 'id/"', "id/<>", "id/{", "id/\x7f"])
def test_names_nothing(path: str) -> None:
    """What no IRI can hold names nothing as it is; its percent-encoded form may."""
    assert all(re.fullmatch(r"[^\x00-\x20<>\"{}|\\^`\x7f]+", iri) for iri in names(path))
    assert BASE + path not in names(path)


def test_names_octets_that_are_no_utf8() -> None:
    """Octets that are no UTF-8 stay as they were sent."""
    assert names("id/%FF%C3") == (f"{ID}%FF%C3",)


@given(IRIS)
@example(f"{ID}?%2F")
def test_path_and_back(iri: str) -> None:
    """The path of any thing names that thing again."""
    path = path_of(iri)

    assert re.fullmatch(r"/[\w/:@!$&'()*+,;=.~%-]+", path, re.ASCII)
    assert iri in names(path.removeprefix("/"))


@given(IRIS, st.sampled_from(DOCUMENTS))
def test_document_path_and_back(iri: str, format_: Format) -> None:
    """The path of any document about a thing names that thing and the format."""
    found = split(path_of(iri, format_).removeprefix("/"))

    assert found is not None
    assert iri in names(found[0])
    assert found[1] == format_


@given(st.text())
def test_names_of_any_path_are_iris(path: str) -> None:
    """Whatever is sent, only IRIs are looked up."""
    for iri in names(path):
        assert not re.search(r"[\x00-\x20\x7f<>\"{}|\\^`\ud800-\udfff]", iri)


@given(st.text(), st.sampled_from(DOCUMENTS))
def test_no_header_injection(name: str, format_: Format) -> None:
    """Nothing in an IRI ends a target or a line of the Link header."""
    assume(not re.search("[\ud800-\udfff]", name))
    for header, links in ((document_links(ID + name, format_), 7), (thing_links(ID + name), 5)):
        assert header.isascii()
        assert header.isprintable()
        assert re.fullmatch(r'<[^<>"\s]+>; rel="\w+"(; type="[^"]+")?', header.split(", <")[0])
        assert header.count("<") == header.count(">") == header.count("; rel=") == links


def test_split() -> None:
    """An ending that is not one of our formats belongs to the name."""
    assert split("id/edition/2021.html") == ("id/edition/2021", HTML)
    assert split("id/edition/2021.ttl") == ("id/edition/2021", GRAPH_FORMATS[0])
    assert split("id/edition/2021.pdf") is None
    assert split("id/edition/2021") is None
    assert split(".ttl") is None


def test_path_of_fragment() -> None:
    """A part of a document is found in the document."""
    assert path_of(f"{BASE}graph/description#class-zgc:Edition", HTML) == (
        "/graph/description.html#class-zgc:Edition"
    )


def test_path_of_another_host() -> None:
    """A name that begins with a slash does not make an address of another host, and leads back."""
    path = path_of(f"{BASE}/evil.example/a", HTML)

    assert path == "/%2Fevil.example/a.html"
    assert f"{BASE}/evil.example/a" in names("%2Fevil.example/a")


def test_thing_links() -> None:
    """A thing says where it is described, in each format, under the path of the application."""
    assert thing_links(EDITION, "/kg") == (
        '</kg/id/edition/2021.ttl>; rel="describedby"; type="text/turtle", '
        '</kg/id/edition/2021.nt>; rel="describedby"; type="application/n-triples", '
        '</kg/id/edition/2021.jsonld>; rel="describedby"; type="application/ld+json", '
        '</kg/id/edition/2021.rdf>; rel="describedby"; type="application/rdf+xml", '
        '</kg/id/edition/2021.html>; rel="describedby"; type="text/html"'
    )


def test_document_links() -> None:
    """A document says what it is about, where it is at home, and in which other formats there is one."""
    assert document_links(EDITION, HTML) == (
        '<https://w3id.org/zgc-forum/id/edition/2021>; rel="describes", '
        '<https://w3id.org/zgc-forum/id/edition/2021>; rel="cite-as", '
        '<https://w3id.org/zgc-forum/id/edition/2021.html>; rel="canonical", '
        '</id/edition/2021.ttl>; rel="alternate"; type="text/turtle", '
        '</id/edition/2021.nt>; rel="alternate"; type="application/n-triples", '
        '</id/edition/2021.jsonld>; rel="alternate"; type="application/ld+json", '
        '</id/edition/2021.rdf>; rel="alternate"; type="application/rdf+xml"'
    )


def test_read_withdrawn() -> None:
    """The list has an IRI and the reason on each line, and may have comments."""
    text = f"# Withdrawn\n\n{EDITION}  A slip:  use edition:2020.\n"

    assert read_withdrawn(text) == {EDITION: "A slip:  use edition:2020."}


@pytest.mark.parametrize("line", [EDITION, "https://example.org/a Because.", f"{EDITION} "])
def test_read_withdrawn_incomplete(line: str) -> None:
    """A line without a reason, or with the IRI of someone else, is refused."""
    with pytest.raises(DataError, match="Line 2 of the withdrawn IRIs is"):
        read_withdrawn(f"\n{line}\n")
