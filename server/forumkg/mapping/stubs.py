"""Describe the things that a worksheet brings in: from its `new` lines, or from their names and their like.

A period follows from its name. An edition, a section or a group follows from the same one of another year.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

import pyoxigraph as ox

from forumkg.mapping.known_things import KnownThing, KnownThings, full_iri
from forumkg.mapping.worksheet import NewThing, TaggedText
from forumkg.namespaces import PREFIXES, SKOS, ZGC
from forumkg.rdf.terms import english

__all__ = ["CLASSES", "MONTHS", "derived_thing", "thing_triples"]

CLASSES: Final = {
    "edition": "Edition",
    "group": "Group",
    "organization": "Organization",
    "outcome": "Outcome",
    "period": "Period",
    "person": "Person",
    "place": "Place",
    "post": "Post",
    "section": "ProgrammeSection",
    "theme": "Theme",
    "topic": "Topic",
}
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_TYPE: Final = ox.NamedNode(f"{PREFIXES['rdf']}type")
_DATE: Final = ox.NamedNode(f"{PREFIXES['xsd']}date")
_INTEGER: Final = ox.NamedNode(f"{PREFIXES['xsd']}integer")
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PERIOD: Final = re.compile(
    rf"period:(?:(?P<year>[0-9]{{4}})|(?P<first>{_DAY})(?:--(?P<last>{_DAY})|-(?P<limit>start|end))?)"
)
_YEARLY: Final = re.compile(
    r"(?P<kind>edition|section|group):(?P<year>[0-9]{4})(?P<rest>(?:-[A-Za-z0-9.-]+)?)"
)


def derived_thing(name: str, known: KnownThings) -> NewThing | None:
    """Return the description that follows from a name; None where none does.

    Args:
        name: of a thing that the graph does not have.
        known: the graph, in which the like of another year is looked for.
    """
    if period := _PERIOD.fullmatch(name):
        return _period(name, period)
    yearly = _YEARLY.fullmatch(name)
    if yearly is None:
        return None
    if yearly["kind"] == "edition":
        return None if yearly["rest"] else _edition(name, yearly["year"])
    return _like(name, yearly, known)


def thing_triples(thing: NewThing) -> Iterator[ox.Triple]:
    """Yield the triples of a thing, in the form in which `graph/entities.ttl` has them."""
    node = ox.NamedNode(full_iri(thing.name))
    kind = thing.name.partition(":")[0]
    yield ox.Triple(node, _TYPE, _zgc(CLASSES[kind]))
    for predicate, texts in ((f"{SKOS}prefLabel", thing.labels), (f"{SKOS}altLabel", thing.others)):
        for text in texts:
            yield ox.Triple(
                node, ox.NamedNode(predicate), ox.Literal(text.text, language=text.language or "en")
            )
    if kind in ("edition", "period") and (year := re.match(r"[a-z]+:([0-9]{4})", thing.name)):
        yield ox.Triple(node, _zgc("year"), ox.Literal(year[1], datatype=_INTEGER))
    if kind == "edition":
        yield ox.Triple(node, _zgc("isEditionOf"), ox.NamedNode(full_iri("forum:zgc")))
    for key, value in thing.details:
        yield ox.Triple(node, *_detail(kind, key, value))


def _detail(kind: str, key: str, value: str) -> tuple[ox.NamedNode, ox.NamedNode | ox.Literal]:
    match key:
        case "in":
            predicate = {"post": "isPostIn", "section": "isSectionOf"}.get(kind, "isEditionOf")
            return _zgc(predicate), ox.NamedNode(full_iri(value))
        case "kind":
            return _zgc("hasSectionKind"), ox.NamedNode(full_iri(f"code:{value.removeprefix('code:')}"))
        case "broader":
            return ox.NamedNode(f"{SKOS}broader"), ox.NamedNode(full_iri(value))
        case "first":
            return _zgc("firstDay"), ox.Literal(value, datatype=_DATE)
        case "last":
            return _zgc("lastDay"), ox.Literal(value, datatype=_DATE)
        case _:
            return _zgc("editorialNote"), english(value)


def _period(name: str, match: re.Match[str]) -> NewThing | None:
    if match["year"]:
        return NewThing(name, (TaggedText(match["year"], "en"),))
    try:
        first = date.fromisoformat(match["first"])
        last = date.fromisoformat(match["last"]) if match["last"] else first
    except ValueError:
        return None
    if match["limit"]:
        is_start = match["limit"] == "start"
        label = f"{'from' if is_start else 'until'} {_shown(first)}"
        return NewThing(
            name, (TaggedText(label, "en"),), (), ((("first" if is_start else "last"), match["first"]),)
        )
    label = _shown(first)
    if last != first:
        begin = f"{first.day}"
        if (first.year, first.month) != (last.year, last.month):
            begin = _shown(first) if first.year != last.year else f"{first.day} {MONTHS[first.month - 1]}"
        label = f"{begin} to {_shown(last)}"
    days = (("first", first.isoformat()), ("last", last.isoformat()))
    return NewThing(name, (TaggedText(label, "en"),), (), days)


def _shown(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _edition(name: str, year: str) -> NewThing:
    return NewThing(
        name, (TaggedText(f"{year} Zhongguancun Forum", "en"), TaggedText(f"{year}中关村论坛", "zh"))
    )


def _like(name: str, match: re.Match[str], known: KnownThings) -> NewThing | None:
    """Return the description of the latest thing of the same name in another year, with this year in it."""
    pattern = re.compile(rf"{match['kind']}:([0-9]{{4}}){re.escape(match['rest'])}")
    alike = [thing for thing in known.of_kind(match["kind"]) if pattern.fullmatch(thing.name)]
    if not alike or not match["rest"]:
        return None
    latest = max(alike, key=lambda thing: thing.name)
    year = latest.name.partition(":")[2][:4]

    def renewed(text: str) -> str:
        return text.replace(year, match["year"])

    labels = tuple(TaggedText(renewed(text), tag) for text, tag in latest.labels[:1])
    return NewThing(name, labels, (), _details_like(latest, renewed(latest.value("isSectionOf"))))


def _details_like(thing: KnownThing, parent: str) -> tuple[tuple[str, str], ...]:
    details = (("in", parent), ("kind", thing.value("hasSectionKind").removeprefix("code:")))
    return tuple((key, value) for key, value in details if value)


def _zgc(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{ZGC}{name}")
