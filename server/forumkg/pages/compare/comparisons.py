"""Compare the printed figures of an indicator: across editions, sources, and the narrower ones beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from forumkg.pages.charts import QuantityChart, Sparklines, quantity_charts, sparklines
from forumkg.pages.graph import Graph
from forumkg.pages.indicators import Indicator, indicator_iri, parts_of, read_indicators
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.quantity_groups import (
    QuantityGroup,
    ReportedQuantity,
    quantity_groups_of,
    read_edition_years,
    read_reported_quantities,
)
from forumkg.pages.relations import Relation, Tie, read_relations, ties
from forumkg.pages.statements import Statement, read_statements

__all__ = [
    "Comparison",
    "Narrowed",
    "Overview",
    "Summary",
    "overview_query",
    "read_comparison",
    "read_overview",
]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is printed of an indicator, and of those under it.

    Attributes:
        broader: the indicators above it.
        parts: the indicators directly under it.
        bands: the figures by their subjects.
        ties: how the statements agree and differ.
    """

    indicator: Indicator
    broader: tuple[Indicator, ...]
    parts: tuple[Indicator, ...]
    bands: tuple[QuantityGroup, ...]
    charts: tuple[QuantityChart, ...]
    ties: tuple[Tie, ...]
    queries: tuple[PageQuery, ...]

    @property
    def entries(self) -> tuple[ReportedQuantity, ...]:
        """The figures, in the order of the page."""
        return tuple(entry for band in self.bands for entry in band.entries)

    @property
    def counted(self) -> tuple[str, ...]:
        """The names of what the figures count."""
        return tuple(dict.fromkeys(entry.quantity.indicator_name for entry in self.entries))

    @property
    def articles(self) -> frozenset[str]:
        """The articles that give the figures."""
        return frozenset(entry.statement.article for entry in self.entries)

    def statements(self, band: QuantityGroup) -> tuple[Statement, ...]:
        """Return the statements of a subject, without the statements of subjects before it on the page."""
        before = {
            entry.statement.iri for each in self.bands[: self.bands.index(band)] for entry in each.entries
        }
        own = {entry.statement.iri: entry.statement for entry in band.entries}
        return tuple(statement for iri, statement in own.items() if iri not in before)


@dataclass(frozen=True, slots=True)
class Summary:
    """An indicator in the list of all: sparklines of its quantities, and counts.

    Attributes:
        disagreements: how many there are of each kind, by its name in `DISAGREEMENT_KINDS`.
    """

    indicator: Indicator
    sparklines: Sparklines
    statements: int
    articles: int
    disagreements: Mapping[str, int]

    @property
    def lines(self) -> tuple[tuple[QuantityGroup, Markup], ...]:
        """The quantities of each subject, with their drawing."""
        return self.sparklines.lines

    @property
    def subjects(self) -> frozenset[str]:
        """The subjects of its quantities, and the editions beside them."""
        return frozenset(band.subject for band, _ in self.lines)


@dataclass(frozen=True, slots=True)
class Overview:
    """All indicators that have figures.

    Attributes:
        editions: the names of the editions.
        groups: the indicators that are compared with others, under the broadest; each has a line an edition.
        single: the indicators without others to compare with.
        others: the indicators without a quantity of an edition.
    """

    editions: tuple[str, ...]
    groups: tuple[tuple[Indicator, tuple[Summary, ...]], ...]
    single: tuple[Summary, ...]
    others: tuple[Summary, ...]
    queries: tuple[PageQuery, ...]

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """All of them, in the order of the page."""
        return (*(each for _, members in self.groups for each in members), *self.single, *self.others)

    @property
    def entries(self) -> tuple[ReportedQuantity, ...]:
        """All figures, in the order of the page."""
        return tuple(entry for each in self.summaries for band, _ in each.lines for entry in band.entries)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of the figures a page shows.

    Attributes:
        quantities: their IRIs.
        editions: those that the page compares, with a quantity or without.
    """

    quantities: tuple[str, ...]
    editions: tuple[str, ...]

    @property
    def terms(self) -> dict[str, str]:
        """What narrows the queries."""
        return {"quantities": iris(self.quantities)}


def overview_query(narrowed: Narrowed | None = None) -> PageQuery:
    """Return the query for all figures, or for those of a page."""
    return page_query("figures", **(narrowed.terms if narrowed else {}))


def read_comparison(graph: Graph, slug: str, narrowed: Narrowed | None = None) -> Comparison | None:
    """Return what is printed of the indicator of a name; None where there is no such indicator.

    Args:
        graph: the graph to query.
        slug: the name of the indicator in addresses.
        narrowed: what of it the page shows; None for all.
    """
    indicators = read_indicators(graph)
    indicator = indicators.get(indicator_iri(slug))
    if indicator is None:
        return None
    terms = narrowed.terms if narrowed else {}
    query = page_query("compare/indicator-figures", indicator=indicator.iri, **terms)
    entries = read_reported_quantities(graph, query)
    bands = quantity_groups_of(entries, read_edition_years(graph, narrowed.editions if narrowed else None))
    related = _related(graph, entries)
    return Comparison(
        indicator,
        tuple(indicators[iri] for iri in (*indicator.broader, *indicator.wholes) if iri in indicators),
        parts_of(indicator.iri, indicators),
        bands,
        quantity_charts(bands, indicator.maximum),
        related,
        (query, *_relations_query(entries)),
    )


def read_overview(graph: Graph, narrowed: Narrowed | None = None) -> Overview:
    """Return all indicators that have figures, or those of the figures of a page."""
    indicators = read_indicators(graph)
    query = overview_query(narrowed)
    entries = read_reported_quantities(graph, query)
    editions = read_edition_years(graph, narrowed.editions if narrowed else None)
    relations = read_relations(graph, (entry.statement.iri for entry in entries))
    by_indicator: dict[str, list[ReportedQuantity]] = {}
    for entry in entries:
        by_indicator.setdefault(entry.quantity.indicator, []).append(entry)
    groups: list[tuple[Indicator, tuple[Summary, ...]]] = []
    for root in indicators.values():
        members = [each for each in _members(root, indicators) if each.iri in by_indicator]
        shared_scale = [entry for member in members for entry in by_indicator[member.iri]]
        summaries = (
            _summary(each, quantity_groups_of(by_indicator[each.iri], editions), shared_scale, relations)
            for each in members
        )
        groups.append((root, tuple(summaries)))
    rest = [members[0] for _, members in groups if len(members) == 1]
    subjects = {band.subject for band in editions}
    return Overview(
        tuple(band.name for band in editions),
        tuple((root, members) for root, members in groups if len(members) > 1),
        tuple(each for each in rest if each.subjects >= subjects),
        tuple(each for each in rest if not each.subjects >= subjects),
        (query, page_query("indicators")),
    )


def _members(indicator: Indicator, indicators: Mapping[str, Indicator]) -> tuple[Indicator, ...]:
    """Return an indicator that no other is above, and all that are under it."""
    if indicator.broader or indicator.wholes:
        return ()
    found = {indicator.iri: indicator}
    for each in indicators.values():
        if any(above in found for above in _above(each, indicators)):
            found[each.iri] = each
    return tuple(found.values())


def _above(indicator: Indicator, indicators: Mapping[str, Indicator]) -> frozenset[str]:
    """Return the IRIs of all indicators above one."""
    found: set[str] = set()
    wanted = [*indicator.broader, *indicator.wholes]
    while wanted:
        iri = wanted.pop()
        if iri not in found and iri in indicators:
            found.add(iri)
            wanted += [*indicators[iri].broader, *indicators[iri].wholes]
    return frozenset(found)


def _summary(
    indicator: Indicator,
    bands: tuple[QuantityGroup, ...],
    shared_scale: Iterable[ReportedQuantity],
    relations: Iterable[Relation],
) -> Summary:
    statements = {entry.statement.iri: entry.statement for band in bands for entry in band.entries}
    return Summary(
        indicator,
        sparklines(bands, shared_scale, indicator.maximum),
        statements=len(statements),
        articles=len({statement.article for statement in statements.values()}),
        disagreements=Counter(
            each.disagreement for each in relations if each.is_disagreement and each.statement in statements
        ),
    )


def _related(graph: Graph, entries: Iterable[ReportedQuantity]) -> tuple[Tie, ...]:
    statements = {entry.statement.iri: entry.statement for entry in entries}
    relations = read_relations(graph, statements)
    outside = [each.other for each in relations if each.other not in statements and not each.other_name]
    return ties(
        relations, statements | {statement.iri: statement for statement in read_statements(graph, outside)}
    )


def _relations_query(entries: Iterable[ReportedQuantity]) -> tuple[PageQuery, ...]:
    statements = dict.fromkeys(entry.statement.iri for entry in entries)
    return (page_query("derived-relations", statements=iris(statements)),) if statements else ()
