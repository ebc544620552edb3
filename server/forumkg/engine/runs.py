"""A query on its way from its arrival to its answer."""

import math
import threading
import time
from typing import TYPE_CHECKING

from forumkg.engine.jobs import Job
from forumkg.engine.lanes import Lane, Ticket
from forumkg.errors import ForumKgError

if TYPE_CHECKING:
    from forumkg.engine.handles import Worker

__all__ = ["Run"]


class Run(Ticket):
    """A job with its place in the lanes; the lock of the pool guards `verdict` and `worker`.

    Attributes:
        job: what is asked.
        arrival: when it came.
        deadline: when it has to be answered.
        gave_way: whether it was stopped to begin anew later.
        lost: whether it has lost a worker already.
        seconds: how long it has had a worker.
        turn: set when the job may go on, because its turn has come or its end.
        verdict: why it ends before its time.
        worker: the process that evaluates it, if one does.
    """

    __slots__ = ("arrival", "deadline", "gave_way", "job", "lost", "seconds", "turn", "verdict", "worker")

    def __init__(self, job: Job, timeout: float) -> None:
        """Let a job arrive now that may take as long as it wishes, but no longer than `timeout` seconds."""
        super().__init__(job.client)
        self.job = job
        self.arrival = time.monotonic()
        self.deadline = self.arrival + min(math.inf if job.timeout is None else job.timeout, timeout)
        self.gave_way = False
        self.lost = False
        self.seconds = 0.0
        self.turn = threading.Event()
        self.verdict: ForumKgError | None = None
        self.worker: Worker | None = None

    def end(self, verdict: ForumKgError) -> None:
        """End the job before its time, wherever it is; the first verdict stays."""
        self.verdict = self.verdict or verdict
        if self.worker:
            self.worker.kill()
        self.turn.set()

    def wake(self, quick: float, fast: float) -> float:
        """Return when to look after it, if it is quick up to one moment and fast up to another."""
        moments = {Lane.QUICK: min(quick, fast), Lane.STEADY: fast, Lane.SLOW: self.deadline}
        return min(moments[self.lane], self.deadline)
