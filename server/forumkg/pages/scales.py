"""Place numbers on an axis that starts at 0: how far along each lies, in per cent, and which are marked.

A figure that exceeds what is possible lies at its place beyond the limit, unless it is so large that it would
press the others together; such a figure, and one that is judged wrong, may lie off the scale.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, takewhile
from math import ceil
from typing import Final

__all__ = ["FULL", "Scale", "scale_for"]

FULL: Final = 100.0
# How far along the end of the scale lies where something is off it, and where that is drawn.
_REACH: Final = 84.0
_BEYOND: Final = 89.0
# Up to how many times the limit a number is drawn to scale, and the room that its mark needs behind it.
_FARTHEST: Final = 4
_ROOM: Final = Decimal("1.12")
# How close to a limit a number may be marked, as a part of the axis: that of the limit needs the room.
_APART: Final = Decimal("0.13")
_MOST_TICKS: Final = 4
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5))


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from 0 to an end.

    Attributes:
        end: the largest number on it, more than 0.
        step: from one marked number to the next.
        reach: how far along the end lies, in per cent.
        limit: the most that is possible, where that is the end.
        top: the largest number that is drawn to scale: the end, or beyond a limit.
    """

    end: Decimal
    step: Decimal
    reach: float = FULL
    limit: Decimal | None = None
    top: Decimal = Decimal(0)

    def is_off(self, number: Decimal) -> bool:
        """Whether a number lies beyond all that is drawn to scale."""
        return number > max(self.end, self.top)

    def place(self, number: Decimal) -> float:
        """Return how far along a number lies, from 0 to 100; one that is off the scale lies near the edge."""
        if self.is_off(number):
            return _BEYOND
        return round(max(float(number / self.end), 0.0) * self.reach, 2)

    @property
    def last(self) -> Decimal:
        """The number at the end of the axis: the limit, or the last that is marked."""
        return self.ticks[-1] if self.limit is None else self.limit

    @property
    def ticks(self) -> tuple[Decimal, ...]:
        """The numbers that are marked: multiples of the step, none of them close to a limit."""
        top = max(self.end, self.top)
        numbers = takewhile(lambda number: number <= top, (self.step * n for n in count()))
        return tuple(
            number
            for number in numbers
            if self.limit is None or number == 0 or abs(number - self.limit) >= _APART * top
        )


def scale_for(
    numbers: Iterable[Decimal], *, others: Iterable[Decimal] = (), limit: Decimal | None = None
) -> Scale:
    """Return the scale for numbers.

    Args:
        numbers: all of which lie on it, unless they exceed the limit.
        others: which may lie off it; where there are no numbers, it is for them.
        limit: the most that is possible, more than 0: the end of the scale, if given.
    """
    sure, doubtful = tuple(numbers), tuple(others)
    largest = max(sure or doubtful, default=Decimal(0))
    farthest = max((*sure, *doubtful), default=Decimal(0))
    if limit and limit < farthest <= _FARTHEST * limit:
        top = farthest * _ROOM
        return Scale(limit, _step(top / 2), round(FULL * float(limit / top), 2), limit, top)
    step = _step(limit or largest)
    end = limit or ceil(largest / step) * step or step
    return Scale(end, step, _REACH if farthest > end else FULL, limit, end)


def _step(largest: Decimal) -> Decimal:
    """Return the smallest round step that leads to a number in few steps; from 1 on, a whole one."""
    if largest <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(largest.adjusted() - 1)
    steps = (step * power * ten for ten in (1, 10) for step in _STEPS)
    fitting = (step for step in steps if step * _MOST_TICKS >= largest)
    return next(step for step in fitting if largest < 1 or step == step.to_integral_value())
