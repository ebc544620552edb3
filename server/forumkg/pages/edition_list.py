"""The editions of a forum, year by year, with the years that no source covers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from forumkg.pages.graph import Graph, Row
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.rdf.terms import named

__all__ = ["Edition", "Host", "Known", "Listing", "Period", "Year", "edition_queries", "read_editions"]

_PREF_LABEL: Final = named("skos:prefLabel").value
_DURING: Final = named("zgc:takesPlaceDuring").value
_IN: Final = named("zgc:takesPlaceIn").value
_THEME: Final = named("zgc:hasTheme").value
_HOST: Final = named("zgc:isHostedBy").value
# The role of a co-host.
_CO_HOST: Final = "co-host"


@dataclass(frozen=True, slots=True)
class Known:
    """A thing with its name."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class Host:
    """A host of an edition, in which roles the sources name it, and what the curators note on that."""

    iri: str
    name: str
    roles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """The period in which something takes place, as far as the sources state it."""

    iri: str
    name: str
    first: date | None = None
    last: date | None = None

    @property
    def span(self) -> tuple[float, float] | None:
        """Which part of a year it is, as shares from 0 to 1; a day alone where only one is known."""
        first, last = self.first or self.last, self.last or self.first
        if first is None or last is None:
            return None
        return (first.timetuple().tm_yday - 1) / 366, last.timetuple().tm_yday / 366


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition, with what the curators accept of it.

    Attributes:
        other_names: each with its language.
        statements: the number of statements on it and its sections; `quantities` of them give figures.
        articles: in how many articles they stand.
    """

    iri: str
    year: int
    name: str
    forum: str = ""
    forum_name: str = ""
    other_names: tuple[tuple[str, str], ...] = ()
    periods: tuple[Period, ...] = ()
    places: tuple[Known, ...] = ()
    themes: tuple[Known, ...] = ()
    hosts: tuple[Host, ...] = ()
    statements: int = 0
    quantities: int = 0
    articles: int = 0

    @property
    def co_hosts(self) -> tuple[Host, ...]:
        """Those of the hosts that the sources call co-hosts."""
        return tuple(host for host in self.hosts if _CO_HOST in host.roles)

    @property
    def main_hosts(self) -> tuple[Host, ...]:
        """The hosts, but for those that the sources only call co-hosts."""
        return tuple(host for host in self.hosts if set(host.roles) != {_CO_HOST})

    def named_in(self, language: str) -> tuple[str, str]:
        """Return its name in a language, and the language of that name: English, where there is no other."""
        own = (name for name, tag in self.other_names if tag == language and language != "en")
        return next(((name, language) for name in own), (self.name, "en"))


@dataclass(frozen=True, slots=True)
class Year:
    """A year and its edition; None where no source covers it."""

    year: int
    edition: Edition | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page of editions shows: the years of each forum, and what the curators note on the forums."""

    years: tuple[Year, ...]
    notes: tuple[str, ...] = ()

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions, the earliest first."""
        return tuple(year.edition for year in self.years if year.edition)


def edition_queries(editions: Iterable[str] | None = None) -> tuple[PageQuery, PageQuery, PageQuery]:
    """Return the queries for names, facts and counts: of some editions, or of all."""
    narrowed = {} if editions is None else {"editions": iris(editions)}
    names, facts, counts = (
        page_query(name, **narrowed) for name in ("editions", "edition-facts", "edition-counts")
    )
    return names, facts, counts


def read_editions(graph: Graph, wanted: Collection[str] | None = None) -> Listing:
    """Return some editions, or all, and the years between those of a forum that no source covers."""
    named_query, fact_query, count_query = edition_queries(wanted)
    facts: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in graph.select(fact_query.text):
        facts[row.iri("edition"), row.iri("property")].append(row)
    counts = {row.iri("edition"): row for row in graph.select(count_query.text)}
    editions = [
        _edition(iri, tuple(rows), facts, counts.get(iri, Row({})))
        for iri, rows in groupby(graph.select(named_query.text), key=lambda row: row.iri("edition"))
    ]
    forums = dict.fromkeys(edition.forum for edition in editions if edition.forum)
    notes = [
        row.text("note") for iri in forums for row in graph.select(page_query("forum-notes", forum=iri).text)
    ]
    of_forums: defaultdict[tuple[str, str], list[Edition]] = defaultdict(list)
    for edition in editions:
        of_forums[edition.forum_name, edition.forum].append(edition)
    years = (year for key in sorted(of_forums) for year in _years(of_forums[key]))
    return Listing(tuple(years), tuple(notes))


def _edition(
    iri: str, names: Sequence[Row], facts: dict[tuple[str, str], list[Row]], counted: Row
) -> Edition:
    def known(property_: str) -> tuple[Known, ...]:
        rows = facts.get((iri, property_), [])
        return tuple(dict.fromkeys(Known(row.iri("value"), row.text("name")) for row in rows))

    main = next((row for row in names if _is_main(row)), names[0])
    periods = (
        Period(row.iri("value"), row.text("name"), row.date("firstDay"), row.date("lastDay"))
        for row in facts.get((iri, _DURING), [])
    )
    others = ((str(row.text("name")), row.language("name")) for row in names if row is not main)
    return Edition(
        iri=iri,
        year=main.count("year"),
        name=main.text("name"),
        forum=main.iri("forum"),
        forum_name=main.text("forumName"),
        other_names=tuple(dict.fromkeys(others)),
        periods=tuple(dict.fromkeys(periods)),
        places=known(_IN),
        themes=known(_THEME),
        hosts=_hosts(facts.get((iri, _HOST), [])),
        statements=counted.count("statements"),
        quantities=counted.count("figures"),
        articles=counted.count("articles"),
    )


def _hosts(rows: Sequence[Row]) -> tuple[Host, ...]:
    def values(iri: str, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.text(name) for row in rows if row.iri("value") == iri and name in row))

    names = {row.iri("value"): row.text("name") for row in rows}
    return tuple(Host(iri, name, values(iri, "role"), values(iri, "note")) for iri, name in names.items())


def _is_main(row: Row) -> bool:
    return row.iri("property") == _PREF_LABEL and row.language("name") == "en"


def _years(editions: Iterable[Edition]) -> tuple[Year, ...]:
    """Return every year from the first to the last of a forum; one that has several comes several times."""
    by_year: defaultdict[int, list[Edition | None]] = defaultdict(list)
    for edition in editions:
        by_year[edition.year].append(edition)
    if not by_year:
        return ()
    return tuple(
        Year(year, edition)
        for year in range(min(by_year), max(by_year) + 1)
        for edition in by_year.get(year) or [None]
    )
