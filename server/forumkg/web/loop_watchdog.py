"""Measure the stalls of the event loop: how much later than scheduled a timer runs.

A stall is measured by two clocks. The elapsed time is what clients wait. The processor time is the part of it
in which this thread itself worked; the rest went to the machine or to other threads.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

__all__ = ["LoopWatchdog", "Stall"]

_INTERVAL: Final = 0.05
_MINUTE: Final = 60


class Stall(NamedTuple):
    """A stall, by two clocks; or the longest by each.

    Attributes:
        elapsed: seconds by which the loop was late.
        processor: seconds of these in which the thread of the loop worked.
    """

    elapsed: float = 0.0
    processor: float = 0.0


_NONE: Final = Stall()


class LoopWatchdog:
    """Watches one event loop. What it found may be read from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._longest = _NONE
        # The longest stall of each second of the last minute, with the second.
        self._seconds = [(0, _NONE)] * _MINUTE

    @property
    def longest(self) -> Stall:
        """The longest stall since the start, by each clock."""
        return self._longest

    @property
    def longest_of_minute(self) -> Stall:
        """The longest stall of the last minute, by each clock."""
        now = int(self._clock())
        recent = [stall for second, stall in self._seconds if now - second < _MINUTE]
        return _longest(_NONE, *recent)

    @contextmanager
    def watching(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Watch a loop within this context; for the thread of the loop."""
        timer: asyncio.TimerHandle

        def wait() -> None:
            nonlocal timer
            due = loop.time() + _INTERVAL
            timer = loop.call_at(due, look, due, time.thread_time())

        def look(due: float, worked: float) -> None:
            late = max(0.0, loop.time() - due)
            self.record(Stall(late, min(late, time.thread_time() - worked)))
            wait()

        wait()
        try:
            yield
        finally:
            timer.cancel()

    def record(self, stall: Stall) -> None:
        """Record a stall that ends now."""
        self._longest = _longest(self._longest, stall)
        second = int(self._clock())
        place = second % _MINUTE
        before, longest = self._seconds[place]
        self._seconds[place] = (second, _longest(longest if before == second else _NONE, stall))


def _longest(*stalls: Stall) -> Stall:
    return Stall(max(stall.elapsed for stall in stalls), max(stall.processor for stall in stalls))
