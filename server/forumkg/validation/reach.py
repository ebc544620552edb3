"""Find what a change can make a rule report, and what the rule reads about it.

Both follow the patterns of the rule, from node to node: back from each changed triple to the root, which is
the thing that the rule reports; and from the roots on, to all that decides whether it reports them.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.reasoning.owl import RDF_TYPE
from forumkg.validation.patterns import Influence, PathPattern, PatternSlot, RdfTerm, Unbounded
from forumkg.validation.surroundings import Predicates, Surroundings

__all__ = ["Change", "Reach", "affected", "follow"]

_Branch: TypeAlias = tuple[PathPattern, ...]
_Known: TypeAlias = dict[ox.Variable, set[RdfTerm]]
# A pattern, the variable whose values are known, and the one whose values it gives.
_Hop: TypeAlias = tuple[PathPattern, ox.Variable, ox.Variable]

_TYPE: Final = frozenset({ox.NamedNode(RDF_TYPE)})
# Roughly how many values one value leads to: a subject few objects, an object more subjects, a class most.
_FORWARD: Final = 1
_BACKWARD: Final = 3
_ANY_BACKWARD: Final = 6
_USES: Final = 30
_INSTANCES: Final = 60
_INFLUENCES: Final = (Influence.ADDED, Influence.REMOVED, Influence.ANY)
# Up to so many look-ups are counted before one of several ways is chosen, if so many do not decide.
_COUNTED: Final = (10, 100, 1000)


@dataclass(frozen=True)
class Reach:
    """What a rule reads.

    Attributes:
        root: the variable for the thing that it reports.
        branches: the patterns that it matches together.
    """

    root: ox.Variable
    branches: tuple[_Branch, ...]

    def __post_init__(self) -> None:
        """Refuse a branch that does not hang together.

        Raises:
            Unbounded: what the rule reads does not follow from the root.
        """
        for branch in self.branches:
            required = tuple(pattern for pattern in branch if pattern.is_required)
            if not _is_connected(branch, self.root) or not _is_connected(required, self.root):
                raise Unbounded("a pattern that nothing connects with the others")


@dataclass(frozen=True, slots=True)
class ChangedTerms:
    """The subjects, predicates and objects of changed triples that match a pattern."""

    subjects: frozenset[RdfTerm]
    predicates: frozenset[RdfTerm]
    objects: frozenset[RdfTerm]

    @classmethod
    def of(cls, triples: Collection[ox.Triple]) -> "ChangedTerms":
        """Return the terms of some triples."""
        return cls(
            frozenset(triple.subject for triple in triples),
            frozenset(triple.predicate for triple in triples),
            frozenset(triple.object for triple in triples),
        )


@dataclass(frozen=True)
class Change:
    """Triples that a document adds to a dataset, and those that are gone with the files that it replaces."""

    added: frozenset[ox.Triple]
    removed: frozenset[ox.Triple]
    # Many patterns differ in their variables alone.
    _known: dict[tuple[object, ...], ChangedTerms] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def matching(self, pattern: PathPattern) -> ChangedTerms:
        """Return the terms of the triples whose change can add a match of a pattern or of a part of it."""
        ends = (None, None) if pattern.is_transitive else (_fixed(pattern.subject), _fixed(pattern.object))
        key = (pattern.influence, pattern.predicates, *ends)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = ChangedTerms.of(
                self._matching(pattern.influence, pattern.predicates, *ends)
            )
        return found

    def _matching(
        self, influence: Influence, predicates: Predicates, subject: RdfTerm | None, value: RdfTerm | None
    ) -> list[ox.Triple]:
        changed = self._by_predicate[influence]
        used = changed.keys() if predicates is None else predicates & changed.keys()
        return [
            triple
            for each in used
            for triple in changed[each]
            if subject in {None, triple.subject} and value in {None, triple.object}
        ]

    @cached_property
    def _by_predicate(self) -> Mapping[Influence, Mapping[ox.NamedNode, list[ox.Triple]]]:
        found = {influence: defaultdict[ox.NamedNode, list[ox.Triple]](list) for influence in _INFLUENCES}
        for influence, triples in ((Influence.ADDED, self.added), (Influence.REMOVED, self.removed)):
            for triple in triples:
                found[influence][triple.predicate].append(triple)
                found[Influence.ANY][triple.predicate].append(triple)
        return found


def affected(rule: Reach, change: Change, around: Surroundings) -> set[RdfTerm]:
    """Return all things that a rule can report after a change and did not report before, and perhaps more."""
    found: set[RdfTerm] = set()
    for branch in rule.branches:
        for pattern in branch:
            changed = change.matching(pattern)
            if changed.subjects:
                known = _ends(pattern, changed, around)
                found |= _roots(branch, pattern, rule.root, known, around)
    return found


def follow(rule: Reach, roots: Collection[RdfTerm], around: Surroundings) -> None:
    """Look up all that decides whether a rule reports one of the roots."""
    for branch in rule.branches if roots else ():
        known: _Known = {rule.root: set(roots)}
        required = [pattern for pattern in branch if pattern.is_required]
        while required:
            pattern = _next(required, known, around)
            required.remove(pattern)
            _follow(pattern, known, around)
        _follow_to_the_end([pattern for pattern in branch if not pattern.is_required], known, around)


def _is_connected(branch: _Branch, root: ox.Variable) -> bool:
    """Return whether each pattern with variables shares some, by others perhaps, with the root."""
    reached = {root}
    pending = [pattern.variables for pattern in branch if pattern.variables]
    while near := [names for names in pending if not names.isdisjoint(reached)]:
        pending = [names for names in pending if names.isdisjoint(reached)]
        reached.update(*near)
    return not pending


def _fixed(slot: PatternSlot) -> RdfTerm | None:
    """Return the term of a slot; None for a variable."""
    return None if isinstance(slot, ox.Variable) else slot


def _ends(pattern: PathPattern, changed: ChangedTerms, around: Surroundings) -> _Known:
    """Return the values of the variables of a pattern, in each match that has one of the changed triples."""
    subjects: Set[RdfTerm] = changed.subjects
    objects: Set[RdfTerm] = changed.objects
    if pattern.is_transitive:
        subjects = around.ends(subjects, pattern.predicates, backward=True)
        objects = around.ends(objects, pattern.predicates)
    known: _Known = {}
    for slot, terms in (
        (pattern.subject, subjects),
        (pattern.object, objects),
        (pattern.variable, changed.predicates),
    ):
        if isinstance(slot, ox.Variable):
            known[slot] = known[slot] | terms if slot in known else {*terms}
    return known


def _roots(
    branch: _Branch, pattern: PathPattern, root: ox.Variable, known: _Known, around: Surroundings
) -> set[RdfTerm]:
    """Return the values of the root that go with known values of the variables of a pattern."""
    if root in known:
        return known[root]
    values: _Known = {**known}
    for hop in _way(branch, pattern.variables, root):
        values[hop[2]] = _hop(hop, values[hop[1]], around)
    return values[root]


@cache
def _way(branch: _Branch, starts: frozenset[ox.Variable], root: ox.Variable) -> tuple[_Hop, ...]:
    """Return the hops from one of several variables to another one that read the least.

    https://en.wikipedia.org/wiki/Dijkstra%27s_algorithm
    """
    order = count()
    queue: list[tuple[int, int, ox.Variable, tuple[_Hop, ...]]] = [
        (0, next(order), start, ()) for start in sorted(starts, key=str)
    ]
    done: set[ox.Variable] = set()
    while queue:
        cost, _, here, hops = heapq.heappop(queue)
        if here == root:
            return hops
        if here not in done:
            done.add(here)
            for pattern in branch:
                for there in pattern.variables - done if here in pattern.variables else ():
                    hop = (pattern, here, there)
                    heapq.heappush(queue, (cost + _cost(hop), next(order), there, (*hops, hop)))
    raise Unbounded("a changed triple that does not lead to the root")


def _cost(hop: _Hop) -> int:
    pattern, start, _ = hop
    if start == pattern.subject:
        return _FORWARD
    if start != pattern.object:
        return _USES
    if pattern.predicates is None:
        return _ANY_BACKWARD
    return _INSTANCES if pattern.predicates == _TYPE else _BACKWARD


def _hop(hop: _Hop, values: set[RdfTerm], around: Surroundings) -> set[RdfTerm]:
    pattern, start, end = hop
    if start == pattern.subject:
        if end == pattern.variable:
            return {predicate for value in values for predicate in around.description(value)}
        return _forward(pattern, values, around)
    if start == pattern.object and end == pattern.subject:
        return _backward(pattern, values, around)
    if start == pattern.variable:
        triples = around.uses(values)
        return {triple.subject if end == pattern.subject else triple.object for triple in triples}
    subjects = _backward(pattern, values, around)
    return {predicate for subject in subjects for predicate in around.description(subject)}


def _forward(pattern: PathPattern, values: Iterable[RdfTerm], around: Surroundings) -> set[RdfTerm]:
    if pattern.is_transitive:
        return around.ends(values, pattern.predicates)
    return around.objects(values, pattern.predicates)


def _backward(pattern: PathPattern, values: Iterable[RdfTerm], around: Surroundings) -> set[RdfTerm]:
    if pattern.is_transitive:
        return around.ends(values, pattern.predicates, backward=True)
    return around.subjects(values, pattern.predicates)


def _next(patterns: Collection[PathPattern], known: _Known, around: Surroundings) -> PathPattern:
    """Return the pattern with the fewest triples to look up: conditions on known nodes come first."""

    def rank(pattern: PathPattern) -> tuple[int, int]:
        if (subjects := _values(pattern.subject, known)) is not None:
            return (0 if _values(pattern.object, known) is not None else 1), len(subjects)
        if isinstance(pattern.object, ox.Variable) and pattern.object in known:
            return 2, 0
        return (3 if pattern.variable in known else 4), 0

    ranked = [(rank(pattern), pattern) for pattern in patterns]
    best = min(each for each, _ in ranked)
    nearest = [pattern for each, pattern in ranked if each == best]
    if best[0] != 2 or len(nearest) == 1:  # noqa: PLR2004 (the rank of those whose triples are counted)
        return nearest[0]
    return _fewest(nearest, known, around)


def _fewest(patterns: Sequence[PathPattern], known: _Known, around: Surroundings) -> PathPattern:
    """Return the pattern whose known objects are those of the fewest triples.

    All are counted up to a small number first: the work follows the fewest, not the most.
    """

    def references(pattern: PathPattern, most: int) -> int:
        objects = _values(pattern.object, known) or ()
        return around.references(objects, pattern.predicates, most)

    for most in _COUNTED:
        counts = [references(pattern, most) for pattern in patterns]
        if min(counts) < most:
            break
    return patterns[counts.index(min(counts))]


def _values(slot: PatternSlot, known: Mapping[ox.Variable, set[RdfTerm]]) -> Collection[RdfTerm] | None:
    return known.get(slot) if isinstance(slot, ox.Variable) else (slot,)


def _follow(pattern: PathPattern, known: _Known, around: Surroundings) -> None:
    """Look up the triples of a required pattern, and keep the values with which it matches."""
    subjects, objects = _values(pattern.subject, known), _values(pattern.object, known)
    if subjects is not None:
        fitting: set[RdfTerm] = set()
        reached: set[RdfTerm] = set()
        for subject in subjects:
            ends = _forward(pattern, (subject,), around)
            if objects is not None:
                ends &= set(objects)
            if ends:
                fitting.add(subject)
                reached |= ends
            if pattern.variable is not None:
                known.setdefault(pattern.variable, set()).update(around.description(subject))
        _keep(pattern.subject, fitting, known)
        _keep(pattern.object, reached, known)
    elif objects is not None and isinstance(pattern.object, ox.Variable):
        _keep(pattern.subject, _backward(pattern, objects, around), known)
    elif pattern.variable in known:
        triples = tuple(around.uses(known[pattern.variable]))
        _keep(pattern.subject, {triple.subject for triple in triples}, known)
        _keep(pattern.object, {triple.object for triple in triples}, known)


def _keep(slot: PatternSlot, terms: set[RdfTerm], known: _Known) -> None:
    if isinstance(slot, ox.Variable):
        known[slot] = known[slot] & terms if slot in known else terms


def _follow_to_the_end(patterns: Collection[PathPattern], known: _Known, around: Surroundings) -> None:
    """Look up the triples of patterns that need not match, until their variables have no more values."""
    grown = True
    while grown:
        grown = False
        for pattern in sorted(patterns, key=lambda each: _values(each.subject, known) is None):
            for slot, terms in _matched(pattern, known, around):
                if isinstance(slot, ox.Variable) and not terms <= known.get(slot, set()):
                    known[slot] = known.get(slot, set()) | terms
                    grown = True


def _matched(
    pattern: PathPattern, known: _Known, around: Surroundings
) -> Iterable[tuple[PatternSlot | None, set[RdfTerm]]]:
    """Return what the subject, the object and the predicate of a pattern can be beside known values."""
    subjects = _values(pattern.subject, known)
    if subjects is not None:
        predicates = {each for one in subjects for each in around.description(one)}
        return (pattern.object, _forward(pattern, subjects, around)), (pattern.variable, set(predicates))
    if isinstance(pattern.object, ox.Variable) and pattern.object in known:
        return ((pattern.subject, _backward(pattern, known[pattern.object], around)),)
    return ()
