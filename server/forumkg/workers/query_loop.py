"""What a query worker does, whatever evaluates its queries: take one, spool its answer, report its end."""

import errno
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from forumkg.errors import (
    EngineError,
    LimitError,
    NotAcceptable,
    PoolBusy,
    QueryError,
    QueryOutOfMemory,
    QueryTimeout,
    ResultTooLarge,
)
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.sparql.result_writers import Output, count_rows
from forumkg.workers.messages import Decoder, receive, send
from forumkg.workers.queries import MAX_QUERY
from forumkg.workers.spool import INLINE, Spool

__all__ = ["Evaluate", "Facts", "take_queries"]

Facts = Mapping[str, Any]
# Writes the answer to a query; its facts are the head of the message.
Evaluate = Callable[[Facts, str, Format, Output], None]

# Kilobytes by which a worker may grow and still be reused: a query's memory is not all returned.
_GROWTH: Final = 48 * 1024
_COUNTED: Final = 128 * 1024
_FORMATS: Final = {format_.name: format_ for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)}
# Errors after which a remote engine may still evaluate the query.
_ABANDONED: Final = frozenset(
    error.__name__ for error in (NotAcceptable, QueryOutOfMemory, QueryTimeout, ResultTooLarge)
)
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def take_queries(  # noqa: PLR0913 (what a worker is made of)
    connection: socket.socket,
    errors: int,
    evaluate: Evaluate,
    max_result: int,
    *,
    await_query: Callable[[], None] = lambda: None,
    is_spent: Callable[[], bool] = lambda: False,
) -> None:
    """Evaluate queries until the other side ends.

    Args:
        connection: where queries come from and answers go.
        errors: the descriptor that becomes the standard error stream.
        evaluate: writes the answer to a query.
        max_result: bytes of the longest answer.
        await_query: called before each query is read.
        is_spent: whether the worker must not be reused, asked after each query.
    """
    os.dup2(errors, sys.stderr.fileno())
    os.close(errors)
    # With a smaller buffer, a worker would block until the server has read the start of its answer.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, INLINE)
    decoder = Decoder(MAX_QUERY)
    file = -1
    start = _peak()
    await_query()
    while received := receive(connection, decoder):
        message, descriptors = received
        file = descriptors[0] if descriptors else file
        spool = Spool(max_result, file)
        head = _answered(evaluate, message.head, message.body.decode(), spool)
        if "error" in head:
            spool.reset()
            head["is_abandoned"] = head["error"] in _ABANDONED
        head["worked"] = time.process_time()
        head["grown"] = _peak() - start > _GROWTH or is_spent()
        send(connection, head, spool.inline)
        if spool.in_file:
            os.close(file)
            file = -1
        await_query()


def _answered(evaluate: Evaluate, facts: Facts, query: str, spool: Spool) -> dict[str, Any]:
    """Write the answer to a query into a spool, and return the head of the message about it."""
    start = time.perf_counter()
    format_ = _FORMATS[facts["format"]]
    try:
        evaluate(facts, query, format_, spool)
        spool.finish()
    except QueryError as error:
        return _error(error, error.message, line=error.line, column=error.column)
    except (EngineError, NotAcceptable, PoolBusy, QueryTimeout, ResultTooLarge) as error:
        wait = error.retry_after if isinstance(error, LimitError) else None
        return _error(error, str(error), retry_after=wait)
    except MemoryError:
        return _error(QueryOutOfMemory(""), "")
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        busy = "The server has no room for so long an answer now: try again later."
        return _error(PoolBusy(""), busy, retry_after=60)
    seconds = time.perf_counter() - start
    # Counting the rows of a longer answer would take a noticeable part of its time.
    rows = count_rows(spool.inline, format_) if spool.length <= _COUNTED else None
    return {
        "in_file": spool.in_file,
        "length": spool.length,
        "rows": rows,
        "seconds": seconds,
    }


def _error(error: Exception, message: str, **facts: int | None) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": message, **facts}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
