"""A zygote and its workers, seen from the server: start them, kill them, bury them."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import Any, Final

from forumkg.errors import PoolBusy, StoreError
from forumkg.workers.frames import Decoder, Frame, FrameError, receive, send
from forumkg.workers.handles import Worker

__all__ = ["Program", "Zygote"]

_PATIENCE: Final = 20.0
# Seconds for a start: a million triples are in memory after some fifteen.
_START: Final = 600.0

Program = Callable[[int], Sequence[str]]


class Zygote:
    """The process that forks workers; where it has died, the next fork starts a new one.

    Attributes:
        forks: how many workers were started.
        starts: how often the process was started.
    """

    def __init__(self, program: Program, what: str, *, patience: float = _PATIENCE) -> None:
        """Start the process.

        Args:
            program: gives the module to run and its arguments, for the descriptor of the socket to obey.
            what: what the process has at hand, for messages.
            patience: seconds for what takes milliseconds; a process that does not answer is replaced.

        Raises:
            StoreError: the process cannot do its work, or workers cannot be confined on this system.
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
            PoolBusy: the system gives no more processes, or the zygote was closed.
            StoreError: the zygote has died, and no new one can be started.
        """
        with self._lock:
            if self._closed:
                raise PoolBusy("The server is stopping.", retry_after=1)
            try:
                return self._fork()
            except (OSError, FrameError):
                self._stop()
                self._start()
                return self._fork()

    def end(self, worker: Worker) -> tuple[int | None, str]:
        """End a worker; return its wait status, None where nobody knows, and its last words."""
        words = worker.bury()
        with self._lock:
            try:
                frame, _ = self._order({"reap": worker.pid})
            except (OSError, FrameError):
                # Its parent is dead, too. The dead of the dead fall to process 1, which this may be.
                with suppress(ChildProcessError):
                    os.waitpid(worker.pid, 0)
                return None, words
            return frame.head["status"], words

    def alive(self) -> bool:
        """Whether the process runs."""
        return not self._closed and self._process.poll() is None

    def close(self) -> None:
        """End the process, and with it every worker; a second time does nothing."""
        with self._lock:
            self._closed = True
            self._stop()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # Not a copy of this process but another program: it has none of its threads, locks and sockets.
            # Python 3.12 warns of a fork beside threads; those of the store sleep.
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-W", "ignore", "-m", *self._program(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        ours.settimeout(_START)
        self._control, self._decoder = ours, Decoder(0)
        self.starts += 1
        if problem := self._problem():
            self._stop()
            raise StoreError(f"{self._what} cannot be served: {problem}.")
        ours.settimeout(self._patience)

    def _problem(self) -> str:
        try:
            received = receive(self._control, self._decoder)
        except (OSError, FrameError) as error:
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
            frame, handles = self._order({"fork": True}, (theirs.fileno(), errors))
            if "error" in frame.head:
                raise PoolBusy(f"No process can be started: {frame.head['error']}.", retry_after=10)
            undo.pop_all()
        self.forks += 1
        return Worker(frame.head["pid"], handles[0], ours, errors)

    def _order(
        self, head: Mapping[str, Any], descriptors: tuple[int, ...] = ()
    ) -> tuple[Frame, tuple[int, ...]]:
        send(self._control, head, descriptors=descriptors)
        received = receive(self._control, self._decoder)
        if received is None:
            raise ConnectionResetError("The zygote has ended.")
        return received
