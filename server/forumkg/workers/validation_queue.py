"""The queue of documents to validate: one place for a client, in the order of arrival.

As long as a place is free and its client holds none, a document is validated at once. Otherwise it waits: for
a bounded time, among a bounded number. A document whose client has gone away is dropped.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from forumkg.errors import PoolBusy, QueryCancelled

__all__ = ["ValidationQueue"]

# Seconds between two looks at whether the client is still there.
_GLANCE: Final = 0.25


@dataclass(eq=False, slots=True)
class _Place:
    """A document that is validated, or waits; `since` is when its validation began."""

    client: str
    since: float | None = field(default=None)


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
        self._most_waiting = waiting
        self._patience = patience
        self._clock = clock
        self._changed = threading.Condition()
        self._running: list[_Place] = []
        self._waiting: list[_Place] = []

    def __len__(self) -> int:
        return len(self._waiting)

    @contextmanager
    def place(self, client: str, gone: Callable[[], bool]) -> Iterator[None]:
        """Hold a place for a client within the context, after it was waited for.

        Args:
            client: the name of the client.
            gone: returns whether the client has gone away; asked several times a second.

        Raises:
            PoolBusy: there is no place, with the seconds after which there is one.
            QueryCancelled: the client has gone away, so that nothing was begun.
        """
        place = self._begin(client, gone)
        try:
            yield
        finally:
            with self._changed:
                self._running.remove(place)
                self._changed.notify_all()

    def _begin(self, client: str, gone: Callable[[], bool]) -> _Place:
        place = _Place(client)
        until = self._clock() + self._patience
        with self._changed:
            self._waiting.append(place)
            try:
                if not self._is_next(place) and self._is_too_many(place):
                    raise self._busy(place)
                while True:
                    if gone():
                        raise QueryCancelled("The client has gone away: its document was not validated.")
                    if self._is_next(place):
                        break
                    if self._clock() >= until:
                        raise self._busy(place)
                    self._changed.wait(_GLANCE)
            finally:
                self._waiting.remove(place)
                self._changed.notify_all()
            place.since = self._clock()
            self._running.append(place)
        return place

    def _is_next(self, place: _Place) -> bool:
        """Whether a place is free for a document, and for none that came before it."""
        free = self._places - len(self._running)
        for other in self._waiting:
            if free <= 0:
                return False
            if self._runs(other.client):
                if other is place:
                    return False
                continue
            if other is place:
                return True
            free -= 1
        return False

    def _is_too_many(self, place: _Place) -> bool:
        others = [other for other in self._waiting if other is not place]
        return len(others) >= self._most_waiting or any(other.client == place.client for other in others)

    def _runs(self, client: str) -> bool:
        return any(running.client == client for running in self._running)

    def _busy(self, place: _Place) -> PoolBusy:
        """Return the refusal, with the seconds after which what is in the way has ended."""
        ahead = [other for other in self._waiting if other is not place]
        blocking, places = self._running, self._places
        message = f"{places} documents are being validated already, which is the limit: try again later."
        if self._runs(place.client):
            ahead = [other for other in ahead if other.client == place.client]
            blocking, places = [each for each in self._running if each.client == place.client], 1
            message = "Another document from your address is being validated: wait for its report."
        now = self._clock()
        ends = sorted((each.since or now) + self._timeout - now for each in blocking)
        rounds, position = divmod(len(ahead), places)
        seconds = rounds * self._timeout + (ends[min(position, len(ends) - 1)] if ends else 0)
        return PoolBusy(message, retry_after=max(1, math.ceil(seconds)))
