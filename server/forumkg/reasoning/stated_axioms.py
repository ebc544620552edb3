"""Read the stated OWL axioms that entail facts from RDF, and refuse axioms without a rule.

The axioms are those of OWL 2 RL that the ontology needs; the tables name their rules:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.namespaces import shorten
from forumkg.rdf.terms import name_of, select
from forumkg.reasoning.owl import (
    ANNOTATIONS,
    AXIOMS,
    CHAIN,
    DATATYPE,
    DECLARATIONS,
    EQUIVALENT_CLASS,
    FIXED,
    KNOWN,
    OWL,
    RDF,
    RDF_FIRST,
    RDF_NIL,
    RDF_REST,
    RDF_TYPE,
    RDFS,
    SYMMETRIC,
    TRANSITIVE,
    UNIVERSAL,
)

__all__ = ["Axiom", "Schema", "is_stated_schema", "read_schema", "stated_schema"]

_Statement: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True, order=True)
class Axiom:
    """An axiom as stated.

    Attributes:
        kind: the property that states it, such as rdfs:subClassOf; the class of a characteristic, such as
            owl:TransitiveProperty.
        subject: the class or property that it is about.
        operands: the others that it names, in the order of a property chain; none of a characteristic.
    """

    kind: str
    subject: str
    operands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """What an ontology states.

    Attributes:
        axioms: the axioms that entail facts.
        datatypes: the datatypes that it declares.
        terms: All terms that are declared or occur in an axiom: classes, properties, ontologies, lists.
    """

    axioms: frozenset[Axiom]
    datatypes: frozenset[str]
    terms: frozenset[str]


def read_schema(triples: Iterable[ox.Triple]) -> Schema:
    """Return what is stated among the triples.

    Raises:
        DataError: an axiom that OWL 2 RL draws facts from has no rule here, or is not well formed.
    """
    schema = list(_statements(triples))
    _refuse_unknown(schema)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in schema:
        if predicate == RDF_TYPE:
            kinds[value].add(subject)
    axioms = {*_pairs(schema), *_chains(schema)}
    named = {name for axiom in axioms for name in (axiom.subject, *axiom.operands)}
    declared = frozenset().union(*(kinds[kind] for kind in DECLARATIONS))
    lists = {subject for subject, predicate, _ in schema if predicate in (RDF_FIRST, RDF_REST)}
    axioms |= {Axiom(kind, name) for kind in (SYMMETRIC, TRANSITIVE) for name in kinds[kind]}
    return Schema(frozenset(axioms), frozenset(kinds[DATATYPE]), declared | named | lists)


def stated_schema(
    store: ox.Store, terms: tuple[Iterable[str], Iterable[str]] | None = None
) -> Iterator[ox.Triple]:
    """Yield the triples of a default graph from which a schema is read, without reading all others.

    Args:
        store: Its default graph is read.
        terms: The properties and the classes that it has; without them, they are looked for.
    """
    properties, classes = terms or (
        _names(store, "SELECT DISTINCT ?name WHERE { ?s ?name ?o }"),
        _names(store, "SELECT DISTINCT ?name WHERE { ?s a ?name }"),
    )
    for name in sorted(filter(_is_of_schema, properties)):
        yield from _found(store, name, None)
    for name in sorted(classes):
        if name.startswith((OWL, RDFS, RDF)):
            yield from _found(store, RDF_TYPE, name)


def is_stated_schema(triple: ox.Triple) -> bool:
    """Whether a schema is read from a triple: it states an axiom or declares a term."""
    if triple.predicate.value == RDF_TYPE:
        return name_of(triple.object).startswith((OWL, RDFS, RDF))
    return _is_of_schema(triple.predicate.value)


def _is_of_schema(name: str) -> bool:
    return (name.startswith((OWL, RDFS)) and name not in ANNOTATIONS) or name in (RDF_FIRST, RDF_REST)


def _names(store: ox.Store, query: str) -> list[str]:
    return [name.value for row in select(store, query) if isinstance(name := row["name"], ox.NamedNode)]


def _found(store: ox.Store, predicate: str, value: str | None) -> Iterator[ox.Triple]:
    object_ = None if value is None else ox.NamedNode(value)
    for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), object_, ox.DefaultGraph()):
        yield quad.triple


def _statements(triples: Iterable[ox.Triple]) -> Iterator[_Statement]:
    """Yield the triples in the vocabularies of RDF, RDFS and OWL about IRIs and blank nodes (`_:x`)."""
    for triple in triples:
        predicate = triple.predicate.value
        if predicate.startswith((OWL, RDFS)) or predicate in (RDF_TYPE, RDF_FIRST, RDF_REST):
            value = name_of(triple.object)
            if predicate != RDF_TYPE or value.startswith((OWL, RDFS, RDF)):
                yield name_of(triple.subject), predicate, value


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
            f"No entailment rule for {found}. Use named classes, sub-properties, inverses and "
            "property chains, or check it with a SHACL shape."
        )


def _named_owner(subject: str, owners: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while subject in owners and subject not in seen:
        seen.add(subject)
        subject = owners[subject]
    return "a blank node" if subject.startswith("_:") else shorten(subject)


def _pairs(schema: list[_Statement]) -> Iterator[Axiom]:
    for subject, predicate, value in schema:
        if predicate in AXIOMS - {CHAIN}:
            axiom = Axiom(
                predicate, _operand(subject, predicate, subject), (_operand(value, predicate, subject),)
            )
            if subject in UNIVERSAL or (predicate == EQUIVALENT_CLASS and value in UNIVERSAL):
                members = value if subject in UNIVERSAL else subject
                raise DataError(
                    f"{shorten(predicate)} makes everything a {shorten(members)}: remove the axiom."
                )
            yield axiom


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


def _chains(schema: list[_Statement]) -> Iterator[Axiom]:
    first = {subject: value for subject, predicate, value in schema if predicate == RDF_FIRST}
    rest = {subject: value for subject, predicate, value in schema if predicate == RDF_REST}
    for subject, predicate, node in schema:
        if predicate == CHAIN:
            steps = tuple(_operand(name, CHAIN, subject) for name in _list(node, first, rest, subject))
            yield Axiom(CHAIN, _operand(subject, CHAIN, subject), steps)


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
