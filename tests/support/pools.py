"""What the tests of the pool share: queries that never end, and pools to give them to."""

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from processes import children, exists, tree, until

from forumkg.formats import RESULT_FORMATS, Format
from forumkg.workers.pool import Pool, Query, WrittenAnswer

__all__ = ["ENDLESS", "JSON", "background", "busy", "fork_server", "hold", "job", "workers", "working"]

JSON: Final = RESULT_FORMATS[0]
# Rows without number out of a few triples, one at a time: all time, and no memory.
ENDLESS: Final = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . "
    + " ".join(f"?a{n} ?b{n} ?c{n} . FILTER (?a{n} != ?c{n})" for n in range(14))
    + " }"
)


def job(
    query: str,
    format_: Format = JSON,
    *,
    timeout: float | None = None,
    client: str = "",
    id_: str = "",
) -> Query:
    """Return a job."""
    return Query(query, format_, timeout=timeout, client=client, id=id_)


def fork_server(pool: Pool) -> int:
    """Return the process that forks the workers of a pool."""
    return pool._fork_server._process.pid


def workers(pool: Pool) -> list[int]:
    """Return the living workers of a pool."""
    return [pid for pid in children(fork_server(pool)) if exists(pid)]


@contextmanager
def background(size: int = 8) -> Iterator[ThreadPoolExecutor]:
    """Have threads to ask from; each request must have been answered at the end."""
    with ThreadPoolExecutor(size) as threads:
        yield threads


def working(pool: Pool) -> list[int]:
    """Return the workers of a pool that have a query."""
    return [worker.pid for worker in [*pool._dispatcher._busy]]


def busy(
    pool: Pool, threads: ThreadPoolExecutor, count: int = 1, *, client: str = "", id_: str = ""
) -> "list[Future[WrittenAnswer]]":
    """Have a pool run queries that never end, and return when it does."""
    before = len(working(pool))
    found = [threads.submit(pool.run, job(ENDLESS, client=client, id_=id_)) for _ in range(count)]
    until(lambda: len(working(pool)) == before + count)
    return found


def hold(store: str) -> None:
    """Start a pool with an endless query, report its processes, and wait to be killed."""
    pool = Pool(Path(store))
    threading.Thread(target=pool.run, args=[job(ENDLESS)], daemon=True).start()
    until(lambda: working(pool))
    sys.stdout.write(" ".join(map(str, tree(os.getpid()))) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    hold(sys.argv[1])
