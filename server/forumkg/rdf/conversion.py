"""Convert terms and triples between pyoxigraph and rdflib.

Literals keep their lexical form: rdflib would normalize `007` to `7`, which a validation would then not see.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Identifier, Node

from forumkg.errors import DataError

__all__ = ["oxigraph_node", "oxigraph_term", "oxigraph_triples", "rdflib_graph", "rdflib_term"]

_XSD_STRING: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")

_Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal


def rdflib_graph(triples: Iterable[ox.Triple]) -> Graph:
    """Return an rdflib graph of the triples, without prefixes.

    Raises:
        DataError: a triple is the subject or object of another, which RDF 1.1 does not have.
    """
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((rdflib_term(triple.subject), URIRef(triple.predicate.value), rdflib_term(triple.object)))
    return graph


def rdflib_term(term: _Term | ox.Triple) -> Identifier:
    """Return a term of rdflib.

    Raises:
        DataError: the term is a triple, which RDF 1.1 does not have.
    """
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
    raise DataError(f"{term} is a triple term of RDF 1.2, which RDF 1.1 does not have: write it as triples.")


def oxigraph_triples(graph: Graph) -> Iterator[ox.Triple]:
    """Yield the triples of a graph of rdflib as terms of pyoxigraph."""
    for subject, predicate, value in graph:
        yield ox.Triple(oxigraph_node(subject), ox.NamedNode(str(predicate)), oxigraph_term(value))


def oxigraph_node(node: Node) -> ox.NamedNode | ox.BlankNode:
    """Return an IRI or a blank node of rdflib of pyoxigraph."""
    return ox.BlankNode(str(node)) if isinstance(node, BNode) else ox.NamedNode(str(node))


def oxigraph_term(term: Node) -> _Term:
    """Return a term of rdflib of pyoxigraph."""
    if not isinstance(term, Literal):
        return oxigraph_node(term)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
