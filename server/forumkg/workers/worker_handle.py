"""A worker process as the server sees it: send it a message, receive its answer, inspect it, kill it."""

import logging
import os
import select
import signal
import socket
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from forumkg.errors import MessageError
from forumkg.workers.messages import (
    Decoder,
    Message,
    receive,
    receive_now,
    send,
    send_now,
)
from forumkg.workers.spool import INLINE

__all__ = ["Worker"]

_logger: Final = logging.getLogger(__name__)

# Seconds to accept a message, which takes a fraction of one.
_PATIENCE: Final = 10.0
# Milliseconds that a process may take to exit.
_DYING: Final = 1000
_LOWEST_PRIORITY: Final = 19


class Worker:
    """A process that does one thing at a time, such as to evaluate a query.

    The dispatcher of queries never waits for a worker: it uses `send`, `flush` and `receive`, and leaves
    `wait` to a thread. `send_blocking` and `receive_blocking` wait.

    Attributes:
        pid: its number, which is its own until the fork server has reaped it.
        unsent: the part of a message that is not sent yet.
        has_low_priority: whether its priority was lowered, which is for good.
    """

    def __init__(self, pid: int, handle: int, connection: socket.socket, errors: int) -> None:
        self.pid = pid
        self.unsent: memoryview | None = None
        self.has_low_priority = False
        self._handle = handle
        self._connection = connection
        self._errors = errors
        self._decoder = Decoder(INLINE)
        self._spool: BinaryIO | None = None
        self._death = select.poll()
        self._death.register(handle, select.POLLIN)
        # The clock of the process: https://man7.org/linux/man-pages/man3/clock_getcpuclockid.3.html
        self._clock = (~pid << 3) | 2
        self._worked = 0.0

    @property
    def descriptor(self) -> int:
        """The descriptor of the socket, to poll for something to `receive`."""
        return self._connection.fileno()

    def send(self, message: bytes, spool: Path | None) -> None:
        """Send an encoded query as far as the socket takes it; `flush` sends what is left in `unsent`.

        A file for a long answer goes with it, unless the worker has one or the system has no room for it.

        Raises:
            OSError: the worker is gone.
        """
        descriptors: tuple[int, ...] = ()
        if self._spool is None:
            self._connection.setblocking(False)
            self._spool = _unnamed_file(spool)
            descriptors = (self._spool.fileno(),) if self._spool else ()
        sent = send_now(self._connection, message, descriptors)
        self.unsent = memoryview(message)[sent:] if sent < len(message) else None

    def flush(self) -> bool:
        """Send more of what is left; return whether all is sent.

        Raises:
            OSError: the worker is gone.
        """
        if self.unsent is not None:
            with suppress(BlockingIOError):
                sent = self._connection.send(self.unsent)
                self.unsent = self.unsent[sent:] or None
        return self.unsent is None

    def receive(self) -> Message | None:
        """Read what has arrived of the answer; return it when it is whole.

        Raises:
            OSError: the worker is gone.
            MessageError: it sent something else.
        """
        message = receive_now(self._connection, self._decoder)
        if message is not None:
            self._worked = message.head.get("worked", self._worked)
        return message

    def send_blocking(self, facts: Mapping[str, Any], body: bytes) -> None:
        """Send a message, and wait until it is sent.

        Raises:
            OSError: the worker is gone.
        """
        self._connection.settimeout(_PATIENCE)
        send(self._connection, facts, body)

    def receive_blocking(self, until: float) -> Message | None:
        """Wait for the answer until a moment of the monotonic clock; None where the worker has ended.

        Raises:
            TimeoutError: the moment has come.
        """
        try:
            self._connection.settimeout(max(until - time.monotonic(), 0.001))
            received = receive(self._connection, self._decoder)
        except TimeoutError:
            raise
        except (OSError, MessageError):
            return None
        return received[0] if received else None

    def take_spool(self) -> BinaryIO | None:
        """Return the file with the last answer, from its start; it is the caller's from now on."""
        file, self._spool = self._spool, None
        if file is not None:
            file.seek(0)
        return file

    def lower_priority(self, to: int = _LOWEST_PRIORITY) -> None:
        """Lower the priority of the process, by default to the lowest; it cannot be raised again."""
        if self.has_low_priority:
            return
        self.has_low_priority = True
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.pid, to)

    def worked(self) -> float:
        """Return the seconds of a processor that it has used since it was sent its last query."""
        return max(0.0, self._processor_seconds() - self._worked)

    def is_stopped(self) -> bool:
        """Whether a signal has stopped the process (SIGSTOP), so that it does nothing until another comes."""
        return self._state() in {"T", "t"}

    def waits_for_disk(self) -> bool:
        """Whether the process waits for a disk, and for no processor."""
        return self._state() == "D"

    def alive(self) -> bool:
        """Whether the process has not ended."""
        return not self._death.poll(0)

    def kill(self) -> None:
        """Kill the process."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self, *, is_dying: bool = False) -> str:
        """Wait for the end of the process, close its descriptors, and return its standard error.

        Args:
            is_dying: wait a second for it to exit by itself, with a wait status of its own; then kill it.
        """
        if not is_dying or not self._death.poll(_DYING):
            self.kill()
        self._death.poll()
        words = os.pread(self._errors, 65536, 0).decode(errors="replace")
        self._connection.close()
        os.close(self._handle)
        os.close(self._errors)
        if self._spool is not None:
            self._spool.close()
        return words

    def _state(self) -> str:
        """Return the letter of the state that Linux has for the process; empty where it has ended.

        https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
        """
        with suppress(FileNotFoundError, ProcessLookupError):
            # The name of the program before the state may have spaces in it.
            return Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][:1]
        return ""

    def _processor_seconds(self) -> float:
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # It has ended.
            return self._worked


def _unnamed_file(folder: Path | None) -> BinaryIO | None:
    try:
        # Nothing names the file, so it is gone with the last process that has it open, however that ends.
        return cast("BinaryIO", tempfile.TemporaryFile(buffering=0, dir=folder))
    except OSError as error:
        _logger.warning("The file for a long answer cannot be created: %s", error)
        return None
