"""The result of a query: from the message of its worker, or from how its worker died."""

import signal
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from forumkg.errors import (
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
from forumkg.workers.jobs import Answer
from forumkg.workers.messages import Message

__all__ = [
    "answer_of",
    "error_of",
    "error_of_deadline",
    "error_of_death",
    "has_run_out_of_memory",
    "stopping",
    "was_killed",
]

# What Rust, C++ and Python write before they give up; nothing else writes to the file that this is read from.
_NO_MEMORY: Final = ("memory allocation of", "bad_alloc", "MemoryError", "Cannot allocate memory")


def answer_of(message: Message, file: BinaryIO | None, waited: float) -> Answer:
    """Return the answer in a message, with the file that holds it if it is long."""
    head = message.head
    return Answer(
        file if file is not None else message.body, head["length"], head["rows"], head["seconds"], waited
    )


def error_of(head: Mapping[str, Any]) -> ForumKgError | None:
    """Return the error that the head of a message reports, if it does."""
    message = str(head.get("message"))
    match head.get("error"):
        case None:
            return None
        case QueryError.__name__:
            return QueryError(message, line=head["line"], column=head["column"])
        case NotAcceptable.__name__:
            return NotAcceptable(message)
        case ResultTooLarge.__name__:
            return ResultTooLarge(message)
        case PoolBusy.__name__:
            return PoolBusy(message, retry_after=60)
        case _:
            return _out_of_memory()


def was_killed(status: int | None) -> bool:
    """Whether a worker was killed from outside: by a person, by the system, or with its fork server."""
    return status is None or status == signal.SIGKILL


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
