"""Read from RDF the OWL axioms that entail facts, and refuse those that this project has no rule for.

The axioms are those of OWL 2 RL that the ontology needs; the tables name their rules:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.model.owl import (
    AXIOMS,
    CHAIN,
    DATATYPE,
    DATATYPES,
    DECLARATIONS,
    DOMAIN,
    EQUIVALENT_CLASS,
    EQUIVALENT_PROPERTY,
    FIXED,
    INVERSE,
    KNOWN,
    OWL,
    RANGE,
    RDF,
    RDF_FIRST,
    RDF_NIL,
    RDF_REST,
    RDF_TYPE,
    RDFS,
    SUBCLASS,
    SUBPROPERTY,
    SYMMETRIC,
    TRANSITIVE,
    UNIVERSAL,
    XSD,
)
from forumkg.namespaces import shorten

__all__ = ["Axioms", "Step", "name_of", "read_axioms"]

# A property and whether it is read forward (from subject to object) or backward.
Step: TypeAlias = tuple[str, bool]
_Statement: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Axioms:
    """The axioms of an ontology, closed over the hierarchies of classes and of properties.

    Attributes:
        superclasses: For a class, all other classes that its members belong to.
        implied: For a property, all others that hold with it; the property itself, backward, if symmetric.
        chains: The properties of each chain and the one that it entails; a transitive one chains with itself.
        domains: For a property, the classes of its subjects.
        ranges: For a property, the classes of its objects, datatypes left out.
        terms: All that is declared or stands in an axiom: classes, properties, ontologies, lists.
    """

    superclasses: Mapping[str, frozenset[str]]
    implied: Mapping[str, frozenset[Step]]
    chains: frozenset[tuple[tuple[str, ...], str]]
    domains: Mapping[str, frozenset[str]]
    ranges: Mapping[str, frozenset[str]]
    terms: frozenset[str]


def read_axioms(triples: Iterable[ox.Triple]) -> Axioms:
    """Return the axioms that are stated among the triples.

    Raises:
        DataError: an axiom that OWL 2 RL draws facts from has no rule here, or is not well formed.
    """
    schema = list(_schema(triples))
    _refuse_unknown(schema)
    stated = _axioms_by_kind(schema)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in schema:
        if predicate == RDF_TYPE:
            kinds[value].add(subject)
    chains = _chains(schema) | {((name, name), name) for name in kinds[TRANSITIVE]}
    named = {name for pairs in stated.values() for pair in pairs for name in pair}
    named |= {name for steps, head in chains for name in (*steps, head)}
    declared = frozenset().union(*(kinds[kind] for kind in DECLARATIONS))
    lists = {subject for subject, predicate, _ in schema if predicate in (RDF_FIRST, RDF_REST)}
    return Axioms(
        superclasses=_superclasses(stated),
        implied=_implied(stated, kinds[SYMMETRIC]),
        chains=chains,
        domains=_classes_by_property(stated[DOMAIN]),
        ranges=_classes_by_property(stated[RANGE], kinds[DATATYPE]),
        terms=declared | named | lists,
    )


def _schema(triples: Iterable[ox.Triple]) -> Iterator[_Statement]:
    """Yield what is said in the vocabularies of RDF, RDFS and OWL about IRIs and blank nodes (`_:x`)."""
    for triple in triples:
        predicate = triple.predicate.value
        if predicate.startswith((OWL, RDFS)) or predicate in (RDF_TYPE, RDF_FIRST, RDF_REST):
            value = name_of(triple.object)
            if predicate != RDF_TYPE or value.startswith((OWL, RDFS, RDF)):
                yield name_of(triple.subject), predicate, value


def name_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """Return the IRI of a term, or what N-Triples writes for a blank node or a literal."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _refuse_unknown(schema: list[_Statement]) -> None:
    owners = {value: subject for subject, _, value in schema if value.startswith("_:")}
    unknown: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in schema:
        axiom = value if predicate == RDF_TYPE else predicate
        if axiom not in KNOWN:
            unknown[_named_owner(subject, owners)].add(shorten(axiom))
    if unknown:
        found = "; ".join(
            f"{', '.join(sorted(axioms))} on {term}" for term, axioms in sorted(unknown.items())
        )
        raise DataError(
            f"No entailment rule for {found}. Say it with named classes, sub-properties, inverses and "
            "property chains, or check it with a SHACL shape."
        )


def _named_owner(subject: str, owners: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while subject in owners and subject not in seen:
        seen.add(subject)
        subject = owners[subject]
    return "a blank node" if subject.startswith("_:") else shorten(subject)


def _axioms_by_kind(schema: list[_Statement]) -> defaultdict[str, list[tuple[str, str]]]:
    stated: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for subject, predicate, value in schema:
        if predicate in AXIOMS - {CHAIN}:
            pair = (_operand(subject, predicate, subject), _operand(value, predicate, subject))
            if subject in UNIVERSAL or (predicate == EQUIVALENT_CLASS and value in UNIVERSAL):
                members = value if subject in UNIVERSAL else subject
                raise DataError(
                    f"{shorten(predicate)} makes everything a {shorten(members)}: remove the axiom."
                )
            stated[predicate].append(pair)
    return stated


def _operand(name: str, axiom: str, subject: str) -> str:
    if name.startswith(("_:", '"')):
        raise DataError(
            f"{shorten(axiom)} on {shorten(subject)} has {name}: name the class or property by its IRI."
        )
    if name in FIXED:
        raise DataError(
            f"{shorten(axiom)} on {shorten(subject)} has {shorten(name)}, whose meaning is fixed."
        )
    return name


def _chains(schema: list[_Statement]) -> frozenset[tuple[tuple[str, ...], str]]:
    first = {subject: value for subject, predicate, value in schema if predicate == RDF_FIRST}
    rest = {subject: value for subject, predicate, value in schema if predicate == RDF_REST}
    found = set()
    for subject, predicate, node in schema:
        if predicate == CHAIN:
            steps = tuple(_operand(name, CHAIN, subject) for name in _list(node, first, rest, subject))
            found.add((steps, _operand(subject, CHAIN, subject)))
    return frozenset(found)


def _list(node: str, first: Mapping[str, str], rest: Mapping[str, str], subject: str) -> list[str]:
    items: list[str] = []
    while node != RDF_NIL:
        if node not in first or node not in rest or len(items) == len(first):
            raise DataError(
                f"The {shorten(CHAIN)} of {shorten(subject)} is not an RDF list: write it as ( … )."
            )
        items.append(first[node])
        node = rest[node]
    if not items:
        raise DataError(f"The {shorten(CHAIN)} of {shorten(subject)} is empty: name its properties.")
    return items


def _superclasses(stated: Mapping[str, list[tuple[str, str]]]) -> dict[str, frozenset[str]]:
    steps: defaultdict[str, set[Step]] = defaultdict(set)
    for sub, sup in stated.get(SUBCLASS, []):
        steps[sub].add((sup, True))
    for one, other in stated.get(EQUIVALENT_CLASS, []):
        steps[one].add((other, True))
        steps[other].add((one, True))
    return {
        name: frozenset(cls for cls, _ in reached) - UNIVERSAL for name, reached in _closed(steps).items()
    }


def _implied(
    stated: Mapping[str, list[tuple[str, str]]], symmetric: Iterable[str]
) -> dict[str, frozenset[Step]]:
    steps: defaultdict[str, set[Step]] = defaultdict(set)
    for sub, sup in stated.get(SUBPROPERTY, []):
        steps[sub].add((sup, True))
    for axiom, forward in ((EQUIVALENT_PROPERTY, True), (INVERSE, False)):
        for one, other in stated.get(axiom, []):
            steps[one].add((other, forward))
            steps[other].add((one, forward))
    for name in symmetric:
        steps[name].add((name, False))
    return _closed(steps)


def _closed(steps: Mapping[str, set[Step]]) -> dict[str, frozenset[Step]]:
    """Return for each name all that can be reached from it, itself (forward) left out."""
    closed: dict[str, frozenset[Step]] = {}
    for start in steps:
        reached: set[Step] = {(start, True)}
        agenda = [*reached]
        while agenda:
            name, forward = agenda.pop()
            new = {(other, forward == same) for other, same in steps.get(name, ())} - reached
            agenda += new
            reached |= new
        closed[start] = frozenset(reached - {(start, True)})
    return closed


def _classes_by_property(
    pairs: Iterable[tuple[str, str]], datatypes: Iterable[str] = ()
) -> dict[str, frozenset[str]]:
    left_out = {*UNIVERSAL, *DATATYPES, *datatypes}
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in pairs:
        if value not in left_out and not value.startswith(XSD):
            classes[name].add(value)
    return {name: frozenset(values) for name, values in classes.items()}
