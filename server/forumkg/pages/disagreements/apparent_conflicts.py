"""Figures of one subject that look like a conflict and are none, with the reasons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from forumkg.pages.charts import FigureChart, figure_charts
from forumkg.pages.graph import Ask, Row
from forumkg.pages.indicators import Indicator
from forumkg.pages.page_queries import PageQuery
from forumkg.pages.quantities import Figure
from forumkg.pages.quantity_groups import Band, Entry
from forumkg.pages.statements import Claim, read_claims

__all__ = ["Seeming", "overlap", "read_seeming"]

_PLANNED: Final = "planned"


@dataclass(frozen=True, slots=True)
class Seeming:
    """Figures of one subject that can be compared, and are not of the same.

    Attributes:
        comparable: what compares them.
        pairs: how many pairs of them give different numbers.
        reasons: why that is no conflict, as sentences.
    """

    subject: str
    subject_name: str
    comparable: Indicator
    pairs: int
    charts: tuple[FigureChart, ...]
    reasons: tuple[str, ...]


def read_seeming(ask: Ask, query: PageQuery, indicators: Mapping[str, Indicator]) -> tuple[Seeming, ...]:
    """Return the figures of the solutions of a query, those of a subject and an indicator together.

    Args:
        ask: who answers.
        query: it gives two figures a row, `statement` and `quantity` and the same of the `other`.
        indicators: what is counted, by its IRI.
    """
    rows = ask.rows(query.text)
    wanted = (row.iri(name) for row in rows for name in ("statement", "other"))
    claims = {claim.iri: claim for claim in read_claims(ask, wanted)}
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        # What has no words, or is in no article, cannot be shown.
        if row.iri("comparable") in indicators and {row.iri("statement"), row.iri("other")} <= claims.keys():
            groups.setdefault((row.iri("subject"), row.iri("comparable")), []).append(row)
    return tuple(
        _seeming(members, claims, indicators[comparable]) for (_, comparable), members in groups.items()
    )


def overlap(one: Figure, other: Figure) -> bool:
    """Return whether two figures could be true of the same thing, by their bounds."""
    return not any(
        upper.upper is not None and lower.lower is not None and upper.upper < lower.lower
        for upper, lower in ((one, other), (other, one))
    )


def _seeming(rows: Sequence[Row], claims: Mapping[str, Claim], comparable: Indicator) -> Seeming:
    first = rows[0]
    subject = first.iri("subject")
    entries = _entries(rows, claims)
    band = Band(subject, "", entries)
    return Seeming(
        subject,
        first.text("year") or first.text("subjectName"),
        comparable,
        len(rows),
        figure_charts([band], comparable.maximum),
        tuple(_reasons(entries, comparable)),
    )


def _entries(rows: Iterable[Row], claims: Mapping[str, Claim]) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for row in rows:
        for statement, quantity, day in (
            ("statement", "quantity", "asOf"),
            ("other", "otherQuantity", "otherAsOf"),
        ):
            claim = claims[row.iri(statement)]
            figure = next(each for each in claim.figures if each.iri == row.iri(quantity))
            found[figure.iri] = Entry(
                figure, claim, row.iri("subject"), row.text("subjectName"), row.count("year"), row.date(day)
            )
    return tuple(sorted(found.values(), key=lambda entry: (entry.figure.number or 0, entry.claim.iri)))


def _reasons(entries: Sequence[Entry], comparable: Indicator) -> Iterator[str]:
    counted = tuple(dict.fromkeys(entry.figure.indicator_name for entry in entries))
    if comparable.name in counted and len(counted) > 1:
        parts = _listed([name for name in counted if name != comparable.name])
        yield f"One number counts a part of what the other counts: {parts}, of all {comparable.name}."
    elif len(counted) > 1:
        yield f"They count different things: {_listed(counted)}."
    if len({entry.as_of for entry in entries}) > 1:
        yield "They count up to different dates."
    stances = {entry.claim.stance for entry in entries}
    if _PLANNED in stances and len(stances) > 1:
        yield "Some are plans, others are reports."
    pairs = combinations((entry.figure for entry in entries), 2)
    if all(overlap(*pair) for pair in pairs) and not any(entry.figure.is_impossible for entry in entries):
        yield "No hedge excludes another: by their bounds, all of them could be true of one thing."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
