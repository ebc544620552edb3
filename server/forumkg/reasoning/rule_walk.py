"""Walk along the premises of a rule, from the values of one variable to those of others.

A join of all premises takes the order that the engine chooses, which may lead through a code or an indicator
that half of the dataset has. Each step here takes the pattern with the fewest triples.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeAlias

import pyoxigraph as ox

from forumkg.errors import WholeBuildError
from forumkg.reasoning.rule_patterns import Pattern

__all__ = ["values_of"]

_Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_Known: TypeAlias = dict[ox.Variable, set[_Term]]


def values_of(
    wanted: Collection[ox.Variable],
    store: ox.Store,
    patterns: Collection[Pattern],
    start: Mapping[ox.Variable, Collection[_Term]],
) -> Mapping[ox.Variable, set[_Term]]:
    """Return all values that variables have in the solutions of some patterns, and perhaps more.

    Args:
        wanted: The variables.
        store: Its default graph is read.
        patterns: All of them hold in a solution.
        start: What is known of some variables: a solution has one of these values.

    Raises:
        WholeBuildError: no pattern leads to one of the variables.
    """
    known: _Known = {}
    for variable, values in start.items():
        known[variable] = _fitting(variable, values, store, patterns)
    while any(variable not in known for variable in wanted):
        if not all(known.values()):
            return {variable: known.get(variable, set()) for variable in wanted}
        there, values = _next_values(store, patterns, known)
        known[there] = _fitting(there, values, store, patterns)
    return {variable: known[variable] for variable in wanted}


def _fitting(
    variable: ox.Variable, values: Iterable[_Term], store: ox.Store, patterns: Collection[Pattern]
) -> set[_Term]:
    """Return the values of the variable that match every pattern with it as subject."""
    own = [pattern for pattern in patterns if pattern.subject == variable]
    return {value for value in values if all(_has_triple(store, value, pattern) for pattern in own)}


def _has_triple(store: ox.Store, value: _Term, pattern: Pattern) -> bool:
    constant = None if isinstance(pattern.object, ox.Variable) else pattern.object
    return any(True for _ in _matches(store, value, pattern.predicate, constant))


def _next_values(
    store: ox.Store, patterns: Iterable[Pattern], known: _Known
) -> tuple[ox.Variable, set[_Term]]:
    """Return another variable and its values, by the pattern that has the fewest triples."""
    best: tuple[ox.Variable, list[_Term]] | None = None
    for pattern in patterns:
        for here, there in ((pattern.subject, pattern.object), (pattern.object, pattern.subject)):
            if not isinstance(here, ox.Variable) or not isinstance(there, ox.Variable):
                continue
            if here in known and there not in known:
                found = _neighbours(store, pattern, known[here], is_forward=here == pattern.subject)
                # No more are read than of the best one so far.
                values = list(found if best is None else islice(found, len(best[1])))
                if best is None or len(values) < len(best[1]):
                    best = there, values
    if best is None:
        raise WholeBuildError("a rule has premises that nothing connects")
    return best[0], set(best[1])


def _neighbours(
    store: ox.Store, pattern: Pattern, values: Iterable[_Term], *, is_forward: bool
) -> Iterator[_Term]:
    for value in values:
        if is_forward:
            yield from (triple.object for triple in _matches(store, value, pattern.predicate, None))
        else:
            yield from (triple.subject for triple in _matches(store, None, pattern.predicate, value))


def _matches(
    store: ox.Store, subject: _Term | None, predicate: ox.NamedNode | ox.Variable, value: _Term | None
) -> Iterator[ox.Triple]:
    if isinstance(subject, ox.Literal):
        return
    name = predicate if isinstance(predicate, ox.NamedNode) else None
    for quad in store.quads_for_pattern(subject, name, value, ox.DefaultGraph()):
        yield quad.triple
