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
from forumkg.engine.jobs import Answer, Job, Limits, PoolStatistics
from forumkg.engine.lanes import Lane, Lanes
from forumkg.engine.outcomes import answer_of, error_of, error_of_death, was_killed
from forumkg.engine.processes import Zygote
from forumkg.engine.runs import Run
from forumkg.errors import ForumKgError, PoolBusy, QueryCancelled, QueryTimeout

__all__ = ["Answer", "Job", "Limits", "Pool", "PoolStatistics"]

# Seconds within which a query is quick: long enough for most, too short to be noticed by who waits.
_QUICK_SECONDS: Final = 0.05
# Seconds after which it makes sense to ask again.
_SOON: Final = 2
_LATER: Final = 15

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
        """
        self._limits = limits or Limits()
        self._spool = spool
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        self._lanes: Lanes[Run] = Lanes(self._limits.workers, self._limits.slow_workers, self._limits.queue)
        self._runs: set[Run] = set()
        self._outcomes: Counter[str] = Counter()
        self._closed = False
        self._zygote = Zygote(store, self._limits, confined=confined)
        self._crew = Crew(self._zygote, self._limits.workers)

    def run(self, job: Job) -> Answer:
        """Evaluate a query and return its whole answer.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
            NotAcceptable: the format cannot express the answer.
            LimitError: the query was given up, or not begun; its subclasses tell why.
        """
        outcome = "answered"
        try:
            return self._run(job)
        except ForumKgError as error:
            outcome = type(error).__name__
            raise
        finally:
            with self._lock:
                self._outcomes[outcome] += 1

    def cancel(self, identifier: str) -> bool:
        """Give up the jobs of that name; return whether there was one."""
        with self._lock:
            found = [run for run in self._runs if run.job.id == identifier]
            for run in found:
                run.end(QueryCancelled("The query was cancelled."))
        return bool(found)

    def statistics(self) -> PoolStatistics:
        """Return what the pool does now, and what it has done."""
        with self._lock:
            return PoolStatistics(
                idle=self._crew.idle,
                quick=self._lanes.running(Lane.QUICK),
                steady=self._lanes.running(Lane.STEADY),
                slow=self._lanes.running(Lane.SLOW),
                queued=self._lanes.waiting,
                outcomes=dict(self._outcomes),
                forks=self._zygote.forks,
                zygotes=self._zygote.starts,
            )

    def ready(self) -> bool:
        """Whether queries are taken: the pool is open, its queue has room, and a worker could be forked."""
        with self._lock:
            if self._closed or self._lanes.waiting >= self._limits.queue:
                return False
        return self._zygote.alive()

    def close(self) -> None:
        """End every process and every query that still runs; a second time does nothing."""
        with self._lock:
            self._closed = True
            for run in self._runs:
                run.end(PoolBusy("The server is stopping.", retry_after=_SOON))
            self._left.wait_for(lambda: not self._runs)
        self._crew.close()
        self._zygote.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, job: Job) -> Answer:
        run = Run(job, self._limits.timeout)
        try:
            self._join(run)
            while True:
                self._await_turn(run)
                if answer := self._attempt(run):
                    return answer
        finally:
            with self._lock:
                self._runs.discard(run)
                self._lanes.leave(run, time.monotonic(), run.seconds)
                self._advance()
                self._left.notify_all()

    def _join(self, run: Run) -> None:
        with self._lock:
            if self._closed:
                raise PoolBusy("The server is stopping.", retry_after=_SOON)
            self._runs.add(run)
            self._lanes.join(run)
            self._advance()
            for refused in self._lanes.overflow():
                refused.end(PoolBusy("Too many queries wait: try again later.", retry_after=_SOON))

    def _advance(self) -> None:
        for run in self._lanes.start(time.monotonic()):
            run.turn.set()

    def _await_turn(self, run: Run) -> None:
        if not run.turn.wait(run.deadline - time.monotonic()):
            raise PoolBusy("No worker became free in time: try again later.", retry_after=_LATER)
        if run.verdict:
            raise run.verdict

    def _attempt(self, run: Run) -> Answer | None:
        """Evaluate a query whose turn has come; None where it has to be tried again."""
        worker = self._crew.take()
        started = time.monotonic()
        frame = None
        try:
            with self._lock:
                run.worker = worker
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
        return answer_of(frame, file, started - run.arrival)

    def _follow(self, run: Run, worker: Worker) -> Frame | None:
        """Have a worker evaluate a query, from lane to lane; None where there is no answer."""
        if run.verdict:
            return None
        if run.lane is Lane.SLOW:
            worker.lower_priority()
        began = time.monotonic()
        try:
            worker.ask(run.job, self._spool)
        except OSError:
            return None
        while True:
            try:
                return worker.answer(
                    run.wake(time.monotonic() + _QUICK_SECONDS, began + self._limits.fast_seconds)
                )
            except TimeoutError:
                if not self._goes_on(run, worker, began):
                    return None

    def _goes_on(self, run: Run, worker: Worker, began: float) -> bool:
        now = time.monotonic()
        if now >= run.deadline:
            raise QueryTimeout(
                f"The query was given up after {run.deadline - run.arrival:g} seconds: ask for less, "
                "for instance with LIMIT, FILTER or fewer optional parts."
            )
        if run.lane is not Lane.SLOW and now >= began + self._limits.fast_seconds:
            return self._slow_down(run, worker)
        if run.lane is Lane.QUICK:
            return self._outgrow(run)
        return True

    def _outgrow(self, run: Run) -> bool:
        with self._lock:
            run.gave_way = not self._lanes.outgrow(run)
            if run.gave_way:
                run.turn.clear()
            self._advance()
        if run.lane is Lane.STEADY and not run.gave_way:
            self._crew.replace()
        return not run.gave_way

    def _slow_down(self, run: Run, worker: Worker) -> bool:
        was_quick = run.lane is Lane.QUICK
        with self._lock:
            refused = self._lanes.slow_down(run)
            if refused:
                refused.end(
                    PoolBusy("Too many queries run that take long: try again later.", retry_after=_LATER)
                )
            self._advance()
        if refused is run:
            return False
        worker.lower_priority()
        if was_quick:
            self._crew.replace()
        return True

    def _part(self, run: Run, worker: Worker, frame: Frame | None) -> tuple[int | None, str]:
        """Have a worker wait for the next query if it is as good as new, else end it and say how it ended."""
        with self._lock:
            run.worker = None
            fresh = frame and not frame.head["grown"] and not run.verdict and run.lane is not Lane.SLOW
        if fresh:
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
        if was_killed(status) and not run.lost:
            run.lost = True
            return
        error = error_of_death(status, words)
        _logger.warning("A worker ended with status %s: %s %s", status, error, words.strip())
        raise error
