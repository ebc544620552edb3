"""Take queries in an event loop, and answer there those that are quick: no thread waits for them.

The loop hears of the workers' sockets itself. What is not answered within a moment goes on in a thread, from
where it stands, and so does what could hold up the loop: to fork a worker, to end one, to send a long query.
"""

import asyncio
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from forumkg.engine.attempts import QUICK_SECONDS, Attempt, Attempts
from forumkg.engine.cases import Case
from forumkg.engine.crew import Crew
from forumkg.engine.frames import FrameError
from forumkg.engine.jobs import Answer, Job, Limits
from forumkg.engine.outcomes import answer_of, error_of
from forumkg.engine.schedule import Schedule
from forumkg.errors import ForumKgError

__all__ = ["Desk"]


class Desk:
    """Where an event loop asks the workers of a pool. All but `close` and `free` is for its thread alone."""

    def __init__(self, limits: Limits, schedule: Schedule, crew: Crew, attempts: Attempts) -> None:
        self._limits = limits
        self._schedule = schedule
        self._crew = crew
        self._attempts = attempts
        # Of its own, because any thread that takes a worker can have its socket left out.
        self._sockets = select.epoll()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked: dict[int, Case] = {}
        self._recent: deque[Case] = deque()
        self._is_closed = False
        # As many as there can be runs: none waits for a thread.
        most = limits.queue + 2 * limits.workers + limits.slow_workers
        self._threads = ThreadPoolExecutor(max(most, 1), "query")
        self._called: deque[Case] = deque()
        self._thread = 0

    def ask(self, job: Job, when_slow: Callable[[], None] | None = None) -> "asyncio.Future[Answer]":
        """Begin to evaluate a query; the result is what `Pool.run` returns or raises.

        Args:
            job: the query.
            when_slow: called, in the event loop, if the answer does not come within a moment.

        Raises:
            PoolBusy: the pool is closed.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._open(loop)
        case = Case(job, self._limits.timeout, loop.create_future(), when_slow, self._note)
        self._schedule.enter(case)
        self._begin_called()
        if self._is_closed or case.deadline - case.arrival <= QUICK_SECONDS:
            self._hand_over(case)
            return case.future
        if not self._recent:
            loop.call_later(QUICK_SECONDS, self._look)
        self._recent.append(case)
        return case.future

    def close(self) -> None:
        """Let threads go on with all that is not answered; to be called when the loop has ended, or in it."""
        if self._loop and not self._loop.is_closed() and not self._is_closed:
            self._loop.remove_reader(self._sockets)
        self._is_closed = True
        for case in self._recent:
            self._hand_over(case)
        self._recent.clear()

    def free(self) -> None:
        """Let go of all that the desk has open, when all queries have been answered."""
        self._threads.shutdown(wait=True)
        self._sockets.close()

    def _begin_called(self) -> None:
        """Begin with the runs whose turn has come, or their end."""
        while self._called:
            self._begin(self._called.popleft())

    def _note(self, case: Case, is_over: bool) -> None:
        """Remember a run that may go on. Its own thread sees to it next, but where it has to end."""
        self._called.append(case)
        if self._loop and (is_over or threading.get_ident() != self._thread):
            with suppress(RuntimeError):  # The loop may have ended; `close` sees to its runs.
                self._loop.call_soon_threadsafe(self._begin_called)

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Work for a loop, in the place of one that has ended."""
        for case in self._recent:
            self._hand_over(case)
        self._recent.clear()
        self._loop = loop
        self._thread = threading.get_ident()
        loop.add_reader(self._sockets, self._hear)

    def _begin(self, case: Case) -> None:
        if case.is_elsewhere or case.attempt:
            return
        if case.verdict:
            self._settle(case, error=case.verdict)
            return
        worker = self._crew.take_idle()
        if worker is None:
            self._hand_over(case)
            return
        case.attempt = attempt = Attempt(case, worker, time.monotonic())
        attempt.is_over = self._schedule.assign(case, worker) is not None
        try:
            if attempt.is_over or not worker.ask_at_once(case.job):
                self._hand_over(case)
                return
            attempt.is_asked = True
        except OSError:
            attempt.is_over = True
            self._hand_over(case)
            return
        self._asked[worker.descriptor] = case
        worker.join(self._sockets)

    def _hear(self) -> None:
        """Read what workers have sent."""
        for descriptor, _ in self._sockets.poll(0):
            case = self._asked.get(descriptor)
            if case and case.attempt:
                self._read(case, case.attempt)
            else:
                self._forget(descriptor)

    def _forget(self, descriptor: int) -> None:
        """Hear no more of a worker that has ended while it had nothing to do."""
        with suppress(FileNotFoundError):
            self._sockets.unregister(descriptor)

    def _read(self, case: Case, attempt: Attempt) -> None:
        try:
            attempt.frame = attempt.worker.hear()
        except (OSError, FrameError):
            attempt.is_over = True
            self._hand_over(case)
            return
        if attempt.frame is not None:
            attempt.is_over = True
            self._finish(case, attempt)

    def _finish(self, case: Case, attempt: Attempt) -> None:
        """Settle a run that was answered, unless there is more to do."""
        frame, worker = attempt.frame, attempt.worker
        if frame is None or frame.head.get("in_file") or frame.head["grown"]:
            self._hand_over(case)
            return
        if self._schedule.assign(case, None):
            self._hand_over(case)
            return
        del self._asked[worker.descriptor]
        surplus = self._crew.exchange(worker)
        if surplus:
            self._threads.submit(self._crew.dismiss, surplus)
        case.seconds = time.monotonic() - attempt.started
        error = error_of(frame.head)
        answer = None if error else answer_of(frame, None, attempt.started - case.arrival)
        self._settle(case, answer, error)

    def _settle(self, case: Case, answer: Answer | None = None, error: ForumKgError | None = None) -> None:
        case.is_elsewhere = True
        self._schedule.leave(case, error)
        # Whoever comes next shall not wait until this answer is sent.
        self._begin_called()
        case.deliver(answer, error)

    def _look(self) -> None:
        """Hand over to threads the queries that were not quick."""
        recent, now = self._recent, time.monotonic()
        while recent and (recent[0].is_elsewhere or recent[0].arrival + QUICK_SECONDS <= now):
            self._hand_over(recent.popleft())
        if recent and self._loop:
            self._loop.call_later(recent[0].arrival + QUICK_SECONDS - now, self._look)

    def _hand_over(self, case: Case) -> None:
        """Have a thread go on with a run, unless one does or it is settled."""
        if case.is_elsewhere:
            return
        case.is_elsewhere = True
        if case.attempt:
            self._asked.pop(case.attempt.worker.descriptor, None)
            case.attempt.worker.leave()
        self._threads.submit(self._complete, case)
        if case.when_slow:
            case.when_slow()

    def _complete(self, case: Case) -> None:
        answer = error = None
        try:
            answer = self._attempts.complete(case, case.attempt)
        except Exception as raised:  # noqa: BLE001 - whoever awaits the answer is told, whatever it is
            error = raised
        with suppress(RuntimeError):  # The loop may have ended, and nobody waits.
            if self._loop:
                self._loop.call_soon_threadsafe(case.deliver, answer, error)
