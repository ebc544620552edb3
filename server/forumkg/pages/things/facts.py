"""The facts of a thing: what the graphs say of it and what points to it, within the room of a page.

A property with many values shows some of them and their count. Blank nodes (lists, the parts of a shape) are
shown within the fact that leads to them: https://www.w3.org/TR/rdf11-mt/#rdf-collections
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import ZGC, shorten
from forumkg.pages.graph import Graph, Row, Term
from forumkg.pages.languages import N_, gettext, language
from forumkg.pages.names import Name, names_of, thing_name
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.shown_terms import ShownTerm, shown_term
from forumkg.rdf.terms import named
from forumkg.rdf.turtle.order import natural, predicate_key
from forumkg.reasoning.proofs import Origin, origin_of

__all__ = ["FEW", "Fact", "Facts", "Source", "Value", "read_facts", "read_inbound"]

# A property with more values than this shows some of them.
FEW: Final = 40
# Limits of a page: for more, it links to the queries.
_PROPERTIES: Final = 150
_ROWS: Final = 3000
_SOURCES: Final = 1000
_TRIPLES: Final = 3000

_FIRST: Final = named("rdf:first")
_REST: Final = named("rdf:rest")
_NIL: Final = named("rdf:nil")
# Common properties of other vocabularies, in words.
_PROPERTY_WORDS: Final = {
    "dcterms:issued": N_("dated"),
    "rdf:type": N_("is a"),
    "skos:altLabel": N_("other label"),
    "skos:broader": N_("broader"),
    "skos:definition": N_("definition"),
    "skos:inScheme": N_("is in the list"),
    "skos:prefLabel": N_("label"),
}
# Properties for tools that do not read SKOS, and the property that has the same values here.
_REPEATED: Final = {"rdfs:comment": "skos:definition", "rdfs:label": "skos:prefLabel"}


@dataclass(frozen=True, slots=True)
class Source:
    """A statement that supports a fact, with the publisher and the day of its article."""

    statement: str
    publisher: str
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Value(ShownTerm):
    """A value of a fact.

    Attributes:
        origin: how the fact came into the graph.
        sources: the statements that support the fact.
        facts: of a blank node.
    """

    origin: Origin = Origin.ASSERTED
    sources: tuple[Source, ...] = ()
    facts: tuple["Fact", ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values, or the subjects that have it.

    Attributes:
        by: the property.
        values: all of them, or some.
        count: how many there are.
        is_repeated: whether another property, which pages show in words, has the same values.
    """

    by: Name
    values: tuple[Value, ...]
    count: int
    is_repeated: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all values are here."""
        return len(self.values) >= self.count

    @property
    def is_foreign(self) -> bool:
        """Whether it only repeats, in the terms of another vocabulary, what other facts say in ours."""
        is_ours = shorten(self.by.iri).startswith(("rdf:type", "zgc:"))
        is_inferred = all(value.origin is not Origin.ASSERTED for value in self.values)
        return self.is_repeated or (is_inferred and not is_ours)


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in reading order, how many properties there are, and the query that counts the values of each."""

    facts: tuple[Fact, ...]
    properties: int
    query: PageQuery


def read_facts(graph: Graph, iri: str) -> Facts:
    """Return the facts that have a thing as their subject."""
    return _read(
        graph,
        iri,
        "things/thing-properties",
        ("things/thing-values", "things/thing-some-values"),
        "things/fact-statements",
    )


def read_inbound(graph: Graph, iri: str) -> Facts:
    """Return the facts that have a thing as their object."""
    queries = ("things/inbound-things", "things/inbound-some-things")
    return _read(graph, iri, "things/inbound-properties", queries, "things/inbound-statements")


def _read(graph: Graph, iri: str, counted: str, listed: tuple[str, str], supported: str) -> Facts:
    count_query = page_query(counted, thing=iri)
    counts = {row.iri("property"): row.count("count") for row in graph.select(count_query.text)}
    shown = sorted(counts, key=_property_order)[:_PROPERTIES]
    rows = _rows(graph, iri, {name: counts[name] for name in shown}, listed)
    sources = _sources(graph.select(page_query(supported, thing=iri).first(_SOURCES)))
    has_blank = any(isinstance(row.get("value"), ox.BlankNode) for row in rows)
    parts = _BlankNodes.of(graph, iri) if has_blank else None
    links = {term.value for row in rows if isinstance(term := row.get("value"), ox.NamedNode)}
    names = names_of(graph, [*shown, *links, *(parts.links if parts else ())])
    by_property: defaultdict[str, list[Value]] = defaultdict(list)
    for value_rows in _grouped(rows):
        property_ = value_rows[0].iri("property")
        by_property[property_].append(_value(value_rows, names, sources))
    facts = (
        Fact(
            _property_name(name, names),
            _sorted(by_property[name], parts, iri, name, names),
            counts[name],
            _is_repeated(name, by_property),
        )
        for name in shown
    )
    return Facts(tuple(fact for fact in facts if fact.values), len(counts), count_query)


def _rows(graph: Graph, iri: str, counts: Mapping[str, int], listed: tuple[str, str]) -> list[Row]:
    """Return all values of properties with few, and some values of properties with many."""
    few = [name for name, count in counts.items() if count <= FEW]
    rows: list[Row] = []
    if few:
        rows += graph.select(page_query(listed[0], thing=iri, properties=iris(few)).first(_ROWS))
    for name in counts.keys() - set(few):
        rows += graph.select(page_query(listed[1], thing=iri, property=name).text)
    return rows


def _grouped(rows: Iterable[Row]) -> Iterable[Sequence[Row]]:
    """Return the rows of each fact, which differ in the named graph."""
    groups: dict[tuple[str, Term, int], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.iri("property"), row["value"], row.count("length")), []).append(row)
    return groups.values()


def _sources(rows: Iterable[Row]) -> Mapping[tuple[str, str], tuple[Source, ...]]:
    found: defaultdict[tuple[str, str], list[Source]] = defaultdict(list)
    for row in rows:
        source = Source(row.iri("statement"), row.text("publisher"), row.date("issued"))
        known = found[row.iri("property"), row.iri("value")]
        if source not in known:
            known.append(source)
    return {key: tuple(values) for key, values in found.items()}


def _value(
    rows: Sequence[Row],
    names: Mapping[str, Name],
    sources: Mapping[tuple[str, str], tuple[Source, ...]],
) -> Value:
    row = rows[0]
    origin = origin_of(each.iri("graph") for each in rows)
    term = row["value"]
    if isinstance(term, ox.NamedNode):
        return _link(term, names, origin, sources.get((row.iri("property"), term.value), ()))
    length = row.count("length")
    return _literal(term, origin, length if length > len(row.text("value")) else 0)


def _link(
    resource: ox.NamedNode,
    names: Mapping[str, Name],
    origin: Origin = Origin.ASSERTED,
    sources: tuple[Source, ...] = (),
) -> Value:
    iri = resource.value
    name = thing_name(names.get(iri) or Name(iri, shorten(iri)))
    return Value(name.text, iri, name.language, origin=origin, sources=sources)


def _literal(term: Term, origin: Origin = Origin.ASSERTED, length: int = 0) -> Value:
    """Return the value of a literal, which the query has cut if it has a length; empty for other terms."""
    if not isinstance(term, ox.Literal):
        return Value(origin=origin)
    shown = shown_term(term)
    datatype = "" if length else shown.datatype
    return Value(shown.text, language=shown.language, datatype=datatype, length=length, origin=origin)


def _is_repeated(property_: str, by_property: Mapping[str, Sequence[Value]]) -> bool:
    """Return whether another property has all values of this one, and pages show that one."""
    other = _REPEATED.get(shorten(property_))
    return other is not None and set(by_property[property_]) <= set(by_property[named(other).value])


def _property_order(property_: str) -> tuple[object, ...]:
    """Return the key that sorts properties in reading order, ours before those of other vocabularies."""
    rank, name = predicate_key(ox.NamedNode(property_))
    return rank, not property_.startswith(ZGC), name


def _property_name(iri: str, names: Mapping[str, Name]) -> Name:
    """Return the name of a property: a common word, its label or its short IRI."""
    plain = _PROPERTY_WORDS.get(shorten(iri))
    return Name(iri, gettext(plain)) if plain else names.get(iri) or Name(iri, shorten(iri))


def _sorted(
    values: Iterable[Value], parts: "_BlankNodes | None", iri: str, property_: str, names: Mapping[str, Name]
) -> tuple[Value, ...]:
    """Return the values in order, blank nodes last."""
    shown = [value for value in values if value.text or value.iri]
    blank = parts.values(iri, property_, names) if parts else ()
    return (*sorted(shown, key=_order), *blank)


def _order(value: Value) -> tuple[bool, bool, object]:
    """Return the key that sorts values: links, texts in the language of the page, other texts."""
    return (
        not value.iri,
        value.language not in {"", language()},
        natural(f"{value.text} {value.iri} {value.language}"),
    )


class _BlankNodes:
    """The triples of the blank nodes of a thing, two levels deep."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._by_subject: defaultdict[object, defaultdict[str, list[Term]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.links: set[str] = set()
        for triple in sorted(triples, key=str):
            self._by_subject[triple.subject][triple.predicate.value].append(triple.object)
            self.links |= {
                term.value for term in (triple.predicate, triple.object) if isinstance(term, ox.NamedNode)
            }

    @classmethod
    def of(cls, graph: Graph, iri: str) -> "_BlankNodes":
        """Return the blank nodes of a thing."""
        return cls(graph.construct(page_query("things/thing-parts", thing=iri).first(_TRIPLES)))

    def values(self, iri: str, property_: str, names: Mapping[str, Name]) -> tuple[Value, ...]:
        """Return the values of a property that are blank nodes."""
        nodes = self._by_subject[ox.NamedNode(iri)][property_]
        return tuple(self._shown(node, names, ()) for node in nodes if isinstance(node, ox.BlankNode))

    def _shown(self, term: Term, names: Mapping[str, Name], above: tuple[Term, ...]) -> Value:
        if isinstance(term, ox.NamedNode):
            return _link(term, names)
        if not isinstance(term, ox.BlankNode) or term in above:
            return _literal(term)
        return Value(facts=self._facts(term, names, (*above, term)))

    def _facts(
        self, node: ox.BlankNode, names: Mapping[str, Name], above: tuple[Term, ...]
    ) -> tuple[Fact, ...]:
        properties: Mapping[str, list[Term]] = self._by_subject[node]
        if _FIRST.value in properties:
            members = [self._shown(term, names, above) for term in self._members(node)]
            return (Fact(Name("", gettext("list of")), tuple(members), len(members)),)
        return tuple(
            Fact(
                _property_name(name, names),
                tuple(self._shown(term, names, above) for term in properties[name]),
                len(properties[name]),
            )
            for name in sorted(properties, key=_property_order)
        )

    def _members(self, node: Term) -> list[Term]:
        members: list[Term] = []
        seen: set[Term] = set()
        while node != _NIL and node not in seen and node in self._by_subject:
            seen.add(node)
            members += self._by_subject[node][_FIRST.value]
            node = next(iter(self._by_subject[node][_REST.value]), _NIL)
        return members
