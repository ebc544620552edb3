"""Queries of the pool: their limits, how they are sent to a worker, and the answer or error of each."""

import json
import os
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, Self

from forumkg.errors import (
    EngineError,
    ForumKgError,
    LimitError,
    NotAcceptable,
    PoolBusy,
    QueryError,
    QueryOutOfMemory,
    QueryTimeout,
    ResultTooLarge,
    WorkerLost,
)
from forumkg.formats import Format
from forumkg.workers.messages import Message, encode

__all__ = [
    "MAX_QUERY",
    "NOT_BEGUN",
    "Limits",
    "PoolStatistics",
    "Query",
    "QueryForkSettings",
    "WrittenAnswer",
    "answer_of",
    "encode_query",
    "error_of",
    "error_of_deadline",
    "error_of_death",
    "has_not_begun",
    "has_run_out_of_memory",
    "stopping",
    "was_killed",
]

_MIB: Final = 1024 * 1024
# Bytes of a query; the HTTP server has a lower bound.
MAX_QUERY: Final = 64 * 1024 * 1024

# The exit code of a worker that ends before it takes a query.
NOT_BEGUN: Final = os.EX_TEMPFAIL

# What Rust, C++ and Python write before they give up; nothing else writes to the file that this is read from.
_NO_MEMORY: Final = ("memory allocation of", "bad_alloc", "MemoryError", "Cannot allocate memory")


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of the pool; the defaults suit a public endpoint on two cores with 2 to 4 GB.

    Attributes:
        timeout: seconds from the arrival of a query to its answer; a query may ask for less, never for more.
        memory: bytes that a worker may take beyond what it has at its start.
        workers: queries that run at the same time in the fast lane.
        slow_workers: queries that run longer at the same time, with the lowest priority.
        fast_seconds: seconds of work after which a query moves to the slow lane, or waits for a place there.
        queue: queries that wait for each lane; more are refused.
        max_result: bytes of the longest answer.
        spool: bytes of all long answers that wait to be read, however slowly, by their clients.
        in_memory: triples of the largest dataset (in its default graph, or in its named graphs together)
            that workers hold in memory, which they share; a larger one they read from disk.
    """

    timeout: float = 30.0
    memory: int = 256 * _MIB
    workers: int = 2
    slow_workers: int = 4
    fast_seconds: float = 1.0
    queue: int = 64
    max_result: int = 1024 * _MIB
    spool: int = 4096 * _MIB
    in_memory: int = 100_000


@dataclass(frozen=True, slots=True)
class QueryForkSettings:
    """The command line of the fork server of queries.

    Attributes:
        store: the folder of the store; None for the packaged graph, built in memory.
        limits: those of the pool.
        confined: refuse to start where queries cannot be kept from the network.
    """

    store: Path | None
    limits: Limits
    confined: bool

    def command(self, control: int) -> list[str]:
        """Return module and arguments of a fork server for a control socket; `read` is the inverse."""
        settings = {
            "store": self.store and str(self.store),
            "limits": asdict(self.limits),
            "confined": self.confined,
        }
        return ["forumkg.workers.query_fork_server", str(control), json.dumps(settings)]

    @classmethod
    def read(cls, words: list[str]) -> tuple[Self, int]:
        """Return what the arguments say, and the descriptor of the socket."""
        control, text = words
        settings = json.loads(text)
        store = Path(settings["store"]) if settings["store"] else None
        return cls(store, Limits(**settings["limits"]), settings["confined"]), int(control)


class Query(NamedTuple):
    """A query to evaluate.

    Attributes:
        text: SPARQL of one of the four query forms.
        format: how to write the answer.
        default_graphs: graphs whose merge is the default graph, instead of those that the query names.
        named_graphs: graphs that GRAPH reaches, instead of those that the query names.
        timeout: seconds, if less than the pool's.
        client: the name of the client that asks; clients share the pool evenly.
        id: a name to cancel the query by.
    """

    text: str
    format: Format
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None
    client: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """A whole answer; its receiver closes it.

    Attributes:
        body: the bytes, or a file without a name that holds them and is read from its start.
        length: how many bytes there are.
        rows: how many rows, triples or truth values; None where they were not counted.
        seconds: what the evaluation and the writing took.
        waited: seconds from the arrival of the query to its start.
    """

    body: bytes | BinaryIO
    length: int
    rows: int | None
    seconds: float
    waited: float

    def read(self) -> bytes:
        """Return the whole body, whatever its size, and close the answer."""
        with self:
            return self.body if isinstance(self.body, bytes) else self.body.read()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if not isinstance(self.body, bytes):
            self.body.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """What the pool does now, and what it has done since its start.

    Attributes:
        idle: workers that wait for a query.
        fast: queries that run in the fast lane.
        slow: queries that run in the slow lane.
        queued: queries that wait for the fast lane.
        slow_queued: queries that wait for the slow lane.
        outcomes: how many queries ended how: `answered`, or the name of an error.
        forks: workers that were started.
        fork_servers: how often the process that forks workers was started.
        spooled: bytes of long answers that wait to be read.
    """

    idle: int
    fast: int
    slow: int
    queued: int
    slow_queued: int
    outcomes: dict[str, int]
    forks: int
    fork_servers: int
    spooled: int = 0


def encode_query(query: Query, deadline: float) -> bytes:
    """Return a query as it is sent to a worker.

    Args:
        query: the query.
        deadline: when it must have been answered, by the monotonic clock, which all processes share.

    Raises:
        QueryError: the query cannot be encoded, or is too long.
    """
    try:
        text = query.text.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"The query is not Unicode text: {error.reason}.") from error
    if len(text) > MAX_QUERY:
        raise QueryError(f"The query is longer than {MAX_QUERY:,} bytes.")
    head = {
        "format": query.format.name,
        "default": query.default_graphs,
        "named": query.named_graphs,
        "deadline": deadline,
    }
    return encode(head, text)


def answer_of(message: Message, file: BinaryIO | None, waited: float) -> WrittenAnswer:
    """Return the answer in a message, with the file that holds it if it is long."""
    head = message.head
    return WrittenAnswer(
        file if file is not None else message.body, head["length"], head["rows"], head["seconds"], waited
    )


def error_of(head: Mapping[str, Any]) -> ForumKgError | None:
    """Return the error that the head of a message reports, or None."""
    name, message = head.get("error"), str(head.get("message"))
    if name is None:
        return None
    if name == QueryError.__name__:
        return QueryError(message, line=head["line"], column=head["column"])
    if name == NotAcceptable.__name__:
        return NotAcceptable(message)
    for kind in (EngineError, PoolBusy, QueryTimeout, ResultTooLarge):
        if name == kind.__name__:
            return kind(message, retry_after=head["retry_after"])
    return _out_of_memory()


def was_killed(status: int | None) -> bool:
    """Whether a worker was killed from outside: by a person, by the system, or with its fork server."""
    return status is None or status == signal.SIGKILL


def has_not_begun(status: int | None) -> bool:
    """Whether a worker ended before it took the query that it was sent."""
    return status is not None and os.WIFEXITED(status) and os.WEXITSTATUS(status) == NOT_BEGUN


def has_run_out_of_memory(words: str) -> bool:
    """Whether the last words of a worker say that it ran out of memory."""
    return any(sign in words for sign in _NO_MEMORY)


def error_of_death(status: int | None, words: str) -> LimitError:
    """Return what the death of a worker means for the query that it evaluated.

    Args:
        status: how it ended, as wait(2) reports it; None where that is unknown.
        words: what it wrote before.
    """
    if has_run_out_of_memory(words):
        return _out_of_memory()
    if was_killed(status):
        return WorkerLost("The process of the query was killed: try again.", retry_after=1)
    if status == signal.SIGSEGV:
        return WorkerLost("The query broke its process: it may be nested too deeply. Make it simpler.")
    return WorkerLost("The query broke its process. Make it simpler, or ask for less.")


def error_of_deadline(seconds: float, *, has_begun: bool) -> LimitError:
    """Return the error of a query that was not answered in time.

    Args:
        seconds: how much time it had.
        has_begun: whether a worker was evaluating it.
    """
    if not has_begun:
        return PoolBusy("No worker became free in time: try again later.", retry_after=15)
    return QueryTimeout(
        f"The query was given up after {seconds:g} seconds: ask for less, "
        "for instance with LIMIT, FILTER or fewer optional parts."
    )


def stopping() -> PoolBusy:
    """Return the error of queries that a closed pool does not answer."""
    return PoolBusy("The server is stopping.", retry_after=2)


def _out_of_memory() -> QueryOutOfMemory:
    return QueryOutOfMemory(
        "The query needs more memory than one query may have: sort or group less, or restrict it with FILTER."
    )
