"""Handing triples from pyoxigraph over to rdflib."""

import pyoxigraph as ox
import pytest
from rdflib import XSD, BNode, Literal, URIRef

from forumkg.errors import DataError
from forumkg.rdf.conversion import oxigraph_triples, rdflib_graph

THING, PREDICATE = ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/p")
INTEGER = ox.NamedNode(str(XSD.integer))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (ox.NamedNode("http://example.org/b"), URIRef("http://example.org/b")),
        (ox.BlankNode("b0"), BNode("b0")),
        (ox.Literal("plain"), Literal("plain")),
        (ox.Literal("论坛", language="zh"), Literal("论坛", lang="zh")),
        (ox.Literal("007", datatype=INTEGER), Literal("007", datatype=XSD.integer, normalize=False)),
        (ox.Literal("x", datatype=INTEGER), Literal("x", datatype=XSD.integer)),
    ],
)
def test_rdflib_graph_term(term: ox.NamedNode | ox.BlankNode | ox.Literal, expected: object) -> None:
    """Each kind of term arrives as rdflib's own, literals with the lexical form that is written."""
    graph = rdflib_graph([ox.Triple(THING, PREDICATE, term)])

    assert list(graph) == [(URIRef(THING.value), URIRef(PREDICATE.value), expected)]
    assert str(next(graph.objects())) == str(expected)


def test_rdflib_graph_triple_term() -> None:
    """A triple term, which RDF 1.1 does not know, is refused."""
    inner = ox.Triple(THING, PREDICATE, THING)

    with pytest.raises(DataError, match="triple term"):
        rdflib_graph([ox.Triple(THING, PREDICATE, inner)])


@pytest.mark.parametrize("term", [THING, ox.BlankNode("b0"), ox.Literal("007", datatype=INTEGER)])
def test_oxigraph_triples(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> None:
    """What was handed over comes back as it was."""
    triple = ox.Triple(THING, PREDICATE, term)

    assert list(oxigraph_triples(rdflib_graph([triple]))) == [triple]
