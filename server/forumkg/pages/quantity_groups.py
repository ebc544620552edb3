"""Reported quantities by their subjects: editions, or other subjects on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import gettext
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.quantities import Quantity
from forumkg.pages.stances import strength
from forumkg.pages.statements import Statement, read_statements

__all__ = [
    "Agreeing",
    "QuantityGroup",
    "ReportedQuantity",
    "agreeing",
    "quantity_groups_of",
    "read_edition_years",
    "read_reported_quantities",
]


@dataclass(frozen=True, slots=True)
class ReportedQuantity:
    """A figure that a statement gives of a subject.

    Attributes:
        year: of the subject, where that is an edition.
        as_of: the day as of which it holds, if stated.
    """

    quantity: Quantity
    statement: Statement
    subject: str
    subject_name: str
    year: int = 0
    as_of: date | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether it is judged wrong, or impossible."""
        return bool(self.judgement)

    @property
    def judgement(self) -> str:
        """`judged wrong` or `impossible`; empty for any other quantity."""
        if self.statement.disputed:
            return gettext("judged wrong")
        return gettext("impossible") if self.quantity.is_impossible else ""


@dataclass(frozen=True, slots=True)
class Agreeing:
    """The entries of one subject that give the same quantity in the same words.

    Attributes:
        entries: the strongest stance first: a report counts more than a plan.
    """

    entries: tuple[ReportedQuantity, ...]

    @property
    def strongest(self) -> ReportedQuantity:
        """The entry that is drawn and linked."""
        return self.entries[0]

    @property
    def by_stance(self) -> tuple[tuple[str, tuple[Statement, ...]], ...]:
        """The words of each stance with the statements that have it, the strongest first."""
        found: dict[str, list[Statement]] = {}
        for entry in self.entries:
            found.setdefault(entry.statement.stance_words, []).append(entry.statement)
        return tuple((words, tuple(statements)) for words, statements in found.items())


def agreeing(entries: Iterable[ReportedQuantity]) -> tuple[Agreeing, ...]:
    """Return entries by what they give, the judged ones apart, in the order of their first."""
    found: dict[tuple[str, str, str], list[ReportedQuantity]] = {}
    for entry in entries:
        key = (entry.quantity.words, entry.quantity.indicator, entry.judgement)
        found.setdefault(key, []).append(entry)
    return tuple(Agreeing(tuple(sorted(each, key=_strength, reverse=True))) for each in found.values())


def _strength(entry: ReportedQuantity) -> int:
    return strength(entry.statement.stance)


@dataclass(frozen=True, slots=True)
class QuantityGroup:
    """The reported quantities of one subject."""

    subject: str
    name: str
    entries: tuple[ReportedQuantity, ...] = ()


def read_reported_quantities(graph: Graph, query: PageQuery) -> tuple[ReportedQuantity, ...]:
    """Return the figures of the solutions of a query, in their order.

    Args:
        graph: the graph to query.
        query: it gives `statement`, `quantity`, `subject`, `subjectName`, `year` and `asOf`.
    """
    rows = graph.select(query.text)
    statements = {
        statement.iri: statement
        for statement in read_statements(graph, (row.iri("statement") for row in rows))
    }
    quantities = {
        quantity.iri: quantity for statement in statements.values() for quantity in statement.quantities
    }
    found: dict[tuple[str, ...], ReportedQuantity] = {}
    for row in rows:
        key = tuple(row.iri(name) for name in ("statement", "quantity", "subject"))
        if key[0] in statements and key[1] in quantities:
            found.setdefault(key, _entry(row, quantities, statements))
    return tuple(found.values())


def read_edition_years(graph: Graph, wanted: Collection[str] | None = None) -> tuple[QuantityGroup, ...]:
    """Return a group without quantities for some editions, or for each, in the order of the years.

    Its name is the year, or that of the edition where several are of one year.
    """
    narrowed = {} if wanted is None else {"editions": iris(wanted)}
    rows = {row.iri("edition"): row for row in graph.select(page_query("edition-years", **narrowed).text)}
    is_unique = len({row.text("year") for row in rows.values()}) == len(rows)
    return tuple(
        QuantityGroup(iri, row.text("year") if is_unique else row.text("name")) for iri, row in rows.items()
    )


def quantity_groups_of(
    entries: Iterable[ReportedQuantity], editions: Sequence[QuantityGroup]
) -> tuple[QuantityGroup, ...]:
    """Return figures by their subjects: all editions, where any of them has a figure, and then the others."""
    by_subject: dict[str, list[ReportedQuantity]] = {}
    for entry in entries:
        by_subject.setdefault(entry.subject, []).append(entry)
    of_editions = tuple(
        QuantityGroup(band.subject, band.name, tuple(by_subject.pop(band.subject, ()))) for band in editions
    )
    others = (
        QuantityGroup(subject, each[0].subject_name, tuple(each)) for subject, each in by_subject.items()
    )
    return (*(of_editions if any(band.entries for band in of_editions) else ()), *others)


def _entry(
    row: Row, quantities: Mapping[str, Quantity], statements: Mapping[str, Statement]
) -> ReportedQuantity:
    return ReportedQuantity(
        quantities[row.iri("quantity")],
        statements[row.iri("statement")],
        row.iri("subject"),
        row.text("subjectName"),
        row.count("year"),
        row.date("asOf"),
    )
