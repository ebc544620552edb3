"""Responses: status, headers and a body of known length; their heads, and sending at the pace of the client.

https://www.rfc-editor.org/rfc/rfc9112#section-4
"""

import os
import re
import time
import weakref
from collections.abc import Callable, Coroutine, Iterator
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any, BinaryIO, Final, NamedTuple, Protocol, Self, TypeAlias

from forumkg.sparql.negotiation import prefers_html
from forumkg.sparql.problem import Problem
from forumkg.web.http.logged import LoggedQuery
from forumkg.web.http.request import HttpRequest

__all__ = [
    "CONTINUE",
    "IN_MEMORY",
    "SERVER_TIMING",
    "Body",
    "File",
    "Headers",
    "Later",
    "ProblemPage",
    "Reply",
    "Sender",
    "body_of",
    "has_body",
    "header_lines",
    "read",
    "refuse",
    "server_timing",
    "write_head",
]

Headers: TypeAlias = tuple[tuple[str, str], ...]

# A longer body is sent from a file, so that many clients that read slowly share one copy of it.
IN_MEMORY: Final = 256 * 1024

# https://www.w3.org/TR/server-timing/
SERVER_TIMING: Final = "Server-Timing"

_CHUNK: Final = 128 * 1024


class File:
    """An open file without a name, that many may read at once; it closes with its last reference."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._length = length
        weakref.finalize(self, file.close)

    @classmethod
    def holding(cls, data: bytes) -> Self:
        """Return a file in memory."""
        file = os.fdopen(os.memfd_create("answer", os.MFD_CLOEXEC), "w+b", buffering=0)
        written = memoryview(data)
        while written:
            written = written[file.write(written) :]
        return cls(file, len(data))

    @property
    def path(self) -> str:
        """A path that opens the file anew, from its start, as long as this object lives."""
        return f"/proc/self/fd/{self._file.fileno()}"

    def __len__(self) -> int:
        return self._length

    def read_at(self, at: int, length: int) -> bytes:
        """Return up to so many bytes from a place on; none at the end."""
        return os.pread(self._file.fileno(), length, at)

    def __iter__(self) -> Iterator[bytes]:
        at = 0
        while chunk := self.read_at(at, _CHUNK):
            at += len(chunk)
            yield chunk


Body: TypeAlias = bytes | File


def body_of(data: bytes) -> Body:
    """Return a body in the form in which it is sent."""
    return data if len(data) <= IN_MEMORY else File.holding(data)


def read(body: Body) -> bytes:
    """Return the bytes of a body."""
    return body if isinstance(body, bytes) else b"".join(body)


def server_timing(**seconds: float) -> str:
    """Return the value of the header: the named durations in milliseconds, in the order given.

    >>> server_timing(queue=0.0004, query=0.0123)
    'queue;dur=0.4, query;dur=12.3'
    """
    return ", ".join([f"{name};dur={duration * 1000:.1f}" for name, duration in seconds.items()])


class Reply(NamedTuple):
    """What is answered: the headers have a Content-Length; the sender leaves the body out for HEAD.

    Attributes:
        status: the HTTP status.
        headers: the header fields.
        body: the content.
        logged: for the log.
        reason: what went wrong, for the status line: many clients show it, and not the body.
        lines: header lines that many replies share, as `header_lines` writes them once for all.
    """

    status: int
    headers: Headers
    body: Body = b""
    logged: LoggedQuery | None = None
    reason: str = ""
    lines: bytes = b""


# A coroutine function that makes a reply that is not known at once.
Later: TypeAlias = Callable[[], Coroutine[Any, Any, Reply]]
# Returns the HTML page for a person that says what went wrong.
ProblemPage: TypeAlias = Callable[[Problem], bytes]

_HTML: Final = "text/html; charset=utf-8"


def refuse(
    problem: Problem,
    accept: str,
    extra: Headers = (),
    logged: LoggedQuery | None = None,
    *,
    page: ProblemPage | None = None,
) -> Reply:
    """Return the reply that says what went wrong, as the client wants to read it; it is marked `no-store`.

    Args:
        problem: what went wrong.
        accept: the Accept header of the request.
        extra: further headers.
        logged: for the log.
        page: returns the page for a browser; without it, a browser reads the text that programs do.
    """
    type_, body = (_HTML, page(problem)) if page and prefers_html(accept) else problem.write(accept)
    headers = (("Content-Type", type_), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"))
    return Reply(problem.status, headers + extra, body, logged, problem.detail)


CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

_WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_STATUS_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}" for status in HTTPStatus}
# In a reason phrase: visible ASCII, for all else has no charset, and no more than any proxy takes.
_OTHERS: Final = re.compile(r"[^ -~]")
_MAX_REASON: Final = 300
# Handed to the transport at a time: what a client that does not read holds in memory.
_PIECE: Final = 64 * 1024


def header_lines(headers: Headers) -> bytes:
    """Return headers as they are sent.

    Raises:
        ValueError: a header would end the line that it is on.
    """
    text = "".join([f"{name}: {value}\r\n" for name, value in headers])
    if text.count("\n") != len(headers) or text.count("\r") != len(headers):
        raise ValueError("a header of the response has a line end in it")
    return text.encode("latin-1")


def has_body(method: str, status: int) -> bool:
    """Whether the body of a reply is sent."""
    return method != "HEAD" and status not in _WITHOUT_BODY


def write_head(request: HttpRequest | None, reply: Reply, *, close: bool) -> bytes:
    """Return the status line and the header fields of a response.

    Args:
        request: what is answered; None where it could not be read.
        reply: the answer; its headers have a Content-Length.
        close: whether the connection ends with this response.

    Raises:
        ValueError: a header would end the line that it is on.
    """
    headers = reply.headers
    if reply.status == HTTPStatus.NO_CONTENT:
        headers = tuple(header for header in headers if header[0].lower() != "content-length")
    if close:
        end = b"Connection: close\r\n\r\n"
    elif request is not None and request.version == "1.0":
        end = b"Connection: keep-alive\r\n\r\n"
    else:
        end = b"\r\n"
    start = _start(reply.status, reply.reason[:_MAX_REASON], int(time.time()))
    return b"".join((start, header_lines(headers), reply.lines, end))


@lru_cache(maxsize=64)
def _start(status: int, reason: str, second: int) -> bytes:
    """Return the status line, whose reason phrase continues with what went wrong, and the date."""
    line = _STATUS_LINES[status]
    if reason:
        line = f"{line}: {_OTHERS.sub('?', reason)}"
    return f"{line}\r\nDate: {formatdate(second, usegmt=True)}\r\n".encode("ascii")


class Transport(Protocol):
    """The methods of a transport that a sender uses."""

    def write(self, data: bytes) -> None:
        """Send bytes, or keep them to be sent."""

    def get_write_buffer_size(self) -> int:
        """Return how many bytes are kept to be sent."""


class Sender:
    """Sends one response, and knows how fast the client reads it.

    Attributes:
        is_whole: whether the body had its full length.
    """

    __slots__ = ("_at", "_began", "_body", "_file", "_handed", "_moved", "_read", "_transport", "is_whole")

    def __init__(self, transport: Transport, head: bytes, body: bytes | File, now: float) -> None:
        """Begin to send.

        Args:
            transport: where to.
            head: the head of the response.
            body: what follows it; empty where nothing does.
            now: the time of the event loop.
        """
        self.is_whole = True
        self._transport = transport
        self._began = self._moved = now
        self._file: File | None = body if isinstance(body, File) else None
        self._at = 0
        self._read = 0
        rest = b"" if isinstance(body, File) else body
        self._handed = len(head) + len(rest)
        transport.write(head + rest if len(rest) < _PIECE else head)
        if len(rest) >= _PIECE:
            # Not copied: many clients that read one kept answer share its bytes.
            transport.write(rest)

    @property
    def has_more(self) -> bool:
        """Whether a part of the body has not been handed over."""
        return self._file is not None

    def send_more(self) -> bool:
        """Hand over the next piece of the body; return whether there may be another one."""
        if self._file is None:
            return False
        piece = self._file.read_at(self._at, _PIECE)
        self._at += len(piece)
        self._handed += len(piece)
        if not piece and self._at < len(self._file):
            self.is_whole = False
        if piece:
            self._transport.write(piece)
        if not piece or self._at >= len(self._file):
            self._file = None
        return self._file is not None

    def is_stalled(self, now: float, unread_seconds: float, least_pace: float) -> bool:
        """Whether the client has read nothing for too long, or reads too slowly.

        Args:
            now: the time of the event loop.
            unread_seconds: how long a client may read nothing.
            least_pace: bytes a second that it reads on average, after that time.
        """
        read = self._handed - self._transport.get_write_buffer_size()
        if read > self._read:
            self._read, self._moved = read, now
        if now - self._moved > unread_seconds:
            return True
        elapsed = now - self._began
        return elapsed > unread_seconds and read / elapsed < least_pace
