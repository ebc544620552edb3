"""The zygote and the workers, seen from the server: start them, talk to them, kill them, bury them."""

import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from forumkg.engine.frames import Decoder, Frame, FrameError, receive, send
from forumkg.engine.jobs import Job, Limits
from forumkg.engine.spool import INLINE
from forumkg.errors import StoreError

__all__ = ["Worker", "Zygote"]

# Seconds for what takes milliseconds: a zygote that does not answer is replaced.
_PATIENCE: Final = 10.0


class Worker:
    """A process that evaluates one query at a time.

    Attributes:
        spool: the file for a long answer, where the worker holds one.
    """

    def __init__(self, pid: int, handle: int, connection: socket.socket, errors: int) -> None:
        self.pid = pid
        self.spool: BinaryIO | None = None
        self._handle = handle
        self._connection = connection
        self._errors = errors
        self._decoder = Decoder(INLINE)

    def ask(self, job: Job) -> None:
        """Send a job.

        Raises:
            OSError: the worker is gone.
        """
        descriptors: tuple[int, ...] = ()
        if self.spool is None:
            self.spool = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it outlives this function
            descriptors = (self.spool.fileno(),)
        self._connection.settimeout(_PATIENCE)
        send(
            self._connection,
            {"format": job.format.name, "default": job.default_graphs, "named": job.named_graphs},
            job.query.encode(),
            descriptors,
        )

    def answer(self, until: float) -> Frame | None:
        """Wait for the answer until a moment of the monotonic clock; None where the worker has ended.

        Raises:
            TimeoutError: the moment has come.
        """
        try:
            self._connection.settimeout(max(until - time.monotonic(), 0.001))
            received = receive(self._connection, self._decoder)
        except TimeoutError:
            raise
        except (OSError, FrameError):
            return None
        return received[0] if received else None

    def take_spool(self) -> BinaryIO:
        """Return the file with the answer, which is the caller's from now on."""
        assert self.spool is not None  # noqa: S101 - `ask` has made it
        file, self.spool = self.spool, None
        file.seek(0)
        return file

    def lower_priority(self) -> None:
        """Let every other process go first."""
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 19)

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def last_words(self) -> str:
        """Return what the process wrote before it died."""
        os.lseek(self._errors, 0, os.SEEK_SET)
        return os.read(self._errors, 65536).decode(errors="replace")

    def bury(self) -> None:
        """Kill the process, wait until it is gone, and let go of all that belongs to it."""
        self.kill()
        watch = select.poll()
        watch.register(self._handle, select.POLLIN)
        watch.poll()
        self._connection.close()
        for descriptor in (self._handle, self._errors):
            os.close(descriptor)
        if self.spool is not None:
            self.spool.close()


class Zygote:
    """The process that forks workers; where it dies, the next order starts a new one.

    Attributes:
        starts: how often it was started.
    """

    def __init__(self, store: Path, limits: Limits) -> None:
        self.starts = 0
        self._store = store
        self._limits = limits
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-W", "ignore", "-m", "forumkg.engine.zygote", str(theirs.fileno())]
            command += [str(self._store), str(self._limits.memory), str(self._limits.max_result)]
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
            )
        ours.settimeout(_PATIENCE)
        self._control, self._decoder = ours, Decoder(0)
        self.starts += 1
        received = receive(self._control, self._decoder)
        problem = received[0].head.get("error") if received else "its process ended at its start"
        if problem:
            self._stop()
            raise StoreError(f"The store {self._store} cannot be queried: {problem}.")

    def _stop(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _order(
        self, head: Mapping[str, Any], descriptors: tuple[int, ...] = ()
    ) -> tuple[Frame, tuple[int, ...]]:
        send(self._control, head, descriptors=descriptors)
        received = receive(self._control, self._decoder)
        if received is None:
            raise ConnectionResetError("The zygote has ended.")
        return received

    def fork(self) -> Worker:
        """Start a worker.

        Raises:
            StoreError: there can be no zygote any more.
        """
        with self._lock:
            try:
                return self._fork()
            except (OSError, FrameError):
                self._stop()
                self._start()
                return self._fork()

    def _fork(self) -> Worker:
        ours, theirs = socket.socketpair()
        errors = os.memfd_create("errors")
        try:
            with theirs:
                frame, (handle,) = self._order({"fork": True}, (theirs.fileno(), errors))
        except BaseException:
            ours.close()
            os.close(errors)
            raise
        return Worker(frame.head["pid"], handle, ours, errors)

    def end(self, worker: Worker) -> int | None:
        """End a worker and return its wait status; None where only its dead zygote knew."""
        worker.bury()
        with self._lock, suppress(OSError, FrameError):
            frame, _ = self._order({"reap": worker.pid})
            return int(frame.head["status"])
        return None

    def close(self) -> None:
        """End the zygote, and with it every worker."""
        with self._lock:
            self._stop()
