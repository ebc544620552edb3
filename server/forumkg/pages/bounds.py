"""What printed figures leave possible: the bounds that rules compare, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from forumkg.pages.asking import Ask, Row
from forumkg.pages.figures import Figure, number_words, read_figure
from forumkg.pages.page_queries import iris, page_query

__all__ = ["Bounds", "range_words", "read_bounds"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A figure of a statement, and in words what it leaves possible."""

    statement: str
    figure: Figure
    words: str


def read_bounds(ask: Ask, statements: Iterable[str]) -> tuple[Bounds, ...]:
    """Return the figures of some statements, in the order of these, with their bounds."""
    wanted = tuple(dict.fromkeys(statements))
    if not wanted:
        return ()
    rows = ask.rows(page_query("proof-bounds", statements=iris(wanted)).text)
    return tuple(_bounds(row) for row in sorted(rows, key=lambda row: wanted.index(row.iri("statement"))))


def _bounds(row: Row) -> Bounds:
    figure = read_figure(row)
    words = range_words(
        figure.lower,
        figure.upper,
        is_lower_open=row.flag("isLowerOpen"),
        is_upper_open=row.flag("isUpperOpen"),
    )
    return Bounds(row.iri("statement"), figure, words)


def range_words(
    lower: Decimal | None, upper: Decimal | None, *, is_lower_open: bool, is_upper_open: bool
) -> str:
    """Return a range of numbers in words: `above 500`, `below 120`, `30 or more`, `exactly 576`."""
    if lower is not None and lower == upper:
        return f"exactly {number_words(lower)}"
    parts = []
    if lower is not None:
        parts.append(f"above {number_words(lower)}" if is_lower_open else f"{number_words(lower)} or more")
    if upper is not None:
        parts.append(f"below {number_words(upper)}" if is_upper_open else f"{number_words(upper)} or less")
    return " and ".join(parts) or "any number"
