"""Read from SHACL shapes which things each of them validates, and which triples that depends on.

A shape whose targets or constraints are not known here is refused: documents are then validated with the
whole dataset. https://www.w3.org/TR/shacl/
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Any, Final, TypeAlias
from typing import Literal as Literal_

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.term import Node

from forumkg.rdf.conversion import merge
from forumkg.validation.patterns import (
    Branch,
    Influence,
    PathPattern,
    Unbounded,
    branches_of,
    patterns_of_path,
)
from forumkg.validation.reach import Reach
from forumkg.validation.shacl import DATASET

__all__ = ["Foci", "ShapeRule", "narrowed", "rules_of"]

_THIS: Final = ox.Variable("this")
_VALUE: Final = ox.Variable("value")
_TYPE: Final = URIRef(str(RDF.type))
_FREE: Final = (SH.deactivated, SH.description, SH.group, SH.message, SH.name, SH.order, SH.severity)
# What a constraint on a value looks at is the value alone, or how many there are.
_LOCAL: Final = frozenset(
    {
        *(SH.datatype, SH.flags, SH.hasValue, SH.ignoredProperties, SH["in"], SH.languageIn, SH.maxCount),
        *(SH.maxExclusive, SH.maxInclusive, SH.maxLength, SH.minCount, SH.minExclusive, SH.minInclusive),
        *(SH.minLength, SH.nodeKind, SH.pattern, SH.qualifiedMaxCount, SH.qualifiedMinCount),
        *(SH.qualifiedValueShapesDisjoint, SH.uniqueLang, SH.path, *_FREE),
    }
)
_PAIRS: Final = (SH.disjoint, SH.equals, SH.lessThan, SH.lessThanOrEquals)
_NESTED: Final = (SH.node, SH["not"], SH.property, SH.qualifiedValueShape)
_LISTS: Final = (SH["and"], SH["or"], SH.xone)
_TARGETS: Final = (SH.targetClass, SH.targetSubjectsOf, SH.targetNode)
_KNOWN: Final = frozenset({*_LOCAL, *_PAIRS, *_NESTED, *_LISTS, *_TARGETS, SH["class"], SH.closed, SH.sparql})
_MULTIPLE: Final[tuple[tuple[URIRef, Literal_["*", "+", "?"]], ...]] = (
    (SH.zeroOrMorePath, "*"),
    (SH.oneOrMorePath, "+"),
    (SH.zeroOrOnePath, "?"),
)


@dataclass(frozen=True)
class ShapeRule:
    """A shape with targets.

    Attributes:
        shape: its node.
        reads: what it depends on.
        classes: of its instances, and of those of the subclasses, it is a constraint.
        predicates: of the subjects of these, too.
        is_about_all: whether its queries select things in the whole dataset instead.
    """

    shape: Node
    reads: Reach
    classes: frozenset[URIRef]
    predicates: frozenset[URIRef]
    is_about_all: bool

    def is_for(self, node: Node, graphs: Collection[Graph]) -> bool:
        """Return whether the shape is a constraint of a node, as the merge of some graphs describes it."""
        return any(
            not self.classes.isdisjoint(graph.objects(node, RDF.type))
            or any((node, predicate, None) in graph for predicate in self.predicates)
            for graph in graphs
        )


# Each shape with the nodes to validate against it.
Foci: TypeAlias = tuple[tuple[ShapeRule, frozenset[Node]], ...]


def narrowed(shapes: Graph, foci: Foci, graphs: Collection[Graph]) -> Graph:
    """Return shapes whose targets are only some of the nodes that they have as they are.

    Args:
        shapes: all shapes.
        foci: the nodes of each shape with targets.
        graphs: what is validated.
    """
    narrow = merge(shapes)
    for rule, nodes in foci:
        if not rule.is_about_all or not nodes:
            for target in _TARGETS:
                narrow.remove((rule.shape, target, None))
        for node in () if rule.is_about_all else nodes:
            if rule.is_for(node, graphs):
                narrow.add((rule.shape, SH.targetNode, node))
    return narrow


def rules_of(shapes: Graph, ontology: Graph) -> tuple[ShapeRule, ...]:
    """Return what each shape with targets depends on.

    Args:
        shapes: all shapes.
        ontology: has the hierarchy of classes.

    Raises:
        Unbounded: a shape has targets or constraints whose triples are not known here.
    """
    targeted = {shape for shape, predicate, _ in shapes if _is_target(predicate)}
    for kind in (RDFS.Class, OWL.Class):
        if next(shapes.subjects(RDF.type, kind), None) is not None:
            raise Unbounded("a shape that is a class")
    return tuple(_rule(shapes, ontology, shape) for shape in sorted(targeted, key=str))


def _is_target(predicate: Node) -> bool:
    return str(predicate).startswith(f"{SH}target")


def _rule(shapes: Graph, ontology: Graph, shape: Node) -> ShapeRule:
    nodes = set(shapes.objects(shape, SH.targetNode))
    targets = set(shapes.objects(shape, SH.targetClass))
    classes = {each for one in targets for each in ontology.transitive_subjects(RDFS.subClassOf, one)}
    predicates = frozenset(_iris(shapes.objects(shape, SH.targetSubjectsOf)))
    reader = _Reader(shapes)
    if nodes:
        if nodes != {DATASET} or targets or predicates:
            raise Unbounded(f"the targets of {shape}")
        return ShapeRule(shape, reader.rule_about_all(shape), frozenset(), frozenset(), is_about_all=True)
    branch = reader.read(shape, _THIS)
    branch += reader.path(_THIS, _TYPE) + sum((reader.path(_THIS, each) for each in predicates), Branch())
    rule = Reach(_THIS, (branch.patterns, *reader.queries))
    return ShapeRule(shape, rule, frozenset(_iris(classes)), predicates, is_about_all=False)


def _iris(nodes: Iterable[Node | None]) -> Iterator[URIRef]:
    return (node for node in nodes if isinstance(node, URIRef))


class _Reader:
    """Reads one shape with all shapes that it refers to.

    Attributes:
        queries: the branches of its queries, whose root is the focus node.
    """

    def __init__(self, shapes: Graph) -> None:
        self.queries: list[tuple[PathPattern, ...]] = []
        self._shapes = shapes
        self._numbers = count()
        self._open: list[Node] = []

    def rule_about_all(self, shape: Node) -> Reach:
        """Return what the queries of a shape over the whole dataset depend on."""
        constraints = {
            p for _, p, _ in self._shapes.triples((shape, None, None)) if str(p).startswith(str(SH))
        }
        if not constraints <= {SH.targetNode, SH.sparql, *_FREE}:
            raise Unbounded(f"the constraints of {shape}")
        selects = self._selects(shape)
        branches = chain.from_iterable(branches_of(select, {_VALUE}) for select in selects)
        return Reach(_VALUE, tuple(branches))

    def read(self, shape: Node, focus: ox.Variable) -> Branch:
        """Return what a shape depends on for a focus node.

        Raises:
            Unbounded: it has a constraint whose triples are not known here, or refers to itself.
        """
        if shape in self._open:
            raise Unbounded(f"{shape} refers to itself")
        self._open.append(shape)
        path = self._shapes.value(shape, SH.path)
        value = focus if path is None else self._fresh()
        found = Branch() if path is None else self.path(focus, self._path(path), value)
        for predicate, given in self._shapes.predicate_objects(shape):
            found += self._constraint(predicate, given, focus, value)
        if (shape, SH.sparql, None) in self._shapes:
            self._read_queries(shape, focus)
        self._open.pop()
        return found

    def path(self, focus: ox.Variable, path: Any, value: ox.Variable | None = None) -> Branch:  # noqa: ANN401
        """Return the patterns of a path of rdflib."""
        branches = patterns_of_path(focus, path, value or self._fresh(), self._fresh)
        return sum(branches, Branch()).changed(influence=Influence.ANY, is_required=False)

    def _constraint(self, predicate: Node, given: Node, focus: ox.Variable, value: ox.Variable) -> Branch:
        """Return what one constraint depends on."""
        if str(predicate).startswith(str(SH)) and predicate not in _KNOWN:
            raise Unbounded(f"{predicate}")
        if predicate in _NESTED:
            return self.read(given, value)
        if predicate in _LISTS:
            return sum((self.read(each, value) for each in self._shapes.items(given)), Branch())
        if predicate in _PAIRS:
            return self.path(focus, given)
        if predicate == SH["class"]:
            return self.path(value, _TYPE)
        if predicate == SH.closed:
            pattern = PathPattern(value, None, self._fresh(), influence=Influence.ANY, is_required=False)
            return Branch((pattern,))
        return Branch()

    def _read_queries(self, shape: Node, focus: ox.Variable) -> None:
        if focus != _THIS or self._shapes.value(shape, SH.path) is not None:
            raise Unbounded(f"a query of {shape} about a value")
        for select in self._selects(shape):
            self.queries += branches_of(select, {_THIS})

    def _selects(self, shape: Node) -> Iterator[str]:
        """Yield the queries of a shape, each with its prefixes."""
        for constraint in self._shapes.objects(shape, SH.sparql):
            prefixes = "".join(
                f"PREFIX {self._shapes.value(each, SH.prefix)}: <{self._shapes.value(each, SH.namespace)}>\n"
                for node in self._shapes.objects(constraint, SH.prefixes)
                for each in self._shapes.objects(node, SH.declare)
            )
            for select in self._shapes.objects(constraint, SH.select):
                yield f"{prefixes}{select}"

    def _fresh(self) -> ox.Variable:
        return ox.Variable(f"v{next(self._numbers)}")

    def _path(self, node: Node) -> URIRef | Path:
        """Return a path of SHACL as one of SPARQL: https://www.w3.org/TR/shacl/#property-paths."""
        if isinstance(node, URIRef):
            return node
        if isinstance(node, Literal):
            raise Unbounded(f"{node} is no path")
        if (inner := self._shapes.value(node, SH.inversePath)) is not None:
            return InvPath(self._path(inner))
        if (choices := self._shapes.value(node, SH.alternativePath)) is not None:
            return AlternativePath(*map(self._path, self._shapes.items(choices)))
        for predicate, suffix in _MULTIPLE:
            if (inner := self._shapes.value(node, predicate)) is not None:
                return MulPath(self._path(inner), suffix)
        return SequencePath(*map(self._path, self._shapes.items(node)))
