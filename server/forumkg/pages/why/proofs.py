"""Prove a fact of the graph: search backward from it for the shortest proof."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.pages.graph import Graph, Row, Term
from forumkg.pages.page_queries import page_query
from forumkg.reasoning.derivation import DerivationRule, load_rules
from forumkg.reasoning.inferences import Inference, inferences
from forumkg.reasoning.proofs import Origin, Proof, Step, choose, least_cost, origin_of
from forumkg.reasoning.rule_patterns import Bindings, Pattern, bound, unified
from forumkg.reasoning.stated_axioms import read_schema

__all__ = ["prove"]

# Of the ways in which one axiom or rule gives one fact, so many are looked at.
_ALTERNATIVES: Final = 100
# A proof that is not found among so many facts is not looked for any further.
_FACTS: Final = 10_000


def prove(graph: Graph, triple: ox.Triple, rules: tuple[DerivationRule, ...] | None = None) -> Proof | None:
    """Return how a fact comes; None where no graph holds it.

    A proof without premises says that the fact is asserted, or that no proof was found.

    Args:
        graph: the graph to query; it knows the axioms.
        triple: the fact.
        rules: those with which the dataset was built; None for those of the package.
    """
    axioms = frozenset(graph.construct(page_query("why/proof-axioms").text))
    return _Search(graph, _inferences(axioms, load_rules() if rules is None else rules)).run(triple)


@lru_cache(maxsize=2)
def _inferences(ontology: frozenset[ox.Triple], rules: tuple[DerivationRule, ...]) -> tuple[Inference, ...]:
    return inferences(read_schema(ontology), tuple(filter(_is_readable, rules)))


def _is_readable(rule: DerivationRule) -> bool:
    """Whether a rule has a form that proofs are found by; a dataset may have others, which derive as well."""
    # Reads rules with rdflib, which no start of a server pays for.
    from forumkg.reasoning.rule_reader import read_rule  # noqa: PLC0415

    try:
        read_rule(rule.query)
    except DataError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Case:
    """A fact that an inference may give, and the terms that the fact fixes."""

    fact: ox.Triple
    inference: Inference
    bindings: Bindings

    def query(self, number: int) -> str:
        """Return a part of a query: the ways in which the inference gives the fact."""
        where = bound(self.inference.where, self.bindings)
        free = sorted(_variables(self.inference) - self.bindings.keys())
        order = f"ORDER BY {' '.join(f'?{name}' for name in free)}" if free else ""
        return f"{{ SELECT * {{ {where}\nBIND ({number} AS ?case) }} {order} LIMIT {_ALTERNATIVES} }}"

    def step(self, row: Row) -> Step | None:
        """Return the step of a solution; None where it leads over what has no name."""
        bindings = {**row, **self.bindings}
        premises = [_triple(pattern, bindings) for pattern in self.inference.premises]
        if None in premises:
            return None
        premises += [_triple(pattern, bindings) for pattern in self.inference.optional]
        return Step(self.inference, tuple(dict.fromkeys(filter(None, premises))))


class _Search:
    """What is known so far: the graphs of facts, and the steps that give the other facts."""

    def __init__(self, graph: Graph, ways: Sequence[Inference]) -> None:
        self._graph = graph
        self._ways = ways
        self._graphs: dict[ox.Triple, tuple[str, ...]] = {}
        self._steps: dict[ox.Triple, list[Step]] = {}

    def run(self, fact: ox.Triple) -> Proof | None:
        """Return the shortest proof of a fact; None where no graph holds it."""
        self._locate([fact])
        if fact not in self._graphs:
            return None
        depth = 0
        agenda = [] if self._is_asserted(fact) else [fact]
        while agenda:
            self._expand(agenda)
            depth += 1
            agenda = self._next(agenda)
            # A proof by a fact that is not expanded yet has a step for each level above it, and its own.
            if self._cost(fact) <= depth + 1 or len(self._graphs) > _FACTS:
                break
        return choose(fact, self._graphs, self._steps)

    def _is_asserted(self, fact: ox.Triple) -> bool:
        return origin_of(self._graphs[fact]) is Origin.ASSERTED

    def _cost(self, fact: ox.Triple) -> float:
        asserted = filter(self._is_asserted, self._graphs)
        return least_cost(asserted, self._steps).get(fact, float("inf"))

    def _next(self, expanded: Iterable[ox.Triple]) -> list[ox.Triple]:
        """Return the facts to expand: possible premises of facts without a proof in one step."""
        unproven = {
            premise: None
            for fact in expanded
            if not any(all(map(self._is_asserted, step.premises)) for step in self._steps[fact])
            for step in self._steps[fact]
            for premise in step.premises
            if premise not in self._steps and not self._is_asserted(premise)
        }
        return [*unproven]

    def _expand(self, facts: Iterable[ox.Triple]) -> None:
        """Find the steps that give some facts."""
        cases = [case for fact in facts for case in self._cases(fact)]
        steps = [(case, step) for case, row in self._solutions(cases) if (step := case.step(row))]
        self._locate(premise for _, step in steps for premise in step.premises)
        self._steps |= {fact: [] for fact in facts}
        for case, step in steps:
            premises = tuple(premise for premise in step.premises if premise in self._graphs)
            self._steps[case.fact].append(Step(step.inference, premises))

    def _cases(self, fact: ox.Triple) -> Iterator[_Case]:
        for way in self._ways:
            for head in way.heads:
                bindings = unified(head, fact)
                if bindings is not None:
                    yield _Case(fact, way, bindings)

    def _solutions(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Row]]:
        if cases:
            parts = "\nUNION\n".join(case.query(number) for number, case in enumerate(cases))
            rows = self._graph.select(f"SELECT * {{\n{parts}\n}}")
            # The preferred inference first: a union has no order.
            for row in sorted(rows, key=lambda row: row.count("case")):
                yield cases[row.count("case")], row

    def _locate(self, facts: Iterable[ox.Triple]) -> None:
        """Find the named graphs that hold some facts."""
        new = [fact for fact in dict.fromkeys(facts) if fact not in self._graphs]
        if not new:
            return
        values = "\n".join(
            f"({number} {fact.subject} {fact.predicate} {fact.object})" for number, fact in enumerate(new)
        )
        rows = self._graph.select(
            f"SELECT ?fact ?graph {{\nVALUES (?fact ?s ?p ?o) {{\n{values}\n}}\n"
            "GRAPH ?graph { ?s ?p ?o } }\nORDER BY ?fact ?graph"
        )
        for row in rows:
            fact = new[row.count("fact")]
            self._graphs[fact] = (*self._graphs.get(fact, ()), row.iri("graph"))


def _variables(inference: Inference) -> set[str]:
    patterns = inference.premises + inference.optional
    slots = (slot for each in patterns for slot in (each.subject, each.predicate, each.object))
    return {slot.value for slot in slots if isinstance(slot, ox.Variable)}


def _triple(pattern: Pattern, bindings: Mapping[str, Term]) -> ox.Triple | None:
    """Return the triple of a pattern; None where a variable is not bound, or to what has no name."""
    subject, predicate, value = (
        bindings.get(slot.value) if isinstance(slot, ox.Variable) else slot
        for slot in (pattern.subject, pattern.predicate, pattern.object)
    )
    if (
        isinstance(subject, ox.NamedNode)
        and isinstance(predicate, ox.NamedNode)
        and isinstance(value, ox.NamedNode | ox.Literal)
    ):
        return ox.Triple(subject, predicate, value)
    return None
