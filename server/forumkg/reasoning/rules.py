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

__all__ = ["Axioms", "DirectedName", "Rule", "RuleSet", "compile_rules", "query_of", "read_axioms"]

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
    """A rule with one conclusion, which holds for each solution of its body.

    Attributes:
        writes: The property of its conclusion.
        reads: The properties of its body.
        head: The triple pattern of its conclusion, of `?s` and, unless the property is rdf:type, `?o`.
        body: The group pattern in SPARQL.
    """

    writes: str
    reads: tuple[str, ...]
    head: str
    body: str

    @property
    def query(self) -> str:
        """A CONSTRUCT query for the conclusions that a graph does not have."""
        return query_of((self,))


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

    @property
    def stages(self) -> tuple[tuple[Rule, ...], ...]:
        """The rules in three groups: each is run to its fixpoint, and needs nothing of those after it."""
        ends = tuple(rule for rule in self.types if RDF_TYPE not in rule.reads)
        return self.relations, ends, tuple(rule for rule in self.types if RDF_TYPE in rule.reads)


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


def query_of(rules: Iterable[Rule]) -> str:
    """Return a CONSTRUCT query for the conclusions of rules of one head that a graph does not have.

    MINUS reads what is known once. FILTER NOT EXISTS looks each solution up: several times as much work.
    """
    bodies = {rule.body: rule.head for rule in rules}
    (head,) = set(bodies.values())
    body = " UNION ".join(f"{{ {each} }}" for each in bodies)
    if len(bodies) > 1:
        names = " ".join(name for name in ("?s", "?o") if name in head)
        body = f"{{ SELECT DISTINCT {names} WHERE {{ {body} }} }}"
    return f"CONSTRUCT {{ {head} }} WHERE {{ {body} MINUS {{ {head} }} }}"


def _implication_rules(axioms: Axioms) -> Iterator[Rule]:
    """prp-spo1, prp-eqp1, prp-eqp2, prp-inv1, prp-inv2, prp-symp, in every combination."""
    for name, steps in axioms.implied.items():
        for other, forward in steps:
            # A literal cannot be a subject.
            body = f"?s <{name}> ?o ." if forward else f"?o <{name}> ?s . FILTER(!isLiteral(?s))"
            yield Rule(other, (name,), f"?s <{other}> ?o", body)


def _chain_rules(axioms: Axioms) -> Iterator[Rule]:
    """prp-spo2, prp-trp."""
    for steps, head in axioms.chains:
        nodes = ["?s", *(f"?n{number}" for number in range(1, len(steps))), "?o"]
        body = " ".join(f"{nodes[i]} <{step}> {nodes[i + 1]} ." for i, step in enumerate(steps))
        yield Rule(head, steps, f"?s <{head}> ?o", body)


def _end_rules(axioms: Axioms) -> Iterator[Rule]:
    """prp-dom, prp-rng."""
    for name, classes in axioms.domains.items():
        for cls in classes:
            yield Rule(RDF_TYPE, (name,), f"?s a <{cls}>", f"?s <{name}> ?value .")
    for name, classes in axioms.ranges.items():
        for cls in classes:
            body = f"?value <{name}> ?s . FILTER(!isLiteral(?s))"
            yield Rule(RDF_TYPE, (name,), f"?s a <{cls}>", body)


def _superclass_rules(axioms: Axioms) -> Iterator[Rule]:
    """cax-sco, cax-eqc1, cax-eqc2."""
    for name, supers in axioms.superclasses.items():
        for cls in supers:
            yield Rule(RDF_TYPE, (RDF_TYPE,), f"?s a <{cls}>", f"?s a <{name}> .")
