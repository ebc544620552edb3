"""Proofs of facts, from asserted facts by axioms and rules; the one with the fewest steps is chosen.

A step costs more than all its premises together, so no fact is its own premise:
https://doi.org/10.1016/0020-0190(77)90002-3 (Knuth, A generalization of Dijkstra's algorithm)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyoxigraph as ox

from forumkg.namespaces import DERIVED, ENTAILED
from forumkg.rdf.turtle.order import natural
from forumkg.reasoning.inferences import Inference

__all__ = ["Origin", "Proof", "Step", "choose", "least_cost", "origin_of"]


class Origin(StrEnum):
    """How a fact came into the graph."""

    ASSERTED = "asserted"
    ENTAILED = "entailed"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Step:
    """One application of an axiom or a rule: what it was applied to, in the order of its patterns."""

    inference: Inference
    premises: tuple[ox.Triple, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """A fact and how it follows.

    Attributes:
        triple: the fact.
        graphs: the named graphs that hold it, in order.
        inference: by which it follows; None if it is asserted, or no proof was found.
        premises: from which it follows, each with its own proof.
    """

    triple: ox.Triple
    graphs: tuple[str, ...]
    inference: Inference | None = None
    premises: tuple["Proof", ...] = ()

    @property
    def origin(self) -> Origin:
        """How the fact came into the graph."""
        return origin_of(self.graphs)

    def walk(self) -> Iterator["Proof"]:
        """Yield the fact and all facts of its proof, each once, conclusions first."""
        seen: set[ox.Triple] = set()
        waiting = [self]
        while waiting:
            proof = waiting.pop(0)
            if proof.triple not in seen:
                seen.add(proof.triple)
                yield proof
                waiting += proof.premises


def origin_of(graphs: Iterable[str]) -> Origin:
    """Return how a fact came into the named graphs that hold it."""
    graphs = frozenset(graphs)
    if graphs - {ENTAILED, DERIVED}:
        return Origin.ASSERTED
    return Origin.ENTAILED if ENTAILED in graphs else Origin.DERIVED


def least_cost(
    asserted: Iterable[ox.Triple], steps: Mapping[ox.Triple, Sequence[Step]]
) -> dict[ox.Triple, int]:
    """Return the number of steps of the shortest proof of each fact that has one.

    What is used twice counts twice.

    Args:
        asserted: what needs no proof.
        steps: the steps that conclude each fact.
    """
    costs = dict.fromkeys(asserted, 0)
    falls = True
    while falls:
        falls = False
        for fact, given in steps.items():
            cost = min(_costs(given, costs), default=None)
            if cost is not None and (fact not in costs or cost < costs[fact]):
                costs[fact] = cost
                falls = True
    return costs


def _costs(steps: Iterable[Step], costs: Mapping[ox.Triple, int]) -> Iterator[int]:
    for step in steps:
        if all(premise in costs for premise in step.premises):
            yield 1 + sum(costs[premise] for premise in step.premises)


def choose(
    fact: ox.Triple,
    graphs: Mapping[ox.Triple, tuple[str, ...]],
    steps: Mapping[ox.Triple, Sequence[Step]],
) -> Proof:
    """Return the shortest proof of a fact; of several the one whose premises come first in reading order.

    Args:
        fact: what is proven.
        graphs: the named graphs that hold each fact.
        steps: the steps that conclude each fact that is not asserted, the preferred inference first.
    """
    costs = least_cost((each for each in graphs if origin_of(graphs[each]) is Origin.ASSERTED), steps)
    proofs: dict[ox.Triple, Proof] = {}

    def prove(triple: ox.Triple) -> Proof:
        if triple not in proofs:
            step = _best(steps.get(triple, ()), costs) if costs.get(triple, 0) else None
            premises = tuple(map(prove, step.premises)) if step else ()
            proofs[triple] = Proof(triple, graphs[triple], step.inference if step else None, premises)
        return proofs[triple]

    return prove(fact)


def _best(steps: Sequence[Step], costs: Mapping[ox.Triple, int]) -> Step:
    order = {inference: place for place, inference in enumerate(dict.fromkeys(s.inference for s in steps))}
    return min(
        (step for step in steps if all(premise in costs for premise in step.premises)),
        key=lambda step: (
            sum(costs[premise] for premise in step.premises),
            order[step.inference],
            [natural(str(premise)) for premise in step.premises],
        ),
    )
