"""A response of HTTP that has to be whole at a moment, however slowly it comes.

The timeout of a socket bounds each wait for more bytes, and begins anew with each byte that comes.
"""

import time
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from socket import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Deadline", "TimedResponse"]


@dataclass(slots=True)
class Deadline:
    """The moment at which responses have to be whole.

    Attributes:
        moment: by the monotonic clock, in seconds.
    """

    moment: float = 0.0

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: there are none.
        """
        left = self.moment - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class TimedResponse(HTTPResponse):
    """A response of which each byte is read before a deadline."""

    def __init__(
        self, deadline: Deadline, sock: socket, debuglevel: int = 0, method: str | None = None
    ) -> None:
        """Read nothing yet; the arguments but the first are those that `HTTPConnection` passes."""
        super().__init__(sock, debuglevel, method)
        self.fp = BufferedReader(_TimedReader(self.fp.detach(), sock, deadline))


class _TimedReader(RawIOBase):
    """Reads what a socket receives until a deadline."""

    def __init__(self, raw: RawIOBase, sock: socket, deadline: Deadline) -> None:
        self._raw = raw
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int | None:
        self._sock.settimeout(self._deadline.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
