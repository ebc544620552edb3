"""Read what became of a query: from what its worker answered, or from how its worker died."""

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
    ResultTooLarge,
    WorkerLost,
)
from forumkg.workers.frames import Frame
from forumkg.workers.jobs import Answer

__all__ = ["answer_of", "error_of", "error_of_death", "has_run_out_of_memory", "was_killed"]

# What Rust, C++ and Python say before they give up: nobody else writes to the file that this is read from.
_NO_MEMORY: Final = ("memory allocation of", "bad_alloc", "MemoryError", "Cannot allocate memory")


def answer_of(frame: Frame, file: BinaryIO | None, waited: float) -> Answer:
    """Return the answer that a frame tells of, with the file that holds it if it is long."""
    head = frame.head
    return Answer(
        file if file is not None else frame.body, head["length"], head["rows"], head["seconds"], waited
    )


def error_of(head: Mapping[str, Any]) -> ForumKgError | None:
    """Return the error that a frame tells of, if it does."""
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
    """Whether a worker was killed from outside: by a person, by the system, or with its zygote."""
    return status is None or status == signal.SIGKILL


def has_run_out_of_memory(words: str) -> bool:
    """Whether that is what the last words of a worker say."""
    return any(sign in words for sign in _NO_MEMORY)


def error_of_death(status: int | None, words: str) -> LimitError:
    """Return what the death of a worker means for the query that it evaluated.

    Args:
        status: how it ended, as wait(2) tells it; None where nobody knows.
        words: what it wrote before.
    """
    if has_run_out_of_memory(words):
        return _out_of_memory()
    if was_killed(status):
        return WorkerLost("The process of the query was killed: try again.", retry_after=1)
    if status == signal.SIGSEGV:
        return WorkerLost("The query broke its process: it may be nested too deeply. Make it simpler.")
    return WorkerLost("The query broke its process. Make it simpler, or ask for less.")


def _out_of_memory() -> QueryOutOfMemory:
    return QueryOutOfMemory(
        "The query needs more memory than one query may have: sort or group less, or restrict it with FILTER."
    )
