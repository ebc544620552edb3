"""Compile the axioms of an ontology into SPARQL rules, each of which reads and writes known properties.

The axioms are closed over the hierarchies of classes and properties. Each rule is a CONSTRUCT query of one
triple pattern, and leaves out triples that the graph has. The docstrings name the rules of OWL 2 RL:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from forumkg.reasoning.owl import (
    CHAIN,
    DATATYPES,
    DOMAIN,
    EQUIVALENT_CLASS,
    EQUIVALENT_PROPERTY,
    INVERSE,
    RANGE,
    RDF_TYPE,
    SUBCLASS,
    SUBPROPERTY,
    SYMMETRIC,
    TRANSITIVE,
    UNIVERSAL,
    XSD,
)
from forumkg.reasoning.stated_axioms import Axiom, read_schema

__all__ = ["Axioms", "DirectedName", "Rule", "RuleSet", "compile_rules", "read_axioms"]

# A property and whether it is read forward (from subject to object) or backward.
DirectedName: TypeAlias = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Axioms:
    """The axioms of an ontology, closed over the hierarchies of classes and of properties.

    Attributes:
        superclasses: For a class, all other classes that its members belong to.
        implied: For a property, all others that hold with it; the property itself, backward, if symmetric.
        chains: The properties of each chain and the one that it entails; a transitive one chains with itself.
        domains: For a property, the classes of its subjects.
        ranges: For a property, the classes of its objects, datatypes left out.
        terms: All terms that are declared or occur in an axiom: classes, properties, ontologies, lists.
    """

    superclasses: Mapping[str, frozenset[str]]
    implied: Mapping[str, frozenset[DirectedName]]
    chains: frozenset[tuple[tuple[str, ...], str]]
    domains: Mapping[str, frozenset[str]]
    ranges: Mapping[str, frozenset[str]]
    terms: frozenset[str]


def read_axioms(triples: Iterable[ox.Triple]) -> Axioms:
    """Return the axioms that are stated among the triples.

    Raises:
        DataError: an axiom that OWL 2 RL draws facts from has no rule here, or is not well formed.
    """
    schema = read_schema(triples)
    stated: defaultdict[str, set[Axiom]] = defaultdict(set)
    for axiom in schema.axioms:
        stated[axiom.kind].add(axiom)
    chains = {(axiom.operands, axiom.subject) for axiom in stated[CHAIN]}
    return Axioms(
        superclasses=_superclasses(stated),
        implied=_implied(stated),
        chains=frozenset(chains | {((axiom.subject,) * 2, axiom.subject) for axiom in stated[TRANSITIVE]}),
        domains=_classes_by_property(stated[DOMAIN]),
        ranges=_classes_by_property(stated[RANGE], schema.datatypes),
        terms=schema.terms,
    )


def _superclasses(stated: Mapping[str, set[Axiom]]) -> dict[str, frozenset[str]]:
    steps: defaultdict[str, set[DirectedName]] = defaultdict(set)
    for axiom in stated.get(SUBCLASS, ()):
        steps[axiom.subject].add((axiom.operands[0], True))
    for axiom in stated.get(EQUIVALENT_CLASS, ()):
        steps[axiom.subject].add((axiom.operands[0], True))
        steps[axiom.operands[0]].add((axiom.subject, True))
    return {
        name: frozenset(cls for cls, _ in reached) - UNIVERSAL for name, reached in _closed(steps).items()
    }


def _implied(stated: Mapping[str, set[Axiom]]) -> dict[str, frozenset[DirectedName]]:
    steps: defaultdict[str, set[DirectedName]] = defaultdict(set)
    for axiom in stated.get(SUBPROPERTY, ()):
        steps[axiom.subject].add((axiom.operands[0], True))
    for kind, forward in ((EQUIVALENT_PROPERTY, True), (INVERSE, False)):
        for axiom in stated.get(kind, ()):
            steps[axiom.subject].add((axiom.operands[0], forward))
            steps[axiom.operands[0]].add((axiom.subject, forward))
    for axiom in stated.get(SYMMETRIC, ()):
        steps[axiom.subject].add((axiom.subject, False))
    return _closed(steps)


def _closed(steps: Mapping[str, set[DirectedName]]) -> dict[str, frozenset[DirectedName]]:
    """Return for each name all that can be reached from it, itself (forward) left out."""
    closed: dict[str, frozenset[DirectedName]] = {}
    for start in steps:
        reached: set[DirectedName] = {(start, True)}
        agenda = [*reached]
        while agenda:
            name, forward = agenda.pop()
            new = {(other, forward == same) for other, same in steps.get(name, ())} - reached
            agenda += new
            reached |= new
        closed[start] = frozenset(reached - {(start, True)})
    return closed


def _classes_by_property(axioms: Iterable[Axiom], datatypes: Iterable[str] = ()) -> dict[str, frozenset[str]]:
    left_out = {*UNIVERSAL, *DATATYPES, *datatypes}
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for axiom in axioms:
        (value,) = axiom.operands
        if value not in left_out and not value.startswith(XSD):
            classes[axiom.subject].add(value)
    return {name: frozenset(values) for name, values in classes.items()}


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
