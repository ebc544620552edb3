"""Keep what is entailed right when asserted triples come and go, at the cost of what depends on them.

What may be lost is deleted first, then derived again where other triples still entail it, and at last what is
new is followed to its conclusions: A. Gupta, I. S. Mumick and V. S. Subrahmanian, Maintaining views
incrementally, 1993, https://doi.org/10.1145/170035.170066
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import WholeBuildError
from forumkg.namespaces import DERIVED, DESCRIPTION, ENTAILED, GRAPH, QUESTIONS
from forumkg.rdf.terms import name_of, quads
from forumkg.reasoning.owl import RDF_TYPE
from forumkg.reasoning.rules import Axioms, DirectedName

__all__ = ["Closure"]

_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_Subject: TypeAlias = ox.NamedNode | ox.BlankNode

_TYPE: Final = ox.NamedNode(RDF_TYPE)
_ENTAILED: Final = ox.NamedNode(ENTAILED)
# Graphs whose triples are premises of no axiom: the build adds them later, or never merges them.
_LATER: Final = frozenset({DERIVED, DESCRIPTION, QUESTIONS})
_SHAPES: Final = f"{GRAPH}shapes/"


class Closure:
    """The asserted and entailed triples of a built store, whose entailed ones follow the asserted ones.

    Args:
        store: A built store; its named graphs are the truth, its default graph is kept their merge.
        axioms: Those of its ontology, which does not change.
    """

    def __init__(self, store: ox.Store, axioms: Axioms) -> None:
        self._store = store
        self._axioms = axioms
        self._in_chains: defaultdict[str, list[tuple[tuple[str, ...], int, str]]] = defaultdict(list)
        self._chains_of: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        for steps, head in axioms.chains:
            self._chains_of[head].append(steps)
            for place, step in enumerate(steps):
                self._in_chains[step].append((steps, place, head))
        self._implied_by: defaultdict[str, set[DirectedName]] = defaultdict(set)
        for name, others in axioms.implied.items():
            for other, forward in others:
                self._implied_by[other].add((name, forward))
        self._subclasses = _inverted(axioms.superclasses)
        self._domain_of = _inverted(axioms.domains)
        self._range_of = _inverted(axioms.ranges)

    def asserted_in(self, triple: ox.Triple) -> set[str]:
        """Return the graphs of the merged files that have a triple."""
        return {*self._graphs(triple.subject, triple.predicate, triple.object)} - {ENTAILED}

    def holds(self, triple: ox.Triple) -> bool:
        """Whether a triple is asserted or entailed."""
        return any(True for _ in self._graphs(triple.subject, triple.predicate, triple.object))

    def lose(self, removed: Iterable[ox.Triple]) -> set[ox.Triple]:
        """Return the entailed triples that may rest on some triples; the store still has all of them."""
        suspects: set[ox.Triple] = set()
        agenda = list(removed)
        while agenda:
            for triple in self._conclusions(agenda.pop()):
                if triple not in suspects and ox.Quad(*_terms(triple), _ENTAILED) in self._store:
                    suspects.add(triple)
                    agenda.append(triple)
        return suspects

    def restore(self, suspects: Iterable[ox.Triple]) -> set[ox.Triple]:
        """Entail again which of some triples, that the store no longer has, follow from what it has."""
        waiting = set(suspects)
        restored: set[ox.Triple] = set()
        while found := {triple for triple in waiting if self._follows(triple)}:
            self._entail(found)
            restored |= found
            waiting -= found
        return restored

    def follow(self, added: Iterable[ox.Triple]) -> set[ox.Triple]:
        """Entail what follows from some triples that the store has, and return what is new."""
        new: set[ox.Triple] = set()
        agenda = list(added)
        while agenda:
            found = {triple for triple in self._conclusions(agenda.pop()) if not self.holds(triple)}
            self._entail(found)
            new |= found
            agenda += found
        return new

    def _entail(self, triples: Iterable[ox.Triple]) -> None:
        triples = tuple(triples)
        self._store.extend(quad for graph in (ENTAILED, None) for quad in quads(triples, graph))

    def _graphs(self, subject: _Node, predicate: ox.NamedNode, value: _Node) -> Iterator[str]:
        for quad in self._store.quads_for_pattern(subject, predicate, value, None):  # type: ignore[arg-type]
            if (graph := _premise_graph(quad)) is not None:
                yield graph

    def _matches(self, subject: _Node | None, predicate: str, value: _Node | None) -> Iterator[ox.Triple]:
        if isinstance(subject, ox.Literal):
            return
        for quad in self._store.quads_for_pattern(subject, ox.NamedNode(predicate), value, None):
            if _premise_graph(quad) is not None:
                yield quad.triple

    def _conclusions(self, triple: ox.Triple) -> Iterator[ox.Triple]:
        """Yield what follows from a triple in one step, with others that the store has."""
        for subject, predicate, value in self._steps(triple):
            if isinstance(subject, ox.Literal | ox.Triple):
                continue
            if name_of(subject) in self._axioms.terms:
                raise WholeBuildError(f"{subject} is a term of the ontology")
            yield ox.Triple(subject, predicate, value)

    def _steps(self, triple: ox.Triple) -> Iterator[tuple[_Node, ox.NamedNode, _Node]]:
        axioms, name = self._axioms, triple.predicate.value
        subject, value = triple.subject, triple.object
        if name == RDF_TYPE:
            for cls in axioms.superclasses.get(name_of(value), ()):
                yield subject, _TYPE, ox.NamedNode(cls)
            return
        for other, forward in axioms.implied.get(name, ()):
            ends = (subject, value) if forward else (value, subject)
            yield ends[0], ox.NamedNode(other), ends[1]
        for cls in axioms.domains.get(name, ()):
            yield subject, _TYPE, ox.NamedNode(cls)
        for cls in axioms.ranges.get(name, ()):
            yield value, _TYPE, ox.NamedNode(cls)
        for steps, place, head in self._in_chains.get(name, ()):
            for start in self._walked(subject, reversed(steps[:place]), self._back):
                for end in self._walked(value, steps[place + 1 :], self._forth):
                    yield start, ox.NamedNode(head), end

    def _walked(
        self, node: _Node, steps: Iterable[str], move: Callable[[_Node, str], Iterator[_Node]]
    ) -> set[_Node]:
        """Return the nodes to which a path leads from a node."""
        nodes = {node}
        for step in steps:
            for each in nodes:
                # What is entailed about terms is not kept, so a path through one cannot be followed.
                if name_of(each) in self._axioms.terms:
                    raise WholeBuildError(f"{each} is a term of the ontology")
            nodes = {found for each in nodes for found in move(each, step)}
        return nodes

    def _forth(self, node: _Node, step: str) -> Iterator[_Node]:
        return (triple.object for triple in self._matches(node, step, None))

    def _back(self, node: _Node, step: str) -> Iterator[_Node]:
        return (triple.subject for triple in self._matches(None, step, node))

    def _follows(self, triple: ox.Triple) -> bool:
        """Whether a triple follows in one step from what the store has."""
        name = triple.predicate.value
        subject, value = triple.subject, triple.object
        if name == RDF_TYPE:
            cls = name_of(value)
            return (
                any(
                    self._has(subject, RDF_TYPE, ox.NamedNode(each)) for each in self._subclasses.get(cls, ())
                )
                or any(self._has(subject, each, None) for each in self._domain_of.get(cls, ()))
                or any(self._has(None, each, subject) for each in self._range_of.get(cls, ()))
            )
        return any(
            self._has(*((subject, other, value) if forward else (value, other, subject)))
            for other, forward in self._implied_by.get(name, ())
        ) or any(
            value in self._walked(subject, steps, self._forth) for steps in self._chains_of.get(name, ())
        )

    def _has(self, subject: _Node | None, predicate: str, value: _Node | None) -> bool:
        return any(True for _ in self._matches(subject, predicate, value))


def _inverted(names: Mapping[str, Iterable[str]]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, others in names.items():
        for other in others:
            found[other].add(name)
    return found


def _premise_graph(quad: ox.Quad) -> str | None:
    """Return the graph of a quad if its triple can be a premise; None for the default graph, too."""
    graph = quad.graph_name
    if not isinstance(graph, ox.NamedNode) or graph.value in _LATER or graph.value.startswith(_SHAPES):
        return None
    return graph.value


def _terms(triple: ox.Triple) -> tuple[_Subject, ox.NamedNode, _Node]:
    return triple.subject, triple.predicate, triple.object  # type: ignore[return-value]
