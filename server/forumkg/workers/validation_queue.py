"""Bound concurrent validations: so many in all, one for each client, in the order of arrival.

A document starts at once if a place is free and its client holds none. Otherwise it waits, for a bounded time
in a bounded queue. A document whose client has gone away is dropped.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from forumkg.errors import PoolBusy, QueryCancelled
from forumkg.workers.fair_queue import FairQueue

__all__ = ["ValidationQueue"]

# Seconds between two tests whether the client is still connected.
_POLL: Final = 0.25


@dataclass(eq=False, slots=True)
class _Place:
    """The place of a document; `since` is when its validation began, None while it waits."""

    client: str
    since: float | None = None


class ValidationQueue:
    """Places for validations. Safe to use from many threads.

    Args:
        places: how many documents are validated at the same time, of as many clients.
        timeout: seconds after which a validation has ended, however it ends.
        waiting: how many documents wait, one for each client.
        patience: seconds for which one waits.
        clock: returns the time in seconds.
    """

    def __init__(
        self,
        places: int,
        timeout: float,
        *,
        waiting: int = 2,
        patience: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._places = places
        self._timeout = timeout
        self._patience = patience
        self._clock = clock
        self._changed = threading.Condition()
        self._running: dict[str, _Place] = {}
        self._waiting: FairQueue[_Place] = FairQueue(waiting, 1)

    def __len__(self) -> int:
        return len(self._waiting)

    @contextmanager
    def place(self, client: str, gone: Callable[[], bool]) -> Iterator[None]:
        """Hold a place for a client within the context; wait for it first.

        Args:
            client: the name of the client.
            gone: returns whether the client has gone away; called several times a second.

        Raises:
            PoolBusy: no place becomes free in time, with the seconds after which one will be.
            QueryCancelled: the client has gone away, so that nothing was begun.
        """
        place = self._begin(client, gone)
        try:
            yield
        finally:
            with self._changed:
                self._end(place)

    def _begin(self, client: str, gone: Callable[[], bool]) -> _Place:
        place = _Place(client)
        until = self._clock() + self._patience
        with self._changed:
            _require_client(gone)
            if self._may_begin(client):
                self._start(place)
                return place
            if not self._waiting.put(client, place):
                raise self._busy(client)
            try:
                self._wait(place, until, gone)
            except BaseException:
                self._waiting.discard(client, place)
                if place.since is not None:
                    self._end(place)
                raise
        return place

    def _wait(self, place: _Place, until: float, gone: Callable[[], bool]) -> None:
        """Wait until a document has its place; for a holder of the lock."""
        while True:
            _require_client(gone)
            if place.since is not None:
                return
            if self._clock() >= until:
                self._waiting.discard(place.client, place)
                raise self._busy(place.client)
            self._changed.wait(_POLL)

    def _may_begin(self, client: str) -> bool:
        return len(self._running) < self._places and client not in self._running

    def _start(self, place: _Place) -> None:
        place.since = self._clock()
        self._running[place.client] = place

    def _end(self, place: _Place) -> None:
        """Free a place, and give it to the next document that may have it."""
        del self._running[place.client]
        while found := self._waiting.get(self._may_begin):
            self._start(found[1])
        self._changed.notify_all()

    def _busy(self, client: str) -> PoolBusy:
        """Return the refusal, with the seconds after which a place is free for the client."""
        ahead, blocking, places = len(self._waiting), [*self._running.values()], self._places
        message = f"{places} documents are being validated already, which is the limit: try again later."
        if client in self._running:
            ahead, blocking, places = int(client in self._waiting), [self._running[client]], 1
            message = "Another document from your address is being validated: wait for its report."
        now = self._clock()
        ends = sorted((each.since or now) + self._timeout - now for each in blocking)
        rounds, position = divmod(ahead, places)
        seconds = rounds * self._timeout + (ends[min(position, len(ends) - 1)] if ends else 0)
        return PoolBusy(message, retry_after=max(1, math.ceil(seconds)))


def _require_client(gone: Callable[[], bool]) -> None:
    if gone():
        raise QueryCancelled("The client has gone away: its document was not validated.")
