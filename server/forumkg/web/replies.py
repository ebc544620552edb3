"""What is answered to a request, whatever server sends it: status, headers, and a body of known length."""

import os
import weakref
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NamedTuple, Self, TypeAlias

from forumkg.sparql.negotiation import prefers_html
from forumkg.sparql.problem import Problem

__all__ = [
    "IN_MEMORY",
    "Body",
    "File",
    "Headers",
    "Later",
    "LoggedQuery",
    "ProblemPage",
    "Reply",
    "body_of",
    "read",
    "refuse",
]

Headers: TypeAlias = tuple[tuple[str, str], ...]

# A longer body is sent from a file, so that many clients that read slowly share one copy of it.
IN_MEMORY: Final = 256 * 1024

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


class LoggedQuery(NamedTuple):
    """The part of a query that is logged and counted.

    Attributes:
        outcome: `answered`, `cached`, `unchanged`, or the name of an error.
        text: the text of the query, where it came so far.
        query_id: the name by which the query could be cancelled.
        rows: how many rows or triples were answered, where that was counted.
        waited: seconds in the queue.
        seconds: seconds of evaluation; of everything, where it failed.
    """

    outcome: str
    text: str = ""
    query_id: str = ""
    rows: int | None = None
    waited: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: the headers have a Content-Length; the sender leaves the body out for HEAD."""

    status: int
    headers: Headers
    body: Body = b""
    logged: LoggedQuery | None = None


# Makes a reply that is not known at once.
Later: TypeAlias = Callable[[], Coroutine[Any, Any, Reply]]
# Returns the page, in HTML, that says to a person what went wrong.
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
    return Reply(problem.status, headers + extra, body, logged)
