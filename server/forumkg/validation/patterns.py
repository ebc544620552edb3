"""Read which triples a SPARQL query can depend on: its triple patterns, in branches without alternatives.

A branch is a set of patterns that a solution matches together. `UNION` gives a branch for each alternative;
each `EXISTS`, `NOT EXISTS` and `MINUS` gives one with what stands around it. Conditions are left out, so a
branch matches what the query matches and more.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Flag
from itertools import count, product
from typing import Any, Final, TypeAlias

import pyoxigraph as ox
from pyparsing import ParseException
from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from forumkg.rdf.conversion import oxigraph_term

__all__ = ["Branch", "Influence", "PathPattern", "RdfTerm", "Unbounded", "branches_of", "patterns_of_path"]

RdfTerm: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
PatternSlot: TypeAlias = RdfTerm | ox.Variable

# More branches than any rule needs: to follow more costs more than to read everything.
_MOST: Final = 64
_EXISTS: Final = {"Builtin_EXISTS": False, "Builtin_NOTEXISTS": True}
# Nodes of the algebra of rdflib that pass the solutions of `p` on, perhaps fewer or with another variable.
_PASSING: Final = frozenset(
    {"AggregateJoin", "Distinct", "Extend", "Group", "OrderBy", "Reduced", "SelectQuery", "ToMultiSet"}
)


class Unbounded(Exception):
    """What a query or a shape depends on cannot be determined from its text, or is the whole dataset."""


class Influence(Flag):
    """Which changes of a matching triple can add a solution of the query."""

    ADDED = 1
    REMOVED = 2
    ANY = ADDED | REMOVED


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A triple pattern, or a path of one step or more.

    Attributes:
        subject: a term or a variable.
        predicates: those that match; None for all.
        object: a term or a variable.
        variable: the variable of the predicate.
        is_transitive: whether it matches chains of any length, of none included.
        influence: which change of a matching triple can add a solution.
        is_required: whether each solution of the branch matches it.
    """

    subject: PatternSlot
    predicates: frozenset[ox.NamedNode] | None
    object: PatternSlot
    variable: ox.Variable | None = None
    is_transitive: bool = False
    influence: Influence = Influence.ADDED
    is_required: bool = True

    @property
    def variables(self) -> frozenset[ox.Variable]:
        """The variables of subject, predicate and object."""
        slots = (self.subject, self.variable, self.object)
        return frozenset(slot for slot in slots if isinstance(slot, ox.Variable))


@dataclass(frozen=True, slots=True)
class Branch:
    """Patterns that a solution matches together.

    Attributes:
        patterns: the patterns.
        conditions: variables that conditions compare.
        beside: the patterns within each EXISTS, NOT EXISTS and MINUS: with `patterns`, a branch by itself.
    """

    patterns: tuple[PathPattern, ...] = ()
    conditions: frozenset[ox.Variable] = frozenset()
    beside: tuple["Branch", ...] = field(default=())

    def __add__(self, other: "Branch") -> "Branch":
        return Branch(
            self.patterns + other.patterns, self.conditions | other.conditions, self.beside + other.beside
        )

    def changed(self, **values: Any) -> "Branch":  # noqa: ANN401 (attributes of a pattern)
        """Return the branch with other values of attributes of its patterns.

        What lies beside it is a condition within a condition: either change of it can matter.
        """
        patterns = tuple(replace(pattern, **values) for pattern in self.patterns)
        inner = {"influence": Influence.ANY, "is_required": False}
        return replace(self, patterns=patterns, beside=tuple(each.changed(**inner) for each in self.beside))

    def renamed(self, names: dict[ox.Variable, ox.Variable]) -> "Branch":
        """Return the branch with other names of variables."""

        def named(slot: Any) -> Any:  # noqa: ANN401 (a slot of any kind)
            return names.get(slot, slot) if isinstance(slot, ox.Variable) else slot

        return Branch(
            tuple(
                replace(
                    each,
                    subject=named(each.subject),
                    object=named(each.object),
                    variable=named(each.variable),
                )
                for each in self.patterns
            ),
            frozenset(named(variable) for variable in self.conditions),
            tuple(each.renamed(names) for each in self.beside),
        )

    @property
    def variables(self) -> frozenset[ox.Variable]:
        """All variables, those of nested branches included."""
        own = frozenset[ox.Variable]().union(*(each.variables for each in self.patterns))
        return own.union(self.conditions, *(each.variables for each in self.beside))

    def flat(self) -> Iterator["Branch"]:
        """Yield the patterns with those of each nested branch."""
        own = Branch(self.patterns, self.conditions)
        if not self.beside:
            yield own
        for each in self.beside:
            for inner in each.flat():
                yield own + inner


def branches_of(query: str, roots: Collection[ox.Variable]) -> tuple[tuple[PathPattern, ...], ...]:
    """Return the branches of a SELECT query, without patterns that others of the branch imply.

    Args:
        query: its prologue included.
        roots: variables of which each solution is wanted, not only one.

    Raises:
        Unbounded: the query has a part that its patterns do not determine, such as LIMIT.
    """
    try:
        algebra = translateQuery(parseQuery(query)).algebra
    except ParseException as error:
        raise Unbounded("a query that rdflib cannot parse") from error
    found = _Reader().read(algebra)
    flat = [each for branch in found for each in branch.flat()]
    if len(flat) > _MOST:
        raise Unbounded(f"{len(flat)} branches")
    return tuple(dict.fromkeys(_without_implied(branch, roots) for branch in flat))


class _Reader:
    """Reads the algebra of rdflib."""

    def __init__(self) -> None:
        self._numbers = count()

    def read(self, node: CompValue) -> list[Branch]:  # noqa: C901, PLR0911 (one case for each kind)
        """Return the branches of a node.

        Raises:
            Unbounded: nothing is known of a node of its kind.
        """
        match node.name:
            case "BGP":
                return self._joined(patterns_of_path(s, p, o, self._fresh) for s, p, o in node.triples)
            case "Join":
                return self._joined((self.read(node.p1), self.read(node.p2)))
            case "Union":
                return [*self.read(node.p1), *self.read(node.p2)]
            case "LeftJoin":
                optional = [
                    each.changed(influence=Influence.ANY, is_required=False)
                    for each in self._conditioned(self.read(node.p2), node.expr)
                ]
                return self._joined((self.read(node.p1), optional))
            case "Minus":
                return [
                    replace(branch, beside=(*branch.beside, *self._negated(node.p2)))
                    for branch in self.read(node.p1)
                ]
            case "Filter":
                return self._conditioned(self.read(node.p), node.expr)
            case "Project":
                return [self._local(branch, node.PV) for branch in self.read(node.p)]
            case "values":
                return [Branch()]
            case name if name in _PASSING:
                inner = self.read(node.p)
                if name in {"AggregateJoin", "Group"}:
                    inner = [each.changed(influence=Influence.ANY) for each in inner]
                return self._conditioned(inner, node.get("expr"))
        raise Unbounded(node.name)

    def _fresh(self) -> ox.Variable:
        return ox.Variable(f"_{next(self._numbers)}")

    @staticmethod
    def _joined(parts: Iterable[list[Branch]]) -> list[Branch]:
        found: list[Branch] = []
        for each in product(*parts):
            if len(found) == _MOST:
                raise Unbounded("too many branches")
            found.append(sum(each, Branch()))
        return found

    def _local(self, branch: Branch, projected: Collection[Variable]) -> Branch:
        """Return a branch whose variables beyond those of SELECT have names of their own."""
        kept = {_variable(each) for each in projected}
        return branch.renamed({each: self._fresh() for each in branch.variables - kept})

    def _negated(self, node: CompValue) -> list[Branch]:
        return [each.changed(influence=Influence.REMOVED, is_required=False) for each in self.read(node)]

    def _conditioned(self, branches: list[Branch], condition: Any) -> list[Branch]:  # noqa: ANN401 (rdflib's)
        """Return branches with a condition: the variables that it compares, and the groups of its EXISTS."""
        if condition is None:
            return branches
        names: set[ox.Variable] = set()
        groups: list[Branch] = []
        for influence, group in _exists(condition, names, Influence.ADDED):
            inner = group if group.name != "GroupGraphPatternSub" else translateGroupGraphPattern(group)
            groups += [each.changed(influence=influence, is_required=False) for each in self.read(inner)]
        return [
            Branch(branch.patterns, branch.conditions | names, branch.beside + self._renamed(branch, groups))
            for branch in branches
        ]

    def _renamed(self, branch: Branch, groups: Iterable[Branch]) -> tuple[Branch, ...]:
        """Return groups whose variables have names of their own where the branch has not the same ones."""
        own = Branch(branch.patterns).variables
        return tuple(
            group.renamed({each: self._fresh() for each in group.variables - own}) for group in groups
        )


def _exists(
    node: Any,  # noqa: ANN401 (a node or a value of rdflib)
    names: set[ox.Variable],
    influence: Influence,
) -> Iterator[tuple[Influence, CompValue]]:
    """Yield the groups of EXISTS in an expression, and collect the variables outside them."""
    if isinstance(node, Variable):
        names.add(_variable(node))
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _exists(each, names, influence)
    elif isinstance(node, CompValue):
        if node.name in _EXISTS:
            negated = Influence.REMOVED if influence is Influence.ADDED else influence
            yield negated if _EXISTS[node.name] else influence, node.graph
            return
        # Within any other expression it is not known which truth value lets a solution pass.
        inner = influence if node.name == "ConditionalAndExpression" else Influence.ANY
        for key, value in node.items():
            if key != "_vars":
                yield from _exists(value, names, inner)


def patterns_of_path(subject: Any, path: Any, value: Any, fresh: Any) -> list[Branch]:  # noqa: ANN401 (rdflib's)
    """Return the branches of a triple pattern or of a property path.

    Args:
        subject: a term of rdflib or a variable of either library.
        path: a predicate, a variable or a path of rdflib.
        value: as the subject.
        fresh: returns a variable that nothing else has.

    Raises:
        Unbounded: a part of several steps is repeated.
    """
    match path:
        case SequencePath():
            nodes = [subject, *(fresh() for _ in path.args[1:]), value]
            steps = zip(nodes, path.args, nodes[1:], strict=False)
            parts = [patterns_of_path(*step, fresh) for step in steps]
            return [sum(each, Branch()) for each in product(*parts)]
        case AlternativePath() if not all(isinstance(each, URIRef) for each in path.args):
            return [branch for each in path.args for branch in patterns_of_path(subject, each, value, fresh)]
        case InvPath():
            return patterns_of_path(value, path.arg, subject, fresh)
        case MulPath():
            return [Branch((_repeated(subject, path.path, value),))]
        case Variable():
            return [Branch((PathPattern(_slot(subject), None, _slot(value), variable=_variable(path)),))]
    predicates = _predicates(path)
    return [Branch((PathPattern(_slot(subject), predicates, _slot(value)),))]


def _repeated(subject: Any, path: Any, value: Any) -> PathPattern:  # noqa: ANN401 (rdflib's)
    if isinstance(path, InvPath):
        subject, path, value = value, path.arg, subject
    if not isinstance(path, URIRef | AlternativePath):
        raise Unbounded(f"{path} is repeated")
    return PathPattern(_slot(subject), _predicates(path), _slot(value), is_transitive=True)


def _predicates(path: Any) -> frozenset[ox.NamedNode] | None:  # noqa: ANN401 (rdflib's)
    """Return the predicates that a path of one step matches; None where these are not a few."""
    match path:
        case URIRef():
            return frozenset({ox.NamedNode(str(path))})
        case AlternativePath() if all(isinstance(each, URIRef) for each in path.args):
            return frozenset(ox.NamedNode(str(each)) for each in path.args)
        case Path():
            return None
    raise Unbounded(f"{path!r} is no path")


def _variable(name: Variable) -> ox.Variable:
    return ox.Variable(str(name))


def _slot(term: Any) -> PatternSlot:  # noqa: ANN401 (a term of either library)
    match term:
        case ox.Variable() | ox.NamedNode() | ox.BlankNode() | ox.Literal():
            return term
        case Variable():
            return _variable(term)
        case BNode():
            # In a query a blank node is a variable without a name.
            return ox.Variable(f"b_{term}")
    return oxigraph_term(term)


def _without_implied(branch: Branch, roots: Collection[ox.Variable]) -> tuple[PathPattern, ...]:
    """Return the patterns without those that match wherever another one does.

    Such a pattern is that other one but for variables that occur nowhere else.
    """
    kept = [*branch.patterns]
    for pattern in branch.patterns:
        others = [each for each in kept if each is not pattern]
        shared = branch.conditions.union(roots, *(each.variables for each in others))
        required = (each for each in others if each.is_required)
        if pattern.is_required and any(_implies(each, pattern, shared) for each in required):
            kept = others
    return tuple(kept)


def _implies(one: PathPattern, other: PathPattern, shared: Collection[ox.Variable]) -> bool:
    """Return whether a triple that matches one pattern matches the other with the same shared variables."""

    def fits(slot: PatternSlot | None, wanted: PatternSlot | None) -> bool:
        return slot == wanted or (isinstance(wanted, ox.Variable) and wanted not in shared)

    if one.is_transitive or other.is_transitive or other.subject == other.object:
        return False
    same = other.predicates is None or (one.predicates is not None and one.predicates <= other.predicates)
    variable = other.variable is None or fits(one.variable, other.variable)
    return same and variable and fits(one.subject, other.subject) and fits(one.object, other.object)
