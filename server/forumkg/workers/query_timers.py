"""Timers of queries, and the places of those that a remote engine still evaluates.

One timer looks at all queries: a timer for each would cost more than all else in the dispatcher.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from forumkg.workers.scheduler import QueryState, QueryTask, Scheduler

__all__ = ["HeldPlaces", "QueryTimer"]

# Seconds between two looks at which queries are due.
_TICK: Final = 0.025


class QueryTimer:
    """Calls back for each query that is due; it ticks as long as there are queries."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tasks: Iterable[QueryTask], look: Callable[[QueryTask], None]
    ) -> None:
        """Do not tick yet.

        Args:
            loop: the event loop.
            tasks: the queries, whenever they are looked at.
            look: called for a query that is due.
        """
        self._loop = loop
        self._tasks = tasks
        self._look = look
        self._is_closed = False
        self._timer: asyncio.TimerHandle | None = None

    def look_again(self, task: QueryTask, moment: float) -> None:
        """Look at a query at a moment, or at its deadline."""
        task.due = min(moment, task.deadline)
        if self._timer is None and not self._is_closed:
            self._timer = self._loop.call_later(_TICK, self._tick)

    def close(self) -> None:
        """Stop ticking."""
        self._is_closed = True
        if self._timer:
            self._timer.cancel()

    def _tick(self) -> None:
        """Look at the queries that are due; there is a next tick while there are any."""
        self._timer = None
        now = self._loop.time()
        for task in self._tasks:
            if task.state is QueryState.DONE:  # Something that was done to a query before it has ended it.
                continue
            if task.due <= now:
                self._look(task)
            else:
                self.look_again(task, task.due)


class HeldPlaces:
    """Places of queries that were given up here and that a remote engine still evaluates.

    Such a query counts as running until the engine's own limit has passed.
    """

    def __init__(self, scheduler: Scheduler, grace: float | None, advance: Callable[[], None]) -> None:
        """Hold no place.

        Args:
            scheduler: of the queries.
            grace: seconds from the deadline of a query to the engine's limit; None where there is no engine.
            advance: called when a place is free again.
        """
        self._scheduler = scheduler
        self._grace = grace
        self._advance = advance

    def hold(self, loop: asyncio.AbstractEventLoop, task: QueryTask) -> Callable[[], None]:
        """Hold the place of a query that has one and loses its worker; return how to free it early."""
        state, client = task.state, task.client
        if self._grace is None or state not in {QueryState.RUNNING, QueryState.SLOW}:
            return lambda: None
        self._scheduler.hold(state, client)

        def free() -> None:
            timer.cancel()
            self._scheduler.free(state, client)
            self._advance()

        timer = loop.call_at(task.deadline + self._grace, free)
        return free
