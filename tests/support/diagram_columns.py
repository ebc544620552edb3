"""Choose the columns of the class diagram, and write the file that the site reads; `make docs` runs it.

It tries every order of the sections, so that lines are short and columns alike in height.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise, permutations
from typing import Final

from shipped import shipped_store

from forumkg import resources
from forumkg.pages.graph import StoreGraph
from forumkg.pages.ontology.diagram_layout import COLUMNS_FILE, DiagramSection, sections_of
from forumkg.pages.ontology.ontology import Ontology, read_ontology
from forumkg.rdf.turtle.outline import outline

__all__ = ["best_columns", "columns_document", "shipped_ontology"]

_COLUMNS: Final = 4
# What a line costs by the columns between its ends: within a column it has to turn around.
_COSTS: Final = (1.5, 0.0, 3.0, 6.0)
# So many pixels of height cost as much as a line.
_HEIGHT: Final = 120


def shipped_ontology() -> Ontology:
    """Return the shipped ontology, in the order of its file."""
    order = outline((resources.ontology_dir() / "core.ttl").read_text(encoding="utf-8"))
    return read_ontology(StoreGraph(shipped_store()), order)


def best_columns(sections: Sequence[DiagramSection]) -> list[list[str]]:
    """Return the titles of the sections of each column."""
    heights = [section.height for section in sections]
    links = _links(sections)
    # An order and its mirror image cost the same.
    orders = (order for order in permutations(range(len(sections))) if order[0] <= order[-1])
    cuts = list(combinations(range(1, len(sections)), min(_COLUMNS, len(sections)) - 1))
    order, cut = min(
        ((order, cut) for order in orders for cut in cuts),
        key=lambda way: _cost(way[0], way[1], heights, links),
    )
    return [[sections[place].title for place in part] for part in _parts(order, cut)]


def columns_document() -> str:
    """Return the content of the file."""
    return f"{json.dumps(best_columns(sections_of(shipped_ontology())), ensure_ascii=False, indent=4)}\n"


def _links(sections: Sequence[DiagramSection]) -> dict[tuple[int, int], int]:
    """Return how many lines lead from one section to another."""
    home = {term.iri: place for place, section in enumerate(sections) for term, _ in section.members}
    links: defaultdict[tuple[int, int], int] = defaultdict(int)
    for iri, rows in sections[0].rows.items():
        for target in (target.iri for row in rows for target in row.range):
            if target in home and iri in home:
                links[home[iri], home[target]] += 1
    return links


def _cost(
    order: Sequence[int], cut: Sequence[int], heights: Sequence[int], links: Mapping[tuple[int, int], int]
) -> float:
    parts = _parts(order, cut)
    column = {place: number for number, part in enumerate(parts) for place in part}
    tallest = max(sum(heights[place] for place in part) for part in parts)
    ways = (
        count * _COSTS[abs(column[start] - column[end])]
        for (start, end), count in links.items()
        if start != end
    )
    return sum(ways) + tallest / _HEIGHT


def _parts(order: Sequence[int], cut: Sequence[int]) -> list[Sequence[int]]:
    ends = (0, *cut, len(order))
    return [order[start:end] for start, end in pairwise(ends)]


if __name__ == "__main__":
    COLUMNS_FILE.write_text(columns_document(), encoding="utf-8")
