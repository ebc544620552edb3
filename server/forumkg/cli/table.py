"""Draw a table of text, aligned also with wide characters.

https://www.unicode.org/reports/tr11/
"""

import re
from collections.abc import Sequence
from typing import Final
from unicodedata import combining, east_asian_width

__all__ = ["draw"]

_NUMBER: Final = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?|")
_GAP: Final = "  "


def draw(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the lines of a table: a head, a rule, the rows; columns of numbers are aligned right."""
    cells = [[_one_line(cell) for cell in row] for row in rows]
    by_column = [[row[index] for row in cells] for index in range(len(columns))]
    widths = [max(map(_width, (name, *column))) for name, column in zip(columns, by_column, strict=True)]
    right = [bool(column) and all(map(_NUMBER.fullmatch, column)) for column in by_column]
    lines = [columns, ["-" * width for width in widths], *cells]
    return "".join(f"{_line(line, widths, right)}\n" for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        " " * (width - _width(cell)) + cell if is_right else cell + " " * (width - _width(cell))
        for cell, width, is_right in zip(cells, widths, right, strict=True)
    )
    return _GAP.join(padded).rstrip()


def _one_line(cell: str) -> str:
    """Return a cell without line breaks and control characters."""
    return "".join(char if char.isprintable() else " " for char in cell)


def _width(text: str) -> int:
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
