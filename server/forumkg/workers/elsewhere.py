"""Threads for what an event loop cannot wait for: queries that are not quick, and the end of a worker."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from forumkg.workers.attempts import Attempts
from forumkg.workers.cases import Case
from forumkg.workers.crew import Crew
from forumkg.workers.handles import Worker

__all__ = ["Elsewhere"]


class Elsewhere:
    """Threads that work for an event loop."""

    def __init__(self, most: int, attempts: Attempts, crew: Crew) -> None:
        """Have up to `most` threads."""
        self._threads = ThreadPoolExecutor(max(most, 1), "query")
        self._attempts = attempts
        self._crew = crew

    def complete(self, case: Case, loop: asyncio.AbstractEventLoop) -> None:
        """Have a query go on from where it stands, and deliver its answer in a loop."""
        case.is_elsewhere = True
        self._threads.submit(self._complete, case, loop)
        if case.when_slow:
            case.when_slow()

    def dismiss(self, worker: Worker) -> None:
        """Have a worker end."""
        self._threads.submit(self._crew.dismiss, worker)

    def close(self) -> None:
        """Wait until all is done."""
        self._threads.shutdown(wait=True)

    def _complete(self, case: Case, loop: asyncio.AbstractEventLoop) -> None:
        answer = error = None
        try:
            answer = self._attempts.complete(case, case.attempt)
        except Exception as raised:  # noqa: BLE001 - whoever awaits the answer is told, whatever it is
            error = raised
        case.attempt = None
        with suppress(RuntimeError):  # The loop may have ended, and nobody waits.
            loop.call_soon_threadsafe(case.deliver, answer, error)
