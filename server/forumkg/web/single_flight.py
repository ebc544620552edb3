"""Coalesce concurrent identical queries: one evaluation, whose answer the others wait for (single flight).

A link to a question that takes seconds may go to a hundred people who follow it within those seconds.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from forumkg.errors import ForumKgError, QueryCancelled
from forumkg.web.cache import Key

__all__ = ["SingleFlight"]

_Outcome = asyncio.Future[ForumKgError | None]


class SingleFlight:
    """The evaluations under way. Everything is for the thread of one event loop."""

    def __init__(self) -> None:
        self._flights: dict[Key, list[_Outcome]] = {}
        self._followers: dict[str, _Outcome] = {}

    def is_under_way(self, key: Key) -> bool:
        """Whether an evaluation that others may share is under way."""
        return key in self._flights

    @contextmanager
    def lead(self, key: Key | None) -> Iterator[None]:
        """Evaluate within this context, and inform the followers when it ends.

        Args:
            key: what is evaluated; None if the answer cannot be shared.
        """
        if key is None or key in self._flights:
            yield
            return
        followers = self._flights[key] = []
        error: ForumKgError | None = None
        try:
            yield
        except ForumKgError as raised:
            error = raised
            raise
        finally:
            del self._flights[key]
            for follower in followers:
                if not follower.done():
                    follower.set_result(error)

    async def follow(self, key: Key, query_id: str) -> ForumKgError | None:
        """Wait for an evaluation under way; return the error that it ended with.

        Args:
            key: what is evaluated.
            query_id: the id by which this wait can be cancelled.

        Raises:
            QueryCancelled: it was cancelled.
        """
        outcome: _Outcome = asyncio.get_running_loop().create_future()
        self._flights[key].append(outcome)
        self._followers[query_id] = outcome
        try:
            return await outcome
        finally:
            del self._followers[query_id]

    def cancel(self, query_id: str) -> bool:
        """Cancel the wait with that id; return whether there was one."""
        outcome = self._followers.get(query_id)
        if outcome is None or outcome.done():
            return False
        outcome.set_exception(QueryCancelled("The query was cancelled."))
        return True

    def cancel_all(self) -> None:
        """Cancel every wait."""
        for query_id in [*self._followers]:
            self.cancel(query_id)
