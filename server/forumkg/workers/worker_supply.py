"""Keep idle workers ready for queries: fork and terminate them without blocking the event loop.

Threads fork processes and wait for their end, which would block the event loop, and report to it.
All methods but the constructor are for the thread of the loop.
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

# The wait status of a process, None where that is unknown, and its standard error.
Death = tuple[int | None, str]

_THREADS: Final = 4

_logger: Final = logging.getLogger(__name__)


class WorkerSupply:
    """The idle workers, and the workers that are being forked or terminated.

    Attributes:
        idle: the workers without a query.
    """

    def __init__(
        self,
        fork_server: ForkServer,
        workers: Iterable[Worker],
        readable: Callable[[Worker], None],
        changed: Callable[[ForumKgError | None], None],
    ) -> None:
        """Take the first workers; nothing happens before `attach`.

        Args:
            fork_server: forks more workers.
            workers: the first idle workers.
            readable: called when the socket of a worker, idle or not, is readable.
            changed: called when another worker is idle, or with the error that kept it from being forked.
        """
        self.idle = [*workers]
        self._fork_server = fork_server
        self._readable = readable
        self._changed = changed
        self._births: set[Future[Worker]] = set()
        self._threads = ThreadPoolExecutor(_THREADS, "fork")
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop

    @property
    def at_hand(self) -> int:
        """How many workers are idle or being forked."""
        return len(self.idle) + len(self._births)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run in an event loop; call this in its thread, or before it runs."""
        self._loop = loop
        for worker in self.idle:
            loop.add_reader(worker.descriptor, self._readable, worker)

    def fork(self, number: int) -> None:
        """Fork more workers."""
        for _ in range(0 if self._is_closed else number):
            birth = self._threads.submit(self._fork_server.fork)
            self._births.add(birth)
            birth.add_done_callback(lambda found: self._report(self._born, found))

    def dismiss(self, worker: Worker, *, is_dying: bool = False) -> "Future[Death]":
        """Terminate a worker, idle or not; the result is how it ended.

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
        except RuntimeError:  # The interpreter is shutting down: no thread can be started.
            death: Future[Death] = Future()
            death.set_result(self._fork_server.end(worker, is_dying=is_dying))
            return death

    def explain(self, worker: Worker, callback: Callable[[Death], None]) -> None:
        """Reap a worker that seems to be ending by itself, and call back in the loop with how it ended."""
        death = self.dismiss(worker, is_dying=True)
        death.add_done_callback(lambda found: self._report(callback, found.result()))

    def dismiss_stopped(self) -> None:
        """Terminate the idle workers that a signal has stopped."""
        for worker in [*self.idle]:
            if worker.is_stopped():
                self.dismiss(worker)

    def close(self) -> None:
        """Terminate all idle workers, and wait for every worker that was ever dismissed."""
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
        self._loop.add_reader(worker.descriptor, self._readable, worker)
        # Last in the order of use: the others have filled caches.
        self.idle.insert(0, worker)
        self._changed(None)

    def _report(self, callback: Callable[..., object], *arguments: object) -> None:
        """Call something in the loop, from a thread."""
        with suppress(RuntimeError):  # The loop has ended: `close` does the rest.
            self._loop.call_soon_threadsafe(callback, *arguments)
