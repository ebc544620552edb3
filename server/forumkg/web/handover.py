"""How a server process takes connections over from the supervisor that accepts them.

https://man7.org/linux/man-pages/man7/unix.7.html (SCM_RIGHTS)
"""

import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from forumkg.errors import ForumKgError

__all__ = ["Handover", "logged_errors"]

_logger: Final = logging.getLogger(__name__)

# Connections that a server process takes over at a time.
_BATCH: Final = 16


class Handover:
    """The end of a server process: it takes connections over, and reports that it is ready.

    Attributes:
        is_first: whether this is the first of the processes.
        is_replacement: whether the server has been running before, so that errors belong into its log.
    """

    def __init__(self, channel: socket.socket, *, is_first: bool, is_replacement: bool = False) -> None:
        """Take connections over from a channel.

        Args:
            channel: of datagrams that may have a descriptor with them.
            is_first: whether this is the first of the processes.
            is_replacement: whether the server has been running before.
        """
        self.is_first = is_first
        self.is_replacement = is_replacement
        self._channel = channel

    def fileno(self) -> int:
        """Return the descriptor that can be read when a connection, or the end, has come."""
        return self._channel.fileno()

    def report_ready(self, version: str) -> None:
        """Let the supervisor hand connections over; `version` is the label of the version that is served."""
        self._channel.send(version.encode())

    def take(self) -> tuple[list[socket.socket], bool]:
        """Return the connections that have come, and whether the supervisor has ended."""
        taken: list[socket.socket] = []
        while len(taken) < _BATCH:
            try:
                data, descriptors, _, _ = socket.recv_fds(self._channel, 1, 1)
            except BlockingIOError:
                return taken, False
            except OSError:
                return taken, True
            if not data:
                return taken, True
            taken += [socket.socket(fileno=descriptor) for descriptor in descriptors]
        return taken, False


@contextmanager
def logged_errors(source: socket.socket | Handover) -> Iterator[None]:
    """Log an error of a process that replaces another one, and end it; let others through.

    Raises:
        SystemExit: the error was logged.
    """
    try:
        yield
    except ForumKgError as error:
        if isinstance(source, socket.socket) or not source.is_replacement:
            raise
        _logger.error("server process cannot start", extra={"fields": {"reason": str(error)}})  # noqa: TRY400 (foreseen)
        sys.exit(1)
