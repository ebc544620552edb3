"""A query on its way from its arrival to its answer."""

import time
from typing import TYPE_CHECKING

from forumkg.errors import ForumKgError
from forumkg.workers.jobs import Job
from forumkg.workers.lanes import Lane, Ticket

if TYPE_CHECKING:
    import threading

    from forumkg.workers.handles import Worker

__all__ = ["Run"]


class Run(Ticket):
    """A job with its place in the lanes; the lock of the schedule guards what more than one thread changes.

    Attributes:
        job: what is asked.
        arrival: when it came.
        deadline: when it has to be answered.
        gave_way: whether it was stopped to go on, or to begin anew, later.
        lost: whether it has lost a worker already.
        seconds: how long it has had a worker.
        effort: how many seconds a processor has worked at it, where it was answered.
        is_called: whether it may go on, because its turn has come or its end.
        bell: rung when it is called, where a thread waits for that.
        tries: how often it was not quick.
        verdict: why it ends before its time.
        worker: the process that evaluates it, if one does.
    """

    __slots__ = (
        "arrival",
        "bell",
        "deadline",
        "effort",
        "gave_way",
        "is_called",
        "job",
        "lost",
        "seconds",
        "tries",
        "verdict",
        "worker",
    )

    def __init__(self, job: Job, timeout: float) -> None:
        """Let a job arrive now that may take as long as it wishes, but no longer than `timeout` seconds."""
        super().__init__(job.client)
        self.job = job
        self.arrival = time.monotonic()
        self.deadline = self.arrival + (timeout if job.timeout is None else min(job.timeout, timeout))
        self.gave_way = False
        self.lost = False
        self.seconds = 0.0
        self.effort = 0.0
        self.tries = 0
        self.is_called = False
        self.bell: threading.Event | None = None
        self.verdict: ForumKgError | None = None
        self.worker: Worker | None = None

    def call(self) -> None:
        """Tell whoever waits that its turn has come, or its end; this itself waits for nobody."""
        self.is_called = True
        if self.bell:
            self.bell.set()

    def end(self, verdict: ForumKgError) -> None:
        """End the job before its time, wherever it is; the first verdict stays."""
        self.verdict = self.verdict or verdict
        if self.worker:
            self.worker.kill()
        self.call()

    def wake(self, quick: float, fast: float) -> float:
        """Return when to look after it, if it is quick up to one moment and fast up to another."""
        moments = {Lane.QUICK: min(quick, fast), Lane.STEADY: fast, Lane.SLOW: self.deadline}
        return min(moments[self.lane], self.deadline)
