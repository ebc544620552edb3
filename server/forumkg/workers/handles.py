"""A worker, seen from the server: give it a query, wait for the answer, or kill it."""

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

from forumkg.errors import PoolBusy, QueryError
from forumkg.workers.frames import Decoder, Frame, FrameError, encode, receive, receive_now, send
from forumkg.workers.jobs import Job
from forumkg.workers.spool import INLINE
from forumkg.workers.worker import MAX_QUERY

__all__ = ["Worker"]

# What fits into the buffer of a socket that nothing waits in: https://man7.org/linux/man-pages/man7/socket.7.html
_SHORT: Final = 16 * 1024
# Seconds to take over what there is to do, which takes a fraction of one.
_PATIENCE: Final = 10.0
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_LOWEST_PRIORITY: Final = 19


class Worker:
    """A process that does one thing at a time, such as to evaluate a query.

    Attributes:
        pid: its number, which is its own until the zygote has reaped it.
        unanswered: how many things it was told to do, and has not answered.
    """

    def __init__(self, pid: int, handle: int, connection: socket.socket, errors: int) -> None:
        self.pid = pid
        self.unanswered = 0
        self._worked = 0.0
        self._handle = handle
        self._connection = connection
        self._errors = errors
        self._decoder = Decoder(INLINE)
        self._resident = _resident(pid)
        self._spool: BinaryIO | None = None
        self._sockets: select.epoll | None = None
        self._death = select.poll()
        self._death.register(handle, select.POLLIN)

    @property
    def descriptor(self) -> int:
        """The socket, to hear when there is something to `hear`."""
        return self._connection.fileno()

    def ask(self, job: Job, spool: Path | None) -> None:
        """Send a job, and a file for a long answer where the worker has none.

        Raises:
            QueryError: the query is no text that can be sent.
            PoolBusy: there is no room for such a file.
            OSError: the worker is gone.
        """
        query = _bytes(job.query)
        descriptors: tuple[int, ...] = ()
        if self._spool is None:
            self._spool = _unnamed_file(spool)
            descriptors = (self._spool.fileno(),)
        self.tell(_facts(job), query, descriptors)

    def tell(self, facts: Mapping[str, Any], body: bytes, descriptors: tuple[int, ...] = ()) -> None:
        """Send what there is to do.

        Raises:
            OSError: the worker is gone.
        """
        self._connection.settimeout(_PATIENCE)
        send(self._connection, facts, body, descriptors)
        self.unanswered += 1

    def join(self, sockets: select.epoll) -> None:
        """Be among the workers of whom an event loop hears; a second time does nothing."""
        if self._sockets is None:
            self._sockets = sockets
            sockets.register(self._connection, select.EPOLLIN)

    def leave(self) -> None:
        """Be no more among them, because a thread waits for the worker; any thread may say so."""
        sockets, self._sockets = self._sockets, None
        if sockets is not None:
            with suppress(FileNotFoundError):
                sockets.unregister(self._connection)

    def ask_at_once(self, job: Job) -> bool:
        """Send a job if nothing keeps it from being sent now; return whether it was.

        Raises:
            OSError: the worker is gone.
        """
        if self._spool is None:
            return False
        try:
            data = encode(_facts(job), job.query.encode())
        except UnicodeEncodeError:
            return False
        if len(data) > _SHORT:
            return False
        if self._connection.gettimeout() != 0:
            self._connection.settimeout(0)
        if self._connection.send(data) < len(data):
            raise BlockingIOError("The worker does not read what it is sent.")
        self.unanswered += 1
        return True

    def hear(self) -> Frame | None:
        """Read what has come of the answer; return it when it is whole.

        Raises:
            OSError: the worker is gone.
            FrameError: it sent something else.
        """
        frame = receive_now(self._connection, self._decoder)
        return frame and self._answered(frame)

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
        return self._answered(received[0]) if received else None

    def _answered(self, frame: Frame) -> Frame:
        self.unanswered -= 1
        self._worked = frame.head.get("worked", self._worked)
        return frame

    def take_spool(self) -> BinaryIO | None:
        """Return the file with the last answer, from its start; it is the caller's from now on."""
        file, self._spool = self._spool, None
        if file is not None:
            file.seek(0)
        return file

    def lower_priority(self, to: int = _LOWEST_PRIORITY) -> None:
        """Let other processes go first: by default every one that wants to do something."""
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.pid, to)

    def growth(self) -> int:
        """Return by how many bytes its memory has grown since its start."""
        return _resident(self.pid) - self._resident

    def effort(self) -> float:
        """Return how many seconds of a processor it has taken since its last answer; 0 where it has ended."""
        with suppress(FileNotFoundError, ProcessLookupError):
            # The name of the program before them may have spaces in it.
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            return max(0.0, (int(fields[11]) + int(fields[12])) / _TICKS - self._worked)
        return 0.0

    def pause(self) -> None:
        """Stop the process until `resume`."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGSTOP)

    def resume(self) -> None:
        """Have it go on."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGCONT)

    def alive(self) -> bool:
        """Whether the process has not ended."""
        return not self._death.poll(0)

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def bury(self) -> str:
        """Kill the process, wait until it is gone, and let go of all that it had; return its last words."""
        self.kill()
        self._death.poll()
        words = os.pread(self._errors, 65536, 0).decode(errors="replace")
        self._connection.close()
        os.close(self._handle)
        os.close(self._errors)
        if self._spool is not None:
            self._spool.close()
        return words


def _facts(job: Job) -> dict[str, str | tuple[str, ...]]:
    return {"format": job.format.name, "default": job.default_graphs, "named": job.named_graphs}


def _bytes(query: str) -> bytes:
    try:
        data = query.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"The query is no Unicode text: {error.reason}.") from error
    if len(data) > MAX_QUERY:
        raise QueryError(f"The query is longer than {MAX_QUERY:,} bytes.")
    return data


def _resident(pid: int) -> int:
    """Return the bytes of memory of a process; 0 where it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    return 0


def _unnamed_file(folder: Path | None) -> BinaryIO:
    try:
        # Nothing names the file, so it is gone with the last process that has it open, however that ends.
        return cast("BinaryIO", tempfile.TemporaryFile(buffering=0, dir=folder))
    except OSError as error:
        raise PoolBusy(f"The server has no room for an answer: {error.strerror}.", retry_after=60) from error
