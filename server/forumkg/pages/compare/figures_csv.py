"""The reported quantities as a spreadsheet, with hedge, unit, stance, judgement, source and addresses."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from forumkg.pages.quantity_groups import ReportedQuantity

__all__ = ["COLUMNS", "figures_csv"]

COLUMNS: Final = (
    "edition",
    "subject",
    "as_of",
    "counted",
    "figure",
    "hedge",
    "number",
    "unit",
    "lower_bound",
    "lower_bound_is_open",
    "upper_bound",
    "upper_bound_is_open",
    "share",
    "maximum_possible",
    "stance",
    "judgement",
    "curators_notes",
    "publisher",
    "published",
    "article",
    "speakers",
    "speech",
    "paraphrase",
    "page",
    "statement",
    "quantity",
    "indicator",
)


def figures_csv(entries: Iterable[ReportedQuantity], page_of: Callable[[str], str]) -> str:
    """Return a line for each quantity that a statement gives of a subject.

    Args:
        entries: the quantities.
        page_of: returns the address of the page of a thing on this server.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for entry in entries:
        writer.writerow(_line(entry, page_of))
    return text.getvalue()


def _line(entry: ReportedQuantity, page_of: Callable[[str], str]) -> dict[str, str]:
    quantity, statement = entry.quantity, entry.statement
    return {
        "edition": str(entry.year or ""),
        "subject": entry.subject_name,
        "as_of": _day(entry.as_of or quantity.day),
        "counted": quantity.indicator_name,
        "figure": quantity.words,
        "hedge": quantity.hedge,
        "number": _number(quantity.number),
        "unit": quantity.unit,
        "lower_bound": _number(quantity.lower),
        "lower_bound_is_open": _flag(quantity.lower, is_open=quantity.is_lower_open),
        "upper_bound": _number(quantity.upper),
        "upper_bound_is_open": _flag(quantity.upper, is_open=quantity.is_upper_open),
        "share": _number(quantity.ratio),
        "maximum_possible": _number(quantity.maximum),
        "stance": statement.stance,
        "judgement": entry.judgement or statement.rank,
        "curators_notes": " ".join(statement.notes),
        "publisher": statement.publisher_name,
        "published": _day(statement.issued),
        "article": statement.article_name,
        "speakers": "; ".join(dict.fromkeys(speaker.name for speaker in statement.speakers)),
        "speech": statement.speech,
        "paraphrase": statement.headline,
        "page": page_of(statement.iri),
        "statement": statement.iri,
        "quantity": quantity.iri,
        "indicator": quantity.indicator,
    }


def _number(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _flag(bound: Decimal | None, *, is_open: bool) -> str:
    return "" if bound is None else str(is_open).lower()


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
