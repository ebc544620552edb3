"""Evaluate queries, one after the other, in a process that may be killed at any time.

It starts as a copy of the zygote, gives up what a query does not need, and then only answers its socket.
"""

import os
import socket
import sys
import time
from collections.abc import Mapping
from typing import Any, Final

import pyoxigraph as ox

from forumkg.engine.frames import Decoder, receive, send
from forumkg.engine.queries import evaluate, serialize
from forumkg.engine.spool import Spool
from forumkg.errors import NotAcceptable, QueryError, QueryOutOfMemory, ResultTooLarge
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS

__all__ = ["MAX_QUERY", "serve"]

MAX_QUERY: Final = 64 * 1024 * 1024

_FORMATS: Final = {format_.name: format_ for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)}


def serve(connection: socket.socket, store: ox.Store, max_result: int) -> None:
    """Answer queries until the other side ends."""
    decoder = Decoder(MAX_QUERY)
    files: list[int] = []
    while received := receive(connection, decoder):
        job, descriptors = received
        files += descriptors
        head, body = _answer(store, job.head, job.body.decode(), Spool(max_result, files[-1]))
        send(connection, head, body)
        if head.get("in_file"):
            os.close(files.pop())


def _answer(
    store: ox.Store, facts: Mapping[str, Any], query: str, spool: Spool
) -> tuple[dict[str, Any], bytes]:
    start = time.perf_counter()
    try:
        answer = evaluate(store, query, facts["default"], facts["named"])
        spool.write(serialize(answer, _FORMATS[facts["format"]]))
        spool.finish()
    except QueryError as error:
        return {
            "error": "QueryError",
            "message": error.message,
            "line": error.line,
            "column": error.column,
        }, b""
    except (NotAcceptable, ResultTooLarge) as error:
        return {"error": type(error).__name__, "message": str(error)}, b""
    except MemoryError:
        return {"error": QueryOutOfMemory.__name__, "message": ""}, b""
    return {
        "in_file": spool.in_file,
        "length": spool.length,
        "rows": None,
        "seconds": time.perf_counter() - start,
    }, spool.inline


def start(descriptors: tuple[int, ...]) -> socket.socket:
    """Take the socket and the file for messages of the dying that the pool sent along."""
    connection, errors = descriptors
    os.dup2(errors, sys.stderr.fileno())
    os.close(errors)
    return socket.socket(fileno=connection)
