"""Turn the description of a thing into what a page shows: names, facts and what points to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from forumkg.model.terms import named
from forumkg.model.things import Node, Thing
from forumkg.namespaces import shorten

__all__ = ["Fact", "Facts", "Value", "label", "read"]

_Values = dict[ox.NamedNode, set[object]]

_TYPE: Final = named("rdf:type")
_FIRST: Final = named("rdf:first")
_REST: Final = named("rdf:rest")
_NIL: Final = named("rdf:nil")
# Those that say plainly what their value is need no mention of it.
_PLAIN: Final = frozenset({named("xsd:string"), named("rdf:langString")})

# What a thing is called, the best first.
_LABELS: Final = tuple(
    map(
        named,
        ("skos:prefLabel", "rdfs:label", "dcterms:title", "zgc:paraphrase", "sh:name"),
    )
)
# What is read first; the rest follows by name.
_FIRST_READ: Final = {
    node.value: place
    for place, node in enumerate(
        (*_LABELS, *map(named, ("skos:altLabel", "skos:definition", "dcterms:description")))
    )
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is shown.

    Attributes:
        text: the words: of a literal as it is, else the label.
        iri: where it leads; empty for a literal and for what has no name.
        language: of a literal, where it has one.
        datatype: of a literal, shortened, where it is more than text.
        facts: of a part of the thing.
    """

    text: str
    iri: str = ""
    language: str = ""
    datatype: str = ""
    facts: tuple["Fact", ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values, or the things that point by it."""

    property: Value
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A thing as it is shown; `inbound` is None where too much points to it."""

    label: Value
    types: tuple[Value, ...]
    facts: tuple[Fact, ...]
    inbound: tuple[Fact, ...] | None


def read(store: ox.Store, thing: Thing) -> Facts:
    """Return what a page on a thing shows.

    Args:
        store: where the names of what it leads to are.
        thing: its description.
    """
    reader = _Reader(store, thing.own)
    node = ox.NamedNode(thing.iri)
    return Facts(
        label(store, node),
        tuple(value for fact in reader.facts(node, only=_TYPE) for value in fact.values),
        tuple(fact for fact in reader.facts(node) if fact.property.iri != _TYPE.value),
        None if thing.inbound is None else reader.inbound(thing.inbound),
    )


def label(store: ox.Store, node: ox.NamedNode) -> Value:
    """Return the name of a thing: in English where there is one, else the first, else its IRI."""
    for property_ in _LABELS:
        found = [
            quad.object
            for quad in store.quads_for_pattern(node, property_, None, None)
            if isinstance(quad.object, ox.Literal)
        ]
        if found:
            best = min(found, key=lambda literal: (literal.language not in {"en", None}, literal.value))
            return Value(best.value, node.value, best.language or "")
    return Value(shorten(node.value).strip("<>"), node.value)


class _Reader:
    """The triples of a description by subject, and the names that were looked up."""

    def __init__(self, store: ox.Store, triples: Iterable[ox.Triple]) -> None:
        self._store = store
        self._names: dict[ox.NamedNode, Value] = {}
        self._values: dict[object, _Values] = {}
        for triple in triples:
            values = self._values.setdefault(triple.subject, {})
            values.setdefault(triple.predicate, set()).add(triple.object)

    def facts(
        self, node: Node, only: ox.NamedNode | None = None, above: tuple[Node, ...] = ()
    ) -> tuple[Fact, ...]:
        """Return the facts on a node, `above` being those that led to it."""
        properties: _Values = self._values.get(node, {})
        return _ordered(
            Fact(self._name(property_), self._sorted(node, values, above))
            for property_, values in properties.items()
            if only is None or property_ == only
        )

    def inbound(self, triples: Iterable[ox.Triple]) -> tuple[Fact, ...]:
        """Return the things that point to the thing, by the property that does."""
        subjects: defaultdict[ox.NamedNode, set[Value]] = defaultdict(set)
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode):
                subjects[triple.predicate].add(self._name(triple.subject))
        return _ordered(
            Fact(self._name(property_), tuple(sorted(values, key=_order)))
            for property_, values in subjects.items()
        )

    def _sorted(self, node: Node, terms: Iterable[object], above: tuple[Node, ...]) -> tuple[Value, ...]:
        values = (value for term in terms for value in self._show(term, (*above, node)))
        return tuple(sorted(values, key=_order))

    def _show(self, term: object, above: tuple[Node, ...]) -> Iterator[Value]:
        if isinstance(term, ox.Literal):
            datatype = "" if term.datatype in _PLAIN else shorten(term.datatype.value)
            yield Value(term.value, language=term.language or "", datatype=datatype)
        elif isinstance(term, ox.NamedNode):
            # What the description has triples on is a part of the thing.
            facts = self.facts(term, above=above) if term in self._values and term not in above else ()
            yield replace(self._name(term), facts=facts)
        elif isinstance(term, ox.BlankNode) and term not in above:
            yield from self._show_blank(term, above)

    def _show_blank(self, node: ox.BlankNode, above: tuple[Node, ...]) -> Iterator[Value]:
        """Yield the members of a list, or the facts on what has no name."""
        values: _Values = self._values.get(node, {})
        if _FIRST not in values:
            yield Value("", facts=self.facts(node, above=above))
            return
        for term in (*values[_FIRST], *(values.get(_REST, set()) - {_NIL})):
            yield from self._show(term, (*above, node))

    def _name(self, node: ox.NamedNode) -> Value:
        if node not in self._names:
            self._names[node] = label(self._store, node)
        return self._names[node]


def _ordered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted((fact for fact in facts if fact.values), key=_place))


def _place(fact: Fact) -> tuple[int, str, str]:
    place = _FIRST_READ.get(fact.property.iri, len(_FIRST_READ))
    return place, fact.property.text.casefold(), fact.property.iri


def _order(value: Value) -> tuple[str, str, str]:
    return value.text, value.iri, value.language
