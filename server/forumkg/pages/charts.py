"""Charts of printed figures: one line for each, under its edition or other subject.

Figures of different sources and populations are put one below the other, and never joined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from forumkg.pages.languages import N_, gettext
from forumkg.pages.plots import Mark, Shape, draw_axis, draw_bar, draw_ends, draw_marks, tick_words
from forumkg.pages.quantities import Quantity
from forumkg.pages.quantity_groups import QuantityGroup, ReportedQuantity, agreeing
from forumkg.pages.scales import FULL, Scale, scale_for
from forumkg.pages.stances import STANCES, strength

__all__ = [
    "BarChart",
    "ChartBand",
    "Lane",
    "QuantityChart",
    "Sample",
    "Sparklines",
    "bar_chart",
    "quantity_charts",
    "samples",
    "sparklines",
]

_NOTHING: Final = Markup()
_WHOLE: Final = Decimal(100)
_ROOM: Final = Decimal("1.05")
_SHAPES: Final[dict[Shape, str]] = {
    "dot": N_("dot: exactly"),
    "from": N_("arrow to the right: more than, at least"),
    "to": N_("arrow to the left: nearly, less than, at most"),
    "about": N_("bar: about"),
}


@dataclass(frozen=True, slots=True)
class Lane:
    """A figure, its drawing, and whether it lies off the scale."""

    entry: ReportedQuantity
    plot: Markup
    is_off: bool


@dataclass(frozen=True, slots=True)
class ChartBand:
    """A subject and the lines of its figures."""

    name: str
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class QuantityChart:
    """The figures of one unit, on one scale."""

    unit: str
    bands: tuple[ChartBand, ...]
    axis: Markup
    limit: Decimal | None

    @property
    def entries(self) -> tuple[ReportedQuantity, ...]:
        """The figures, in the order of the chart."""
        return tuple(lane.entry for band in self.bands for lane in band.lanes)


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry of the legend: a way to draw a figure, and its meaning.

    Attributes:
        aspect: `shape`, `fill` or `color`.
        plot: an example.
        words: its meaning.
    """

    aspect: str
    plot: Markup
    words: str


@dataclass(frozen=True, slots=True)
class Sparklines:
    """Small charts of the figures of subjects, on one scale.

    Attributes:
        lines: each subject with its drawing: none without a figure, or without another on the scale.
        axis: a drawing of the ends of the scale.
        axis_words: the same in words, such as `axis from 0 to 700`; empty without a drawing.
    """

    lines: tuple[tuple[QuantityGroup, Markup], ...]
    axis: Markup = _NOTHING
    axis_words: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Numbers with their names, and a bar of each."""

    rows: tuple[tuple[str, Decimal, Markup], ...]
    axis: Markup


def quantity_charts(
    bands: Iterable[QuantityGroup], limit: Decimal | None = None
) -> tuple[QuantityChart, ...]:
    """Return a chart for each unit that figures are given in, in the order of their first.

    Args:
        bands: the figures by their subjects; a subject without figures is shown in the first chart.
        limit: the most that is possible.
    """
    bands = tuple(bands)
    units = dict.fromkeys(entry.quantity.unit_words for band in bands for entry in band.entries)
    filled = tuple(band for band in bands if band.entries)
    return tuple(_chart(unit, filled if place else bands, limit) for place, unit in enumerate(units))


def bar_chart(rows: Sequence[tuple[str, Decimal]]) -> BarChart:
    """Return a chart of numbers of any kind, one bar for each, in the order in which they are given."""
    scale = scale_for(number for _, number in rows)
    return BarChart(tuple((name, number, draw_bar(scale, number)) for name, number in rows), draw_axis(scale))


def samples(entries: Iterable[ReportedQuantity]) -> tuple[Sample, ...]:
    """Return the legend of the ways in which figures are drawn."""
    entries = tuple(entries)
    shapes = {_shape(entry.quantity) for entry in entries}
    found = [
        Sample("shape", _sample(shape), gettext(words)) for shape, words in _SHAPES.items() if shape in shapes
    ]
    stances = {entry.statement.stance for entry in entries}
    found += [
        Sample("fill", _sample("dot", stance.code), gettext(stance.legend))
        for stance in STANCES
        if stance.code in stances
    ]
    if any(entry.is_disputed for entry in entries):
        words = gettext("red, struck through: judged wrong or impossible")
        found.append(Sample("color", _sample("dot", is_disputed=True), words))
    return tuple(found)


def sparklines(
    bands: Sequence[QuantityGroup], shared_scale: Iterable[ReportedQuantity], limit: Decimal | None = None
) -> Sparklines:
    """Return all figures of a subject on one line, for a small chart.

    Args:
        bands: the figures by their subjects; for none there is no drawing, and those of another unit than the
            first are not drawn.
        shared_scale: the quantities that the scale has to hold.
        limit: the most that is possible.
    """
    unit = next((entry.quantity.unit_words for band in bands for entry in band.entries), "")
    sharing = [entry for entry in shared_scale if entry.quantity.unit_words == unit]
    if limit is None and len({_extent(entry.quantity) for entry in sharing}) < 2:  # noqa: PLR2004 (to compare)
        return Sparklines(tuple((band, Markup()) for band in bands))
    scale = _scale(sharing, limit)
    return Sparklines(
        tuple((band, _line(scale, band, unit) if band.entries else Markup()) for band in bands),
        draw_ends(scale),
        _axis_words(scale, unit),
    )


def _axis_words(scale: Scale, unit: str) -> str:
    number = tick_words(scale.last)
    end = gettext("%(number)s %(unit)s") % {"number": number, "unit": unit} if unit else number
    if scale.limit is None:
        return gettext("axis from 0 to %(end)s") % {"end": end}
    if scale.reach < FULL:
        return gettext("axis from 0 to %(end)s, the maximum possible, and beyond") % {"end": end}
    return gettext("axis from 0 to %(end)s, the maximum possible") % {"end": end}


def _line(scale: Scale, band: QuantityGroup, unit: str) -> Markup:
    drawn = [each for each in band.entries if each.quantity.unit_words == unit]
    # One mark for equal quantities; what is drawn last lies on top: the strongest stance.
    marks = [_mark(each.strongest) for each in agreeing(drawn)]
    return draw_marks(scale, tuple(sorted(marks, key=lambda mark: strength(mark.stance))))


def _chart(unit: str, bands: Sequence[QuantityGroup], limit: Decimal | None) -> QuantityChart:
    kept = [(band, [each for each in band.entries if each.quantity.unit_words == unit]) for band in bands]
    scale = _scale([entry for _, entries in kept for entry in entries], limit)
    return QuantityChart(
        unit,
        tuple(
            ChartBand(band.name, tuple(_lane(scale, entry) for entry in entries))
            for band, entries in kept
            if entries or not band.entries
        ),
        draw_axis(scale),
        scale.limit,
    )


def _scale(entries: Sequence[ReportedQuantity], limit: Decimal | None) -> Scale:
    numbers = [
        (number, entry.is_disputed) for entry in entries for number in (*_extent(entry.quantity), _tip(entry))
    ]
    whole = [_WHOLE for entry in entries if entry.quantity.unit_words == "%"]
    return scale_for(
        (*whole, *(number for number, is_disputed in numbers if not is_disputed)),
        others=(number for number, is_disputed in numbers if is_disputed),
        limit=limit,
    )


def _tip(entry: ReportedQuantity) -> Decimal:
    """Return up to where the scale goes for a quantity: an arrow to the right needs room for its head."""
    number = _extent(entry.quantity)[1]
    return number * _ROOM if _shape(entry.quantity) == "from" else number


def _lane(scale: Scale, entry: ReportedQuantity) -> Lane:
    mark = _mark(entry)
    return Lane(entry, draw_marks(scale, (mark,)), scale.is_off(mark.number))


def _mark(entry: ReportedQuantity) -> Mark:
    quantity = entry.quantity
    lower, number, upper = _extent(quantity)
    return Mark(_shape(quantity), number, lower, upper, entry.statement.stance, entry.is_disputed)


def _extent(quantity: Quantity) -> tuple[Decimal, Decimal, Decimal]:
    """Return from where to where a figure is drawn, and its number between them."""
    number = quantity.number
    if number is None:
        shown = Decimal(0) if quantity.ratio is None else quantity.ratio * _WHOLE
        return shown, shown, shown
    if _shape(quantity) != "about" or quantity.lower is None or quantity.upper is None:
        return number, number, number
    return quantity.lower, number, quantity.upper


def _sample(shape: Shape, stance: str = "", *, is_disputed: bool = False) -> Markup:
    # An arrow begins at one side, all else stands in the middle.
    place = Decimal({"from": 1, "to": 9}.get(shape, 5))
    mark = Mark(shape, place, Decimal(1), Decimal(9), stance, is_disputed)
    return draw_marks(Scale(Decimal(10), Decimal(20)), (mark,))


def _shape(quantity: Quantity) -> Shape:
    if quantity.lower is not None and quantity.upper is None:
        return "from"
    if quantity.upper is not None and quantity.lower is None:
        return "to"
    return "dot" if quantity.lower == quantity.upper else "about"
