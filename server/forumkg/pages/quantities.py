"""Printed figures: a number, its hedge and what it counts, in words and as bounds."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from forumkg.namespaces import ID
from forumkg.pages.graph import Row

__all__ = ["Figure", "number_words", "read_figure"]

# What people call the units that the graph has by their UCUM codes: https://ucum.org/ucum
_UNITS: Final = {"a": "years", "d": "days", "h": "hours", "m2": "m²", "%": "%"}
_EXACT: Final = f"{ID}code/exact"


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity as it is shown.

    Attributes:
        iri: of the quantity.
        number: the printed number; None where only a share is printed.
        comparator: the IRI of the coded value of the hedge.
        hedge: the hedge in words, such as `more than`.
        lower: below which it cannot lie, None where nothing says so.
        upper: above which it cannot lie, likewise.
        unit: the UCUM code of the unit, or the ISO 4217 code of the currency.
        ratio: the share of a larger indicator, from 0 to 1.
        indicator: the IRI of what is counted, and beside it its name.
        maximum: the most that is possible, where the curators know it.
    """

    iri: str
    number: Decimal | None
    comparator: str
    hedge: str
    lower: Decimal | None
    upper: Decimal | None
    unit: str
    ratio: Decimal | None
    indicator: str
    indicator_name: str
    maximum: Decimal | None = None

    @property
    def words(self) -> str:
        """The figure as people say it: `more than 650`, `nearly 120`, `800`."""
        if self.number is None:
            amount = "" if self.ratio is None else f"{number_words(self.ratio * 100)} %"
        else:
            amount = " ".join(filter(None, (number_words(self.number), self.unit_words)))
        return amount if self.comparator in {"", _EXACT} else f"{self.hedge} {amount}"

    @property
    def unit_words(self) -> str:
        """The unit as people write it: `m²`, `days`, `USD`; `%` where only a share is printed."""
        return "%" if self.number is None else _UNITS.get(self.unit, self.unit)

    @property
    def is_impossible(self) -> bool:
        """Whether it lies wholly above the most that is possible."""
        return self.maximum is not None and self.lower is not None and self.lower > self.maximum


def number_words(number: Decimal) -> str:
    """Return a number as people write it: with commas, without needless zeros."""
    return f"{number.normalize():,f}"


def read_figure(row: Row) -> Figure:
    """Return the figure of a row of the query `claim-figures`."""
    return Figure(
        iri=row.iri("quantity"),
        number=row.number("number"),
        comparator=row.iri("comparator"),
        hedge=row.text("hedge"),
        lower=row.number("lower"),
        upper=row.number("upper"),
        unit=row.text("unit") or row.text("currency"),
        ratio=row.number("ratio"),
        indicator=row.iri("indicator"),
        indicator_name=row.text("indicatorName"),
        maximum=row.number("maximum"),
    )
