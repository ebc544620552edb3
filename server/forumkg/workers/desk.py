"""Take queries in an event loop, and answer there those that are quick: no thread waits for them.

The loop hears of the workers' sockets itself. While all queries are brief, a worker is sent the next ones
before it has answered the first, so that it need not wait for them. What is not answered within a moment
goes on in a thread, from where it stands, and so does what could hold up the loop: to fork a worker, to end
one, to send a long query.
"""

import asyncio
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from forumkg.errors import ForumKgError
from forumkg.workers.attempts import QUICK_SECONDS, Attempt, Attempts
from forumkg.workers.cases import Case
from forumkg.workers.crew import Crew
from forumkg.workers.elsewhere import Elsewhere
from forumkg.workers.frames import Frame, FrameError
from forumkg.workers.jobs import Answer, Job, Limits
from forumkg.workers.lanes import FOLLOWING
from forumkg.workers.lines import Line
from forumkg.workers.outcomes import answer_of, error_of
from forumkg.workers.reminders import Reminders
from forumkg.workers.schedule import Schedule

__all__ = ["Desk"]


class Desk:
    """Where an event loop asks the workers of a pool. All but `close` and `free` is for its thread alone."""

    def __init__(self, limits: Limits, schedule: Schedule, crew: Crew, attempts: Attempts) -> None:
        self._limits = limits
        self._schedule = schedule
        self._crew = crew
        # Of its own, because any thread that takes a worker can have its socket left out.
        self._sockets = select.epoll()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lines: dict[int, Line] = {}
        self._recent = Reminders(QUICK_SECONDS, self._look)
        self._is_closed = False
        # As many as there can be runs: none waits for a thread.
        most = limits.queue + (FOLLOWING + 1) * limits.workers + limits.slow_workers
        self._elsewhere = Elsewhere(most, attempts, crew)
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
        else:
            self._recent.add(case, loop)
        return case.future

    def close(self) -> None:
        """Let threads go on with all that is not answered; to be called when the loop has ended, or in it."""
        if self._loop and not self._loop.is_closed() and not self._is_closed:
            self._loop.remove_reader(self._sockets)
        self._is_closed = True
        for case in self._recent.take_all():
            self._hand_over(case)

    def free(self) -> None:
        """Let go of all that the desk has open, when all queries have been answered."""
        self._elsewhere.close()
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
        for case in self._recent.take_all():
            self._hand_over(case)
        self._loop = loop
        self._thread = threading.get_ident()
        loop.add_reader(self._sockets, self._hear)

    def _begin(self, case: Case) -> None:
        if case.is_elsewhere:
            return
        if self._is_closed:
            self._hand_over(case)
        elif case.verdict and not self._is_first(case):
            case.attempt = None
            self._settle(case, error=case.verdict)
        elif not case.attempt:
            line = self._line()
            if line is None or not self._send(case, line):
                self._hand_over(case)

    def _line(self) -> Line | None:
        """Return where to send a query: to a worker that waits, or behind others that are quick."""
        is_calm = self._schedule.is_calm
        may_take = not is_calm or len(self._lines) < self._limits.workers
        if may_take and (worker := self._crew.take_idle()):
            return Line(worker)
        line = min(self._lines.values(), key=len, default=None)
        return line if line and is_calm and not line.is_full else None

    def _send(self, case: Case, line: Line) -> bool:
        """Send a query; return whether its answer will be heard here."""
        worker, is_first = line.worker, not line
        attempt = Attempt(case, worker, time.monotonic())
        if is_first:
            case.attempt = attempt
            attempt.is_over = self._schedule.assign(case, worker) is not None
        try:
            attempt.is_asked = not attempt.is_over and worker.ask_at_once(case.job)
        except OSError:
            attempt.is_over = True
        if attempt.is_asked:
            case.attempt = attempt
            line.add(case)
            self._lines[worker.descriptor] = line
            worker.join(self._sockets)
        return attempt.is_asked

    def _line_of(self, case: Case) -> Line | None:
        """Return where a query was sent that is expected from there."""
        return self._lines.get(case.attempt.worker.descriptor) if case.attempt else None

    def _is_first(self, case: Case) -> bool:
        line = self._line_of(case)
        return line is not None and line.first is case

    def _hear(self) -> None:
        """Read what workers have sent."""
        for descriptor, _ in self._sockets.poll(0):
            line = self._lines.get(descriptor)
            if line:
                self._read(line)
            else:
                self._forget(descriptor)

    def _forget(self, descriptor: int) -> None:
        """Hear no more of a worker that has ended while it had nothing to do."""
        with suppress(FileNotFoundError):
            self._sockets.unregister(descriptor)

    def _read(self, line: Line) -> None:
        """Take the answers that have come, one after the other."""
        while (case := line.first) and case.attempt:
            attempt = case.attempt
            try:
                attempt.frame = line.worker.hear()
            except (OSError, FrameError):
                attempt.is_over = True
                self._break(line)
                return
            if attempt.frame is None:
                return
            attempt.is_over = True
            self._finish(line, case, attempt.started, attempt.frame)

    def _finish(self, line: Line, case: Case, started: float, frame: Frame) -> None:
        """Settle a query that was answered, unless there is more to do."""
        if frame.head.get("in_file") or frame.head["grown"] or self._schedule.assign(case, None):
            self._break(line)
            return
        case.seconds, case.effort = time.monotonic() - started, frame.head.get("effort", 0.0)
        line.shift()
        if line:
            self._go_on(line)
        else:
            del self._lines[line.worker.descriptor]
            surplus = self._crew.exchange(line.worker)
            if surplus:
                self._elsewhere.dismiss(surplus)
        error = error_of(frame.head)
        answer = None if error else answer_of(frame, None, started - case.arrival)
        self._settle(case, answer, error)

    def _go_on(self, line: Line) -> None:
        """Note that a worker has begun with the next query."""
        case = line.first
        if case and case.attempt:
            case.attempt.started = time.monotonic()
            case.attempt.is_over = self._schedule.assign(case, line.worker) is not None
        if not case or not case.attempt or case.attempt.is_over:
            self._break(line)

    def _break(self, line: Line) -> None:
        """Hear no more of a worker: a thread goes on with what it works at, and the rest begins anew."""
        first, rest = line.first, line.rest()
        del self._lines[line.worker.descriptor]
        line.worker.leave()
        if first:
            self._elsewhere.complete(first, first.future.get_loop())
        else:
            self._elsewhere.dismiss(line.worker)
        for case in rest:
            case.attempt = None
        self._schedule.put_back(rest)
        self._begin_called()

    def _settle(self, case: Case, answer: Answer | None = None, error: ForumKgError | None = None) -> None:
        # They know each other: as a cycle they would wait for the garbage collector.
        case.is_elsewhere, case.attempt = True, None
        self._schedule.leave(case, error)
        # Whoever comes next shall not wait until this answer is sent.
        self._begin_called()
        case.deliver(answer, error)

    def _look(self, case: Case, now: float) -> bool:
        """Hand over to a thread a query that was not quick, unless it waits behind the one that is not."""
        is_behind = case.attempt and not self._is_first(case) and case.deadline > now + QUICK_SECONDS
        if not is_behind:
            self._hand_over(case)
        return bool(is_behind)

    def _hand_over(self, case: Case) -> None:
        """Have a thread go on with a run, unless one does or it is settled."""
        if case.is_elsewhere:
            return
        line = self._line_of(case)
        if line and line.first is case:
            self._break(line)
        else:
            case.attempt = None if line else case.attempt
            self._elsewhere.complete(case, case.future.get_loop())
