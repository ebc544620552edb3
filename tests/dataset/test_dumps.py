"""The formats of an export: each holds every literal as it is."""

import io

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from forumkg.dataset.dumps import dumps, render
from forumkg.formats import DATASET_FORMATS, GRAPH_FORMATS, Format
from forumkg.namespaces import GRAPH, PREFIXES

_IRIS = st.builds(
    lambda space, local: ox.NamedNode(space + local),
    st.sampled_from([*PREFIXES.values(), "https://w3id.org/zgc-forum/id/article/a/", "urn:x:"]),
    st.sampled_from(
        ["a", "a.b", "a-1", "char=1,2/selector", "b'c", "d(e)f", "%41g", "_h", "\u4e2dx", "a&b", "a;b"]
    ),
)
# What XML 1.0 can write: https://www.w3.org/TR/xml/#charsets
_TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")),
    st.text("\"'\\\r\n\t <>&]\x7f\x85\u2028\ufeffab"),
)
_LITERALS = st.one_of(
    _TEXTS.map(ox.Literal),
    _TEXTS.map(lambda text: ox.Literal(text, language="zh-hans")),
    _TEXTS.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("urn:t"))),
    st.integers(-(2**63), 2**63 - 1).map(ox.Literal),
)
_TRIPLES = st.sets(st.builds(ox.Triple, _IRIS, _IRIS, st.one_of(_IRIS, _LITERALS)), min_size=1, max_size=8)


@pytest.mark.parametrize("format_", [*GRAPH_FORMATS, *DATASET_FORMATS], ids=lambda format_: format_.name)
@given(triples=_TRIPLES)
def test_render_round_trip(format_: Format, triples: set[ox.Triple]) -> None:
    """Reading a dump gives the triples of the store, each literal with its lexical form."""
    rdf_format = ox.RdfFormat.from_media_type(format_.media_type)

    found = {quad.triple for quad in ox.parse(_rendered(format_, triples), format=rdf_format)}

    assert found == triples


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # by rdflib itself
@given(triples=_TRIPLES)
def test_render_rdflib(format_: Format, triples: set[ox.Triple]) -> None:
    """Another parser, rdflib's, reads the same from a dump as from plain N-Triples."""
    plain = "".join(f"{triple} .\n" for triple in triples)

    found = rdflib.Graph().parse(io.BytesIO(_rendered(format_, triples)), format=format_.media_type)

    assert set(found) == set(rdflib.Graph().parse(data=plain, format="nt"))


def _rendered(format_: Format, triples: set[ox.Triple]) -> bytes:
    store = ox.Store()
    name = ox.NamedNode(f"{GRAPH}g")
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)
    return render(next(dumps(store)), format_)
