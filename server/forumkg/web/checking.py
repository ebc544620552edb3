"""Check documents for clients, each within its budget of seconds."""

import time
from collections.abc import Callable
from typing import Final

from flask import Flask, current_app

from forumkg.errors import LimitError
from forumkg.validation.untrusted import Document
from forumkg.web.addresses import client_key
from forumkg.web.rate_limits import RateLimiter
from forumkg.workers.checker import Checked, Checker

__all__ = ["Checking", "checking", "keep_checking"]

_KEY: Final = "forumkg.checking"
_DONE: Final = "answered"


class Checking:
    """Checks documents. Safe to use from many threads."""

    def __init__(self, checker: Checker, budgets: RateLimiter) -> None:
        """Check by the processes of a checker.

        Args:
            checker: the processes.
            budgets: what each client may use; queries are charged to the same.
        """
        self._checker = checker
        self._budgets = budgets

    def check(self, document: Document, client: str, gone: Callable[[], bool]) -> Checked:
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


def keep_checking(app: Flask, made: Checking) -> None:
    """Have an application check documents."""
    app.extensions[_KEY] = made


def checking() -> Checking:
    """Return what checks documents for the application of this request."""
    kept = current_app.extensions[_KEY]
    if not isinstance(kept, Checking):
        raise TypeError(f"The application was made without checks: {kept!r}.")
    return kept
