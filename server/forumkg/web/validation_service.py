"""Check documents for clients, each within its budget of seconds."""

import time
from collections.abc import Callable
from typing import Final

from flask import Flask, current_app

from forumkg.errors import LimitError
from forumkg.validation.document import Document
from forumkg.web.addresses import client_key
from forumkg.web.rate_limits import RateLimiter
from forumkg.workers.validation_workers import ValidationOutcome, ValidationWorkers

__all__ = ["ValidationService", "keep_validation_service", "validation_service"]

_KEY: Final = "forumkg.validation_service"
_DONE: Final = "answered"


class ValidationService:
    """Checks documents. Safe to use from many threads."""

    def __init__(self, checker: ValidationWorkers, budgets: RateLimiter) -> None:
        """Check by the processes of a checker.

        Args:
            checker: the processes.
            budgets: what each client may use; queries are charged to the same.
        """
        self._checker = checker
        self._budgets = budgets

    def check(self, document: Document, client: str, gone: Callable[[], bool]) -> ValidationOutcome:
        """Return what is found in a document of a client.

        Args:
            document: the document.
            client: the address of who sends it.
            gone: tells when the client has gone away.

        Raises:
            LimitError: the check was given up, or not begun; its subclasses tell why.
            StoreError: no document can be checked on this system.
        """
        key = client_key(client)
        self._budgets.check(key)
        start, outcome = time.monotonic(), _DONE
        try:
            return self._checker.check(document, gone)
        except LimitError as error:
            outcome = type(error).__name__
            raise
        finally:
            self._budgets.settle(key, outcome, time.monotonic() - start)


def keep_validation_service(app: Flask, made: ValidationService) -> None:
    """Have an application check documents."""
    app.extensions[_KEY] = made


def validation_service() -> ValidationService:
    """Return what checks documents for the application of this request."""
    kept = current_app.extensions[_KEY]
    if not isinstance(kept, ValidationService):
        raise TypeError(f"The application was made without checks: {kept!r}.")
    return kept
