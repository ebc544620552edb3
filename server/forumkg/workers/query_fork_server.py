"""Open a store, fork workers from it, and evaluate queries in them: a separate program.

`python -m forumkg.workers.query_fork_server` is the fork server. A worker is a copy of it that may be killed
at any time: it drops what a query does not need, then evaluates the queries that come through its socket.
"""

import socket
import sys
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory
from forumkg.errors import DataError, StoreError
from forumkg.formats import JSON, RESULT_FORMATS, Format
from forumkg.sparql.evaluation import evaluate
from forumkg.sparql.result_writers import Output, write
from forumkg.workers import sandbox
from forumkg.workers.fork_server_process import obey, outlive_signals, try_to_confine
from forumkg.workers.messages import send
from forumkg.workers.queries import QueryForkSettings
from forumkg.workers.query_loop import Facts, take_queries

__all__ = ["main", "serve"]

# Rows to read before the first query, in a tenth of a second: they fill most of the store's caches.
_WARM_ROWS: Final = 20_000


def main(settings: QueryForkSettings, descriptor: int) -> None:
    """Open the store, then fork workers until the control socket is closed."""
    outlive_signals()
    control = socket.socket(fileno=descriptor)
    # The graph in memory needs no folder; this module's is one that holds no secret.
    folder = settings.store or Path(__file__).parent
    confine = partial(
        sandbox.confine, folder=folder, memory=settings.limits.memory, confined=settings.confined
    )
    try:
        store = ox.Store.read_only(str(settings.store)) if settings.store else in_memory(source_files())
        try_to_confine(confine)
    except (OSError, DataError, StoreError) as error:
        send(control, {"error": str(error)})
        return
    if settings.store and not _has_more(store, settings.limits.in_memory):
        store = _in_memory(store)
    _warm(store)
    obey(control, confine, partial(serve, store=store, max_result=settings.limits.max_result))


def _has_more(store: ox.Store, triples: int) -> bool:
    """Whether the default graph of a store, or all its named graphs together, have more triples than that."""
    patterns = ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }")
    # Lazily, as the second query is slow to start in a large store.
    return any(store.query(f"ASK {{ SELECT * {{ {each} }} OFFSET {triples} LIMIT 1 }}") for each in patterns)


def _in_memory(store: ox.Store) -> ox.Store:
    """Return a copy of a store that all workers share: it answers two to three times as fast as the disk."""
    copy = ox.Store()
    copy.extend(store)
    return copy


def _warm(store: ox.Store) -> None:
    """Evaluate sample queries, so that all workers share filled caches."""
    for format_ in RESULT_FORMATS:
        rows = _WARM_ROWS if format_ is JSON else 1
        write(evaluate(store, f"SELECT * {{ ?s ?p ?o }} LIMIT {rows}"), format_, BytesIO())


def serve(connection: socket.socket, errors: int, store: ox.Store, max_result: int) -> None:
    """Evaluate queries on a store until the other side ends."""
    take_queries(connection, errors, partial(_evaluate, store), max_result)


def _evaluate(store: ox.Store, facts: Facts, query: str, format_: Format, output: Output) -> None:
    write(evaluate(store, query, facts["default"], facts["named"]), format_, output)


if __name__ == "__main__":
    main(*QueryForkSettings.read(sys.argv[1:]))
