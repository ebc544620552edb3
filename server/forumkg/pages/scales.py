"""Place numbers on an axis that starts at 0: how far along each lies, in per cent, and which are marked.

A figure that is judged wrong, or that exceeds what is possible, may lie off the scale: the scale is for
the others, which it would press together.
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
    """

    end: Decimal
    step: Decimal
    reach: float = FULL
    limit: Decimal | None = None

    def is_off(self, number: Decimal) -> bool:
        """Whether a number lies beyond the end."""
        return number > self.end

    def place(self, number: Decimal) -> float:
        """Return how far along a number lies, from 0 to 100; one that is off the scale lies near the edge."""
        if self.is_off(number):
            return _BEYOND
        return round(max(float(number / self.end), 0.0) * self.reach, 2)

    @property
    def ticks(self) -> tuple[Decimal, ...]:
        """The numbers that are marked: multiples of the step, none of them close to a limit at the end."""
        # The number of the limit needs the room of its own.
        last = self.end if self.limit is None else self.end * Decimal("0.87")
        return tuple(takewhile(lambda number: number <= last, (self.step * n for n in count())))


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
    step = _step(limit or largest)
    end = limit or ceil(largest / step) * step or step
    is_passed = any(number > end for number in (*sure, *doubtful))
    return Scale(end, step, _REACH if is_passed else FULL, limit)


def _step(largest: Decimal) -> Decimal:
    """Return the smallest round step that leads to a number in few steps; from 1 on, a whole one."""
    if largest <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(largest.adjusted() - 1)
    steps = (step * power * ten for ten in (1, 10) for step in _STEPS)
    fitting = (step for step in steps if step * _MOST_TICKS >= largest)
    return next(step for step in fitting if largest < 1 or step == step.to_integral_value())
