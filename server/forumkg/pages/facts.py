"""What the graphs say of a thing, and what points to it: as much as a page holds, with counts of the rest.

A thing may have any number of facts: the values of a property that has many are some, and a count.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from forumkg.model.proofs import Origin, origin_of
from forumkg.model.reading_order import natural, predicate_key
from forumkg.model.terms import named
from forumkg.namespaces import ID, ZGC, shorten
from forumkg.pages.asking import Ask, Row, Term
from forumkg.pages.labels import Name, names_of
from forumkg.pages.page_queries import PageQuery, iris, page_query

__all__ = ["FEW", "Fact", "Facts", "Source", "Value", "read_facts", "read_inbound", "thing_name"]

# A property with more values than this shows some of them.
FEW: Final = 40
# More properties than this are no page: the counts of the first are shown, and the query for all.
_PROPERTIES: Final = 150
_ROWS: Final = 3000
_SOURCES: Final = 1000
_NAME: Final = 160

# Those that say plainly what their value is need no mention of it.
_PLAIN: Final = frozenset({named("xsd:string"), named("rdf:langString")})
# What people call those properties of other vocabularies that are read on every page.
_PROPERTY_WORDS: Final = {
    "dcterms:issued": "dated",
    "rdf:type": "is a",
    "skos:altLabel": "other label",
    "skos:broader": "broader",
    "skos:definition": "definition",
    "skos:inScheme": "is in the list",
    "skos:prefLabel": "label",
}
_FIRST: Final = named("rdf:first")
_REST: Final = named("rdf:rest")
_NIL: Final = named("rdf:nil")


@dataclass(frozen=True, slots=True)
class Source:
    """A statement that a fact stands on, by who printed it and when."""

    statement: str
    publisher: str
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is shown.

    Attributes:
        text: the words: of a literal as it is, else the name.
        iri: where it leads; empty for a literal and for what has no name.
        language: of the words, where they have one.
        datatype: of a literal, shortened, where it is more than text.
        origin: how the fact came into the graph.
        length: of a literal that is cut, in characters; 0 where it is whole.
        sources: the statements that the fact stands on.
        facts: of what has no name.
    """

    text: str
    iri: str = ""
    language: str = ""
    datatype: str = ""
    origin: Origin = Origin.ASSERTED
    length: int = 0
    sources: tuple[Source, ...] = ()
    facts: tuple["Fact", ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values, or the things that point by it.

    Attributes:
        by: the property.
        values: all of them, or some.
        count: how many there are.
    """

    by: Name
    values: tuple[Value, ...]
    count: int

    @property
    def is_whole(self) -> bool:
        """Whether all values are here."""
        return len(self.values) >= self.count

    @property
    def is_foreign(self) -> bool:
        """Whether it says in the terms of another vocabulary what others say in ours."""
        return all(value.origin is not Origin.ASSERTED for value in self.values) and not shorten(
            self.by.iri
        ).startswith(("rdf:type", "zgc:"))


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in reading order, how many properties there are, and the query that counts the values of each."""

    facts: tuple[Fact, ...]
    properties: int
    query: PageQuery


def read_facts(ask: Ask, iri: str) -> Facts:
    """Return what is said of a thing."""
    return _read(ask, iri, "thing-properties", ("thing-values", "thing-some-values"), "fact-statements")


def read_inbound(ask: Ask, iri: str) -> Facts:
    """Return what points to a thing, by the property that does."""
    queries = ("inbound-things", "inbound-some-things")
    return _read(ask, iri, "inbound-properties", queries, "inbound-statements")


def thing_name(name: Name, *, brief: bool = False) -> Name:
    """Return a name as a link can show it: not too long, and in words where it only has an IRI.

    Args:
        name: what it is called.
        brief: for a passage, leave out of which article.
    """
    article, mark, span = name.iri.removeprefix(ID).removesuffix("/selector").partition("/char=")
    start, comma, end = span.partition(",")
    if mark and comma and name.text.endswith(span):
        of = "" if brief else f" of {article.removeprefix('article/')}"
        return Name(name.iri, f"characters {_digits(start)} to {_digits(end)}{of}")
    if len(name.text) > _NAME:
        return Name(name.iri, f"{name.text[: _NAME - 1]}…", name.language)
    return name


def _digits(text: str) -> str:
    return f"{int(text):,}" if text.isascii() and text.isdigit() and len(text) < 10 else text  # noqa: PLR2004


def _read(ask: Ask, iri: str, counted: str, listed: tuple[str, str], stated: str) -> Facts:
    count_query = page_query(counted, thing=iri)
    counts = {row.iri("property"): row.count("count") for row in ask.rows(count_query.text)}
    shown = sorted(counts, key=_place)[:_PROPERTIES]
    rows = _rows(ask, iri, {name: counts[name] for name in shown}, listed)
    sources = _sources(ask.rows(_bounded(page_query(stated, thing=iri).text, _SOURCES)))
    parts = _Parts.of(ask, iri) if any(isinstance(row.get("value"), ox.BlankNode) for row in rows) else None
    links = {term.value for row in rows if isinstance(term := row.get("value"), ox.NamedNode)}
    names = names_of(ask, [*shown, *links, *(parts.links if parts else ())])
    by_property: defaultdict[str, list[Value]] = defaultdict(list)
    for value_rows in _grouped(rows):
        property_ = value_rows[0].iri("property")
        by_property[property_].append(_value(value_rows, names, sources))
    facts = (
        Fact(_property_name(name, names), _sorted(by_property[name], parts, iri, name, names), counts[name])
        for name in shown
    )
    return Facts(tuple(fact for fact in facts if fact.values), len(counts), count_query)


def _place(property_: str) -> tuple[object, ...]:
    """Return the place of a property: in reading order, ours before those of other vocabularies."""
    rank, name = predicate_key(ox.NamedNode(property_))
    return rank, not property_.startswith(ZGC), name


def _bounded(query: str, rows: int) -> str:
    return f"{query.rstrip()}\nLIMIT {rows}\n"


def _rows(ask: Ask, iri: str, counts: Mapping[str, int], listed: tuple[str, str]) -> list[Row]:
    """Return all values of properties that have few, and some of those that have many."""
    few = [name for name, count in counts.items() if count <= FEW]
    rows: list[Row] = []
    if few:
        rows += ask.rows(_bounded(page_query(listed[0], thing=iri, properties=iris(few)).text, _ROWS))
    for name in counts.keys() - set(few):
        rows += ask.rows(page_query(listed[1], thing=iri, property=name).text)
    return rows


def _grouped(rows: Iterable[Row]) -> Iterable[Sequence[Row]]:
    """Return the rows of each fact together: they differ in the graph."""
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
        name = thing_name(names[term.value])
        stated = sources.get((row.iri("property"), term.value), ())
        return Value(name.text, term.value, name.language, origin=origin, sources=stated)
    length = row.count("length")
    return _literal(term, origin, length if length > len(row.text("value")) else 0)


def _literal(term: Term, origin: Origin, length: int = 0) -> Value:
    if not isinstance(term, ox.Literal):
        return Value("", origin=origin)
    datatype = "" if term.datatype in _PLAIN or length else shorten(term.datatype.value)
    return Value(term.value, language=term.language or "", datatype=datatype, origin=origin, length=length)


def _property_name(iri: str, names: Mapping[str, Name]) -> Name:
    plain = _PROPERTY_WORDS.get(shorten(iri))
    return Name(iri, plain) if plain else names.get(iri) or Name(iri, shorten(iri))


def _sorted(
    values: Iterable[Value], parts: "_Parts | None", iri: str, property_: str, names: Mapping[str, Name]
) -> tuple[Value, ...]:
    """Return the values in order, with those that have no name at the end."""
    named_ones = [value for value in values if value.text or value.iri]
    nameless = parts.values(iri, property_, names) if parts else ()
    return (*sorted(named_ones, key=_order), *nameless)


def _order(value: Value) -> tuple[bool, object]:
    return not value.iri, natural(f"{value.text} {value.iri} {value.language}")


class _Parts:
    """The triples on what has no name and belongs to a thing, down to the second such node."""

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
    def of(cls, ask: Ask, iri: str) -> "_Parts":
        """Return the parts of a thing."""
        return cls(ask.triples(_bounded(page_query("thing-parts", thing=iri).text, _ROWS)))

    def values(self, iri: str, property_: str, names: Mapping[str, Name]) -> tuple[Value, ...]:
        """Return the values of a property that have no name."""
        nodes = self._by_subject[ox.NamedNode(iri)][property_]
        return tuple(self._shown(node, names, ()) for node in nodes if isinstance(node, ox.BlankNode))

    def _shown(self, term: Term, names: Mapping[str, Name], above: tuple[Term, ...]) -> Value:
        if isinstance(term, ox.NamedNode):
            name = thing_name(names.get(term.value) or Name(term.value, shorten(term.value)))
            return Value(name.text, name.iri, name.language)
        if not isinstance(term, ox.BlankNode) or term in above:
            return _literal(term, Origin.ASSERTED)
        return Value("", facts=self._facts(term, names, (*above, term)))

    def _facts(
        self, node: ox.BlankNode, names: Mapping[str, Name], above: tuple[Term, ...]
    ) -> tuple[Fact, ...]:
        properties: Mapping[str, list[Term]] = self._by_subject[node]
        if _FIRST.value in properties:
            members = [self._shown(term, names, above) for term in self._members(node)]
            return (Fact(Name("", "list of"), tuple(members), len(members)),)
        return tuple(
            Fact(
                _property_name(name, names),
                tuple(self._shown(term, names, above) for term in properties[name]),
                len(properties[name]),
            )
            for name in sorted(properties, key=_place)
        )

    def _members(self, node: Term) -> list[Term]:
        members: list[Term] = []
        seen: set[Term] = set()
        while node != _NIL and node not in seen and node in self._by_subject:
            seen.add(node)
            members += self._by_subject[node][_FIRST.value]
            node = next(iter(self._by_subject[node][_REST.value]), _NIL)
        return members
