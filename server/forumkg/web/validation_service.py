"""Validate documents for clients: each in its turn, and at the expense of its client."""

import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from forumkg.errors import LimitError
from forumkg.validation.document import Document
from forumkg.web.rate_limits import RateLimiter
from forumkg.workers.validation_queue import ValidationQueue
from forumkg.workers.validation_workers import ValidationOutcome, ValidationWorkers

__all__ = ["ValidationService"]

_Result = TypeVar("_Result")

_DONE: Final = "answered"


class ValidationService:
    """Validates documents for clients. Safe to use from many threads.

    Args:
        workers: the processes.
        limiter: the rate limits of clients; their queries are charged to the same.
    """

    def __init__(self, workers: ValidationWorkers, limiter: RateLimiter) -> None:
        self._workers = workers
        self._limiter = limiter
        self._queue = ValidationQueue(workers.limits.jobs, workers.limits.timeout)

    @property
    def waiting(self) -> int:
        """How many documents wait."""
        return len(self._queue)

    def validate(self, document: Document, client: str, gone: Callable[[], bool]) -> ValidationOutcome:
        """Return the outcome of validating a document of a client.

        Args:
            document: the document.
            client: the name of the client: see `client_key`.
            gone: returns whether the client has gone away.

        Raises:
            LimitError: the validation was not begun, or was ended; its subclasses say why.
            StoreError: no document can be validated on this system.
        """
        return self._in_turn(client, gone, lambda: self._workers.validate(document, gone))

    def preview(self, worksheet: Document, client: str, gone: Callable[[], bool]) -> dict[str, Any]:
        """Return what a worksheet of a client would do to the dataset; see `validate` for the rest."""
        return self._in_turn(client, gone, lambda: self._workers.preview(worksheet, gone))

    def _in_turn(self, client: str, gone: Callable[[], bool], work: Callable[[], _Result]) -> _Result:
        """Do work for a client when it is its turn, and charge the client for it."""
        self._limiter.check(client)
        with self._queue.place(client, gone):
            start, outcome = time.monotonic(), _DONE
            try:
                return work()
            except LimitError as error:
                outcome = type(error).__name__
                raise
            finally:
                self._limiter.settle(client, outcome, time.monotonic() - start)
