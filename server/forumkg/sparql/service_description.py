"""Describe the endpoint: its address, languages, formats and features, and the dataset that it answers from.

https://www.w3.org/TR/sparql11-service-description/
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from forumkg.dataset.description import DATASET
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS
from forumkg.namespaces import DESCRIPTION, GRAPH, PREFIXES, QUESTIONS
from forumkg.rdf.terms import about, english, named

__all__ = ["SERVICE_PREFIXES", "describe_dataset", "describe_service"]

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
# The words of the service description are not in the graph, so they are not among its prefixes.
SERVICE_PREFIXES: Final = {
    **PREFIXES,
    "format": "http://www.w3.org/ns/formats/",
    "sd": _SD,
}

_LANGUAGES: Final = ("SPARQL10Query", "SPARQL11Query")
_FEATURES: Final = ("UnionDefaultGraph",)
_SIMPLE: Final = ox.NamedNode("http://www.w3.org/ns/entailment/Simple")
_DEFAULT_GRAPH: Final = (
    "The RDF merge of the named graphs, with the entailed and the derived triples; "
    "the graphs of the SHACL shapes are reached by GRAPH only."
)


def describe_service(store: ox.Store, endpoint: str) -> frozenset[ox.Triple]:
    """Return the service description of the endpoint.

    The named graphs and the dataset have the IRIs of the description in the store, so that clients can follow
    them.

    Args:
        store: the store that the endpoint queries.
        endpoint: the address of the endpoint, in full.
    """
    return frozenset((*_service(endpoint), *_dataset(store, endpoint)))


def describe_dataset(store: ox.Store, endpoint: str) -> frozenset[ox.Triple]:
    """Return the description of the dataset: its content, prefixes and questions, and the endpoint.

    https://www.w3.org/TR/void/#well-known

    Args:
        store: the store that the endpoint queries.
        endpoint: the address of the endpoint, in full.
    """
    described = {
        quad.triple
        for graph in (f"{GRAPH}dataset", DESCRIPTION, QUESTIONS)
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    }
    return frozenset(described | set(about(DATASET, ("void:sparqlEndpoint", ox.NamedNode(endpoint)))))


def _service(endpoint: str) -> Iterator[ox.Triple]:
    iris = (format_.iri for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS))
    return _about(
        f"{endpoint}#service",
        ("type", _sd("Service")),
        ("endpoint", ox.NamedNode(endpoint)),
        *(("supportedLanguage", _sd(language)) for language in _LANGUAGES),
        *(("feature", _sd(feature)) for feature in _FEATURES),
        # A format without an IRI is offered too, but cannot be named here.
        *(("resultFormat", ox.NamedNode(iri)) for iri in iris if iri),
        # What follows from the ontology is in the data: a query is matched with triples and nothing else.
        ("defaultEntailmentRegime", _SIMPLE),
        ("defaultDataset", ox.NamedNode(DATASET)),
    )


def _dataset(store: ox.Store, endpoint: str) -> Iterator[ox.Triple]:
    default = f"{endpoint}#default-graph"
    yield from _about(DATASET, ("type", _sd("Dataset")), ("defaultGraph", ox.NamedNode(default)))
    yield from _about(default, ("type", _sd("Graph")))
    yield from about(default, ("dcterms:description", english(_DEFAULT_GRAPH)))
    yield from _version(store)
    yield from _sizes(store, DATASET, default)
    for graph in sorted(store.named_graphs(), key=str):
        if isinstance(graph, ox.NamedNode):
            yield from _named_graph(store, graph, endpoint)


def _named_graph(store: ox.Store, graph: ox.NamedNode, endpoint: str) -> Iterator[ox.Triple]:
    node = f"{endpoint}#graph/{quote(graph.value.removeprefix(GRAPH))}"
    yield from _about(DATASET, ("namedGraph", ox.NamedNode(node)))
    yield from _about(node, ("type", _sd("NamedGraph")), ("name", graph), ("graph", graph))
    yield from _about(graph.value, ("type", _sd("Graph")))
    yield from _sizes(store, graph.value, graph.value)


def _version(store: ox.Store) -> Iterator[ox.Triple]:
    """Yield the digest and the IRI of the version, as the description in the store has them."""
    for name in ("dcterms:identifier", "dcat:hasVersion"):
        found = store.quads_for_pattern(ox.NamedNode(DATASET), named(name), None, ox.NamedNode(DESCRIPTION))
        for quad in found:
            yield quad.triple


def _sizes(store: ox.Store, described: str, graph: str) -> Iterator[ox.Triple]:
    """Yield the number of triples of a graph, as the description in the store has it."""
    size = named("void:triples")
    for quad in store.quads_for_pattern(ox.NamedNode(described), size, None, ox.DefaultGraph()):
        yield ox.Triple(ox.NamedNode(graph), size, quad.object)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)


def _about(subject: str, *statements: tuple[str, ox.NamedNode]) -> Iterator[ox.Triple]:
    for name, value in statements:
        property_ = named("rdf:type") if name == "type" else _sd(name)
        yield ox.Triple(ox.NamedNode(subject), property_, value)
