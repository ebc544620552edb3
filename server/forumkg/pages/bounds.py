"""The bounds of printed figures, in words: above 500, no upper bound."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forumkg.pages.graph import Ask, Row
from forumkg.pages.page_queries import page_query
from forumkg.pages.quantities import number_words

__all__ = ["Bounds", "read_bounds"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what a figure lies; None where nothing bounds it."""

    quantity: str
    lower: Decimal | None = None
    is_lower_open: bool = False
    upper: Decimal | None = None
    is_upper_open: bool = False
    day: date | None = None

    @property
    def words(self) -> str:
        """The bounds as people say them; empty where there is none."""
        if self.lower is None and self.upper is None:
            return ""
        if self.lower == self.upper and not self.is_lower_open and not self.is_upper_open:
            return f"exactly {number_words(self.lower or Decimal())}"
        return f"{self._lower_words()}, {self._upper_words()}"

    def _lower_words(self) -> str:
        if self.lower is None:
            return "no lower bound"
        number = number_words(self.lower)
        return f"above {number}" if self.is_lower_open else f"{number} or more"

    def _upper_words(self) -> str:
        if self.upper is None:
            return "no upper bound"
        number = number_words(self.upper)
        return f"below {number}" if self.is_upper_open else f"{number} or less"


def read_bounds(ask: Ask, iri: str) -> tuple[Bounds, ...]:
    """Return the bounds of a quantity, or of those of a statement."""
    return tuple(map(_bounds, ask.rows(page_query("figure-bounds", thing=iri).text)))


def _bounds(row: Row) -> Bounds:
    return Bounds(
        row.iri("quantity"),
        row.number("lower"),
        row.flag("lowerOpen"),
        row.number("upper"),
        row.flag("upperOpen"),
        row.date("day"),
    )
