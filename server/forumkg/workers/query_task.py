"""One query from its arrival to its answer, and the states that it passes through.

    from          to            when
    QUEUED        RUNNING       a place of the fast lane and a worker are free
    RUNNING       SLOW          it has worked for long, and the slow lane has a place
    RUNNING       SLOW_QUEUED   the same, and the slow lane is full: its worker is killed
    RUNNING       QUEUED        its worker was lost, for the first time
    SLOW_QUEUED   SLOW          a place of the slow lane and a worker are free: it begins anew
    SLOW          SLOW_QUEUED   its worker was lost, or it yields to a client who holds less of the slow lane
    any           DONE          it has an answer or an error, or was cancelled

`TRANSITIONS` is this table. Only the scheduler changes a state.
"""

from collections.abc import Callable
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Final

from forumkg.workers.jobs import Job, WrittenAnswer

if TYPE_CHECKING:
    import asyncio

    from forumkg.workers.worker_handle import Worker

__all__ = ["TRANSITIONS", "QueryState", "QueryTask"]


class QueryState(StrEnum):
    """Where a query is."""

    QUEUED = "queued"
    RUNNING = "running"
    SLOW_QUEUED = "slow queued"
    SLOW = "slow"
    DONE = "done"


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
    """A job and its state until it is answered.

    Attributes:
        job: the query.
        client: who asked it.
        number: the order of arrival.
        state: where it is; see the table above.
        future: for the answer.
        charge: called with the seconds that a worker has spent on it, at the end of each attempt.
        message: the query as it is sent to a worker.
        arrival: when it came, by the clock of the event loop.
        deadline: when it must have been answered.
        worker: the process that evaluates it, while one does.
        started: when that worker was sent the query.
        worked: seconds that workers have spent on it before.
        was_lost: whether it has lost a worker already.
        timer: the next moment to look after it.
    """

    __slots__ = (
        "arrival",
        "charge",
        "client",
        "deadline",
        "future",
        "job",
        "message",
        "number",
        "started",
        "state",
        "timer",
        "was_lost",
        "worked",
        "worker",
    )

    def __init__(  # noqa: PLR0913 (what a query is made of)
        self,
        job: Job,
        future: "asyncio.Future[WrittenAnswer]",
        *,
        message: bytes = b"",
        arrival: float = 0.0,
        deadline: float = 0.0,
        charge: Callable[[float], None] | None = None,
    ) -> None:
        self.job = job
        self.client = job.client
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
        self.timer: asyncio.TimerHandle | None = None

    def work(self, now: float) -> float:
        """Return the seconds of work of its worker: processor time, or a part of the time with a slow disk.

        Elapsed time alone does not count. On a busy machine, a quick query that still waits for a processor
        would move to the slow lane, and there wait for a place that endless ones have.
        """
        if self.worker is None:
            return 0.0
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
