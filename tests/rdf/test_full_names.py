"""Prefixed names that would need an escape are written as IRIs, and nothing else is changed."""

import io

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strict_turtle import assert_plain_names

from forumkg.dataset.files import SourceFile, source_files
from forumkg.rdf.reading import read_text
from forumkg.rdf.turtle.full_names import FullNames, names_in_full

PREFIXES = {"a": "http://x/", "b": "http://x/y/", "s-2": "http://z#"}
_LOCALS = st.one_of(
    st.text("aZ0_-.:/=,;'()~!$&*+?#@%é中", max_size=8).filter(lambda text: "%" not in text), st.just("%2Fb")
)
_IRIS = st.builds(
    lambda space, local: ox.NamedNode(space + local),
    st.sampled_from([*PREFIXES.values(), "urn:x:"]),
    _LOCALS.map(lambda text: text.replace("#", "")),
)
_TEXTS = st.text(st.sampled_from("ab:\\\"'\n\r\t <>é/=,.;#@^"), max_size=12)
_LITERALS = st.one_of(
    _TEXTS.map(ox.Literal),
    _TEXTS.map(lambda text: ox.Literal(text, language="en-gb")),
    st.builds(lambda text, iri: ox.Literal(text, datatype=iri), _TEXTS, _IRIS),
    st.integers(-9, 9).map(ox.Literal),
)
_TRIPLES = st.lists(st.builds(ox.Triple, _IRIS, _IRIS, st.one_of(_IRIS, _LITERALS)), max_size=8)


@given(triples=_TRIPLES)
def test_names_in_full_turtle(triples: list[ox.Triple]) -> None:
    """Turtle has no escape in a name, and the same triples as before."""
    turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""

    found = names_in_full(turtle, PREFIXES)

    assert_plain_names(found.decode())
    assert [quad.triple for quad in ox.parse(found, format=ox.RdfFormat.TURTLE)] == triples


@given(triples=_TRIPLES, graph=_IRIS)
def test_names_in_full_trig(triples: list[ox.Triple], graph: ox.NamedNode) -> None:
    """TriG has no escape in a name, that of a graph included, and the same quads as before."""
    quads = [ox.Quad(each.subject, each.predicate, each.object, graph) for each in triples]
    trig = ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=PREFIXES) or b""

    found = names_in_full(trig, PREFIXES)

    assert_plain_names(found.decode())
    assert list(ox.parse(found, format=ox.RdfFormat.TRIG)) == quads


@given(triples=_TRIPLES, size=st.integers(1, 40))
def test_full_names_in_pieces(triples: list[ox.Triple], size: int) -> None:
    """Pieces of any length give the same as the whole."""
    turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    target = io.BytesIO()

    names = FullNames(target, PREFIXES)
    for start in range(0, len(turtle), size):
        names.write(turtle[start : start + size])
    names.finish()

    assert target.getvalue() == names_in_full(turtle, PREFIXES)


def test_names_in_full_triple_term() -> None:
    """A name within a triple term of RDF 1.2 is written in full too."""
    inner = ox.Triple(
        ox.NamedNode("http://x/a=1"), ox.NamedNode("http://x/p"), ox.Literal("a:b\\=", language="en")
    )
    triple = ox.Triple(ox.NamedNode("http://x/b"), ox.NamedNode("http://x/q,"), inner)
    turtle = ox.serialize([triple], format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""

    found = names_in_full(turtle, PREFIXES)

    assert b"<http://x/a=1>" in found
    assert b"<http://x/q,>" in found
    assert [quad.triple for quad in ox.parse(found, format=ox.RdfFormat.TURTLE)] == [triple]


@pytest.mark.parametrize("file", source_files(), ids=lambda file: file.name)
def test_files_of_the_repository(file: SourceFile) -> None:
    """No file of the dataset has an escape in a name."""
    assert_plain_names(read_text(file.path))
