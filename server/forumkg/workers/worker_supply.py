"""Keep workers ready for queries: fork them, let them wait, and end them, without holding up the event loop.

To fork a process or to wait for its end takes longer than an event loop may stand still: threads do that, and
report to the loop. Everything but the constructor is for the thread of the loop.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from forumkg.errors import ForumKgError, PoolBusy, StoreError
from forumkg.workers.fork_server import ForkServer
from forumkg.workers.worker_handle import Worker

__all__ = ["Death", "WorkerSupply"]

# The wait status of a process, None where that is unknown, and its last words.
Death = tuple[int | None, str]

_THREADS: Final = 4

_logger: Final = logging.getLogger(__name__)


class WorkerSupply:
    """The workers that wait, those that are being forked, and those that are being ended.

    Attributes:
        idle: the workers that wait.
    """

    def __init__(
        self,
        fork_server: ForkServer,
        workers: Iterable[Worker],
        hear: Callable[[Worker], None],
        changed: Callable[[ForumKgError | None], None],
    ) -> None:
        """Take over some workers; nothing happens before `attach`.

        Args:
            fork_server: forks more workers.
            workers: that wait for queries.
            hear: is called when the socket of a worker, idle or not, has something to be heard.
            changed: is called when a worker more waits, or with the reason why it does not.
        """
        self.idle = [*workers]
        self._fork_server = fork_server
        self._hear = hear
        self._changed = changed
        self._births: set[Future[Worker]] = set()
        self._threads = ThreadPoolExecutor(_THREADS, "fork")
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop

    @property
    def at_hand(self) -> int:
        """How many workers wait, or will in a moment."""
        return len(self.idle) + len(self._births)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Work in an event loop; to be called in its thread, or before it runs."""
        self._loop = loop
        for worker in self.idle:
            loop.add_reader(worker.descriptor, self._hear, worker)

    def order(self, number: int) -> None:
        """Have some more workers forked."""
        for _ in range(0 if self._is_closed else number):
            birth = self._threads.submit(self._fork_server.fork)
            self._births.add(birth)
            birth.add_done_callback(lambda found: self._report(self._born, found))

    def dismiss(self, worker: Worker, *, is_dying: bool = False) -> "Future[Death]":
        """End a worker, idle or not; the result says how it ended.

        Args:
            worker: the process.
            is_dying: whether it seems to be ending by itself; it is then killed only if it does not.
        """
        if worker in self.idle:
            self.idle.remove(worker)
        if not self._loop.is_closed():
            self._loop.remove_reader(worker.descriptor)
            self._loop.remove_writer(worker.descriptor)
        if not is_dying:
            worker.kill()
        try:
            return self._threads.submit(self._fork_server.end, worker, is_dying=is_dying)
        except RuntimeError:  # Python is ending, and takes no more work for threads.
            death: Future[Death] = Future()
            death.set_result(self._fork_server.end(worker, is_dying=is_dying))
            return death

    def explain(self, worker: Worker, callback: Callable[[Death], None]) -> None:
        """End a worker that seems to be ending by itself, and call back in the loop with how it ended."""
        death = self.dismiss(worker, is_dying=True)
        death.add_done_callback(lambda found: self._report(callback, found.result()))

    def dismiss_stopped(self) -> None:
        """End the idle workers that a signal has stopped."""
        for worker in [*self.idle]:
            if worker.is_stopped():
                self.dismiss(worker)

    def close(self) -> None:
        """End all workers that wait, and wait until none is left that was ever dismissed."""
        self._is_closed = True
        for worker in [*self.idle]:
            self.dismiss(worker)
        self._threads.shutdown(wait=True)
        for birth in self._births:
            with suppress(ForumKgError):
                self._fork_server.end(birth.result())

    def _born(self, birth: "Future[Worker]") -> None:
        if self._is_closed:
            return
        self._births.discard(birth)
        try:
            worker = birth.result()
        except (PoolBusy, StoreError) as error:
            _logger.warning("No worker could be forked: %s", error)
            self._changed(error)
            return
        self._loop.add_reader(worker.descriptor, self._hear, worker)
        # Behind those that have worked, and have in memory what this one has still to read.
        self.idle.insert(0, worker)
        self._changed(None)

    def _report(self, callback: Callable[..., object], *arguments: object) -> None:
        """Call something in the loop, from a thread."""
        with suppress(RuntimeError):  # The loop has ended: `close` sees to the rest.
            self._loop.call_soon_threadsafe(callback, *arguments)
