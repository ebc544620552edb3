"""Serve, and stop in order.

The server lives in this process and its event loop in this thread: https://github.com/MagicStack/uvloop
"""

import asyncio
import gc
import logging
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Final

import uvloop

from forumkg.web.handover import Handover
from forumkg.web.http.connection import Connection
from forumkg.web.http.connections import Connections
from forumkg.web.http.limits import ServerLimits
from forumkg.web.http.listener import BACKLOG
from forumkg.web.request_handler import RequestHandler

__all__ = ["ServerLimits", "run"]

_logger: Final = logging.getLogger(__name__)

# Answers that are kept or on their way, workers, the store.
_OTHER_FILES: Final = 1024
# Seconds for the last replies, after the queries that ran at the end of the grace period were given up.
_LAST_WORDS: Final = 1.0
# Seconds between two looks at all connections.
_SWEEP: Final = 0.25
# Seconds after which a thread gives the interpreter to one that waits for it, by default 5 ms. The event loop
# waits for the threads that make pages at each event of a connection.
_SWITCH_INTERVAL: Final = 0.0002
# Objects that are made before the garbage among them is looked for: those of some hundred requests.
_YOUNG: Final = 10_000


def run(
    handler: RequestHandler,
    source: socket.socket | Handover,
    limits: ServerLimits,
    ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT comes; then finish what runs, for a while. A second signal ends the wait.

    Args:
        handler: answers the requests.
        source: where connections come from: a socket that listens, or the process that accepts them.
        limits: how long clients are waited for, and how much is held for them.
        ready: is called when requests are answered.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL)
    # Half of what a small query costs in this process is what the event loop does for it; this one does less.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(handler, source, limits, ready))


async def _serve(
    handler: RequestHandler,
    source: socket.socket | Handover,
    limits: ServerLimits,
    ready: Callable[[], None],
) -> None:
    loop = asyncio.get_running_loop()
    handler.attach(loop)
    signals: asyncio.Queue[None] = asyncio.Queue()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signals.put_nowait, None)
    if not sys.stderr.isatty():
        # Where there is a terminal, its end ends the server.
        loop.add_signal_handler(signal.SIGHUP, _refuse_to_reload)
        # It may have been blocked, to wait for its handler.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
    connections = Connections(handler, limits, min(limits.connections, _most_connections()))
    handler.connections = connections
    stop_accepting = await _accept_from(
        source, connections, handler.version.label, lambda: signals.put_nowait(None)
    )
    sweeping = asyncio.create_task(_sweep(connections))
    # What was made until now stays: to look through it for garbage takes time from requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)
    with handler.watchdog.watching(loop):
        ready()
        await signals.get()
        stop_accepting()
        connections.stop()
        await _ended(connections, signals, limits.grace_seconds)
        handler.close()
        await _ended(connections, signals, _LAST_WORDS)
    connections.abort()
    sweeping.cancel()


def _refuse_to_reload() -> None:
    advice = "start the server with --processes, and send SIGHUP to that process, to serve the next version"
    _logger.warning("SIGHUP ignored", extra={"fields": {"advice": advice}})


async def _accept_from(
    source: socket.socket | Handover, connections: Connections, label: str, end: Callable[[], None]
) -> Callable[[], None]:
    """Begin to accept connections; return what ends that.

    Args:
        source: where they come from.
        connections: those of the server.
        label: of the version that is served.
        end: called when the process that accepts them has ended.
    """
    loop = connections.loop
    if isinstance(source, socket.socket):
        server = await loop.create_server(lambda: Connection(connections), sock=source, backlog=BACKLOG)
        return server.close
    joining: set[asyncio.Task[object]] = set()

    def take() -> None:
        taken, is_over = source.take()
        for accepted in taken:
            accepted.setblocking(False)
            joining.add(task := loop.create_task(_join(accepted, connections)))
            task.add_done_callback(joining.discard)
        if is_over:
            loop.remove_reader(source)
            end()

    loop.add_reader(source, take)
    source.report_ready(label)

    def stop() -> None:
        take()
        loop.remove_reader(source)

    return stop


async def _join(accepted: socket.socket, connections: Connections) -> None:
    """Serve a connection that another process has accepted."""
    try:
        await connections.loop.connect_accepted_socket(lambda: Connection(connections), accepted)
    except OSError:
        accepted.close()  # The client has gone in the meantime.


async def _sweep(connections: Connections) -> None:
    while True:
        await asyncio.sleep(_SWEEP)
        connections.check_deadlines()


async def _ended(connections: Connections, signals: "asyncio.Queue[None]", timeout: float) -> None:
    """Wait until all connections have ended or a signal comes, but no longer than so many seconds."""
    waits = {asyncio.create_task(connections.ended()), asyncio.create_task(signals.get())}
    await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


def _most_connections() -> int:
    """Let this process open as many files as it may, and return how many of them can be connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return max(most // 2, most - _OTHER_FILES)
