"""Decide which query runs next: a fast and a slow lane, a bounded queue for each, even shares for clients.

How long a query takes is not known beforehand, so each starts in the fast lane. One that works longer than a
fast query may moves to the slow lane; where that is full, it waits for a place there. Where clients compete,
the query goes first whose client has fewer queries running and has used less lately. A queue that is too long
loses the newest query of the client who has most in it.

This module only keeps the state: it has no process, no event loop and no clock.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final

from forumkg.workers.query_task import QueryState, QueryTask

__all__ = ["Scheduler"]

# Half-life of the recorded use of a client, in seconds.
_HALF_LIFE: Final = 10.0
# Clients whose use is remembered, and seconds of use too few to remember.
_MAX_CLIENTS: Final = 1000
_NEGLIGIBLE: Final = 0.001

_number: Final = attrgetter("number")

_QUEUED, _RUNNING = QueryState.QUEUED, QueryState.RUNNING
_SLOW_QUEUED, _SLOW = QueryState.SLOW_QUEUED, QueryState.SLOW


class Scheduler:
    """The queued and the running queries, by state."""

    def __init__(self, workers: int, slow_workers: int, queue: int) -> None:
        """Start with empty lanes.

        Args:
            workers: places of the fast lane.
            slow_workers: places of the slow lane.
            queue: queries that may wait for each lane.
        """
        self._places = {_RUNNING: workers, _SLOW: slow_workers}
        self._queue = queue
        self._tasks: dict[QueryState, dict[QueryTask, None]] = {
            state: {} for state in QueryState if state is not QueryState.DONE
        }
        self._running: Counter[str] = Counter()
        self._used: dict[str, tuple[float, float]] = {}

    def __iter__(self) -> Iterator[QueryTask]:
        for tasks in self._tasks.values():
            yield from [*tasks]

    def count(self, state: QueryState) -> int:
        """Return how many queries are in a state."""
        return len(self._tasks[state])

    @property
    def startable(self) -> int:
        """How many queries have a place and only lack a worker."""
        startable = 0
        for waiting, running in ((_QUEUED, _RUNNING), (_SLOW_QUEUED, _SLOW)):
            if self._tasks[waiting]:
                free = self._places[running] - len(self._tasks[running])
                startable += max(0, min(len(self._tasks[waiting]), free))
        return startable

    @property
    def has_slow_place(self) -> bool:
        """Whether the slow lane has a free place."""
        return self._has_place(_SLOW)

    def add(self, task: QueryTask) -> None:
        """Queue a new query."""
        self._tasks[task.state][task] = None

    def start_next(self, now: float) -> QueryTask | None:
        """Start the next query and return it; None where none is queued or has a place."""
        for waiting, running in ((_QUEUED, _RUNNING), (_SLOW_QUEUED, _SLOW)):
            if self._tasks[waiting] and self._has_place(running):
                task = self._first(self._tasks[waiting], now)
                self._move(task, running)
                return task
        return None

    def refuse(self) -> list[QueryTask]:
        """Remove the queries that exceed the bound of their queue, and return them."""
        refused = []
        for waiting in (_QUEUED, _SLOW_QUEUED):
            while len(self._tasks[waiting]) > self._queue:
                task = _newest_of_greediest(self._tasks[waiting])
                self._move(task, QueryState.DONE)
                refused.append(task)
        return refused

    def is_wanted(self, task: QueryTask, *, by_others: bool) -> bool:
        """Whether a query waits for the place of a running one; by default of any client."""
        waiting = self._tasks[_QUEUED]
        return any(other.client != task.client for other in waiting) if by_others else bool(waiting)

    def slow_down(self, task: QueryTask) -> QueryTask | None:
        """Move a running query to the slow lane; return the query that this displaces, if any.

        That is the query itself where the lane is full, or one of a client who holds so much more of it that
        both hold as much afterwards.
        """
        displaced = None
        if not self._has_place(_SLOW):
            held = Counter(other.client for other in self._tasks[_SLOW])
            rival = _newest_of_greediest([*self._tasks[_SLOW], task])
            displaced = rival if held[rival.client] > held[task.client] + 1 else task
            self._move(displaced, _SLOW_QUEUED)
        if displaced is not task:
            self._move(task, _SLOW)
        return displaced

    def requeue(self, task: QueryTask) -> None:
        """Queue a query again that has lost its worker; it keeps its place."""
        self._move(task, _QUEUED if task.state is _RUNNING else _SLOW_QUEUED)

    def finish(self, task: QueryTask) -> None:
        """Remove a query that is done."""
        self._move(task, QueryState.DONE)

    def note_use(self, client: str, now: float, seconds: float) -> None:
        """Record the seconds that a worker has spent for a client."""
        self._used[client] = (self._usage(client, now) + seconds, now)
        if len(self._used) > _MAX_CLIENTS:
            recent = {each: self._usage(each, now) for each in self._used}
            self._used = {each: (used, now) for each, used in recent.items() if used > _NEGLIGIBLE}

    def _has_place(self, running: QueryState) -> bool:
        return len(self._tasks[running]) < self._places[running]

    def _move(self, task: QueryTask, state: QueryState) -> None:
        before = task.state
        task.become(state)
        del self._tasks[before][task]
        if state is not QueryState.DONE:
            self._tasks[state][task] = None
        change = (state in self._places) - (before in self._places)
        if change:
            self._running[task.client] += change
            if not self._running[task.client]:
                del self._running[task.client]

    def _first(self, waiting: dict[QueryTask, None], now: float) -> QueryTask:
        # Nearly always one query is queued, or all are of one client.
        if len(waiting) == 1:
            return next(iter(waiting))
        if len({task.client for task in waiting}) == 1:
            return min(waiting, key=_number)
        return min(waiting, key=lambda task: self._claim(task, now))

    def _claim(self, task: QueryTask, now: float) -> tuple[int, float, int]:
        return self._running[task.client], self._usage(task.client, now), task.number

    def _usage(self, client: str, now: float) -> float:
        seconds, then = self._used.get(client, (0.0, now))
        return float(seconds * 0.5 ** ((now - then) / _HALF_LIFE))


def _newest_of_greediest(tasks: Iterable[QueryTask]) -> QueryTask:
    candidates = [*tasks]
    held = Counter(task.client for task in candidates)
    return max(candidates, key=lambda task: (held[task.client], task.number))
