"""All that does not agree: statements that differ, figures that cannot be, and what only seems so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from forumkg.pages.charts import QuantityChart, quantity_charts
from forumkg.pages.disagreements.apparent_conflicts import ApparentConflict, overlap, read_apparent_conflicts
from forumkg.pages.graph import Graph
from forumkg.pages.indicators import Indicator, read_indicators
from forumkg.pages.page_queries import PageQuery, iris, page_query, pairs
from forumkg.pages.quantity_groups import QuantityGroup, ReportedQuantity, read_reported_quantities
from forumkg.pages.relations import Tie, relations_of, ties
from forumkg.pages.statements import Statement, read_statements

__all__ = ["Difference", "Disagreements", "Impossible", "SelectedDisagreements", "read_disagreements"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two statements that differ.

    Attributes:
        tie: both; a statement that is judged wrong comes before one that is not.
        could_be: whether both could be true by the bounds of their figures; None where they give none.
    """

    tie: Tie
    could_be: bool | None


@dataclass(frozen=True, slots=True)
class Impossible:
    """A figure that lies above the most that is possible."""

    tie: Tie
    indicator: Indicator
    charts: tuple[QuantityChart, ...]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """All that does not agree, each pair once.

    Attributes:
        judged: the figures that are judged wrong or impossible, each once, with what they are about.
    """

    contradictions: tuple[Difference, ...]
    differences: tuple[Difference, ...]
    impossible: tuple[Impossible, ...]
    seeming: tuple[ApparentConflict, ...]
    judged: tuple[ReportedQuantity, ...]
    queries: tuple[PageQuery, ...]

    @property
    def statements(self) -> Mapping[str, Statement]:
        """The statements that differ, or cannot be, by their IRIs."""
        different = (each.tie for each in (*self.contradictions, *self.differences))
        ties = (*different, *(each.tie for each in self.impossible))
        return {
            statement.iri: statement for tie in ties for statement in (tie.statement, tie.other) if statement
        }

    @property
    def drawn(self) -> tuple[Impossible, ...]:
        """The impossible figures that are not among those that differ, which are shown already."""
        different = (each.tie for each in (*self.contradictions, *self.differences))
        shown = {statement.iri for tie in different for statement in (tie.statement, tie.other) if statement}
        return tuple(each for each in self.impossible if each.tie.statement.iri not in shown)

    @property
    def charted(self) -> tuple[ReportedQuantity, ...]:
        """The figures that are drawn."""
        charts = (
            *(chart for each in self.drawn for chart in each.charts),
            *(chart for each in self.seeming for chart in each.charts),
        )
        return tuple(entry for chart in charts for entry in chart.entries)


@dataclass(frozen=True, slots=True)
class SelectedDisagreements:
    """What of the disagreements a page shows.

    Attributes:
        pairs: a statement and what it contradicts, differs from, or exceeds.
        subjects: a subject and the indicator that compares its figures, which look like a conflict.
    """

    pairs: tuple[tuple[str, ...], ...]
    subjects: tuple[tuple[str, ...], ...]


def read_disagreements(graph: Graph, narrowed: SelectedDisagreements | None = None) -> Disagreements:
    """Return all that does not agree, or what of it a page shows."""
    terms = {"pairs": pairs(narrowed.pairs)} if narrowed else {}
    query = page_query("disagreements/disagreements", **terms)
    terms = {"subjects": pairs(narrowed.subjects)} if narrowed else {}
    seeming = page_query("disagreements/seeming-conflicts", **terms)
    has_pairs, has_seeming = (narrowed is None or narrowed.pairs), (narrowed is None or narrowed.subjects)
    relations = relations_of(graph.select(query.text)) if has_pairs else ()
    wanted = (iri for each in relations for iri in (each.statement, each.other))
    found = ties(relations, {statement.iri: statement for statement in read_statements(graph, wanted)})
    indicators = read_indicators(graph)
    return Disagreements(
        _differences(found, "contradicts"),
        _differences(found, "differsFrom"),
        tuple(
            _impossible(tie, indicators[tie.relation.other])
            for tie in found
            if tie.relation.other in indicators
        ),
        read_apparent_conflicts(graph, seeming, indicators) if has_seeming else (),
        _judged(graph, found),
        (*((query,) if has_pairs else ()), *((seeming,) if has_seeming else ())),
    )


def _differences(found: tuple[Tie, ...], kind: str) -> tuple[Difference, ...]:
    return tuple(Difference(_judged_first(tie), _could_be(tie)) for tie in found if tie.relation.kind == kind)


def _judged_first(tie: Tie) -> Tie:
    """Return a symmetric relation with the statement first that is judged wrong, where one of both is."""
    if tie.other is None or tie.statement.judgement or not tie.other.judgement:
        return tie
    turned = replace(
        tie.relation,
        statement=tie.relation.other,
        other=tie.relation.statement,
        other_name=tie.statement.says,
    )
    return Tie(turned, tie.other, tie.statement)


def _judged(graph: Graph, found: tuple[Tie, ...]) -> tuple[ReportedQuantity, ...]:
    """Return the figures that are judged wrong or impossible, each once."""
    quantities = {
        quantity.iri: None
        for tie in found
        for statement in (tie.statement, tie.other)
        if statement and statement.judgement
        for quantity in statement.quantities
    }
    if not quantities:
        return ()
    entries = read_reported_quantities(graph, page_query("figures", quantities=iris(quantities)))
    return tuple({entry.quantity.iri: entry for entry in reversed(entries) if entry.judgement}.values())[::-1]


def _could_be(tie: Tie) -> bool | None:
    quantities = {quantity.indicator: quantity for quantity in tie.statement.quantities}
    pairs = [
        (quantities[quantity.indicator], quantity)
        for quantity in (tie.other.quantities if tie.other else ())
        if quantity.indicator in quantities
    ]
    return all(overlap(one, other) for one, other in pairs) if pairs else None


def _impossible(tie: Tie, indicator: Indicator) -> Impossible:
    entries = tuple(
        ReportedQuantity(quantity, tie.statement, indicator.iri, indicator.name)
        for quantity in tie.statement.quantities
        if quantity.indicator == indicator.iri
    )
    return Impossible(
        tie, indicator, quantity_charts([QuantityGroup(indicator.iri, "", entries)], indicator.maximum)
    )
