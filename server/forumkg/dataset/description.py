"""Describe the dataset and its named graphs in VoID, with sources and counts taken from the store.

The description counts itself: its numbers equal those of a query on the default graph.
https://www.w3.org/TR/void/
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from forumkg.namespaces import BASE, DESCRIPTION, GRAPH, ID, PREFIXES, ZGC, shorten
from forumkg.rdf.terms import about, named, quads, select
from forumkg.reasoning.owl import RDF_TYPE

__all__ = ["DATASET", "describe", "graph_sizes"]

DATASET: Final = f"{BASE}dataset"


@dataclass(frozen=True, slots=True)
class _Tally:
    """Counts of a graph: of its triples, its subjects, those among them with an `id/` IRI, and of terms."""

    subjects: int
    entities: int
    classes: Counter[str]
    properties: Counter[str]

    def __add__(self, other: "_Tally") -> "_Tally":
        return _Tally(
            self.subjects + other.subjects,
            self.entities + other.entities,
            self.classes + other.classes,
            self.properties + other.properties,
        )


def describe(store: ox.Store) -> frozenset[ox.Triple]:
    """Return the description of a store, without triples that its default graph has already.

    Args:
        store: Holds all named graphs but the description, and their merge as its default graph.
    """
    tally = _stored_tally(store)
    sizes = graph_sizes(store)
    articles = _subjects(store, RDF_TYPE, ox.NamedNode(f"{ZGC}Article"))
    licences = tuple(
        quad.object
        for quad in store.quads_for_pattern(
            ox.NamedNode(DATASET), named("dcterms:license"), None, ox.DefaultGraph()
        )
        if isinstance(quad.object, ox.NamedNode)
    )
    own: frozenset[ox.Triple] = frozenset()
    # A class or property that only the description uses needs a partition too; the numbers change no number
    # of triples, so the loop ends when none is new.
    while True:
        graphs = {**sizes, DESCRIPTION: len(own)}
        described = frozenset(
            triple
            for triple in _description(tally + _own_tally(store, own), graphs, licences, articles)
            if next(quads([triple])) not in store
        )
        if described == own:
            return own
        own = described


def graph_sizes(store: ox.Store) -> dict[str, int]:
    """Return the number of triples of each named graph of a store, by its IRI."""
    return _counts(store, "GRAPH ?name { ?s ?p ?o }")


def _subjects(store: ox.Store, predicate: str, value: ox.NamedNode) -> tuple[ox.NamedNode, ...]:
    found = store.quads_for_pattern(None, ox.NamedNode(predicate), value, ox.DefaultGraph())
    return tuple(quad.subject for quad in found if isinstance(quad.subject, ox.NamedNode))


def _stored_tally(store: ox.Store) -> _Tally:
    every = "{ SELECT DISTINCT ?s WHERE { ?s ?p ?o } }"
    return _Tally(
        _number(store, every),
        _number(store, f'{every} FILTER (isIRI(?s) && STRSTARTS(STR(?s), "{ID}"))'),
        Counter(_counts(store, "?s a ?name")),
        Counter(_counts(store, "?s ?name ?o")),
    )


def _own_tally(store: ox.Store, triples: Iterable[ox.Triple]) -> _Tally:
    """Count triples that the store does not have; a subject that it has is not counted again."""
    triples = tuple(triples)
    subjects = {
        triple.subject
        for triple in triples
        if not any(True for _ in store.quads_for_pattern(triple.subject, None, None, ox.DefaultGraph()))
    }
    return _Tally(
        len(subjects),
        sum(isinstance(node, ox.NamedNode) and node.value.startswith(ID) for node in subjects),
        Counter(
            triple.object.value
            for triple in triples
            if triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode)
        ),
        Counter(triple.predicate.value for triple in triples),
    )


def _number(store: ox.Store, pattern: str) -> int:
    (row,) = select(store, f"SELECT (COUNT(*) AS ?number) WHERE {{ {pattern} }}")
    return int(row["number"].value)


def _counts(store: ox.Store, pattern: str) -> dict[str, int]:
    """Return how many solutions a pattern has for each IRI that is its `?name`."""
    query = f"SELECT ?name (COUNT(*) AS ?number) WHERE {{ {pattern} }} GROUP BY ?name"
    return {
        row["name"].value: int(row["number"].value)
        for row in select(store, query)
        if isinstance(row["name"], ox.NamedNode)
    }


def _description(
    tally: _Tally,
    graphs: Mapping[str, int],
    licences: Iterable[ox.NamedNode],
    sources: Iterable[ox.NamedNode],
) -> Iterator[ox.Triple]:
    yield from about(
        DATASET,
        ("rdf:type", named("void:Dataset")),
        ("void:triples", ox.Literal(tally.properties.total())),
        ("void:distinctSubjects", ox.Literal(tally.subjects)),
        ("void:uriSpace", ox.Literal(ID)),
        ("void:entities", ox.Literal(tally.entities)),
        ("void:classes", ox.Literal(len(tally.classes))),
        ("void:properties", ox.Literal(len(tally.properties))),
        *(("void:vocabulary", vocabulary) for vocabulary in _vocabularies(tally)),
        *(("prov:hadPrimarySource", source) for source in sources),
    )
    for graph, triples in graphs.items():
        yield from _graph(graph, triples, licences)
    for name, count in tally.classes.items():
        yield from _partition("class", name, ("void:entities", ox.Literal(count)))
    for name, count in tally.properties.items():
        yield from _partition("property", name, ("void:triples", ox.Literal(count)))


def _vocabularies(tally: _Tally) -> list[ox.NamedNode]:
    used = {*tally.classes, *tally.properties}
    return [
        ox.NamedNode(namespace)
        for namespace in PREFIXES.values()
        if any(name.startswith(namespace) for name in used)
    ]


def _graph(graph: str, triples: int, licences: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
    # The shapes are graphs of the dataset that its triples, counted above, do not include.
    if not graph.startswith(f"{GRAPH}shapes/"):
        yield from about(DATASET, ("void:subset", ox.NamedNode(graph)))
    yield from about(
        graph,
        ("rdf:type", named("void:Dataset")),
        ("dcterms:title", ox.Literal(f"Named graph {graph.removeprefix(GRAPH)}", language="en")),
        ("dcterms:isPartOf", ox.NamedNode(DATASET)),
        ("void:triples", ox.Literal(triples)),
        *(("dcterms:license", licence) for licence in licences),
    )


def _partition(kind: str, name: str, count: tuple[str, ox.Literal]) -> Iterator[ox.Triple]:
    # Not a blank node: two builds of the same files are equal triple by triple. Not typed either, so that a
    # question for datasets is not answered with some two hundred partitions.
    partition = f"{DESCRIPTION}#{kind}-{quote(shorten(name), safe=':')}"
    yield from about(DATASET, (f"void:{kind}Partition", ox.NamedNode(partition)))
    yield from about(partition, (f"void:{kind}", ox.NamedNode(name)), count)
