"""Decide which query runs next, and keep the state of each: two lanes, with a bounded queue and even shares.

How long a query takes is not known beforehand, so each starts in the fast lane. One that has worked for a
second (`Limits.fast_seconds`) moves to the slow lane; where others wait for its place, it gives way after 50
milliseconds (`TIME_SLICE`). Where the slow lane is full, it waits for a place there, and begins anew.

    from          to            when
    QUEUED        RUNNING       a place of the fast lane and a worker are free
    RUNNING       SLOW          it has worked for long, or gives way to others, and the slow lane has a place
    RUNNING       SLOW_QUEUED   the same, and the slow lane is full: its worker is killed
    RUNNING       QUEUED        its worker was lost, for the first time
    SLOW_QUEUED   SLOW          a place of the slow lane and a worker are free: it begins anew
    SLOW          SLOW_QUEUED   its worker was lost, or it yields to a client who holds less of the slow lane
    any           DONE          it has an answer or an error, or was cancelled

Where clients compete, the query goes first whose client has fewer queries running and has used less lately. A
queue that is too long loses the newest query of the client who has most in it.

This module only keeps the state: it has no process, no event loop and no clock.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from forumkg.workers.queries import Query, WrittenAnswer

if TYPE_CHECKING:
    import asyncio

    from forumkg.workers.worker_handle import Worker

__all__ = ["TIME_SLICE", "TRANSITIONS", "QueryState", "QueryTask", "Scheduler"]


class QueryState(StrEnum):
    """Where a query is: RUNNING is in the fast lane, SLOW runs in the slow one."""

    QUEUED = "queued"
    RUNNING = "running"
    SLOW_QUEUED = "slow queued"
    SLOW = "slow"
    DONE = "done"


# The table of the module.
TRANSITIONS: Final = frozenset(
    {
        (QueryState.QUEUED, QueryState.RUNNING),
        (QueryState.RUNNING, QueryState.SLOW),
        (QueryState.RUNNING, QueryState.SLOW_QUEUED),
        (QueryState.RUNNING, QueryState.QUEUED),
        (QueryState.SLOW_QUEUED, QueryState.SLOW),
        (QueryState.SLOW, QueryState.SLOW_QUEUED),
        *((state, QueryState.DONE) for state in QueryState if state is not QueryState.DONE),
    }
)

# Seconds of elapsed time that count as one of work where the worker waits for a disk.
_PATIENCE: Final = 3

_numbers = count()


class QueryTask:
    """A query and its state until it is answered.

    Attributes:
        query: the query.
        client: who asked it.
        number: the order of arrival.
        state: where it is; see the table of the module.
        future: for the answer.
        charge: called with the seconds that a worker has spent on it, at the end of each attempt.
        message: the query as it is sent to a worker.
        arrival: when it came, by the clock of the event loop.
        deadline: when it must have been answered.
        worker: the process that evaluates it, while one does.
        started: when that worker was sent the query.
        worked: seconds that workers have spent on it before.
        was_lost: whether it has lost a worker already.
        due: when to look after it again, by the clock of the event loop.
        is_remote: whether its worker only waits for a remote engine.
    """

    __slots__ = (
        "arrival",
        "charge",
        "client",
        "deadline",
        "due",
        "future",
        "is_remote",
        "message",
        "number",
        "query",
        "started",
        "state",
        "was_lost",
        "worked",
        "worker",
    )

    def __init__(  # noqa: PLR0913 (what a query is made of)
        self,
        query: Query,
        future: "asyncio.Future[WrittenAnswer]",
        *,
        message: bytes = b"",
        arrival: float = 0.0,
        deadline: float = 0.0,
        charge: Callable[[float], None] | None = None,
        is_remote: bool = False,
    ) -> None:
        self.query = query
        self.client = query.client
        self.number = next(_numbers)
        self.state = QueryState.QUEUED
        self.future = future
        self.charge = charge
        self.message = message
        self.arrival = arrival
        self.deadline = deadline
        self.worker: Worker | None = None
        self.started = 0.0
        self.worked = 0.0
        self.was_lost = False
        self.due = deadline
        self.is_remote = is_remote

    def work(self, now: float) -> float:
        """Return the seconds of work of its worker: processor time, or a part of the time with a slow disk.

        Of a remote engine, only the elapsed time is known. Here, it does not count alone. On a busy machine,
        a quick query that still waits for a processor would move to the slow lane, and there wait for a place
        that endless ones have.
        """
        if self.worker is None:
            return 0.0
        if self.is_remote:
            return now - self.started
        worked = self.worker.worked()
        if self.worker.waits_for_disk():
            return max(worked, (now - self.started) / _PATIENCE)
        return worked

    def become(self, state: QueryState) -> None:
        """Change the state.

        Raises:
            ValueError: the table does not allow it.
        """
        if (self.state, state) not in TRANSITIONS:
            raise ValueError(f"A query that is {self.state.value} cannot become {state.value}.")
        self.state = state


# Seconds of work after which a query gives its place to one of another client, and to one of its own client,
# which gains less by it: the first may soon be done.
TIME_SLICE: Final = 0.05
_OWN_SLICE: Final = 0.25
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

    def __init__(self, workers: int, slow_workers: int, queue: int, *, may_displace: bool = True) -> None:
        """Start with empty lanes.

        Args:
            workers: places of the fast lane.
            slow_workers: places of the slow lane.
            queue: queries that may wait for each lane.
            may_displace: whether a query gives its place even where the slow lane is full, to begin anew.
        """
        self._may_displace = may_displace
        self._places = {_RUNNING: workers, _SLOW: slow_workers}
        self._queue = queue
        self._tasks: dict[QueryState, dict[QueryTask, None]] = {
            state: {} for state in QueryState if state is not QueryState.DONE
        }
        self._running: Counter[str] = Counter()
        self._held: Counter[QueryState] = Counter()
        self._used: dict[str, tuple[float, float]] = {}

    def __iter__(self) -> Iterator[QueryTask]:
        for tasks in self._tasks.values():
            yield from [*tasks]

    def count(self, state: QueryState) -> int:
        """Return how many queries are in a state, those included that were given up and hold their place."""
        return len(self._tasks[state]) + self._held[state]

    @property
    def startable(self) -> int:
        """How many queries have a place and only lack a worker."""
        startable = 0
        for waiting, running in ((_QUEUED, _RUNNING), (_SLOW_QUEUED, _SLOW)):
            if self._tasks[waiting]:
                free = self._places[running] - len(self._tasks[running]) - self._held[running]
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

    def gives_way(self, task: QueryTask, worked: float) -> bool:
        """Whether a query of the fast lane has used its time slice and another one waits for its place."""
        if not self._may_displace and not self.has_slow_place:
            return False
        waiting = self._tasks[_QUEUED]
        if worked < _OWN_SLICE:
            return worked >= TIME_SLICE and any(other.client != task.client for other in waiting)
        return bool(waiting)

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

    def hold(self, state: QueryState, client: str) -> None:
        """Keep the place of a query that was given up and is still evaluated elsewhere, until `free`."""
        self._held[state] += 1
        self._running[client] += 1

    def free(self, state: QueryState, client: str) -> None:
        """Free a place that was kept."""
        self._held[state] -= 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]

    def _has_place(self, running: QueryState) -> bool:
        return len(self._tasks[running]) + self._held[running] < self._places[running]

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
