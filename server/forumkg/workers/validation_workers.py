"""Check documents of strangers in processes that can be killed: at their deadline, when they take too much.

A process that has read the dataset once forks one for each document, which has the document and nothing else:
no socket, no file but those of the dataset, no other program.
"""

import logging
import math
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn, Self

from forumkg.errors import CheckGivenUp, PoolBusy, QueryCancelled, WorkerLost
from forumkg.validation.document import Document
from forumkg.validation.findings import Finding, Report
from forumkg.workers.frames import Frame
from forumkg.workers.handles import Worker
from forumkg.workers.outcomes import has_run_out_of_memory, was_killed
from forumkg.workers.processes import Zygote
from forumkg.workers.validation_fork_server import Settings

__all__ = ["ValidationLimits", "ValidationOutcome", "ValidationWorkers"]

_MIB: Final = 1024 * 1024
# Seconds until the dataset is read and checked itself, which takes three on a machine that does nothing else.
_PATIENCE: Final = 60.0
# A third of the share of a query that runs beside it: later than queries, and not too late for its own end.
_PRIORITY: Final = 5
# Seconds between two looks at whether somebody still waits.
_GLANCE: Final = 0.25
_ELSEWHERE: Final = "check it in parts, or with `forumkg check` on your own machine"

_logger = logging.getLogger(__name__)


def _stays() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ValidationLimits:
    """The bounds of checks; the defaults suit two cores with 2 to 4 GB, and the longest body of a request.

    Attributes:
        seconds: for which one may compute, whatever else the machine does.
        timeout: seconds until one has ended; one that takes longer than the machine should need is given up.
        memory: bytes that one may take beyond what its process has at its start.
        jobs: how many run at the same time; more are refused.
    """

    seconds: int = 20
    timeout: float = 60.0
    memory: int = 768 * _MIB
    jobs: int = 2


@dataclass(frozen=True, slots=True)
class ValidationOutcome:
    """What became of a document.

    Attributes:
        report: the findings.
        readable: whether it could be read; else the report has why, and nothing else was checked.
        seconds: what it took.
    """

    report: Report
    readable: bool
    seconds: float


class ValidationWorkers:
    """Checks documents against one dataset. Its first process starts with the first document.

    Use it as a context manager: at its end no process is left. `check` may be called from any thread.
    """

    def __init__(
        self, folder: Path, limits: ValidationLimits | None = None, *, confined: bool = True
    ) -> None:
        """Start nothing yet.

        Args:
            folder: Turtle files, each of which is the graph that its path says: `source/` of a version.
            limits: the bounds.
            confined: refuse to work where the system cannot keep checks from the network.
        """
        self._limits = limits or ValidationLimits()
        self._settings = Settings(folder, self._limits.memory, self._limits.seconds, confined)
        self._places = threading.BoundedSemaphore(self._limits.jobs)
        self._lock = threading.Lock()
        self._zygote: Zygote | None = None
        self._closed = False

    def check(self, document: Document, gone: Callable[[], bool] = _stays) -> ValidationOutcome:
        """Return what is found in a document.

        Args:
            document: the document.
            gone: tells when nobody waits for the result any more; asked several times a second.

        Raises:
            CheckGivenUp: it takes too long or too much memory.
            PoolBusy: too many documents are being checked.
            QueryCancelled: nobody waits for the result.
            WorkerLost: its process ended in a way that nobody wanted.
            StoreError: the dataset cannot be read, or the process not be confined.
        """
        if not self._places.acquire(blocking=False):
            raise PoolBusy(
                f"As many documents are being checked as may be ({self._limits.jobs}): try again later.",
                retry_after=math.ceil(self._limits.timeout / 4),
            )
        try:
            return self._check(document, gone)
        finally:
            self._places.release()

    def close(self) -> None:
        """End every check that still runs, and every process; a second time does nothing."""
        with self._lock:
            self._closed = True
            if self._zygote:
                self._zygote.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self, document: Document, gone: Callable[[], bool]) -> ValidationOutcome:
        zygote = self._started()
        start = time.monotonic()
        worker = zygote.fork()
        frame, status, words = None, None, ""
        try:
            frame = self._ask(worker, document, start + self._limits.timeout, gone)
        finally:
            status, words = zygote.end(worker)
        if frame is None:
            self._explain(status, words)
        return ValidationOutcome(
            _report(frame.head["report"]), frame.head["readable"], time.monotonic() - start
        )

    def _started(self) -> Zygote:
        with self._lock:
            if self._closed:
                raise PoolBusy("The server is stopping.", retry_after=1)
            if self._zygote is None:
                what = f"The dataset {self._settings.folder}"
                self._zygote = Zygote(self._settings.command, what, patience=_PATIENCE)
            return self._zygote

    def _ask(
        self, worker: Worker, document: Document, until: float, gone: Callable[[], bool]
    ) -> Frame | None:
        """Have a worker check a document; None where it has ended without an answer."""
        worker.lower_priority(_PRIORITY)
        try:
            worker.tell({"format": document.format.name, "name": document.name}, document.text.encode())
        except OSError:
            return None
        while True:
            try:
                return worker.answer(min(until, time.monotonic() + _GLANCE))
            except TimeoutError as error:
                if gone():
                    raise QueryCancelled("Nobody waits for the report any more.") from error
                if time.monotonic() >= until:
                    limit = self._limits.timeout
                    raise CheckGivenUp(
                        f"The check was given up after {limit:g} seconds: {_ELSEWHERE}."
                    ) from error

    def _explain(self, status: int | None, words: str) -> NoReturn:
        """Raise why there is no answer."""
        if has_run_out_of_memory(words):
            raise CheckGivenUp(f"The check needs more memory than one may have: {_ELSEWHERE}.")
        if status == signal.SIGXCPU:
            limit = self._limits.seconds
            raise CheckGivenUp(f"The check was given up after {limit} seconds of work: {_ELSEWHERE}.")
        _logger.warning("A check ended with status %s: %s", status, words.strip())
        if was_killed(status):
            raise WorkerLost("The process of the check was killed: try again.", retry_after=1)
        raise WorkerLost("The document broke the process that checked it: take it apart to find where.")


def _report(facts: Mapping[str, Any]) -> Report:
    findings = tuple(Finding(**finding) for finding in facts["findings"])
    return Report(**{**facts, "findings": findings, "notes": tuple(facts["notes"])})
