"""Describe the dataset and its named graphs in VoID, with version, sources and counts.

The description counts itself: its numbers equal those of a query on the default graph.
https://www.w3.org/TR/void/
https://www.w3.org/TR/vocab-dcat-3/#dataset-versions
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox

from forumkg.namespaces import BASE, DESCRIPTION, GRAPH, ID, PREFIXES, ZGC, prefix_lines, shorten
from forumkg.rdf.terms import about, english, named, quads, select
from forumkg.reasoning.owl import RDF_TYPE
from forumkg.reasoning.rederivation import Changes

__all__ = [
    "DATASET",
    "describe",
    "describe_again",
    "described_terms",
    "description_of",
    "graph_sizes",
    "version_iri",
]

DATASET: Final = f"{BASE}dataset"

_Subject: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple

_MERGE: Final = ox.DefaultGraph()


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
            _sum(self.classes, other.classes, 1),
            _sum(self.properties, other.properties, 1),
        )

    def __sub__(self, other: "_Tally") -> "_Tally":
        return _Tally(
            self.subjects - other.subjects,
            self.entities - other.entities,
            _sum(self.classes, other.classes, -1),
            _sum(self.properties, other.properties, -1),
        )


def _sum(one: Counter[str], other: Counter[str], factor: int) -> Counter[str]:
    """Return the counts of both, also those below zero, which a later sum evens out."""
    return Counter({name: n for name in {*one, *other} if (n := one[name] + factor * other[name])})


def version_iri(digest: str) -> str:
    """Return the IRI of the version with a digest, of which the document is that of the dataset."""
    return f"{DATASET}#version-{digest}"


def describe(store: ox.Store, digest: str) -> frozenset[ox.Triple]:
    """Return the description of a store, without triples that its default graph has already.

    Args:
        store: Holds all named graphs but the description, and their merge as its default graph.
        digest: SHA-256 of the version's inputs; the content cannot include a digest of itself.
    """
    stored = _stored_tally(store)

    def tally_with(own: frozenset[ox.Triple]) -> _Tally:
        return stored + _own_tally(store, own)

    return _described(store, digest, tally_with, graph_sizes(store), frozenset())


def describe_again(
    before: ox.Store, store: ox.Store, digest: str, changes: Changes, growth: Mapping[str, int]
) -> frozenset[ox.Triple]:
    """Return the description of a store from that of the previous version and the changes since.

    Args:
        before: The previous version.
        store: Holds the description of the previous version, too.
        digest: Of what the new version is built from.
        changes: Of the default graph, the description left out.
        growth: By how many triples named graphs have grown.
    """
    old, counted = description_of(before), _described_tally(before)
    sizes = _described_sizes(before)
    for graph, number in growth.items():
        sizes[graph] = sizes.get(graph, 0) + number
    sizes = {graph: size for graph, size in sizes.items() if size}

    def tally_with(own: frozenset[ox.Triple]) -> _Tally:
        with_own = Changes(changes.added | (own - old), changes.removed | (old - own))
        return counted + _changed_tally(before, store, with_own, {triple.subject for triple in own})

    return _described(store, digest, tally_with, sizes, old)


def description_of(store: ox.Store) -> frozenset[ox.Triple]:
    """Return the description that a store holds."""
    graph = ox.NamedNode(DESCRIPTION)
    return frozenset(quad.triple for quad in store.quads_for_pattern(None, None, None, graph))


def described_terms(store: ox.Store) -> tuple[frozenset[str], frozenset[str]]:
    """Return the properties and the classes of a default graph, as its description has them."""
    tally = _described_tally(store)
    return frozenset(tally.properties), frozenset(tally.classes)


def _described(
    store: ox.Store,
    digest: str,
    tally_with: Callable[[frozenset[ox.Triple]], _Tally],
    sizes: Mapping[str, int],
    own: frozenset[ox.Triple],
) -> frozenset[ox.Triple]:
    """Return the description; `own` is a first guess, corrected until it is a fixpoint.

    Args:
        store: Has no description, or the first guess.
        digest: Of what the version is built from.
        tally_with: Returns what is counted if the description is that.
        sizes: Of the other named graphs.
        own: The first guess.
    """
    articles = _subjects(store, RDF_TYPE, ox.NamedNode(f"{ZGC}Article"))
    licences = tuple(
        quad.object
        for quad in store.quads_for_pattern(ox.NamedNode(DATASET), named("dcterms:license"), None, _MERGE)
        if isinstance(quad.object, ox.NamedNode)
    )
    known = dict.fromkeys(own, False)

    def is_known(triple: ox.Triple) -> bool:
        if triple not in known:
            known[triple] = _is_known(store, triple)
        return known[triple]

    # A class or property that only the description uses needs a partition too; the numbers change no number
    # of triples, so the loop ends when none is new.
    while True:
        graphs = {**sizes, DESCRIPTION: len(own)}
        described = frozenset(
            triple
            for triple in (*_version(digest), *_description(tally_with(own), graphs, licences, articles))
            if not is_known(triple)
        )
        if described == own:
            return own
        own = described


def _is_known(store: ox.Store, triple: ox.Triple) -> bool:
    """Whether the default graph has a triple that is not there for the description alone."""
    merged, alone = (next(quads([triple], graph)) in store for graph in (None, DESCRIPTION))
    return merged and not alone


def _is_subject(store: ox.Store, node: _Subject) -> bool:
    """Whether the default graph has triples about a node, those of the description left out."""
    found = store.quads_for_pattern(node, None, None, _MERGE)
    return any(next(quads([quad.triple], DESCRIPTION)) not in store for quad in found)


def graph_sizes(store: ox.Store) -> dict[str, int]:
    """Return the number of triples of each named graph of a store, by its IRI."""
    return _counts(store, "GRAPH ?name { ?s ?p ?o }")


def _subjects(store: ox.Store, predicate: str, value: ox.NamedNode) -> tuple[ox.NamedNode, ...]:
    found = store.quads_for_pattern(None, ox.NamedNode(predicate), value, _MERGE)
    return tuple(quad.subject for quad in found if isinstance(quad.subject, ox.NamedNode))


def _stored_tally(store: ox.Store) -> _Tally:
    # Each subject once, before its address is looked at.
    subjects = _counts(
        store,
        "{ SELECT DISTINCT ?s WHERE { ?s ?p ?o } }"
        f' BIND (IF (isIRI(?s) && STRSTARTS(STR(?s), "{ID}"), <{ID}>, <{DATASET}>) AS ?name)',
    )
    return _Tally(
        sum(subjects.values()),
        subjects.get(ID, 0),
        Counter(_counts(store, "?s a ?name")),
        Counter(_counts(store, "?s ?name ?o")),
    )


def _own_tally(store: ox.Store, triples: Iterable[ox.Triple]) -> _Tally:
    """Count triples of the description; a subject that the store has anyway is not counted again."""
    triples = tuple(triples)
    subjects = [node for node in {triple.subject for triple in triples} if not _is_subject(store, node)]
    return _Tally(len(subjects), sum(map(_is_entity, subjects)), _classes(triples), _properties(triples))


def _changed_tally(before: ox.Store, store: ox.Store, changes: Changes, described: Set[_Subject]) -> _Tally:
    """Count what has changed, the description included, of which the subjects are given."""
    subjects = {triple.subject for triple in (*changes.added, *changes.removed)}
    was = {node for node in subjects if any(True for _ in before.quads_for_pattern(node, None, None, _MERGE))}
    is_now = {node for node in subjects if node in described or _is_subject(store, node)}
    come, gone = is_now - was, was - is_now
    added, removed = (
        _Tally(len(nodes), sum(map(_is_entity, nodes)), _classes(triples), _properties(triples))
        for nodes, triples in ((come, changes.added), (gone, changes.removed))
    )
    return added - removed


def _described_tally(store: ox.Store) -> _Tally:
    """Return the counts of a store as its description has them, the description included."""
    totals = _numbers(store, f"<{DATASET}> ?name ?number . FILTER (STRSTARTS(STR(?name), STR(void:)))")
    classes = _numbers(
        store, f"<{DATASET}> void:classPartition ?x . ?x void:class ?name ; void:entities ?number"
    )
    properties = _numbers(
        store, f"<{DATASET}> void:propertyPartition ?x . ?x void:property ?name ; void:triples ?number"
    )
    subjects, entities = (totals[named(f"void:{name}").value] for name in ("distinctSubjects", "entities"))
    return _Tally(subjects, entities, Counter(classes), Counter(properties))


def _described_sizes(store: ox.Store) -> dict[str, int]:
    sizes = _numbers(store, f"GRAPH <{DESCRIPTION}> {{ ?name void:triples ?number }}")
    return {name: size for name, size in sizes.items() if name.startswith(GRAPH) and "#" not in name}


def _is_entity(node: _Subject) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(ID)


def _classes(triples: Iterable[ox.Triple]) -> Counter[str]:
    return Counter(
        triple.object.value
        for triple in triples
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode)
    )


def _properties(triples: Iterable[ox.Triple]) -> Counter[str]:
    return Counter(triple.predicate.value for triple in triples)


def _numbers(store: ox.Store, pattern: str) -> dict[str, int]:
    query = f"{prefix_lines('void')} SELECT ?name ?number WHERE {{ {pattern} FILTER (isNumeric(?number)) }}"
    return {
        row["name"].value: int(row["number"].value)
        for row in select(store, query)
        if isinstance(row["name"], ox.NamedNode)
    }


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


def _version(digest: str) -> Iterator[ox.Triple]:
    return about(
        DATASET,
        ("dcterms:identifier", ox.Literal(digest)),
        ("dcat:hasVersion", ox.NamedNode(version_iri(digest))),
    )


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
        ("dcterms:title", english(f"Named graph {graph.removeprefix(GRAPH)}")),
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
