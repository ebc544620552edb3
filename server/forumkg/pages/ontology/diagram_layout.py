"""Lay out a diagram of classes: boxes in columns, a line from each property to the class of its values.

Kinds of a class stand under it, indented. Sections of the ontology stay together; which column each takes is
chosen so that lines are short and columns are alike in height. The same ontology gives the same layout.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from typing import Final

from forumkg.pages.ontology.ontology import Ontology
from forumkg.pages.ontology.terms import OntologyTerm

__all__ = ["HEADER", "ROW", "Box", "Diagram", "Line", "lay_out"]

HEADER: Final = 34
ROW: Final = 22
_WIDTH: Final = 210
_INDENT: Final = 16
_BETWEEN_COLUMNS: Final = 54
_BETWEEN_BOXES: Final = 18
_BETWEEN_SECTIONS: Final = 34
_PADDING: Final = 8
_COLUMNS: Final = 4
# More sections than these stay in their order: the ways to order them are too many to try.
_TRIED: Final = 6
# What a line costs by the columns between its ends: within a column it has to turn around.
_COSTS: Final = (1.5, 0.0, 3.0, 6.0)
# So many pixels of height cost as much as a line.
_HEIGHT: Final = 120


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
class Line:
    """A property: from where its row ends to the box of the class of its values."""

    term: OntologyTerm
    start: tuple[int, int]
    end: tuple[int, int]
    leaves_right: bool
    arrives_right: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram: its size, its boxes, the lines between them, and the boxes that are kinds of another."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    kinds: tuple[tuple[Box, Box], ...]


@dataclass(frozen=True, slots=True)
class _Classes:
    """The classes with their properties: those of each section in order, each with its depth."""

    sections: tuple[tuple[tuple[OntologyTerm, int], ...], ...]
    rows: Mapping[str, tuple[OntologyTerm, ...]]


def lay_out(ontology: Ontology) -> Diagram:
    """Return the diagram of an ontology; properties without a class that has them are not in it."""
    classes = _classes(ontology)
    boxes: dict[str, Box] = {}
    for column, sections in enumerate(_columns(classes)):
        y = 0
        for section in sections:
            for term, depth in section:
                indent = depth * _INDENT
                x = column * (_WIDTH + _BETWEEN_COLUMNS) + indent
                box = Box(term, classes.rows[term.iri], x, y, _WIDTH - indent, column)
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


def _classes(ontology: Ontology) -> _Classes:
    rows: defaultdict[str, list[OntologyTerm]] = defaultdict(list)
    for term in ontology.terms:
        for each in term.domain:
            if term.kind == "property between things":
                rows[each.iri].append(term)
    known = {term.iri: term for term in ontology.terms if term.is_class}
    sections = []
    for section in ontology.sections:
        roots = [each for each in section.terms if each.is_class and not _is_below(each, known)]
        members = [member for root in roots for member in _with_kinds(root, known, 0)]
        if members:
            sections.append(tuple(members))
    return _Classes(tuple(sections), {iri: tuple(rows[iri]) for iri in known})


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


_Section = Sequence[tuple[OntologyTerm, int]]


def _columns(classes: _Classes) -> list[list[_Section]]:
    """Return the sections of each column, in the best way to place them."""
    sections = range(len(classes.sections))
    heights = [
        sum(_height(classes.rows[term.iri]) + _BETWEEN_BOXES for term, _ in section)
        for section in classes.sections
    ]
    links = _links(classes)
    # An order and its mirror image cost the same.
    orders = (
        (order for order in permutations(sections) if order[0] <= order[-1])
        if 0 < len(sections) <= _TRIED
        else iter([tuple(sections)])
    )
    cuts = list(combinations(range(1, len(sections)), min(_COLUMNS, len(sections)) - 1)) if sections else [()]
    best = min(
        ((order, cut) for order in orders for cut in cuts),
        key=lambda way: _cost(way[0], way[1], heights, links),
    )
    return [[classes.sections[place] for place in part] for part in _parts(*best)]


def _links(classes: _Classes) -> dict[tuple[int, int], int]:
    """Return how many lines lead from one section to another."""
    home = {term.iri: place for place, section in enumerate(classes.sections) for term, _ in section}
    links: defaultdict[tuple[int, int], int] = defaultdict(int)
    for iri, rows in classes.rows.items():
        for row in rows:
            for target in row.range:
                if target.iri in home and iri in home:
                    links[home[iri], home[target.iri]] += 1
    return links


def _cost(
    order: Sequence[int], cut: Sequence[int], heights: Sequence[int], links: Mapping[tuple[int, int], int]
) -> float:
    parts = _parts(order, cut)
    column = {place: number for number, part in enumerate(parts) for place in part}
    tallest = max((sum(heights[place] for place in part) for part in parts), default=0)
    ways = (
        count * _COSTS[min(abs(column[start] - column[end]), 3)]
        for (start, end), count in links.items()
        if start != end
    )
    return sum(ways) + tallest / _HEIGHT


def _parts(order: Sequence[int], cut: Sequence[int]) -> list[Sequence[int]]:
    ends = (0, *cut, len(order))
    return [order[start:end] for start, end in pairwise(ends)]


def _lines(boxes: Mapping[str, Box]) -> Iterable[Line]:
    for box in boxes.values():
        for place, row in enumerate(box.rows):
            for target in (boxes[each.iri] for each in row.range if each.iri in boxes):
                if target is not box and target.term.name != "CodedValue":
                    yield _line(row, box, place, target)


def _line(row: OntologyTerm, box: Box, place: int, target: Box) -> Line:
    leaves_right = target.column >= box.column
    arrives_right = target.column <= box.column
    return Line(
        row,
        start=(box.x + box.width if leaves_right else box.x, box.y + HEADER + place * ROW + ROW // 2),
        end=(target.x + target.width if arrives_right else target.x, target.y + HEADER // 2),
        leaves_right=leaves_right,
        arrives_right=arrives_right,
    )


def _height(rows: Sequence[OntologyTerm]) -> int:
    return HEADER + len(rows) * ROW + (_PADDING if rows else 0)
