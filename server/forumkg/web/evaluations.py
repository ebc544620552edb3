"""Evaluate a query once for all who ask it at the same time: who comes later waits for the first answer.

A link to a question that takes seconds may go to a hundred people who follow it within those seconds.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from forumkg.errors import ForumKgError, QueryCancelled
from forumkg.web.cache import Key

__all__ = ["Evaluations"]


class Evaluations:
    """The evaluations that run now. All but `cancel` is for the thread of one event loop."""

    def __init__(self) -> None:
        self._running: dict[Key, list[asyncio.Future[ForumKgError | None]]] = {}
        self._waiting: dict[str, asyncio.Future[ForumKgError | None]] = {}

    def runs(self, key: Key) -> bool:
        """Whether that is evaluated now, for somebody whose answer others may have."""
        return key in self._running

    @contextmanager
    def lead(self, key: Key | None) -> Iterator[None]:
        """Evaluate within this context, and let those who follow know when it ends.

        Args:
            key: what is evaluated; None where nobody else may have the answer.
        """
        if key is None or key in self._running:
            yield
            return
        followers = self._running[key] = []
        error: ForumKgError | None = None
        try:
            yield
        except ForumKgError as raised:
            error = raised
            raise
        finally:
            del self._running[key]
            for follower in followers:
                if not follower.done():
                    follower.set_result(error)

    async def follow(self, key: Key, query_id: str) -> ForumKgError | None:
        """Wait until an evaluation that runs has ended; return the error that it ended with.

        Args:
            key: what is evaluated.
            query_id: the name by which this wait can be cancelled.

        Raises:
            QueryCancelled: somebody has cancelled it.
        """
        future: asyncio.Future[ForumKgError | None] = asyncio.get_running_loop().create_future()
        self._running[key].append(future)
        self._waiting[query_id] = future
        try:
            return await future
        finally:
            del self._waiting[query_id]

    def cancel(self, query_id: str) -> bool:
        """End the wait of that name; return whether there was one."""
        future = self._waiting.get(query_id)
        if future is None:
            return False
        future.get_loop().call_soon_threadsafe(_end, future)
        return True


def _end(future: "asyncio.Future[ForumKgError | None]") -> None:
    if not future.done():
        future.set_exception(QueryCancelled("The query was cancelled."))
