"""Figures of one subject that look like a conflict and are none, with the reasons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from forumkg.pages.charts import QuantityChart, quantity_charts
from forumkg.pages.graph import Graph, Row
from forumkg.pages.indicators import Indicator
from forumkg.pages.languages import gettext, translate
from forumkg.pages.page_queries import PageQuery
from forumkg.pages.quantities import Quantity
from forumkg.pages.quantity_groups import QuantityGroup, ReportedQuantity
from forumkg.pages.stances import STANCES
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.translated_text import plain

__all__ = ["ApparentConflict", "overlap", "read_apparent_conflicts"]

_PLANNED: Final = "planned"
# How many pairs of a subject are named.
_PAIRS: Final = 6


@dataclass(frozen=True, slots=True)
class ApparentConflict:
    """Figures of one subject that can be compared, and are not of the same.

    Attributes:
        comparable: what compares them.
        pairs: how many pairs of them give different numbers.
        pair_words: the first of these pairs, the two figures of each in words.
        reasons: why they do not conflict, as sentences.
    """

    subject: str
    subject_name: str
    comparable: Indicator
    pairs: int
    pair_words: tuple[str, ...]
    charts: tuple[QuantityChart, ...]
    reasons: tuple[str, ...]


def read_apparent_conflicts(
    graph: Graph, query: PageQuery, indicators: Mapping[str, Indicator]
) -> tuple[ApparentConflict, ...]:
    """Return the figures of the solutions of a query, those of a subject and an indicator together.

    Args:
        graph: the graph to query.
        query: it gives two figures a row, `statement` and `quantity` and the same of the `other`.
        indicators: what is counted, by its IRI.
    """
    rows = graph.select(query.text)
    wanted = (row.iri(name) for row in rows for name in ("statement", "other"))
    statements = {statement.iri: statement for statement in read_statements(graph, wanted)}
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        # What has no words, or is in no article, cannot be shown.
        if (
            row.iri("comparable") in indicators
            and {row.iri("statement"), row.iri("other")} <= statements.keys()
        ):
            groups.setdefault((row.iri("subject"), row.iri("comparable")), []).append(row)
    firsts = [members[0] for members in groups.values()]
    years = {row.iri("subject"): row.text("year") for row in firsts if row.text("year")}
    # Several editions of one year are of several forums: their names tell them apart.
    by_year = len(set(years.values())) == len(years)
    return tuple(
        _seeming(members, statements, indicators[comparable], by_year=by_year)
        for (_, comparable), members in groups.items()
    )


def overlap(one: Quantity, other: Quantity) -> bool:
    """Return whether two figures could be true of the same thing, by their bounds."""
    return not any(
        upper.upper is not None and lower.lower is not None and upper.upper < lower.lower
        for upper, lower in ((one, other), (other, one))
    )


def _seeming(
    rows: Sequence[Row], statements: Mapping[str, Statement], comparable: Indicator, *, by_year: bool
) -> ApparentConflict:
    first = rows[0]
    subject = first.iri("subject")
    entries = _entries(rows, statements)
    band = QuantityGroup(subject, "", entries)
    return ApparentConflict(
        subject,
        (first.text("year") if by_year else "") or first.text("subjectName"),
        comparable,
        len(rows),
        tuple(_pair(row, entries) for row in rows[:_PAIRS]),
        quantity_charts([band], comparable.maximum),
        tuple(_reasons(entries, comparable)),
    )


def _pair(row: Row, entries: Sequence[ReportedQuantity]) -> str:
    """Return the two figures of a pair, such as `400 (guests, body) and 900 (members, headline)`."""
    by_quantity = {entry.quantity.iri: entry for entry in entries}
    one, other = (by_quantity[row.iri(name)] for name in ("quantity", "otherQuantity"))
    return gettext("%(one)s and %(other)s") % {"one": _figure(one), "other": _figure(other)}


def _figure(entry: ReportedQuantity) -> str:
    # The place in the article distinguishes figures that are printed twice.
    place = entry.statement.passages[0].part if entry.statement.passages else ""
    counted = gettext(", ").join(filter(None, (plain(entry.quantity.indicator_name), plain(place))))
    return gettext("%(number)s (%(counted)s)") % {"number": entry.quantity.words, "counted": counted}


def _entries(rows: Iterable[Row], statements: Mapping[str, Statement]) -> tuple[ReportedQuantity, ...]:
    found: dict[str, ReportedQuantity] = {}
    for row in rows:
        for statement_name, quantity_name, day in (
            ("statement", "quantity", "asOf"),
            ("other", "otherQuantity", "otherAsOf"),
        ):
            statement = statements[row.iri(statement_name)]
            quantity = next(each for each in statement.quantities if each.iri == row.iri(quantity_name))
            found[quantity.iri] = ReportedQuantity(
                quantity,
                statement,
                row.iri("subject"),
                row.text("subjectName"),
                row.count("year"),
                row.date(day),
            )
    return tuple(sorted(found.values(), key=lambda entry: (entry.quantity.number or 0, entry.statement.iri)))


def _reasons(entries: Sequence[ReportedQuantity], comparable: Indicator) -> Iterator[str]:
    counted = tuple(dict.fromkeys(entry.quantity.indicator_name for entry in entries))
    if comparable.name in counted and len(counted) > 1:
        parts = _listed([name for name in counted if name != comparable.name])
        yield gettext("One number counts a part of what the other counts: %(parts)s, of all %(whole)s.") % {
            "parts": parts,
            "whole": plain(comparable.name),
        }
    elif len(counted) > 1:
        yield gettext("They count different things: %(things)s.") % {"things": _listed(counted)}
    if len({entry.as_of for entry in entries}) > 1:
        yield gettext("They count up to different dates.")
    stances = {entry.statement.stance for entry in entries}
    words = [translate(stance.words) for stance in STANCES if stance.code in stances]
    if _PLANNED in stances and len(words) > 1:
        yield gettext("Some are %(stance)s, others are %(others)s.") % {
            "stance": words[0],
            "others": gettext(" or ").join(words[1:]),
        }
    pairs = combinations((entry.quantity for entry in entries), 2)
    if all(overlap(*pair) for pair in pairs) and not any(entry.quantity.is_impossible for entry in entries):
        yield gettext("As they are worded, all of them could be true of one thing.")


def _listed(names: Sequence[str]) -> str:
    *others, last = map(plain, names)
    if not others:
        return last
    return gettext("%(others)s and %(last)s") % {"others": gettext(", ").join(others), "last": last}
