"""Measure how long the event loop is held up: by how much a timer of it comes too late."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["LoopStalls"]

_INTERVAL: Final = 0.05


class LoopStalls:
    """The stalls of an event loop. `longest` may be read from any thread.

    Attributes:
        longest: the seconds of the longest stall since the start.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._expected = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def watching(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Measure within this context."""
        self._set_timer(loop)
        try:
            yield
        finally:
            if self._timer is not None:
                self._timer.cancel()

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        self._expected = loop.time() + _INTERVAL
        self._timer = loop.call_at(self._expected, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self.longest = max(self.longest, loop.time() - self._expected)
        self._set_timer(loop)
