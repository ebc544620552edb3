"""What the graphs say of a thing, and what points to it: as much as a page holds, with counts of the rest.

A thing may have any number of facts: the values of a property that has many are some, and a count.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from forumkg.pages.graph import Graph, Row, Term
from forumkg.pages.names import Name, names_of
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.things.fact_values import (
    Fact,
    Source,
    Value,
    literal_value,
    property_name,
    property_place,
    thing_name,
)
from forumkg.pages.things.nameless_parts import Parts
from forumkg.rdf.turtle.order import natural
from forumkg.reasoning.proofs import origin_of

__all__ = ["FEW", "Facts", "read_facts", "read_inbound"]

# A property with more values than this shows some of them.
FEW: Final = 40
# More properties than this are no page: the counts of the first are shown, and the query for all.
_PROPERTIES: Final = 150
_ROWS: Final = 3000
_SOURCES: Final = 1000


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in reading order, how many properties there are, and the query that counts the values of each."""

    facts: tuple[Fact, ...]
    properties: int
    query: PageQuery


def read_facts(graph: Graph, iri: str) -> Facts:
    """Return what is said of a thing."""
    return _read(
        graph,
        iri,
        "things/thing-properties",
        ("things/thing-values", "things/thing-some-values"),
        "things/fact-statements",
    )


def read_inbound(graph: Graph, iri: str) -> Facts:
    """Return what points to a thing, by the property that does."""
    queries = ("things/inbound-things", "things/inbound-some-things")
    return _read(graph, iri, "things/inbound-properties", queries, "things/inbound-statements")


def _read(graph: Graph, iri: str, counted: str, listed: tuple[str, str], stated: str) -> Facts:
    count_query = page_query(counted, thing=iri)
    counts = {row.iri("property"): row.count("count") for row in graph.select(count_query.text)}
    shown = sorted(counts, key=property_place)[:_PROPERTIES]
    rows = _rows(graph, iri, {name: counts[name] for name in shown}, listed)
    sources = _sources(graph.select(page_query(stated, thing=iri).first(_SOURCES)))
    parts = Parts.of(graph, iri) if any(isinstance(row.get("value"), ox.BlankNode) for row in rows) else None
    links = {term.value for row in rows if isinstance(term := row.get("value"), ox.NamedNode)}
    names = names_of(graph, [*shown, *links, *(parts.links if parts else ())])
    by_property: defaultdict[str, list[Value]] = defaultdict(list)
    for value_rows in _grouped(rows):
        property_ = value_rows[0].iri("property")
        by_property[property_].append(_value(value_rows, names, sources))
    facts = (
        Fact(property_name(name, names), _sorted(by_property[name], parts, iri, name, names), counts[name])
        for name in shown
    )
    return Facts(tuple(fact for fact in facts if fact.values), len(counts), count_query)


def _rows(graph: Graph, iri: str, counts: Mapping[str, int], listed: tuple[str, str]) -> list[Row]:
    """Return all values of properties that have few, and some of those that have many."""
    few = [name for name, count in counts.items() if count <= FEW]
    rows: list[Row] = []
    if few:
        rows += graph.select(page_query(listed[0], thing=iri, properties=iris(few)).first(_ROWS))
    for name in counts.keys() - set(few):
        rows += graph.select(page_query(listed[1], thing=iri, property=name).text)
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
    return literal_value(term, origin, length if length > len(row.text("value")) else 0)


def _sorted(
    values: Iterable[Value], parts: Parts | None, iri: str, property_: str, names: Mapping[str, Name]
) -> tuple[Value, ...]:
    """Return the values in order, with those that have no name at the end."""
    named_ones = [value for value in values if value.text or value.iri]
    nameless = parts.values(iri, property_, names) if parts else ()
    return (*sorted(named_ones, key=_order), *nameless)


def _order(value: Value) -> tuple[bool, object]:
    return not value.iri, natural(f"{value.text} {value.iri} {value.language}")
