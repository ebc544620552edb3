"""Run the work of requests in threads, with a bounded queue in which clients take turns."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from forumkg.errors import PoolBusy
from forumkg.web.backoff import Backoff, CallLater
from forumkg.workers.fair_queue import FairQueue

__all__ = ["SharedThreads"]

_T = TypeVar("_T")


class SharedThreads:
    """Threads, and a queue in front of them. For the thread of one event loop.

    No client has all threads, so that another one's first request never waits for those of one client. One
    that hangs up on work that was begun waits before the next begins: threads take the interpreter from the
    event loop, and would otherwise work all the time for an answer that nothing awaits.
    """

    def __init__(
        self, name: str, threads: int, waiting: int, *, share: int, call_later: CallLater | None = None
    ) -> None:
        """Start threads when they are needed.

        Args:
            name: of the threads.
            threads: how many there are.
            waiting: how many requests wait at most; one client has a quarter of the places.
            share: how many threads one client has at most.
            call_later: takes the place of the timers of the running event loop.
        """
        self._executor = ThreadPoolExecutor(threads, name)
        self._is_closed = False
        self._threads = threads
        self._share = share
        self._running: Counter[str] = Counter()
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue(waiting, max(1, waiting // 4))
        self._backoff = Backoff(self._begin_waiting, call_later=call_later)

    def __len__(self) -> int:
        """How many requests wait."""
        return len(self._queue)

    async def run(self, client: str, work: Callable[[], _T]) -> _T:
        """Return what some work returns; work that waits is dropped when this is cancelled.

        Args:
            client: for whom the work is done.
            work: is called in a thread.

        Raises:
            PoolBusy: too many requests wait.
        """
        loop = asyncio.get_running_loop()
        if self._may_begin(client):
            self._running[client] += 1
        else:
            await self._wait_for_turn(client, loop.create_future())
        if self._is_closed:
            raise PoolBusy("The server is stopping.")
        future = loop.run_in_executor(self._executor, work)
        future.add_done_callback(partial(self._end, client))
        try:
            # The thread goes on when this is cancelled, and counts until it ends.
            result = await asyncio.shield(future)
        except asyncio.CancelledError:
            self._backoff.note_abandoned(client)
            raise
        else:
            self._backoff.note_answered(client)
            return result
        finally:
            # The future has the error, whose traceback has this frame: as a cycle they would stay in memory,
            # with all that the request has sent, until the garbage collector finds them.
            del future

    def close(self) -> None:
        """Begin nothing more."""
        self._is_closed = True
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _may_begin(self, client: str) -> bool:
        has_thread = self._running.total() < self._threads and self._running[client] < self._share
        return has_thread and not self._backoff.is_waiting(client)

    async def _wait_for_turn(self, client: str, turn: "asyncio.Future[None]") -> None:
        if not self._queue.put(client, turn):
            raise PoolBusy("Too many requests wait: try again later.", retry_after=5)
        try:
            await turn
        except asyncio.CancelledError:
            self._queue.discard(client, turn)
            if turn.done() and not turn.cancelled():
                self._end(client)
            raise

    def _end(self, client: str, future: "asyncio.Future[_T] | None" = None) -> None:
        """Count a request as done, and let the next ones begin."""
        if future is not None and not future.cancelled():
            future.exception()  # Where the client has gone, nothing else asks for it.
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._begin_waiting()

    def _begin_waiting(self) -> None:
        """Let requests that wait begin, as far as they may."""
        while found := self._queue.get(self._may_begin):
            client, turn = found
            if not turn.done():
                self._running[client] += 1
                turn.set_result(None)
