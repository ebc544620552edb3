"""Hand triples from the strict parser over to rdflib, term by term.

Literals keep their lexical form: rdflib would write `007` as `7`, and a check would not see what is written.
"""

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

__all__ = ["rdflib_graph"]

_XSD_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")


def rdflib_graph(triples: Iterable[ox.Triple]) -> Graph:
    """Return a graph of rdflib with the triples, prefixes left out.

    Raises:
        TypeError: a triple is the subject or object of another, which RDF 1.1 does not know.
    """
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((_term(triple.subject), URIRef(triple.predicate.value), _term(triple.object)))
    return graph


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal() if term.language:
            return Literal(term.value, lang=term.language)
        case ox.Literal() if term.datatype == _XSD_STRING:
            return Literal(term.value)
        case ox.Literal():
            return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    raise TypeError(f"{term} is a triple term of RDF 1.2, which RDF 1.1 does not know.")
