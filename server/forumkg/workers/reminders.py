"""Look after queries that were asked a moment ago: once for all of the same moment."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

from forumkg.workers.cases import Case

__all__ = ["Reminders"]


class Reminders:
    """Queries in the order in which somebody has to look after them. For the thread of one event loop."""

    def __init__(self, seconds: float, look: Callable[[Case, float], bool]) -> None:
        """Call `look` with a query, and the time, some seconds after it was added.

        It returns whether to do so again, after as many seconds.
        """
        self._seconds = seconds
        self._look = look
        self._due: deque[tuple[float, Case]] = deque()

    def add(self, case: Case, loop: asyncio.AbstractEventLoop) -> None:
        """Look after a query later."""
        if not self._due:
            loop.call_later(self._seconds, self._ring, loop)
        self._due.append((case.arrival + self._seconds, case))

    def take_all(self) -> list[Case]:
        """Return all that somebody still has to look after, and forget them."""
        cases = [case for _, case in self._due]
        self._due.clear()
        return cases

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        due, now = self._due, time.monotonic()
        while due and (due[0][1].is_elsewhere or due[0][0] <= now):
            _, case = due.popleft()
            if not case.is_elsewhere and self._look(case, now):
                due.append((now + self._seconds, case))
        if due:
            loop.call_later(due[0][0] - now, self._ring, loop)
