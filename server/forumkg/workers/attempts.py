"""Evaluate a query whose turn has come: a worker does it, and is followed through the lanes to its end."""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forumkg.errors import ForumKgError, QueryTimeout, WorkerLost
from forumkg.workers.crew import Crew
from forumkg.workers.frames import Frame
from forumkg.workers.handles import Worker
from forumkg.workers.holdings import Holdings
from forumkg.workers.jobs import Answer, Limits
from forumkg.workers.lanes import Lane
from forumkg.workers.outcomes import answer_of, error_of, error_of_death, was_killed
from forumkg.workers.runs import Run
from forumkg.workers.schedule import Schedule

__all__ = ["QUICK_SECONDS", "Attempt", "Attempts"]

# Seconds within which a query is quick: long enough for most, too short to be noticed by who waits.
QUICK_SECONDS: Final = 0.05

# A query is slow that has taken up a processor for so long, or, where the processors have other work, so many
# times as long by the clock.
_PATIENCE: Final = 3
# How often a query that had little of a processor may give way, and have another turn as a quick one.
_TRIES: Final = 3

# Bytes that a worker may have grown by and be stopped for a while, where otherwise it would be ended.
_LIGHT: Final = 32 * 1024 * 1024

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Attempt:
    """A query with the worker that evaluates it.

    Attributes:
        run: the query.
        worker: the process, from whom nobody else hears meanwhile.
        started: when it was given the query, and later by as much as it was stopped.
        slow_from: when to look whether it is slow.
        is_asked: whether it was.
        is_over: whether nothing more is to be heard of it, because it has answered or is gone.
        frame: what it has answered.
    """

    run: Run
    worker: Worker
    started: float
    slow_from: float = 0.0
    is_asked: bool = False
    is_over: bool = False
    frame: Frame | None = None


class Attempts:
    """The way of runs from their turn to their end, each in a thread that waits for it."""

    def __init__(
        self, limits: Limits, schedule: Schedule, crew: Crew, holdings: Holdings, spool: Path | None
    ) -> None:
        self._limits = limits
        self._schedule = schedule
        self._crew = crew
        self._holdings = holdings
        self._spool = spool
        self._pausing = threading.Semaphore(2 * limits.workers)

    def complete(self, run: Run, attempt: Attempt | None = None) -> Answer:
        """Wait for the answer to a run that has entered the schedule, and have it leave.

        Args:
            run: the run.
            attempt: what was begun already.

        Raises:
            ForumKgError: there is no answer; see `Pool.run`.
        """
        error = None
        try:
            while True:
                if attempt is None:
                    self._schedule.wait(run)
                    attempt = self._begin(run)
                if answer := self._conclude(attempt):
                    return answer
                attempt = None
        except ForumKgError as raised:
            error = raised
            raise
        finally:
            self._schedule.leave(run, error)

    def _begin(self, run: Run) -> Attempt:
        attempt = Attempt(run, self._crew.take(), time.monotonic())
        attempt.is_over = self._schedule.assign(run, attempt.worker) is not None
        return attempt

    def _conclude(self, attempt: Attempt) -> Answer | None:
        """Wait for the answer of a worker; None where the query has to be tried again."""
        run, worker = attempt.run, attempt.worker
        try:
            if not attempt.is_over:
                attempt.frame = self._follow(attempt)
            frame = attempt.frame
            file = worker.take_spool() if frame and frame.head.get("in_file") else None
        finally:
            death = self._part(attempt)
            run.seconds += time.monotonic() - attempt.started
        if frame is None:
            self._explain(run, *death)
            return None
        run.effort = frame.head.get("effort", 0.0)
        if error := error_of(frame.head):
            raise error
        held = self._holdings.hold(file, frame.head["length"]) if file else None
        return answer_of(frame, held, attempt.started - run.arrival)

    def _follow(self, attempt: Attempt) -> Frame | None:
        """Have a worker evaluate a query, from lane to lane; None where there is no answer."""
        run, worker = attempt.run, attempt.worker
        if run.lane is Lane.SLOW:
            worker.lower_priority()
        if not attempt.is_asked:
            try:
                worker.ask(run.job, self._spool)
            except OSError:
                return None
        quick = attempt.started + QUICK_SECONDS
        attempt.slow_from = attempt.started + self._limits.fast_seconds
        while True:
            try:
                return worker.answer(run.wake(quick, attempt.slow_from))
            except TimeoutError:
                if not self._goes_on(attempt):
                    return None
            quick = time.monotonic() + QUICK_SECONDS

    def _goes_on(self, attempt: Attempt) -> bool:
        """Move a run to the lane that it belongs to by now; false where it has to stop."""
        run, worker = attempt.run, attempt.worker
        now, lane = time.monotonic(), run.lane
        if now >= run.deadline:
            raise QueryTimeout(
                f"The query was given up after {run.deadline - run.arrival:g} seconds: ask for less, "
                "for instance with LIMIT, FILTER or fewer optional parts."
            )
        effort = worker.effort()
        if lane is not Lane.SLOW and self._is_slow(attempt, effort, now):
            goes_on = self._schedule.slow_down(run)
            if goes_on:
                worker.lower_priority()
        else:
            goes_on = lane is not Lane.QUICK or self._is_steady(attempt, effort, now) or self._pauses(attempt)
        if goes_on and lane is Lane.QUICK and run.lane is not lane:
            self._crew.replace()
        return goes_on

    def _is_slow(self, attempt: Attempt, effort: float, now: float) -> bool:
        """Whether a query takes long by itself, and not because others take up the processors, too."""
        if now < attempt.slow_from:
            return False
        left = self._limits.fast_seconds - effort
        end = attempt.started + _PATIENCE * self._limits.fast_seconds
        attempt.slow_from = min(now + max(left, QUICK_SECONDS), end)
        return left <= 0 or now >= end

    def _is_steady(self, attempt: Attempt, effort: float, now: float) -> bool:
        """Tell that a query was not quick; false where it has to give way."""
        run = attempt.run
        run.tries += 1
        again = effort < QUICK_SECONDS / 2 and run.tries <= _TRIES
        return self._schedule.outgrow(run, now - attempt.started, again=again)

    def _pauses(self, attempt: Attempt) -> bool:
        """Stop a worker that gives way until its run has its turn; false where it would take up too much."""
        run, worker = attempt.run, attempt.worker
        if worker.growth() > _LIGHT or not self._pausing.acquire(blocking=False):
            return False
        began = time.monotonic()
        try:
            worker.pause()
            self._crew.replace()
            self._schedule.wait(run)
            worker.resume()
        finally:
            stopped = time.monotonic() - began
            attempt.started, attempt.slow_from = attempt.started + stopped, attempt.slow_from + stopped
            self._pausing.release()
        run.gave_way = False
        return True

    def _part(self, attempt: Attempt) -> tuple[int | None, str]:
        """Have a worker wait for the next query if it is as good as new, else end it and say how it ended."""
        run, worker, frame = attempt.run, attempt.worker, attempt.frame
        verdict = self._schedule.assign(run, None)
        is_as_new = frame is not None and not frame.head["grown"] and not worker.unanswered
        if is_as_new and not verdict and run.lane is not Lane.SLOW:
            self._crew.give_back(worker)
            return None, ""
        death = self._crew.dismiss(worker)
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
