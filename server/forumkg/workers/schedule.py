"""Let runs wait for their turn, from many threads: the lanes with a lock around them."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from forumkg.errors import ForumKgError, PoolBusy, QueryCancelled
from forumkg.workers.lanes import Lane, Lanes
from forumkg.workers.runs import Run

if TYPE_CHECKING:
    from forumkg.workers.handles import Worker
    from forumkg.workers.jobs import Limits

__all__ = ["Schedule"]

_ANSWERED: Final = "answered"
# Seconds after which it makes sense to ask again.
_SOON: Final = 2
_LATER: Final = 15


class Schedule:
    """Who runs, who waits, and who has to end."""

    def __init__(self, limits: "Limits") -> None:
        self._lanes: Lanes[Run] = Lanes(limits.workers, limits.slow_workers, limits.queue)
        self._queue = limits.queue
        self._runs: set[Run] = set()
        self._outcomes: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        self._closed = False

    @property
    def is_open(self) -> bool:
        """Whether a query that comes now may wait."""
        return not self._closed and self._lanes.waiting < max(self._queue, 1)

    @property
    def is_calm(self) -> bool:
        """Whether it does no harm to wait behind another query."""
        return self._lanes.is_calm(time.monotonic())

    def counts(self) -> dict[str, int]:
        """Return how many queries run in each lane, and how many wait."""
        with self._lock:
            return {lane.value: self._lanes.running(lane) for lane in Lane} | {"queued": self._lanes.waiting}

    def outcomes(self) -> dict[str, int]:
        """Return how many runs ended how: `answered`, or the name of an error."""
        with self._lock:
            return dict(self._outcomes)

    def enter(self, run: Run) -> None:
        """Let a run take its place.

        Raises:
            PoolBusy: nobody may enter any more.
        """
        with self._lock:
            if self._closed:
                self._outcomes[PoolBusy.__name__] += 1
                raise _stopping()
            self._runs.add(run)
            self._lanes.join(run)
            self._advance()
            for refused in self._lanes.overflow():
                refused.end(PoolBusy("Too many queries wait: try again later.", retry_after=_SOON))

    def wait(self, run: Run) -> None:
        """Wait until it is the turn of a run.

        Raises:
            PoolBusy: its turn does not come.
            QueryCancelled: somebody has cancelled it.
        """
        with self._lock:
            run.bell = None if run.is_called else threading.Event()
        if run.bell and not run.bell.wait(run.deadline - time.monotonic()):
            raise PoolBusy("No worker became free in time: try again later.", retry_after=_LATER)
        if run.verdict:
            raise run.verdict

    def assign(self, run: Run, worker: "Worker | None") -> ForumKgError | None:
        """Say who works on a run, or that nobody does any more; return why it has to end, if it has to."""
        with self._lock:
            run.worker = worker
            return run.verdict

    def put_back(self, runs: Sequence[Run]) -> None:
        """Have runs wait again whose turn had come, but that have not begun."""
        now = time.monotonic()
        with self._lock:
            for run in runs:
                self._lanes.put_back(run, now)
                run.is_called = run.verdict is not None
            self._advance()

    def outgrow(self, run: Run, seconds: float, *, again: bool) -> bool:
        """Tell that a run of so many seconds is not quick; false where it stops, and waits for a turn.

        Args:
            run: the run.
            seconds: how long it has run.
            again: whether it may still turn out to be a quick one, in another turn.
        """
        with self._lock:
            run.gave_way = not self._lanes.outgrow(run, time.monotonic(), seconds, again=again)
            if run.gave_way and not run.verdict:
                run.is_called = False
            self._advance()
            return not run.gave_way

    def slow_down(self, run: Run) -> bool:
        """Tell that a run takes long; false where it has to end."""
        with self._lock:
            refused = self._lanes.slow_down(run)
            if refused:
                refused.end(
                    PoolBusy("Too many queries run that take long: try again later.", retry_after=_LATER)
                )
            self._advance()
            return refused is not run

    def leave(self, run: Run, error: ForumKgError | None) -> None:
        """Let go of a run, answered or with an error, and charge its client."""
        with self._lock:
            self._outcomes[type(error).__name__ if error else _ANSWERED] += 1
            self._runs.discard(run)
            self._lanes.leave(run, time.monotonic(), run.seconds, run.effort)
            self._advance()
            if self._closed:
                self._left.notify_all()

    def cancel(self, identifier: str) -> bool:
        """End the runs of that name; return whether there was one."""
        with self._lock:
            found = [run for run in self._runs if run.job.id == identifier]
            for run in found:
                run.end(QueryCancelled("The query was cancelled."))
        return bool(found)

    def close(self) -> None:
        """End all runs, and wait until they have left."""
        with self._lock:
            self._closed = True
            for run in self._runs:
                run.end(_stopping())
            self._left.wait_for(lambda: not self._runs)

    def _advance(self) -> None:
        for run in self._lanes.start(time.monotonic()):
            run.call()


def _stopping() -> PoolBusy:
    return PoolBusy("The server is stopping.", retry_after=_SOON)
