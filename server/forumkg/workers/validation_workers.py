"""Validate documents in processes that can be killed at their deadline, or at their memory limit.

A fork server that has the dataset open forks one process for each document. That process has no network, no
files but those of the dataset, and starts no other program.
"""

import logging
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
from forumkg.workers.fork_server import ForkServer
from forumkg.workers.messages import Message
from forumkg.workers.queries import has_run_out_of_memory, was_killed
from forumkg.workers.worker_handle import Worker

__all__ = ["ValidationForkSettings", "ValidationLimits", "ValidationOutcome", "ValidationWorkers"]

_MIB: Final = 1024 * 1024
# Seconds for an answer of the fork server: a busy machine may leave it little.
_PATIENCE: Final = 60.0
# Niceness: a third of the processor share of a concurrent query, enough to end before the deadline.
_PRIORITY: Final = 5
# Seconds between two tests whether the client is still connected.
_POLL: Final = 0.25
# Seconds for a process that has closed its socket to exit, so that its own wait status is seen.
_DYING: Final = 5.0
_ELSEWHERE: Final = "validate it in parts, or with `forumkg check` on your own machine"

_logger = logging.getLogger(__name__)


def _never_gone() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ValidationLimits:
    """The limits of validations; the defaults suit two cores with 2 to 4 GB, and the longest request body.

    Attributes:
        seconds: of processor time that one may take.
        timeout: seconds until one has ended; one that takes longer is ended.
        memory: bytes that one may take beyond what its process has at its start.
        jobs: how many run at the same time, each for a different client.
    """

    seconds: int = 20
    timeout: float = 60.0
    memory: int = 768 * _MIB
    jobs: int = 2


@dataclass(frozen=True, slots=True)
class ValidationOutcome:
    """The outcome of a validation.

    Attributes:
        report: the findings.
        readable: whether the document could be read; otherwise the report says why, and nothing else.
        seconds: how long it took.
    """

    report: Report
    readable: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class ValidationForkSettings:
    """The command line of the fork server.

    Attributes:
        folder: the folder of a version.
        memory: bytes that a worker may take beyond what it has at its start.
        seconds: of processor time of a worker.
    """

    folder: Path
    memory: int
    seconds: int

    def command(self, control: int) -> list[str]:
        """Return module and arguments of a fork server for a control socket; `read` is the inverse."""
        numbers = map(str, (control, self.memory, self.seconds))
        return ["forumkg.workers.validation_fork_server", str(self.folder), *numbers]

    @classmethod
    def read(cls, words: list[str]) -> tuple[Self, int]:
        """Return what the arguments say, and the descriptor of the socket."""
        folder, control, memory, seconds = words
        return cls(Path(folder), int(memory), int(seconds)), int(control)


class ValidationWorkers:
    """Validates documents against one dataset. The fork server starts with the first document.

    Use it as a context manager: at its end no process is left. `validate` may be called from any thread.
    """

    def __init__(self, folder: Path, limits: ValidationLimits | None = None) -> None:
        """Start no process yet.

        Args:
            folder: the folder of a version: its store, and the files that it was built from.
            limits: the limits of each validation.
        """
        self.limits = limits or ValidationLimits()
        self._settings = ValidationForkSettings(folder, self.limits.memory, self.limits.seconds)
        self._lock = threading.Lock()
        self._fork_server: ForkServer | None = None
        self._closed = False

    def validate(self, document: Document, gone: Callable[[], bool] = _never_gone) -> ValidationOutcome:
        """Validate a document in a process of its own.

        Args:
            document: the document.
            gone: returns whether the client has gone away; called several times a second.

        Raises:
            CheckGivenUp: the document takes too long or too much memory, or is nested too deeply.
            PoolBusy: the server is stopping, or the system gives no process.
            QueryCancelled: the client has gone away.
            WorkerLost: the process ended without an answer.
            StoreError: the dataset cannot be read, or the process cannot be confined.
        """
        head, seconds = self._run(document, gone)
        return ValidationOutcome(_report(head["report"]), head["readable"], seconds)

    def preview(self, worksheet: Document, gone: Callable[[], bool] = _never_gone) -> dict[str, Any]:
        """Return what a worksheet would do to the dataset, as `mapping_report.preview_document` has it.

        Args:
            worksheet: with offsets and digests in place of the words of the text.
            gone: returns whether the client has gone away; called several times a second.

        Raises:
            LimitError: as for `validate`.
            StoreError: the dataset cannot be read, or the process cannot be confined.
        """
        head, _ = self._run(worksheet, gone)
        return dict(head["preview"])

    def _run(self, document: Document, gone: Callable[[], bool]) -> tuple[Mapping[str, Any], float]:
        """Return the head of the answer to a document, and the seconds that it took."""
        server = self._started()
        start = time.monotonic()
        worker = server.fork()
        message, status, words = None, None, ""
        try:
            message = self._exchange(worker, document, start + self.limits.timeout, gone)
        finally:
            status, words = server.end(worker)
        if message is None:
            self._explain(status, words)
        if "failure" in message.head:
            raise CheckGivenUp(f"{message.head['failure']} {_ELSEWHERE[:1].upper()}{_ELSEWHERE[1:]}.")
        return message.head, time.monotonic() - start

    def close(self) -> None:
        """End every validation that still runs, and every process; a second time does nothing."""
        with self._lock:
            self._closed = True
            if self._fork_server:
                self._fork_server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self) -> ForkServer:
        with self._lock:
            if self._closed:
                raise PoolBusy("The server is stopping.", retry_after=1)
            if self._fork_server is None:
                what = f"The dataset {self._settings.folder}"
                self._fork_server = ForkServer(self._settings.command, what, patience=_PATIENCE)
            return self._fork_server

    def _exchange(
        self, worker: Worker, document: Document, until: float, gone: Callable[[], bool]
    ) -> Message | None:
        """Return the answer of a worker to a document; None where it has ended without one."""
        worker.lower_priority(_PRIORITY)
        try:
            worker.send_blocking(
                {"format": document.format.name, "name": document.name}, document.text.encode()
            )
        except OSError:
            _await_death(worker)
            return None
        while True:
            try:
                reply = worker.receive_blocking(min(until, time.monotonic() + _POLL))
            except TimeoutError as error:
                if gone():
                    raise QueryCancelled("The client has gone away.") from error
                if time.monotonic() >= until:
                    limit = self.limits.timeout
                    message = f"The validation was ended after {limit:g} seconds: {_ELSEWHERE}."
                    raise CheckGivenUp(message) from error
                continue
            if reply is None:
                _await_death(worker)
            return reply

    def _explain(self, status: int | None, words: str) -> NoReturn:
        """Raise the error that says why there is no answer."""
        if has_run_out_of_memory(words):
            raise CheckGivenUp(f"The validation needs more memory than one may have: {_ELSEWHERE}.")
        if status == signal.SIGXCPU:
            limit = self.limits.seconds
            raise CheckGivenUp(f"The validation was ended after {limit} seconds of work: {_ELSEWHERE}.")
        _logger.warning("A validation ended with status %s: %s", status, words.strip())
        if was_killed(status):
            raise WorkerLost("The process of the validation was killed: try again.", retry_after=1)
        raise WorkerLost("The document broke the process that validated it: split it to find where.")


def _await_death(worker: Worker) -> None:
    """Wait until a worker that has closed its socket has exited: to kill it would hide why it ended."""
    until = time.monotonic() + _DYING
    while worker.alive() and time.monotonic() < until:
        time.sleep(0.01)


def _report(facts: Mapping[str, Any]) -> Report:
    findings = tuple(Finding(**finding) for finding in facts["findings"])
    return Report(**{**facts, "findings": findings, "notes": tuple(facts["notes"])})
