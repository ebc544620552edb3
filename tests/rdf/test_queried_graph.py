"""A graph of rdflib whose queries Oxigraph answers."""

import pytest
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.query import Result
from rdflib.term import Identifier

from forumkg.rdf.conversion import QueriedGraph

BRIDGE, ROAD = URIRef("http://example.org/bridge"), URIRef("http://example.org/road")
NAME, NEAR = URIRef("http://example.org/name"), URIRef("http://example.org/near")
QUERY = "SELECT DISTINCT $this ?value { $this <http://example.org/name> ?value }"


def graph(kind: type[Graph]) -> Graph:
    """Return a graph with a term of each kind."""
    made = kind()
    for value in (Literal("Brücke", lang="de"), Literal("bridge"), Literal(7), BNode("near"), ROAD):
        made.add((BRIDGE, NAME, value))
    made.add((ROAD, RDF.type, NEAR))
    return made


def rows(answer: Result) -> set[frozenset[tuple[str, Identifier]]]:
    """Return the rows of an answer without order, each as its names and values."""
    return {frozenset((str(name), value) for name, value in row.items()) for row in answer.bindings}


@pytest.mark.parametrize("bound", [{}, {"this": BRIDGE}, {"this": ROAD}, {"?value": Literal("bridge")}])
def test_query_as_rdflib(bound: dict[str, URIRef | Literal]) -> None:
    """The rows are those of rdflib, with values given for variables and without."""
    ours, theirs = (rows(graph(kind).query(QUERY, initBindings=bound)) for kind in (QueriedGraph, Graph))

    assert ours == theirs


def test_query_prefix_given() -> None:
    """A prefix may come beside the query; a variable without a value is left out of its row."""
    query = "SELECT ?s ?o { ?s a ex:near OPTIONAL { ?s ex:name ?o } }"

    answer = graph(QueriedGraph).query(query, initNs={"ex": "http://example.org/"})

    assert rows(answer) == {frozenset({("s", ROAD)})}


def test_query_lexical_form() -> None:
    """A literal that is not of its datatype keeps what is written."""
    odd = Literal("seven", datatype=XSD.integer)
    made = QueriedGraph().add((BRIDGE, NAME, odd))

    assert rows(made.query(QUERY)) == {frozenset({("this", BRIDGE), ("value", odd)})}


@pytest.mark.parametrize("query", ["ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_query_other_forms(query: str) -> None:
    """Only SELECT is answered."""
    with pytest.raises(TypeError, match="SELECT"):
        QueriedGraph().query(query)
