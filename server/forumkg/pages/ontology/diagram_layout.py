"""Lay out a diagram of classes: boxes in columns, a line from each property to the class of its values.

Subclasses are below their class, indented. Sections of the ontology stay together, in the columns of
`diagram-columns.json`, which `make docs` writes; a section that the file lacks goes to the shortest column.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from forumkg.pages.ontology.ontology import Ontology
from forumkg.pages.ontology.terms import OntologyTerm

__all__ = [
    "COLUMNS_FILE",
    "HEADER",
    "ROW",
    "Box",
    "Connector",
    "Diagram",
    "DiagramSection",
    "lay_out",
    "sections_of",
]

COLUMNS_FILE: Final = Path(__file__).with_name("diagram-columns.json")

HEADER: Final = 34
ROW: Final = 22
_WIDTH: Final = 210
_INDENT: Final = 16
_BETWEEN_COLUMNS: Final = 54
_BETWEEN_BOXES: Final = 18
_BETWEEN_SECTIONS: Final = 34
_PADDING: Final = 8
_COLUMNS: Final = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A class: where its box lies, and the properties that are its rows."""

    term: OntologyTerm
    rows: tuple[OntologyTerm, ...]
    x: int
    y: int
    width: int
    column: int

    @property
    def height(self) -> int:
        """Its height."""
        return _height(self.rows)


@dataclass(frozen=True, slots=True)
class Connector:
    """A property: from where its row ends to the box of the class of its values.

    Attributes:
        passes: where it crosses the columns between, through gaps between their boxes: from which x to
            which, and at which y.
    """

    term: OntologyTerm
    start: tuple[int, int]
    end: tuple[int, int]
    leaves_right: bool
    arrives_right: bool
    passes: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram: its size, its boxes, the lines between them, and the boxes that are kinds of another."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Connector, ...]
    kinds: tuple[tuple[Box, Box], ...]


@dataclass(frozen=True, slots=True)
class DiagramSection:
    """The classes of a section of the ontology.

    Attributes:
        title: of the section.
        members: the classes, each with its depth below a class of the section.
        rows: the properties of each class, by its IRI.
    """

    title: str
    members: tuple[tuple[OntologyTerm, int], ...]
    rows: Mapping[str, tuple[OntologyTerm, ...]]

    @property
    def height(self) -> int:
        """The height of its boxes with the space between them, in pixels."""
        return sum(_height(self.rows[term.iri]) + _BETWEEN_BOXES for term, _ in self.members)


def lay_out(ontology: Ontology) -> Diagram:
    """Return the diagram of an ontology, without properties that have no domain."""
    boxes: dict[str, Box] = {}
    for column, sections in enumerate(_columns(sections_of(ontology))):
        y = 0
        for section in sections:
            for term, depth in section.members:
                indent = depth * _INDENT
                x = column * (_WIDTH + _BETWEEN_COLUMNS) + indent
                box = Box(term, section.rows[term.iri], x, y, _WIDTH - indent, column)
                boxes[term.iri] = box
                y += box.height + _BETWEEN_BOXES
            y += _BETWEEN_SECTIONS - _BETWEEN_BOXES
    kinds = tuple(
        (boxes[parent.iri], box)
        for box in boxes.values()
        for parent in box.term.parents
        if parent.iri in boxes
    )
    return Diagram(
        width=max((box.x + box.width for box in boxes.values()), default=0),
        height=max((box.y + box.height for box in boxes.values()), default=0),
        boxes=tuple(boxes.values()),
        lines=tuple(_lines(boxes)),
        kinds=kinds,
    )


def sections_of(ontology: Ontology) -> tuple[DiagramSection, ...]:
    """Return the sections of an ontology that have classes."""
    rows: defaultdict[str, list[OntologyTerm]] = defaultdict(list)
    for term in ontology.terms:
        for each in term.domain:
            if term.kind == "property between things":
                rows[each.iri].append(term)
    known = {term.iri: term for term in ontology.terms if term.is_class}
    sections = []
    for section in ontology.sections:
        roots = [each for each in section.terms if each.is_class and not _is_below(each, known)]
        members = tuple(member for root in roots for member in _with_kinds(root, known, 0))
        if members:
            sections.append(DiagramSection(section.title, members, {iri: tuple(rows[iri]) for iri in known}))
    return tuple(sections)


def _is_below(term: OntologyTerm, known: Mapping[str, OntologyTerm]) -> bool:
    return any(parent.iri in known for parent in term.parents)


def _with_kinds(
    term: OntologyTerm, known: Mapping[str, OntologyTerm], depth: int
) -> Iterable[tuple[OntologyTerm, int]]:
    yield term, depth
    below = {each.iri for each in term.children}
    for iri, each in known.items():
        if iri in below:
            yield from _with_kinds(each, known, depth + 1)


def _columns(sections: Sequence[DiagramSection]) -> list[list[DiagramSection]]:
    """Return the sections of each column: as the file says, the others in the shortest column."""
    places: dict[str, int] = {}
    for column, titles in enumerate(json.loads(COLUMNS_FILE.read_text(encoding="utf-8"))):
        places |= dict.fromkeys(titles, column)
    order = {title: place for place, title in enumerate(places)}
    columns: list[list[DiagramSection]] = [[] for _ in range(_COLUMNS)]
    for section in sorted(sections, key=lambda section: order.get(section.title, len(order))):
        heights = [sum(each.height for each in column) for column in columns]
        columns[places.get(section.title, heights.index(min(heights)))].append(section)
    return columns


def _lines(boxes: Mapping[str, Box]) -> Iterable[Connector]:
    for box in boxes.values():
        for place, row in enumerate(box.rows):
            for target in (boxes[each.iri] for each in row.range if each.iri in boxes):
                if target is not box and target.term.name != "CodedValue":
                    yield _line(row, box, place, target, boxes.values())


def _line(row: OntologyTerm, box: Box, place: int, target: Box, boxes: Iterable[Box]) -> Connector:
    leaves_right = target.column >= box.column
    arrives_right = target.column <= box.column
    start = (box.x + box.width if leaves_right else box.x, box.y + HEADER + place * ROW + ROW // 2)
    end = (target.x + target.width if arrives_right else target.x, target.y + HEADER // 2)
    step = 1 if leaves_right else -1
    between = range(box.column + step, target.column, step) if box.column != target.column else ()
    wanted = (start[1] + end[1]) // 2
    passes = tuple(_pass(column, boxes, wanted, leaves_right=leaves_right) for column in between)
    return Connector(row, start, end, leaves_right, arrives_right, passes)


def _pass(column: int, boxes: Iterable[Box], wanted: int, *, leaves_right: bool) -> tuple[int, int, int]:
    """Return where a line crosses a column: in the gap between two boxes that is nearest to a height."""
    stacked = sorted((box for box in boxes if box.column == column), key=lambda box: box.y)
    gaps = [(upper.y + upper.height + lower.y) // 2 for upper, lower in pairwise(stacked)]
    below = max((box.y + box.height for box in stacked), default=0) + _BETWEEN_BOXES // 2
    left = column * (_WIDTH + _BETWEEN_COLUMNS)
    ends = (left, left + _WIDTH) if leaves_right else (left + _WIDTH, left)
    return (*ends, min((*gaps, below), key=lambda y: abs(y - wanted)))


def _height(rows: Sequence[OntologyTerm]) -> int:
    return HEADER + len(rows) * ROW + (_PADDING if rows else 0)
