"""Compile the axioms of an ontology into SPARQL rules, each of which reads and writes known properties.

Every rule is a CONSTRUCT query of one triple pattern, and leaves out triples that the graph has already. The
docstrings name the rules of OWL 2 RL:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from forumkg.reasoning.axioms import Axioms, read_axioms
from forumkg.reasoning.owl import RDF_TYPE

__all__ = ["Rule", "RuleSet", "compile_rules"]


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A CONSTRUCT query, the properties that it reads and the one that it writes."""

    writes: str
    reads: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of an ontology.

    Attributes:
        relations: Rules from properties to properties; run them to a fixpoint.
        types: Rules to classes; once each, in this order, after the relations are complete.
        terms: The classes, properties and ontologies, about which nothing is entailed.
    """

    relations: tuple[Rule, ...]
    types: tuple[Rule, ...]
    terms: frozenset[str]


def compile_rules(triples: Iterable[ox.Triple]) -> RuleSet:
    """Return the rules for the axioms that are stated among the triples.

    Raises:
        DataError: an axiom that OWL 2 RL draws facts from has no rule here, or is not well formed.
    """
    axioms = read_axioms(triples)
    return RuleSet(
        relations=(*sorted(_implication_rules(axioms)), *sorted(_chain_rules(axioms))),
        # Superclasses are closed, so the types that domains and ranges give need one more rule at most.
        types=(*sorted(_end_rules(axioms)), *sorted(_superclass_rules(axioms))),
        terms=axioms.terms,
    )


def _implication_rules(axioms: Axioms) -> Iterator[Rule]:
    """prp-spo1, prp-eqp1, prp-eqp2, prp-inv1, prp-inv2, prp-symp, in every combination."""
    for name, steps in axioms.implied.items():
        for other, forward in steps:
            head = f"?s <{other}> ?o" if forward else f"?o <{other}> ?s"
            # A literal cannot be a subject.
            guard = "" if forward else "FILTER(!isLiteral(?o))"
            yield Rule(other, (name,), _construct(head, f"?s <{name}> ?o . {guard}"))


def _chain_rules(axioms: Axioms) -> Iterator[Rule]:
    """prp-spo2, prp-trp."""
    for steps, head in axioms.chains:
        body = " ".join(f"?n{i} <{step}> ?n{i + 1} ." for i, step in enumerate(steps))
        yield Rule(head, steps, _construct(f"?n0 <{head}> ?n{len(steps)}", body))


def _end_rules(axioms: Axioms) -> Iterator[Rule]:
    """prp-dom, prp-rng."""
    for name, classes in axioms.domains.items():
        for cls in classes:
            yield Rule(RDF_TYPE, (name,), _construct(f"?s a <{cls}>", f"?s <{name}> ?o ."))
    for name, classes in axioms.ranges.items():
        for cls in classes:
            body = f"?s <{name}> ?o . FILTER(!isLiteral(?o))"
            yield Rule(RDF_TYPE, (name,), _construct(f"?o a <{cls}>", body))


def _superclass_rules(axioms: Axioms) -> Iterator[Rule]:
    """cax-sco, cax-eqc1, cax-eqc2."""
    for name, supers in axioms.superclasses.items():
        for cls in supers:
            yield Rule(RDF_TYPE, (RDF_TYPE,), _construct(f"?s a <{cls}>", f"?s a <{name}> ."))


def _construct(head: str, body: str) -> str:
    return f"CONSTRUCT {{ {head} }} WHERE {{ {body} FILTER NOT EXISTS {{ {head} }} }}"
