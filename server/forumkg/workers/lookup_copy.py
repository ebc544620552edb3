"""Answer look-ups in the server's own process, from a copy of the store that a thread makes.

The way to a worker and back costs more than a look-up itself. What is evaluated here is proved to be small
beforehand; every other query goes to a worker, and so does each query until the copy is whole.
"""

import threading
import time
from itertools import islice
from typing import Final

import pyoxigraph as ox

from forumkg.sparql.lookups import LookupStore
from forumkg.sparql.result_writers import count_rows
from forumkg.workers.queries import Query, WrittenAnswer

__all__ = ["LookupCopy"]

# Quads that are copied in one go, in less than a millisecond: the event loop waits for this thread meanwhile.
_BATCH: Final = 64


class LookupCopy:
    """A copy of a store in memory for look-ups; it is empty until `start` has filled it."""

    def __init__(self, store: ox.Store, most: int) -> None:
        """Copy nothing yet.

        Args:
            store: a store that is not written any more.
            most: the quads of the largest store that is copied; a larger one is not.
        """
        self._source = store
        self._most = most
        self._lookups: LookupStore | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._fill, name="lookups", daemon=True)

    @property
    def is_filled(self) -> bool:
        """Whether the copy is whole."""
        return self._lookups is not None

    def start(self) -> None:
        """Copy the store in a thread."""
        self._thread.start()

    def answer(self, query: Query) -> WrittenAnswer | None:
        """Return the answer to a query, in less than a millisecond; None if a worker has to evaluate it.

        Raises:
            NotAcceptable: the format cannot express the answer.
            QueryError: the query cannot be evaluated.
        """
        if self._lookups is None or query.default_graphs or query.named_graphs:
            return None
        start = time.perf_counter()
        body = self._lookups.answer(query.text, query.format)
        if body is None:
            return None
        rows = count_rows(body, query.format)
        return WrittenAnswer(body, len(body), rows, time.perf_counter() - start, 0.0)

    def close(self) -> None:
        """Stop copying."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _fill(self) -> None:
        copy = LookupStore()
        quads, number = iter(self._source), 0
        while batch := [*islice(quads, _BATCH)]:
            number += len(batch)
            if number > self._most or self._closing.is_set():
                return
            copy.extend(batch)
        self._lookups = copy
