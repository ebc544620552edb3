"""Draw figures and bars on a scale, as SVG that needs no more than the style sheet.

Each drawing is as wide as its place and has no viewBox: along it all is in per cent, and only shapes have a
size, so that nothing shrinks on a narrow screen. A drawing goes beside words that say the same: it is hidden
from screen readers.
https://svgwg.org/svg2-draft/coords.html#Units
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal
from xml.etree import ElementTree as ET

from markupsafe import Markup

from forumkg.pages.languages import DEFAULT, gettext, language
from forumkg.pages.quantities import number_words
from forumkg.pages.scales import FULL, Scale
from forumkg.pages.svg import add, drawing_of, percent, written

__all__ = ["Mark", "Shape", "draw_axis", "draw_bar", "draw_disc", "draw_ends", "draw_marks", "tick_words"]

Shape = Literal["dot", "from", "to", "about"]
_AXIS_LINE: Final = 18
# From where to where a mark is struck through.
_STRIKES: Final = {"dot": (-11, 11), "about": (-11, 11), "from": (-5, 25), "to": (-25, 5)}
# Half of the least length of a stretch: a narrow one would not be seen to be one.
_STRETCH_HALF: Final = 12
# The limit's words end at it where they would pass the end of the axis.
_WIDE: Final = 70
# The length of an arrow, and half of its height.
_ARROW: Final = 28
_ARROW_HALF: Final = 9
_ONGOING: Final = "ongoing"
_LARGE: Final = ((Decimal(10**9), " billion"), (Decimal(10**6), " million"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure to draw.

    Attributes:
        shape: a dot; a tick from which, or to which, it may be more or less; a stretch.
        number: where it lies.
        lower: where its stretch begins, if it is one.
        upper: where its stretch ends.
        stance: `planned` is drawn in outline, `ongoing` with its lower half filled, all else filled.
        is_disputed: whether it is struck through.
    """

    shape: Shape
    number: Decimal
    lower: Decimal
    upper: Decimal
    stance: str = ""
    is_disputed: bool = False


def draw_marks(scale: Scale, marks: tuple[Mark, ...]) -> Markup:
    """Return the drawing of marks on one line, over the lines of the scale."""
    drawing = drawing_of("plot")
    _grid(drawing, scale)
    for mark in marks:
        _mark(drawing, scale, mark)
    return written(drawing)


def draw_bar(scale: Scale, number: Decimal) -> Markup:
    """Return the drawing of a bar from 0 to a number."""
    drawing = drawing_of("plot")
    _grid(drawing, scale)
    add(drawing, "rect", class_="bar", x="0", y="25%", width=percent(scale.place(number)), height="50%")
    return written(drawing)


def draw_disc(parent: ET.Element, stance: str, radius: float) -> None:
    """Draw a disc at the origin of an element; the style sheet fills it by the class of its group."""
    size = f"{radius:.3g}"
    add(parent, "circle", class_="head", r=size)
    if stance == _ONGOING:
        add(parent, "path", class_="half", d=f"M-{size} 0A{size} {size} 0 0 0 {size} 0Z")


def draw_axis(scale: Scale) -> Markup:
    """Return the drawing of the numbers of a scale, for under the lines."""
    drawing = drawing_of("axis" if scale.limit is None else "axis limited")
    for number in scale.ticks:
        _tick(drawing, scale.place(number), tick_words(number))
    if scale.limit is not None:
        _tick(drawing, scale.reach, tick_words(scale.limit), "limit")
        words = gettext("maximum possible")
        add(
            drawing,
            "text",
            words,
            class_="limit",
            x=percent(scale.reach),
            y=str(2 * _AXIS_LINE),
            anchor="end" if scale.reach > _WIDE else "middle",
        )
    return written(drawing)


def draw_ends(scale: Scale) -> Markup:
    """Return the drawing of the two numbers at the ends of a scale, for over small charts."""
    drawing = drawing_of("axis")
    place = scale.place(scale.last)
    add(drawing, "text", "0", x="0", y=str(_AXIS_LINE))
    add(drawing, "text", tick_words(scale.last), x=percent(place), y=str(_AXIS_LINE), anchor="end")
    return written(drawing)


def tick_words(number: Decimal) -> str:
    """Return a number as it stands at an axis, such as `2.5 million`."""
    for unit, name in _LARGE if language() == DEFAULT else ():
        if number >= unit:
            return number_words(number / unit) + name
    return number_words(number)


def _grid(drawing: ET.Element, scale: Scale) -> None:
    for number in scale.ticks:
        _line(drawing, "zero" if number == 0 else "grid", scale.place(number))
    if scale.reach < 100:  # noqa: PLR2004 (per cent)
        add(
            drawing, "rect", class_="beyond", x=percent(scale.reach), y="0",
            width=percent(100 - scale.reach), height="100%",
        )  # fmt: skip
    if scale.limit is not None:
        _line(drawing, "limit", scale.reach)


def _mark(drawing: ET.Element, scale: Scale, mark: Mark) -> None:
    names = ["mark", mark.stance, "disputed" if mark.is_disputed else ""]
    group = add(drawing, "g", class_=" ".join(filter(None, names)))
    if mark.shape == "about":
        start, end = scale.place(mark.lower), scale.place(mark.upper)
        add(group, "line", class_="stretch", x1=percent(start), x2=percent(end), y1="50%", y2="50%")
    place = scale.place(mark.number)
    # A drawing inside the drawing has its origin where the mark lies, and shapes in pixels.
    if mark.shape in {"dot", "about"}:
        spot = add(group, "svg", x=percent(place), y="50%", overflow="visible")
        if mark.shape == "about":
            add(spot, "path", class_="stretch", d=f"M-{_STRETCH_HALF} 0H{_STRETCH_HALF}")
        draw_disc(spot, mark.stance, 6 if mark.shape == "dot" else 4)
    else:
        way = 1 if mark.shape == "from" else -1
        spot = _arrow_spot(group, scale, place, way)
        add(spot, "path", class_="tick", d="M0-9V9")
        add(spot, "path", class_="shaft", d=f"M0 0H{18 * way}")
        add(spot, "path", class_="head", d=f"M{28 * way} 0L{17 * way}-6V6Z")
        if mark.stance == _ONGOING:
            add(spot, "path", class_="half", d=f"M{28 * way} 0H{17 * way}V6Z")
    if mark.is_disputed:
        start, end = _STRIKES[mark.shape]
        add(spot, "path", class_="strike", d=f"M{start} 11L{end}-11")


def _arrow_spot(group: ET.Element, scale: Scale, place: float, way: int) -> ET.Element:
    """Return the drawing for an arrow, which shrinks where there is little room.

    It lies between the mark and the end of the scale that the arrow points to: no arrow passes an end, and
    none crosses from what is possible into what is not.
    https://svgwg.org/svg2-draft/coords.html#PreserveAspectRatioAttribute
    """
    middle = add(group, "svg", y="50%", width="100%", overflow="visible")
    end = scale.reach if place < scale.reach else FULL
    start, room = (place, round(end - place, 2)) if way > 0 else (0.0, place)
    sizes = {
        "x": percent(start),
        "y": str(-_ARROW_HALF),
        "width": percent(room),
        "height": str(2 * _ARROW_HALF),
        "viewBox": f"{min(0, way * _ARROW)} {-_ARROW_HALF} {_ARROW} {2 * _ARROW_HALF}",
        "preserveAspectRatio": "xMinYMid" if way > 0 else "xMaxYMid",
    }
    return add(middle, "svg", overflow="visible", **sizes)


def _tick(drawing: ET.Element, place: float, words: str, name: str = "tick") -> None:
    add(drawing, "text", words, class_=name, x=percent(place), y=str(_AXIS_LINE), anchor="middle")


def _line(drawing: ET.Element, name: str, place: float) -> None:
    add(drawing, "line", class_=name, x1=percent(place), x2=percent(place), y1="0", y2="100%")
