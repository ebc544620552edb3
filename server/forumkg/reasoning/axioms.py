"""Close the axioms of an ontology over the hierarchies of its classes and of its properties.

https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
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
    SUBCLASS,
    SUBPROPERTY,
    SYMMETRIC,
    TRANSITIVE,
    UNIVERSAL,
    XSD,
)
from forumkg.reasoning.stated_axioms import Axiom, read_schema

__all__ = ["Axioms", "DirectedName", "read_axioms"]

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
