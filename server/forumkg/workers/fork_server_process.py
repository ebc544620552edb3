"""The main loop of a fork server: fork and reap workers as the server requests it.

It serves one control socket, and ends when that is closed. It reaps a worker only on request, so that the id
of a process is not reused before. It has one thread, so that a fork never copies state amid a change.
"""

import gc
import os
import signal
import socket
import traceback
from collections.abc import Callable
from contextlib import suppress

from forumkg.errors import StoreError
from forumkg.workers.messages import Decoder, receive, send

__all__ = ["Confine", "Work", "obey", "outlive_signals", "try_to_confine"]

# Confines a child of the process with this id.
Confine = Callable[[int], None]
# Serves a socket until it is closed; the descriptor is that of the file for standard error.
Work = Callable[[socket.socket, int], None]


def outlive_signals() -> None:
    """Ignore the signals that stop the server, which still finishes the queries that run."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def try_to_confine(confine: Confine) -> None:
    """Find out, in a child process, whether workers can be confined.

    Raises:
        StoreError: they cannot be.
    """
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    child = os.fork()
    if not child:
        reason = ""
        try:
            confine(parent)
        except (OSError, StoreError) as error:
            reason = str(error)
        theirs.sendall(reason.encode())
        os._exit(0)
    theirs.close()
    with ours:
        reason = ours.recv(4096).decode()
    os.waitpid(child, 0)
    if reason:
        raise StoreError(f"{reason}; workers cannot be kept from the network and from other files")


def obey(control: socket.socket, confine: Confine, work: Work) -> None:
    """Report readiness, then fork and reap until the socket is closed."""
    gc.freeze()  # A collection would touch, and so copy, every object that workers share.
    with suppress(BrokenPipeError, ConnectionResetError):  # The server has ended, or no longer waits.
        send(control, {"ready": True})
        decoder = Decoder(0)
        while received := receive(control, decoder):
            order, descriptors = received
            if "reap" in order.head:
                send(control, {"status": _reap(order.head["reap"])})
            else:
                _fork(control, confine, work, descriptors)


def _reap(child: int) -> int | None:
    """Return the wait status of a worker that has ended; None for one of a fork server before this one."""
    try:
        return os.waitpid(child, 0)[1]
    except ChildProcessError:
        return None


def _fork(control: socket.socket, confine: Confine, work: Work, descriptors: tuple[int, ...]) -> None:
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError as error:
        send(control, {"error": str(error)})
    else:
        if not child:
            _run_worker(control, confine, work, descriptors, parent)
        handle = os.pidfd_open(child)
        send(control, {"pid": child}, descriptors=[handle])
        os.close(handle)
    for descriptor in descriptors:
        os.close(descriptor)


def _run_worker(
    control: socket.socket, confine: Confine, work: Work, descriptors: tuple[int, ...], parent: int
) -> None:
    """Run a worker; never return."""
    connection, errors = descriptors
    try:
        control.close()
        confine(parent)
        work(socket.socket(fileno=connection), errors)
    except BrokenPipeError:
        pass  # The server no longer waits for the answer.
    except BaseException:  # noqa: BLE001 - the server logs why a worker ended
        traceback.print_exc()
    finally:
        os._exit(0)
