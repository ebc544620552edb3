"""Read what pages quote of the documents in `docs/`: the points of a section, and the rows of a table.

Only so much of Markdown as those documents have: https://spec.commonmark.org/ and, for tables,
https://github.github.com/gfm/#tables-extension-
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Run", "Section", "Table", "runs", "sections"]

_HEADING: Final = re.compile(r"#{2,3} (?P<title>.+)")
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_STRONG: Final = re.compile(r"\*\*(?!\s)(.+?)\*\*")
_CODE: Final = re.compile(r"`([^`]+)`")
_RULE: Final = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")


@dataclass(frozen=True, slots=True)
class Run:
    """Words, code, or words that are set in bold."""

    text: str
    is_code: bool = False
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the cells of its head, and of each row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the second or third level, without those below it.

    Attributes:
        title: its heading.
        text: its paragraphs, each on one line.
        points: the points of its lists.
        tables: its tables.
    """

    title: str
    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def sections(text: str) -> tuple[Section, ...]:
    """Return the sections of a document; what stands above the first heading is left out."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if heading := _HEADING.fullmatch(line):
            found.append((heading["title"], []))
        elif found:
            found[-1][1].append(line)
    return tuple(_section(title, lines) for title, lines in found)


def runs(text: str) -> tuple[Run, ...]:
    """Return words, code and strong words in turn; of a link its words, for it leads nowhere from here."""
    strong = _STRONG.split(_LINK.sub(r"\1", text))
    return tuple(
        Run(part, is_code=bool(number % 2), is_strong=bool(place % 2))
        for place, piece in enumerate(strong)
        for number, part in enumerate(_CODE.split(piece))
        if part
    )


def _section(title: str, lines: Iterable[str]) -> Section:
    blocks = [block for block in _blocks(lines) if not block[0].startswith(("<!--", "```"))]
    tables = tuple(_table(block) for block in blocks if block[0].startswith("|"))
    points = tuple(point for block in blocks if block[0].startswith("- ") for point in _points(block))
    text = tuple(" ".join(block) for block in blocks if not block[0].startswith(("|", "- ")))
    return Section(title, text, points, tables)


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line.rstrip())
        elif block:
            yield block
            block = []


def _points(block: Iterable[str]) -> Iterator[str]:
    point: list[str] = []
    for line in block:
        if line.startswith("- ") and point:
            yield " ".join(point)
            point = []
        point.append(line.removeprefix("- ").strip())
    yield " ".join(point)


def _table(block: list[str]) -> Table:
    rows = [_cells(line) for line in block if not _RULE.fullmatch(line)]
    return Table(rows[0], tuple(rows[1:]))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|"))
