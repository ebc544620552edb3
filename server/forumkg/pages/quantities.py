"""Printed figures: a number, its hedge and what it counts, in words and as bounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from forumkg.namespaces import ID
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import N_, gettext, language, translate
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.translated_text import plain

__all__ = ["Quantity", "number_words", "read_quantities", "read_quantity"]

# Common names of units, by their UCUM codes: https://ucum.org/ucum
_UNITS: Final = {"a": N_("years"), "d": N_("days"), "h": N_("hours"), "m2": N_("m²"), "%": "%"}
# Codes that have names in other languages.
_CURRENCIES: Final = (N_("CNY"), N_("USD"), N_("EUR"))
# Chinese counts in hundred millions and ten thousands: each unit, and from which number on.
_CHINESE: Final = ((Decimal(10**8), "亿", 10**8), (Decimal(10**4), "万", 10**5))
_EXACT: Final = f"{ID}code/exact"


@dataclass(frozen=True, slots=True)
class Quantity:
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
        is_lower_open: whether it lies above the lower bound, which is then not possible itself.
        is_upper_open: whether it lies below the upper bound, likewise.
        day: the day as of which it counts, where the source gives one.
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
    is_lower_open: bool = False
    is_upper_open: bool = False
    day: date | None = None

    @property
    def words(self) -> str:
        """The figure as people say it in the language of the page: `more than 650`, `nearly 120`, `800`."""
        if self.number is None:
            amount = "" if self.ratio is None else f"{number_words(self.ratio * 100)}%"
        elif self.unit_words:
            parts = {"number": number_words(self.number), "unit": self.unit_words}
            amount = gettext("%(number)s %(unit)s") % parts
        else:
            amount = number_words(self.number)
        if self.comparator in {"", _EXACT}:
            return amount
        return gettext("%(hedge)s %(amount)s") % {"hedge": plain(self.hedge), "amount": amount}

    @property
    def unit_words(self) -> str:
        """The unit as people write it: `m²`, `days`, `USD`; `%` where only a share is printed."""
        return "%" if self.number is None else translate(_UNITS.get(self.unit, self.unit))

    @property
    def bounds(self) -> str:
        """The bounds in words: `above 500, no upper bound`; empty where there are none."""
        if self.lower is None and self.upper is None:
            return ""
        if self.lower == self.upper and not self.is_lower_open and not self.is_upper_open:
            return gettext("exactly %(number)s") % {"number": number_words(self.lower or Decimal())}
        return f"{self._lower_words()}{gettext(', ')}{self._upper_words()}"

    def _lower_words(self) -> str:
        if self.lower is None:
            return gettext("no lower bound")
        words = gettext("above %(number)s") if self.is_lower_open else gettext("%(number)s or more")
        return words % {"number": number_words(self.lower)}

    def _upper_words(self) -> str:
        if self.upper is None:
            return gettext("no upper bound")
        words = gettext("below %(number)s") if self.is_upper_open else gettext("%(number)s or less")
        return words % {"number": number_words(self.upper)}

    @property
    def is_impossible(self) -> bool:
        """Whether it lies wholly above the most that is possible."""
        return self.maximum is not None and self.lower is not None and self.lower > self.maximum


def number_words(number: Decimal) -> str:
    """Return a number as people write it in the language of the page: with commas, without needless zeros."""
    for unit, name, least in _CHINESE if language() == "zh" else ():
        if number >= least and number % (unit / 100) == 0:
            return f"{(number / unit).normalize():,f}{name}"
    return f"{number.normalize():,f}"


def read_quantities(graph: Graph, quantities: Iterable[str]) -> tuple[Quantity, ...]:
    """Return quantities without the statements that give them."""
    wanted = tuple(quantities)
    if not wanted:
        return ()
    return tuple(map(read_quantity, graph.select(page_query("figure-names", quantities=iris(wanted)).text)))


def read_quantity(row: Row) -> Quantity:
    """Return the quantity of a row of the query `statement-quantities`."""
    return Quantity(
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
        is_lower_open=row.flag("lowerOpen"),
        is_upper_open=row.flag("upperOpen"),
        day=row.date("day"),
    )
