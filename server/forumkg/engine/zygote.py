"""Open a store and fork workers from it: a process of its own, `python -m forumkg.engine.zygote`.

It has no threads of its own making, so that a fork copies nothing half done; it obeys one socket, and ends
when that does. It reaps a worker only when told, so that the number of a process stays its own until then.
"""

import gc
import os
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from forumkg.engine import worker
from forumkg.engine.frames import Decoder, receive, send
from forumkg.engine.sandbox import confine, die_with_parent, limit_memory
from forumkg.errors import StoreError

__all__ = ["main"]


def main(descriptor: int, path: str, memory: int, max_result: int) -> None:
    """Open the store and obey, until the other side of the socket ends."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        # A signal to the whole group must not break the queries that the server still wants to finish.
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    try:
        store = ox.Store.read_only(path)
        _probe()
    except (OSError, StoreError) as error:
        send(control, {"error": str(error)})
        return
    gc.freeze()
    send(control, {"ready": True})
    decoder = Decoder(0)
    while received := receive(control, decoder):
        order, descriptors = received
        if "reap" in order.head:
            send(control, {"status": os.waitpid(order.head["reap"], 0)[1]})
        else:
            _fork(control, store, descriptors, memory, max_result)


def _probe() -> None:
    """Confine a process that does nothing else.

    Raises:
        StoreError: it cannot be confined, so no worker could be.
    """
    child = os.fork()
    if not child:
        try:
            confine()
        except StoreError as error:
            sys.stderr.write(f"{error}\n")
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise StoreError("Queries cannot be kept from the network on this system.")


def _fork(
    control: socket.socket, store: ox.Store, descriptors: tuple[int, ...], memory: int, max_result: int
) -> None:
    parent = os.getpid()
    child = os.fork()
    if not child:
        code = 1
        try:
            die_with_parent(parent)
            control.close()
            connection = worker.start(descriptors)
            limit_memory(memory)
            confine()
            worker.serve(connection, store, max_result)
            code = 0
        except OSError:
            pass  # The other side is gone.
        finally:
            os._exit(code)
    for descriptor in descriptors:
        os.close(descriptor)
    handle = os.pidfd_open(child)
    send(control, {"pid": child}, descriptors=[handle])
    os.close(handle)


def _arguments(words: list[str]) -> Mapping[str, Any]:
    descriptor, path, memory, max_result = words
    return {
        "descriptor": int(descriptor),
        "path": path,
        "memory": int(memory),
        "max_result": int(max_result),
    }


if __name__ == "__main__":
    main(**_arguments(sys.argv[1:]))
