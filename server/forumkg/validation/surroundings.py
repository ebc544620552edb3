"""Look up what a dataset says around the nodes of a document, and keep what was found, by graph.

The document is one more graph beside those of a store; in the store are the graphs that it replaces, too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from itertools import islice
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.validation.patterns import RdfTerm

__all__ = ["Predicates", "Surroundings"]

Predicates: TypeAlias = Set[ox.NamedNode] | None
_Subject: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple

_NOTHING: Final[Mapping[ox.NamedNode, list[RdfTerm]]] = {}


class Surroundings:
    """The triples of a document and, as they are asked for, those of a store.

    Attributes:
        found: the triples that look-ups have found in the store, by the IRI of their graph.
    """

    def __init__(self, store: ox.Store, graphs: Collection[str], document: Iterable[ox.Triple]) -> None:
        """Index the document.

        Args:
            store: each file of the dataset as a named graph.
            graphs: the IRIs of those that count.
            document: the triples of the document.
        """
        self.found: defaultdict[str, set[ox.Triple]] = defaultdict(set)
        self._store = store
        self._graphs: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, str] = {
            ox.NamedNode(graph): graph for graph in graphs
        }
        self._document = frozenset(document)
        self._by_subject = defaultdict[RdfTerm, list[ox.Triple]](list)
        self._by_object = defaultdict[RdfTerm, list[ox.Triple]](list)
        for triple in self._document:
            self._by_subject[triple.subject].append(triple)
            self._by_object[triple.object].append(triple)
        self._descriptions: dict[RdfTerm, Mapping[ox.NamedNode, list[RdfTerm]]] = {}
        self._references: dict[tuple[RdfTerm, ox.NamedNode | None], frozenset[_Subject]] = {}
        self._referenced: dict[RdfTerm, bool] = {}

    def graphs_of(self, triple: ox.Triple) -> set[str]:
        """Return the graphs of the store that have a triple."""
        return {graph for graph, _ in self._quads(triple.subject, triple.predicate, triple.object)}

    def graphs_with(self, subject: _Subject) -> set[str]:
        """Return the graphs of the store that describe a node."""
        return {graph for graph, _ in self._quads(subject, None, None)}

    def graph(self, name: str) -> Iterator[ox.Triple]:
        """Yield the triples of a graph of the store."""
        for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(name)):
            yield quad.triple

    def subjects(self, nodes: Iterable[RdfTerm], predicates: Predicates) -> set[RdfTerm]:
        """Return the subjects of the triples that have one of the nodes as object.

        Args:
            nodes: the objects.
            predicates: those that count; None for all.
        """
        ways = (None,) if predicates is None else tuple(predicates)
        return {subject for node in nodes for way in ways for subject in self._referring(node, way)}

    def objects(self, nodes: Iterable[RdfTerm], predicates: Predicates) -> set[RdfTerm]:
        """Return the objects of the triples that have one of the nodes as subject."""
        found: set[RdfTerm] = set()
        for node in nodes:
            said = self.description(node)
            for predicate in said if predicates is None else predicates:
                found.update(said.get(predicate, ()))
        return found

    def ends(
        self, nodes: Iterable[RdfTerm], predicates: Predicates, *, backward: bool = False
    ) -> set[RdfTerm]:
        """Return the nodes, and all that chains of triples lead to from them."""
        step = self.subjects if backward else self.objects
        reached = set(nodes)
        agenda = set(reached)
        while agenda:
            agenda = step(agenda, predicates) - reached
            reached |= agenda
        return reached

    def uses(self, predicates: Iterable[RdfTerm]) -> Iterator[ox.Triple]:
        """Yield the triples with one of these predicates."""
        for predicate in predicates:
            if isinstance(predicate, ox.NamedNode):
                for graph, triple in self._quads(None, predicate, None):
                    self.found[graph].add(triple)
                    yield triple
                yield from (each for each in self._document if each.predicate == predicate)

    def references(self, nodes: Iterable[RdfTerm], predicates: Predicates, most: int) -> int:
        """Return how many triples have one of the nodes as object, counted up to a number."""
        ways = (None,) if predicates is None else tuple(predicates)
        rows = (quad for node in nodes for way in ways for quad in self._quads(None, way, node))
        return sum(1 for _ in islice(rows, most))

    def description(self, node: RdfTerm) -> Mapping[ox.NamedNode, list[RdfTerm]]:
        """Return what is said of a node: the values of each predicate."""
        known = self._descriptions.get(node)
        if known is None:
            known = _NOTHING if isinstance(node, ox.Literal) else self._described(node)
            self._descriptions[node] = known
        return known

    def _described(self, node: _Subject) -> Mapping[ox.NamedNode, list[RdfTerm]]:
        said = defaultdict[ox.NamedNode, list[RdfTerm]](list)
        for graph, triple in self._quads(node, None, None):
            self.found[graph].add(triple)
            said[triple.predicate].append(triple.object)
        for triple in self._by_subject.get(node, ()):
            said[triple.predicate].append(triple.object)
        return said

    def _referring(self, node: RdfTerm, predicate: ox.NamedNode | None) -> frozenset[_Subject]:
        known = self._references.get((node, predicate))
        if known is None:
            subjects = {
                triple.subject
                for triple in self._by_object.get(node, ())
                if predicate is None or triple.predicate == predicate
            }
            if self._has_references(node):
                for graph, triple in self._quads(None, predicate, node):
                    self.found[graph].add(triple)
                    subjects.add(triple.subject)
            known = self._references[node, predicate] = frozenset(subjects)
        return known

    def _has_references(self, node: RdfTerm) -> bool:
        """Return whether the store has a triple with this object: of a new node it has none."""
        known = self._referenced.get(node)
        if known is None:
            quads = self._store.quads_for_pattern(None, None, node, None)
            known = self._referenced[node] = next(quads, None) is not None
        return known

    def _quads(
        self, subject: _Subject | None, predicate: ox.NamedNode | None, value: RdfTerm | None
    ) -> Iterator[tuple[str, ox.Triple]]:
        """Yield the triples of the graphs that count, each with the IRI of its graph."""
        for quad in self._store.quads_for_pattern(subject, predicate, value, None):
            graph = self._graphs.get(quad.graph_name)
            if graph is not None:
                yield graph, quad.triple
