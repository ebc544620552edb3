"""Run queries in processes that can be killed: at their deadline, when they take too much, when nobody waits.

The one way into this room for whoever serves queries to strangers.
"""

import logging
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Final, Self

from forumkg.engine.crew import Crew
from forumkg.engine.frames import Frame
from forumkg.engine.handles import Worker
from forumkg.engine.holdings import Holdings
from forumkg.engine.jobs import Answer, Job, Limits, PoolStatistics
from forumkg.engine.lanes import Lane
from forumkg.engine.outcomes import answer_of, error_of, error_of_death, was_killed
from forumkg.engine.processes import Zygote
from forumkg.engine.runs import Run
from forumkg.engine.schedule import Schedule
from forumkg.errors import ForumKgError, QueryTimeout, WorkerLost

__all__ = ["Answer", "Job", "Limits", "Pool", "PoolStatistics"]

# Seconds within which a query is quick: long enough for most, too short to be noticed by who waits.
_QUICK_SECONDS: Final = 0.05

_logger = logging.getLogger(__name__)


class Pool:
    """Workers that share one store, and the bounds within which they work.

    Use it as a context manager: at its end no process is left. `run` may be called from any thread.
    """

    def __init__(
        self, store: Path, limits: Limits | None = None, *, spool: Path | None = None, confined: bool = True
    ) -> None:
        """Start the processes.

        Args:
            store: the folder of an Oxigraph store that nobody writes.
            limits: the bounds.
            spool: the folder for long answers, by default that for temporary files.
            confined: refuse to start where the system cannot keep queries from the network.

        Raises:
            StoreError: the store cannot be opened, or a process cannot be confined on this system.
            PoolBusy: the system gives no more processes.
        """
        self._limits = limits or Limits()
        self._spool = spool
        self._lock = threading.Lock()
        self._outcomes: Counter[str] = Counter()
        self._schedule = Schedule(self._limits)
        self._zygote = Zygote(store, self._limits, confined=confined)
        self._holdings = Holdings(self._limits.spool)
        try:
            self._crew = Crew(self._zygote, self._limits.workers)
        except ForumKgError:
            self._zygote.close()
            raise

    def run(self, job: Job) -> Answer:
        """Evaluate a query and return its whole answer.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
            NotAcceptable: the format cannot express the answer.
            LimitError: the query was given up, or not begun; its subclasses tell why.
        """
        outcome = "answered"
        try:
            return self._run(Run(job, self._limits.timeout))
        except ForumKgError as error:
            outcome = type(error).__name__
            raise
        finally:
            with self._lock:
                self._outcomes[outcome] += 1

    def cancel(self, identifier: str) -> bool:
        """Give up the jobs of that name; return whether there was one."""
        return self._schedule.cancel(identifier)

    def statistics(self) -> PoolStatistics:
        """Return what the pool does now, and what it has done."""
        with self._lock:
            outcomes = dict(self._outcomes)
        return PoolStatistics(
            idle=self._crew.idle,
            spooled=self._holdings.held,
            outcomes=outcomes,
            forks=self._zygote.forks,
            zygotes=self._zygote.starts,
            **self._schedule.counts(),
        )

    def ready(self) -> bool:
        """Whether queries are taken: the pool is open, its queue has room, and a worker could be forked."""
        return self._schedule.is_open and self._zygote.alive()

    def close(self) -> None:
        """End every query that still runs, and every process; a second time does nothing."""
        self._schedule.close()
        self._crew.close()
        self._zygote.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, run: Run) -> Answer:
        self._schedule.enter(run)
        try:
            while True:
                self._schedule.wait(run)
                if answer := self._attempt(run):
                    return answer
        finally:
            self._schedule.leave(run)

    def _attempt(self, run: Run) -> Answer | None:
        """Evaluate a query whose turn has come; None where it has to be tried again."""
        worker = self._crew.take()
        started = time.monotonic()
        frame = None
        try:
            if not self._schedule.assign(run, worker):
                frame = self._follow(run, worker)
            file = worker.take_spool() if frame and frame.head.get("in_file") else None
        finally:
            death = self._part(run, worker, frame)
            run.seconds += time.monotonic() - started
        if frame is None:
            self._explain(run, *death)
            return None
        if error := error_of(frame.head):
            raise error
        held = self._holdings.hold(file, frame.head["length"]) if file else None
        return answer_of(frame, held, started - run.arrival)

    def _follow(self, run: Run, worker: Worker) -> Frame | None:
        """Have a worker evaluate a query, from lane to lane; None where there is no answer."""
        if run.lane is Lane.SLOW:
            worker.lower_priority()
        slow = time.monotonic() + self._limits.fast_seconds
        try:
            worker.ask(run.job, self._spool)
        except OSError:
            return None
        while True:
            try:
                return worker.answer(run.wake(time.monotonic() + _QUICK_SECONDS, slow))
            except TimeoutError:
                if not self._goes_on(run, worker, slow):
                    return None

    def _goes_on(self, run: Run, worker: Worker, slow: float) -> bool:
        """Move a run to the lane that it belongs to by now; false where it has to stop."""
        now, lane = time.monotonic(), run.lane
        if now >= run.deadline:
            raise QueryTimeout(
                f"The query was given up after {run.deadline - run.arrival:g} seconds: ask for less, "
                "for instance with LIMIT, FILTER or fewer optional parts."
            )
        if lane is not Lane.SLOW and now >= slow:
            goes_on = self._schedule.slow_down(run)
            if goes_on:
                worker.lower_priority()
        else:
            goes_on = lane is not Lane.QUICK or self._schedule.outgrow(run)
        if goes_on and lane is Lane.QUICK and run.lane is not lane:
            self._crew.replace()
        return goes_on

    def _part(self, run: Run, worker: Worker, frame: Frame | None) -> tuple[int | None, str]:
        """Have a worker wait for the next query if it is as good as new, else end it and say how it ended."""
        verdict = self._schedule.assign(run, None)
        if frame and not frame.head["grown"] and not verdict and run.lane is not Lane.SLOW:
            self._crew.give_back(worker)
            return None, ""
        death = self._zygote.end(worker)
        self._crew.replace()
        return death

    def _explain(self, run: Run, status: int | None, words: str) -> None:
        """Raise why there is no answer, unless it is worth another attempt."""
        if run.verdict:
            raise run.verdict
        if run.gave_way:
            run.gave_way = False
            return
        error = error_of_death(status, words)
        if was_killed(status) and not run.lost and isinstance(error, WorkerLost):
            run.lost = True
            return
        _logger.warning("A worker ended with status %s: %s %s", status, error, words.strip())
        raise error
