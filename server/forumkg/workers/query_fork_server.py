"""Open a store and fork workers from it: the process `python -m forumkg.workers.query_fork_server`."""

import socket
import sys
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final, Self

import pyoxigraph as ox

from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory
from forumkg.errors import DataError, StoreError
from forumkg.formats import RESULT_FORMATS
from forumkg.sparql.evaluation import evaluate
from forumkg.sparql.result_writers import write
from forumkg.workers import worker
from forumkg.workers.fork_server_process import obey, outlive_signals, try_to_confine
from forumkg.workers.messages import send

__all__ = ["Settings", "main"]

# Rows to read before the first query: a tenth of a second, and most of the caches of the store are full.
_WARM_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The command line of the process.

    Attributes:
        store: the folder of the store; None for the packaged graph, built in memory.
        memory: bytes that a worker may take beyond what it has at its start.
        max_result: bytes of the longest answer.
        in_memory: triples of the largest dataset to be held in memory.
        confined: refuse to start where queries cannot be kept from the network.
    """

    store: Path | None
    memory: int
    max_result: int
    in_memory: int
    confined: bool

    def command(self, control: int) -> list[str]:
        """Return module and arguments of a fork server that obeys a socket; `read` is the inverse."""
        numbers = map(str, (control, self.memory, self.max_result, self.in_memory, self.confined))
        return ["forumkg.workers.query_fork_server", str(self.store or ""), *numbers]

    @classmethod
    def read(cls, words: list[str]) -> tuple[Self, int]:
        """Return what the arguments say, and the descriptor of the socket."""
        store, *numbers, confined = words
        control, memory, max_result, in_memory = map(int, numbers)
        return cls(
            Path(store) if store else None, memory, max_result, in_memory, confined == str(True)
        ), control


def main(settings: Settings, descriptor: int) -> None:
    """Open the store and obey, until the other side of the socket ends."""
    outlive_signals()
    control = socket.socket(fileno=descriptor)
    # The graph in memory needs no folder; this module's is one that holds no secret.
    folder = settings.store or Path(__file__).parent
    confine = partial(worker.confine, folder=folder, memory=settings.memory, confined=settings.confined)
    try:
        store = ox.Store.read_only(str(settings.store)) if settings.store else in_memory(source_files())
        try_to_confine(confine)
    except (OSError, DataError, StoreError) as error:
        send(control, {"error": str(error)})
        return
    if settings.store and not _has_more(store, settings.in_memory):
        store = _in_memory(store)
    _warm(store)
    obey(control, confine, partial(worker.serve, store=store, max_result=settings.max_result))


def _has_more(store: ox.Store, triples: int) -> bool:
    """Whether the default graph of a store, or all its named graphs together, have more triples than that."""
    patterns = ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }")
    # Asked one after the other, as the second takes long to begin in a large store.
    return any(store.query(f"ASK {{ SELECT * {{ {each} }} OFFSET {triples} LIMIT 1 }}") for each in patterns)


def _in_memory(store: ox.Store) -> ox.Store:
    """Return a copy of a store that all workers share: it answers two to three times as fast as the disk."""
    copy = ox.Store()
    copy.extend(store)
    return copy


def _warm(store: ox.Store) -> None:
    """Evaluate something, so that workers start with, and share, what they would each have to read."""
    for format_, rows in zip(RESULT_FORMATS, (_WARM_ROWS, 1, 1, 1), strict=True):
        write(evaluate(store, f"SELECT * {{ ?s ?p ?o }} LIMIT {rows}"), format_, BytesIO())


if __name__ == "__main__":
    main(*Settings.read(sys.argv[1:]))
