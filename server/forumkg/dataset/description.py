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
from forumkg.rdf.terms import about, merged, named
from forumkg.reasoning.owl import RDF_TYPE

__all__ = ["DATASET", "describe"]

DATASET: Final = f"{BASE}dataset"


@dataclass(frozen=True, slots=True)
class _Tally:
    """Counts of a graph."""

    triples: int
    subjects: frozenset[str]
    classes: Counter[str]
    properties: Counter[str]

    def __add__(self, other: "_Tally") -> "_Tally":
        return _Tally(
            self.triples + other.triples,
            self.subjects | other.subjects,
            self.classes + other.classes,
            self.properties + other.properties,
        )


def describe(store: ox.Store) -> frozenset[ox.Triple]:
    """Return the description of a store, without triples that its default graph has already.

    Args:
        store: Holds all named graphs but the description, and their merge as its default graph.
    """
    known = set(merged(store))
    tally = _tally(known)
    sizes = Counter(quad.graph_name.value for quad in store if isinstance(quad.graph_name, ox.NamedNode))
    articles = [triple.subject for triple in known if _is_article(triple)]
    licences = tuple(t.object for t in known if _states_licence(t) and isinstance(t.object, ox.NamedNode))
    own: frozenset[ox.Triple] = frozenset()
    sources = tuple(article for article in articles if isinstance(article, ox.NamedNode))
    # A class or property that only the description uses needs a partition too; the numbers change no number
    # of triples, so the loop ends when none is new.
    while True:
        graphs = {**sizes, DESCRIPTION: len(own)}
        described = frozenset(_description(tally + _tally(own), graphs, licences, sources)) - known
        if described == own:
            return own
        own = described


def _is_article(triple: ox.Triple) -> bool:
    return triple.predicate.value == RDF_TYPE and triple.object == ox.NamedNode(f"{ZGC}Article")


def _states_licence(triple: ox.Triple) -> bool:
    return triple.predicate == named("dcterms:license") and triple.subject == ox.NamedNode(DATASET)


def _tally(triples: Iterable[ox.Triple]) -> _Tally:
    subjects: set[str] = set()
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    for triple in triples:
        subject, name = triple.subject, triple.predicate.value
        subjects.add(subject.value if isinstance(subject, ox.NamedNode) else str(subject))
        properties[name] += 1
        if name == RDF_TYPE and isinstance(triple.object, ox.NamedNode):
            classes[triple.object.value] += 1
    return _Tally(properties.total(), frozenset(subjects), classes, properties)


def _description(
    tally: _Tally,
    graphs: Mapping[str, int],
    licences: Iterable[ox.NamedNode],
    sources: Iterable[ox.NamedNode],
) -> Iterator[ox.Triple]:
    yield from about(
        DATASET,
        ("rdf:type", named("void:Dataset")),
        ("void:triples", ox.Literal(tally.triples)),
        ("void:distinctSubjects", ox.Literal(len(tally.subjects))),
        ("void:uriSpace", ox.Literal(ID)),
        ("void:entities", ox.Literal(sum(subject.startswith(ID) for subject in tally.subjects))),
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
