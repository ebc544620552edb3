"""Open a store and fork workers from it: a process of its own, `python -m forumkg.engine.zygote`.

It makes no threads, so that a fork copies nothing half done; it obeys one socket, and ends when that does.
It reaps a worker only when told, so that the number of a process stays its own until then.
"""

import gc
import os
import signal
import socket
import sys
import traceback
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.engine import worker
from forumkg.engine.frames import Decoder, receive, send
from forumkg.engine.queries import evaluate
from forumkg.engine.writing import write
from forumkg.errors import StoreError
from forumkg.formats import RESULT_FORMATS

__all__ = ["Settings", "main"]

# Rows to read before the first query: a tenth of a second, and most of the caches of the store are full.
_WARM_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What a zygote is told on its command line.

    Attributes:
        control: the descriptor of the socket that it obeys.
        store: the folder of the store.
        memory: bytes that a worker may take beyond what it has at its start.
        max_result: bytes of the longest answer.
        confined: refuse to start where queries cannot be kept from the network.
    """

    control: int
    store: Path
    memory: int
    max_result: int
    confined: bool

    def words(self) -> list[str]:
        """Return the command line; `read` is its inverse."""
        return [
            str(self.control),
            str(self.store),
            str(self.memory),
            str(self.max_result),
            str(self.confined),
        ]

    @classmethod
    def read(cls, words: list[str]) -> "Settings":
        """Return what the command line says."""
        control, store, memory, max_result, confined = words
        return cls(int(control), Path(store), int(memory), int(max_result), confined == str(True))


def main(settings: Settings) -> None:
    """Open the store and obey, until the other side of the socket ends."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        # A signal to all processes of the server must not break the queries that it still wants to finish.
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=settings.control)
    try:
        store = ox.Store.read_only(str(settings.store))
        _try_to_confine(settings)
    except (OSError, StoreError) as error:
        send(control, {"error": str(error)})
        return
    _warm(store)
    gc.freeze()  # A collection would touch, and so copy, every object that workers share.
    send(control, {"ready": True})
    decoder = Decoder(0)
    while received := receive(control, decoder):
        order, descriptors = received
        if "reap" in order.head:
            send(control, {"status": _reap(order.head["reap"])})
        else:
            _fork(control, store, settings, descriptors)


def _reap(child: int) -> int | None:
    """Return the wait status of a worker that has ended; None for one of a zygote before this one."""
    try:
        return os.waitpid(child, 0)[1]
    except ChildProcessError:
        return None


def _warm(store: ox.Store) -> None:
    """Evaluate something, so that workers start with, and share, what they would each have to read."""
    for format_, rows in zip(RESULT_FORMATS, (_WARM_ROWS, 1, 1, 1), strict=True):
        write(evaluate(store, f"SELECT * {{ ?s ?p ?o }} LIMIT {rows}"), format_, BytesIO())


def _try_to_confine(settings: Settings) -> None:
    """Confine a process that does nothing else.

    Raises:
        StoreError: it cannot be confined, so no worker could be.
    """
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    child = os.fork()
    if not child:
        reason = ""
        try:
            worker.confine(parent, settings.store, settings.memory, confined=settings.confined)
        except (OSError, StoreError) as error:
            reason = str(error)
        theirs.sendall(reason.encode())
        os._exit(0)
    theirs.close()
    with ours:
        reason = ours.recv(4096).decode()
    os.waitpid(child, 0)
    if reason:
        raise StoreError(f"{reason}; its queries cannot be kept from the network and from other files")


def _fork(control: socket.socket, store: ox.Store, settings: Settings, descriptors: tuple[int, ...]) -> None:
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError as error:
        send(control, {"error": str(error)})
    else:
        if not child:
            _work(control, store, settings, descriptors, parent)
        handle = os.pidfd_open(child)
        send(control, {"pid": child}, descriptors=[handle])
        os.close(handle)
    for descriptor in descriptors:
        os.close(descriptor)


def _work(
    control: socket.socket, store: ox.Store, settings: Settings, descriptors: tuple[int, ...], parent: int
) -> None:
    """Be a worker, and never return."""
    connection, errors = descriptors
    try:
        control.close()
        worker.confine(parent, settings.store, settings.memory, confined=settings.confined)
        worker.serve(socket.socket(fileno=connection), errors, store, settings.max_result)
    except BrokenPipeError:
        pass  # The server has given up the query.
    except BaseException:  # noqa: BLE001 - what a worker dies of is told to the server, which reports it
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(Settings.read(sys.argv[1:]))
