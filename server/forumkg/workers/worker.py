"""Evaluate queries, one after the other, in a process that may be killed at any time.

It starts as a copy of the fork server, drops what a query does not need, and then only answers its socket.
"""

import errno
import os
import resource
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from forumkg.errors import NotAcceptable, PoolBusy, QueryError, QueryOutOfMemory, ResultTooLarge
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS
from forumkg.sparql.evaluation import evaluate
from forumkg.sparql.result_rows import count_rows
from forumkg.sparql.result_writers import write
from forumkg.workers import landlock, sandbox
from forumkg.workers.messages import Decoder, receive, send
from forumkg.workers.spool import INLINE, Spool

__all__ = ["MAX_QUERY", "confine", "serve"]

# Bytes of a query; the HTTP server has a lower bound.
MAX_QUERY: Final = 64 * 1024 * 1024

# Kilobytes that a worker may have grown by and be used again: what a query took is not all given back.
_GROWTH: Final = 48 * 1024
_COUNTED: Final = 128 * 1024
_FORMATS: Final = {format_.name: format_ for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)}
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def confine(parent: int, folder: Path, memory: int, *, confined: bool) -> None:
    """Give up what a query does not need.

    Args:
        parent: the process to die with.
        folder: the only folder to read from.
        memory: bytes to allocate from now on.
        confined: insist on it that queries are kept from the network.

    Raises:
        StoreError: the system does not allow it.
        OSError: the same.
    """
    sandbox.die_with_parent(parent)
    sandbox.end_first()
    sandbox.limit_memory(memory)
    if confined:
        sandbox.no_new_privileges()
        landlock.read_only_below(folder)
        sandbox.deny_calls()


def serve(connection: socket.socket, errors: int, store: ox.Store, max_result: int) -> None:
    """Answer queries until the other side ends; `errors` is the file for the words of the dying."""
    os.dup2(errors, sys.stderr.fileno())
    os.close(errors)
    # A longer answer would wait in the middle until the server has read its start.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, INLINE)
    decoder = Decoder(MAX_QUERY)
    file = -1
    start = _peak()
    while received := receive(connection, decoder):
        job, descriptors = received
        file = descriptors[0] if descriptors else file
        spool = Spool(max_result, file)
        head = _evaluate(store, job.head, job.body.decode(), spool)
        if "error" in head:
            spool.reset()
        head["worked"] = time.process_time()
        head["grown"] = _peak() - start > _GROWTH
        send(connection, head, spool.inline)
        if spool.in_file:
            os.close(file)
            file = -1


def _evaluate(store: ox.Store, facts: Mapping[str, Any], query: str, spool: Spool) -> dict[str, Any]:
    start, worked = time.perf_counter(), time.thread_time()
    format_ = _FORMATS[facts["format"]]
    try:
        write(evaluate(store, query, facts["default"], facts["named"]), format_, spool)
        spool.finish()
    except QueryError as error:
        return _error(error, error.message, line=error.line, column=error.column)
    except (NotAcceptable, ResultTooLarge) as error:
        return _error(error, str(error))
    except MemoryError:
        return _error(QueryOutOfMemory(""), "")
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        return _error(PoolBusy(""), "The server has no room for so long an answer now: try again later.")
    seconds, effort = time.perf_counter() - start, time.thread_time() - worked
    # To count the rows of a longer answer takes a part of the time that it took.
    rows = count_rows(spool.inline, format_) if spool.length <= _COUNTED else None
    return {
        "in_file": spool.in_file,
        "length": spool.length,
        "rows": rows,
        "seconds": seconds,
        "effort": effort,
    }


def _error(error: Exception, message: str, **facts: int | None) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": message, **facts}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
