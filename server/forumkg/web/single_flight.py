"""Coalesce concurrent identical queries: one evaluation, whose answer the others wait for (single flight).

A link to a question that takes seconds may go to a hundred people who follow it within those seconds.

An evaluation waits for the turn of the client that leads it. Requests of this client share it in any state;
other clients, whose turn may come earlier, follow one that a worker evaluates, and race one that waits.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from forumkg.errors import ForumKgError, QueryCancelled
from forumkg.web.response_cache import Key

__all__ = ["SingleFlight"]

_Outcome = asyncio.Future[ForumKgError | None]


@dataclass(frozen=True, slots=True)
class _Flight:
    """An evaluation under way: the client and the id of its query, and the outcomes that others wait for."""

    client: str
    query_id: str
    followers: list[_Outcome] = field(default_factory=list)


class SingleFlight:
    """The evaluations under way. Everything is for the thread of one event loop."""

    def __init__(self) -> None:
        self._flights: dict[Key, _Flight] = {}
        self._followers: dict[str, _Outcome] = {}

    def is_under_way(self, key: Key) -> bool:
        """Whether an evaluation that others may share is under way."""
        return key in self._flights

    def leader(self, key: Key) -> tuple[str, str] | None:
        """Return the client and the id of the query whose evaluation others may share; None without one."""
        flight = self._flights.get(key)
        return (flight.client, flight.query_id) if flight else None

    @contextmanager
    def lead(self, key: Key | None, client: str, query_id: str) -> Iterator[None]:
        """Evaluate within this context, and inform the followers when it ends.

        Args:
            key: what is evaluated; None if the answer cannot be shared.
            client: whose turn the evaluation has.
            query_id: the id of its query.
        """
        if key is None or key in self._flights:
            yield
            return
        flight = self._flights[key] = _Flight(client, query_id)
        error: ForumKgError | None = None
        try:
            yield
        except ForumKgError as raised:
            error = raised
            raise
        finally:
            del self._flights[key]
            _inform(flight.followers, error)

    @contextmanager
    def follow(self, key: Key, query_id: str) -> Iterator[_Outcome]:
        """Wait within this context for an evaluation under way.

        Args:
            key: what is evaluated.
            query_id: the id by which this wait can be cancelled.

        Yields:
            The future with the error that the evaluation ends with, or None; QueryCancelled is raised by it
            when the wait is cancelled.
        """
        outcome: _Outcome = asyncio.get_running_loop().create_future()
        followers = self._flights[key].followers
        followers.append(outcome)
        self._followers[query_id] = outcome
        try:
            yield outcome
        finally:
            followers.remove(outcome)
            del self._followers[query_id]
            outcome.cancel()

    def announce(self, key: Key | None) -> None:
        """Inform the followers that the answer is known before the evaluation that they follow ends."""
        flight = self._flights.get(key) if key else None
        if flight:
            _inform(flight.followers, None)

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


def _inform(followers: list[_Outcome], error: ForumKgError | None) -> None:
    for follower in followers:
        if not follower.done():
            follower.set_result(error)
