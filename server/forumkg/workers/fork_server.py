"""The process that forks workers, as the server sees it: fork and reap workers, start it again."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import Any, Final

from forumkg.errors import PoolBusy, StoreError
from forumkg.workers.jobs import stopping
from forumkg.workers.messages import Decoder, Message, MessageError, receive, send
from forumkg.workers.worker_handle import Worker

__all__ = ["ForkServer", "Program"]

_PATIENCE: Final = 20.0
# Seconds for a start: a million triples are in memory after some fifteen.
_START: Final = 600.0

Program = Callable[[int], Sequence[str]]


class ForkServer:
    """The process that forks workers; where it has died, the next fork starts a new one.

    Its methods wait for the process, and may be called from any thread.

    Attributes:
        forks: how many workers were started.
        starts: how often the process was started.
    """

    def __init__(self, program: Program, what: str, *, patience: float = _PATIENCE) -> None:
        """Start the process.

        Args:
            program: returns the module to run and its arguments, for the descriptor of the control socket.
            what: the dataset that the process has open, for messages.
            patience: seconds for what takes milliseconds; a process that does not answer is replaced.

        Raises:
            StoreError: the process cannot open the dataset, or workers cannot be confined on this system.
        """
        self.forks = 0
        self.starts = 0
        self._program = program
        self._what = what
        self._patience = patience
        self._closed = False
        self._lock = threading.Lock()
        self._start()

    def fork(self) -> Worker:
        """Start a worker.

        Raises:
            PoolBusy: the system gives no more processes, or it was closed.
            StoreError: the process has died, and cannot be started again.
        """
        with self._lock:
            if self._closed:
                raise stopping()
            try:
                return self._fork()
            except (OSError, MessageError):
                self._stop()
                if self._closed:
                    raise stopping() from None
                self._start()
                return self._fork()

    def end(self, worker: Worker, *, is_dying: bool = False) -> tuple[int | None, str]:
        """Terminate a worker and reap it.

        Args:
            worker: the process.
            is_dying: whether it seems to be ending by itself; it is then killed only if it does not.

        Returns:
            its wait status, None where that is unknown, and its standard error.
        """
        words = worker.wait(is_dying=is_dying)
        with self._lock:
            try:
                message, _ = self._order({"reap": worker.pid})
            except (OSError, MessageError):
                # Its parent is dead, too. Orphans are reaped by process 1, which this may be.
                with suppress(ChildProcessError):
                    os.waitpid(worker.pid, 0)
                return None, words
            return message.head["status"], words

    def alive(self) -> bool:
        """Whether the process runs."""
        return not self._closed and self._process.poll() is None

    def close(self) -> None:
        """End the process, and with it every worker; a second time does nothing."""
        self._closed = True
        self._process.kill()  # Before the lock: an order may wait for its answer.
        with self._lock:
            self._stop()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # A new program, not a fork of this process: it has none of its threads, locks and sockets.
            # -W ignore: Python 3.12 warns of forks in a process with threads; those of the store sleep.
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-W", "ignore", "-m", *self._program(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # Ctrl-C in a terminal is a signal to the whole group: it is for the server alone.
                process_group=0,
            )
        ours.settimeout(_START)
        self._control, self._decoder = ours, Decoder(0)
        self.starts += 1
        try:
            problem = self._problem()
        except BaseException:  # Such as Ctrl-C: leave no process behind.
            self._stop()
            raise
        if problem:
            self._stop()
            raise StoreError(f"{self._what} cannot be served: {problem}.")
        ours.settimeout(self._patience)

    def _problem(self) -> str:
        try:
            received = receive(self._control, self._decoder)
        except (OSError, MessageError) as error:
            return str(error)
        return str(received[0].head.get("error", "")) if received else "its process ended at its start"

    def _stop(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _fork(self) -> Worker:
        ours, theirs = socket.socketpair()
        errors = os.memfd_create("errors")
        with theirs, ExitStack() as undo:
            undo.callback(os.close, errors)
            undo.callback(ours.close)
            message, handles = self._order({"fork": True}, (theirs.fileno(), errors))
            if "error" in message.head:
                raise PoolBusy(f"No process can be started: {message.head['error']}.", retry_after=10)
            undo.pop_all()
        self.forks += 1
        return Worker(message.head["pid"], handles[0], ours, errors)

    def _order(
        self, head: Mapping[str, Any], descriptors: tuple[int, ...] = ()
    ) -> tuple[Message, tuple[int, ...]]:
        send(self._control, head, descriptors=descriptors)
        received = receive(self._control, self._decoder)
        if received is None:
            raise ConnectionResetError("The fork server has ended.")
        return received
