"""How a server process takes connections over from the supervisor that accepts them.

https://man7.org/linux/man-pages/man7/unix.7.html (SCM_RIGHTS)
"""

import socket
from typing import Final

__all__ = ["Handover"]

# Connections that a server process takes over at a time.
_BATCH: Final = 16


class Handover:
    """The end of a server process: it takes connections over, and reports that it is ready.

    Attributes:
        is_first: whether this is the first of the processes.
    """

    def __init__(self, channel: socket.socket, *, is_first: bool) -> None:
        """Take connections over from a channel.

        Args:
            channel: of datagrams that may have a descriptor with them.
            is_first: whether this is the first of the processes.
        """
        self.is_first = is_first
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
