"""Cut a text at the ends of its passages, which may nest and overlap, into stretches that can be marked.

Offsets count code points, as those of passages do: https://www.w3.org/TR/annotation-model/#text-position-selector
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Stretch", "stretches"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text in which no passage starts or ends.

    Attributes:
        start: of its first code point.
        end: behind its last one.
        passages: the places in their list of the passages that it lies in, the shortest first.
    """

    start: int
    end: int
    passages: tuple[int, ...] = ()


def stretches(length: int, spans: Sequence[tuple[int, int]]) -> tuple[Stretch, ...]:
    """Return the stretches of a text, in order; together they are the text, each code point once.

    Args:
        length: of the text in code points.
        spans: start and end of each passage; what lies outside the text is cut off.
    """
    cut = [(max(0, start), min(length, end)) for start, end in spans]
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for index, (start, end) in enumerate(cut):
        if start < end:
            opening.setdefault(start, []).append(index)
            closing.setdefault(end, []).append(index)
    edges = sorted({0, length, *opening, *closing})
    found: list[Stretch] = []
    within: set[int] = set()
    for start, end in pairwise(edges):
        within.difference_update(closing.get(start, ()))
        within.update(opening.get(start, ()))
        shortest_first = sorted(within, key=lambda index: (cut[index][1] - cut[index][0], index))
        found.append(Stretch(start, end, tuple(shortest_first)))
    return tuple(found)
