"""Run queries in processes that can be killed: at their deadline, when they take too much, when nobody waits.

The one way into this room for whoever serves queries to strangers.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from forumkg.engine.frames import Frame
from forumkg.engine.jobs import Answer, Job, Limits, PoolStatistics
from forumkg.engine.processes import Worker, Zygote
from forumkg.errors import (
    ForumKgError,
    NotAcceptable,
    PoolBusy,
    QueryCancelled,
    QueryError,
    QueryOutOfMemory,
    QueryTimeout,
    ResultTooLarge,
    WorkerLost,
)

__all__ = ["Answer", "Job", "Limits", "Pool", "PoolStatistics"]


class _Run:
    """A job on its way: its worker, and whether somebody has cancelled it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.worker: Worker | None = None
        self.cancelled = False
        self.slow = False


class Pool:
    """Workers that share one store, and the bounds within which they work.

    Use it as a context manager: at its end no process is left. `run` may be called from any thread.
    """

    def __init__(self, store: Path, limits: Limits | None = None) -> None:
        """Start the processes.

        Raises:
            StoreError: the store cannot be opened, or a process cannot be confined on this system.
        """
        self._limits = limits or Limits()
        self._changed = threading.Condition()
        self._runs: set[_Run] = set()
        self._queued: list[_Run] = []
        self._outcomes: Counter[str] = Counter()
        self._forks = 0
        self._zygote = Zygote(store, self._limits)
        self._idle: list[Worker] = []
        self._refill()

    def run(self, job: Job) -> Answer:
        """Evaluate a query and return its whole answer.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
            NotAcceptable: the format cannot express the answer.
            LimitError: the query was given up, or not begun; its subclasses tell why.
        """
        try:
            answer = self._run(_Run(job))
        except ForumKgError as error:
            self._outcomes[type(error).__name__] += 1
            raise
        self._outcomes["answered"] += 1
        return answer

    def cancel(self, identifier: str) -> bool:
        """Give up the jobs of that name; return whether there was one."""
        with self._changed:
            found = [run for run in (*self._runs, *self._queued) if run.job.id == identifier]
            for run in found:
                run.cancelled = True
                if run.worker:
                    run.worker.kill()
            self._changed.notify_all()
            return bool(found)

    def statistics(self) -> PoolStatistics:
        """Return what the pool does now."""
        with self._changed:
            slow = sum(run.slow for run in self._runs)
            return PoolStatistics(
                len(self._idle),
                len(self._runs) - slow,
                slow,
                len(self._queued),
                dict(self._outcomes),
                self._forks,
                self._zygote.starts,
            )

    def ready(self) -> bool:
        """Whether a query would be begun now."""
        with self._changed:
            return len(self._queued) < self._limits.queue

    def close(self) -> None:
        """End every process; what still runs is lost."""
        with self._changed:
            while self._idle:
                self._zygote.end(self._idle.pop())
        self._zygote.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, run: _Run) -> Answer:
        start = time.monotonic()
        timeout = min(run.job.timeout or math.inf, self._limits.timeout)
        self._enter(run, start + timeout)
        waited = time.monotonic() - start
        try:
            frame = self._evaluate(run, start + timeout)
            return _answer(run, frame, waited)
        finally:
            self._leave(run)

    def _enter(self, run: _Run, deadline: float) -> None:
        with self._changed:
            if len(self._queued) >= self._limits.queue:
                raise PoolBusy("Too many queries wait already: try again later.", retry_after=5)
            self._queued.append(run)
            try:
                while not run.cancelled and sum(not r.slow for r in self._runs) >= self._limits.workers:
                    if not self._changed.wait(deadline - time.monotonic()):
                        raise PoolBusy("No worker became free in time: try again later.", retry_after=5)
            finally:
                self._queued.remove(run)
            if run.cancelled:
                raise QueryCancelled("The query was cancelled before it began.")
            self._runs.add(run)
            worker = self._idle.pop() if self._idle else None
        run.worker = worker or self._fork()

    def _evaluate(self, run: _Run, deadline: float) -> Frame:
        worker = run.worker
        assert worker is not None  # noqa: S101 - `_enter` has found one
        try:
            worker.ask(run.job)
            frame = self._wait(run, worker, deadline)
        except OSError:
            frame = None
        if frame is None:
            run.worker = None
            raise self._explain(run, self._zygote.end(worker))
        return frame

    def _wait(self, run: _Run, worker: Worker, deadline: float) -> Frame | None:
        fast = time.monotonic() + self._limits.fast_seconds
        try:
            return worker.answer(min(fast, deadline))
        except TimeoutError:
            if fast < deadline:
                self._slow_down(run, worker)
        try:
            return worker.answer(deadline)
        except TimeoutError:
            self._discard(run, worker)
            raise QueryTimeout(
                f"The query was given up after {self._limits.timeout:g} seconds: ask for less."
            ) from None

    def _slow_down(self, run: _Run, worker: Worker) -> None:
        with self._changed:
            run.slow = sum(other.slow for other in self._runs) < self._limits.slow_workers
            self._changed.notify()
        if not run.slow:
            self._discard(run, worker)
            raise PoolBusy(
                "The query takes long, and too many long queries run: try again later.", retry_after=30
            )
        worker.lower_priority()
        self._refill()

    def _discard(self, run: _Run, worker: Worker) -> None:
        run.worker = None
        self._zygote.end(worker)

    def _explain(self, run: _Run, status: int | None) -> ForumKgError:
        if run.cancelled:
            return QueryCancelled("The query was cancelled.")
        return WorkerLost(f"The process that evaluated the query ended ({status}).")

    def _leave(self, run: _Run) -> None:
        worker = run.worker
        if worker and (run.slow or run.cancelled):
            self._discard(run, worker)
            worker = None
        with self._changed:
            self._runs.discard(run)
            if worker:
                self._idle.append(worker)
            self._changed.notify()
        self._refill()

    def _refill(self) -> None:
        """Have as many workers as may run in the fast lane."""
        with self._changed:
            busy = sum(not run.slow for run in self._runs)
            for _ in range(self._limits.workers - busy - len(self._idle)):
                self._idle.append(self._fork())

    def _fork(self) -> Worker:
        self._forks += 1
        return self._zygote.fork()


def _answer(run: _Run, frame: Frame, waited: float) -> Answer:
    head = frame.head
    if "error" in head:
        raise _error(head)
    worker = run.worker
    body = worker.take_spool() if head["in_file"] and worker else frame.body
    return Answer(body, head["length"], head["rows"], head["seconds"], waited)


def _error(head: Mapping[str, Any]) -> ForumKgError:
    message = str(head.get("message"))
    match head["error"]:
        case "QueryError":
            return QueryError(message, line=head["line"], column=head["column"])
        case "NotAcceptable":
            return NotAcceptable(message)
        case "ResultTooLarge":
            return ResultTooLarge(message)
        case _:
            return QueryOutOfMemory("The query needs more memory than one query may have: ask for less.")
