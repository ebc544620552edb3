"""Lay out a thing and its neighbours as a drawing: the thing in the middle, the others on two arcs beside it.

Each neighbour has a row of its own on its side, so that no two labels overlap, whatever they say. Nothing
is random: the same neighbours give the same drawing.
"""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from forumkg.pages.things.neighbourhood import Neighbour

__all__ = ["Drawing", "NodeBox", "Spot", "cut_lines", "lay_out", "width_of"]

WIDTH: Final = 960.0
_MARGIN: Final = 14.0
_ROW: Final = 70.0
_LINE: Final = 18.0
# From the middle to the nearest and to the farthest label.
_NEAR: Final = 150.0
_FAR: Final = 215.0
_MIDDLE_WIDTH: Final = 200.0
_PADDING: Final = 12.0
_LINES: Final = 2
# A last line of fewer letters gets some of those before it.
_FEW: Final = 3
_MIDDLE_LINES: Final = 4
# What a letter of 14 pixels takes at most, on the average of a line; a wide one takes twice as much:
# https://www.unicode.org/reports/tr11/
_LETTER: Final = 8.2
_WIDE: Final = frozenset("WF")
# What does not end a line, and what does not begin one, by its category:
# https://www.unicode.org/reports/tr14/
_OPENING: Final = frozenset({"Ps", "Pi"})
_CLOSING: Final = frozenset({"Pe", "Pf", "Po"})
# What no text ends with before three dots.
_STOPS: Final = " ,;:，；：、"
# The parts of a date in Chinese, each behind its number.
_PARTS_OF_DATE: Final = frozenset("年月日")
# The direction of a label's text has no effect on what is beside it:
# https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
_ISOLATE: Final = "\u2068{}\u2069"


@dataclass(frozen=True, slots=True)
class NodeBox:
    """A rectangle that a label does not leave."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A neighbour with its place.

    Attributes:
        neighbour: the neighbour.
        by: the name of the property, cut where it is too long.
        lines: its own name, likewise.
        x: where its text begins or ends.
        y: the line of the name of the property; the lines of its own name follow.
        anchor: `start` where the text begins at x, `end` where it ends there.
        path: of the line from the middle, or to the middle.
        box: around its text.
    """

    neighbour: Neighbour
    by: str
    lines: tuple[str, ...]
    x: float
    y: float
    anchor: str
    path: str
    box: NodeBox


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of a size, with the thing in the middle."""

    width: float
    height: float
    middle: NodeBox
    title: tuple[str, ...]
    spots: tuple[Spot, ...]


def lay_out(name: str, neighbours: Sequence[Neighbour]) -> Drawing:
    """Return the drawing of a thing: what points to it on its left, what it points to on its right."""
    towards = [each for each in neighbours if each.is_towards]
    others = [each for each in neighbours if not each.is_towards]
    title = cut_lines(name, _MIDDLE_WIDTH - 2 * _PADDING, _MIDDLE_LINES)
    middle_height = len(title) * _LINE + 2 * _PADDING
    height = max(max(len(towards), len(others)) * _ROW, middle_height) + 2 * _MARGIN
    # Where one side is empty, the other has its room.
    left = (WIDTH - _MIDDLE_WIDTH) / 2 if towards and others else _MARGIN
    left = WIDTH - _MIDDLE_WIDTH - _MARGIN if towards and not others else left
    middle = NodeBox(left, (height - middle_height) / 2, _MIDDLE_WIDTH, middle_height)
    spots = (*_side(others, 1, height, middle), *_side(towards, -1, height, middle))
    return Drawing(WIDTH, height, middle, title, spots)


def _side(neighbours: Sequence[Neighbour], side: int, height: float, middle: NodeBox) -> Iterator[Spot]:
    """Yield the neighbours of one side, 1 for the right and -1 for the left, from the top to the bottom."""
    top = (height - len(neighbours) * _ROW) / 2
    for row, neighbour in enumerate(neighbours):
        center = top + (row + 0.5) * _ROW
        # On an ellipse: the farther from the middle row, the nearer to the middle column.
        away = (center - height / 2) / (height / 2)
        distance = _NEAR + (_FAR - _NEAR) * math.sqrt(max(0.0, 1 - away * away))
        yield _spot(neighbour, side, middle.x + middle.width / 2 + side * distance, center, middle)


def _spot(neighbour: Neighbour, side: int, x: float, center: float, middle: NodeBox) -> Spot:
    available = (WIDTH - x if side > 0 else x) - _MARGIN
    lines = cut_lines(neighbour.text, available, _LINES)
    height = (len(lines) + 1) * _LINE
    edge = middle.x + middle.width * (side > 0)
    end = x - side * 8
    bend = (edge + end) / 2
    start_y = middle.y + middle.height / 2
    ends = ((edge, start_y), (end, center))
    (x1, y1), (x2, y2) = reversed(ends) if neighbour.is_towards else ends
    return Spot(
        neighbour=neighbour,
        by="".join(cut_lines(neighbour.by, available, 1)),
        lines=lines,
        x=round(x, 1),
        y=round(center - height / 2 + _LINE * 0.75, 1),
        anchor="start" if side > 0 else "end",
        path=f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}",
        box=NodeBox(x if side > 0 else x - available, center - height / 2, available, height),
    )


def width_of(text: str) -> float:
    """Return the most that a text takes in a drawing, in pixels."""
    wide = sum(unicodedata.east_asian_width(letter) in _WIDE for letter in text)
    return (len(text) + wide) * _LETTER


def cut_lines(text: str, width: float, most: int) -> tuple[str, ...]:
    """Return a text in lines of a width at most; what does not fit is left out, and said so by three dots."""
    shown = " ".join(text[: int(most * width / _LETTER) + 1].split())
    is_cut = len(" ".join(text[:10_000].split())) > len(shown)
    lines, rest = _lines(shown, width, most)
    if (rest or is_cut) and lines:
        lines[-1] = _fitting(f"{lines[-1].rstrip(_STOPS)}…", width)
    elif len(lines) > 1 and len(lines[-1]) < _FEW:
        narrower, rest = _lines(shown, width - _FEW * 2 * _LETTER, most)
        lines = lines if rest else narrower
    return tuple(_ISOLATE.format(line) for line in lines)


def _lines(text: str, width: float, most: int) -> tuple[list[str], str]:
    """Return a text in lines of a width, and what does not fit into the lines."""
    lines: list[str] = []
    while text and len(lines) < most:
        line = _line(text, width)
        lines.append(line.strip())
        text = text[len(line) :].strip()
    return lines, text


def _line(text: str, width: float) -> str:
    """Return what of a text fits into a line: whole words, or as much of the first as there is room for."""
    fitting = 0
    while fitting < len(text) and width_of(text[: fitting + 1]) <= width:
        fitting += 1
    if fitting == len(text):
        return text
    space = text.rfind(" ", 0, fitting + 1)
    if space > 0:
        return text[:space]
    return text[: next((end for end in range(fitting, 1, -1) if _may_break(text, end)), max(fitting, 1))]


def _may_break(text: str, end: int) -> bool:
    """Return whether a line of Chinese may end before a place: not in a number, a date or its brackets."""
    before, after = text[end - 1], text[end]
    if (before.isdigit() and after in _PARTS_OF_DATE) or (before in _PARTS_OF_DATE and after.isdigit()):
        return False
    wide = unicodedata.east_asian_width(before) in _WIDE or unicodedata.east_asian_width(after) in _WIDE
    return (
        wide and unicodedata.category(before) not in _OPENING and unicodedata.category(after) not in _CLOSING
    )


def _fitting(text: str, width: float) -> str:
    while width_of(text) > width and len(text) > 1:
        text = f"{text[:-2].rstrip(_STOPS)}…"
    return text
