"""Listen, serve, and stop in order.

The HTTP server is granian, embedded: it lives in this process and its event loop in this thread.
https://github.com/emmett-framework/granian and https://github.com/MagicStack/uvloop
"""

import asyncio
import gc
import resource
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import uvloop
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from forumkg.web.bodies import BodyLimits
from forumkg.web.edge import Edge

__all__ = ["ServerLimits", "listen", "run"]

_BACKLOG: Final = 1024
# Answers that are kept or on their way, workers, the store.
_OTHER_FILES: Final = 1024
# Seconds for the last replies, after the queries that ran at the end of the grace period were given up.
_LAST_WORDS: Final = 1.0
# Objects that are made before the garbage among them is looked for: those of some hundred requests.
_YOUNG: Final = 10_000
# What granian has to say goes where everything goes, not to standard output.
_LOGGING: Final = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}, "granian.access": {"propagate": True}},
}


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """How long the server waits for its clients.

    Attributes:
        header_seconds: in which the head of a request must have come, and in which a connection may be idle.
        header_bytes: of the longest head of a request.
        unread_seconds: in which a client that does not read must have read something.
        connections: that are open at the same time, if the system lets a process have so many files.
        grace_seconds: for running requests when the server is told to stop.
        body: what is read of the body of a request, and for how long.
    """

    header_seconds: float = 15.0
    header_bytes: int = 64 * 1024
    unread_seconds: float = 60.0
    connections: int = 4096
    grace_seconds: float = 10.0
    body: BodyLimits = field(default_factory=BodyLimits)


def listen(host: str, port: int, limits: ServerLimits) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one.

    Raises:
        OSError: the address cannot be listened on.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # What is set here holds for each connection.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(limits.unread_seconds * 1000))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def run(edge: Edge, listener: socket.socket, limits: ServerLimits, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT comes; then finish what runs, for a while. A second signal ends the wait.

    Args:
        edge: the application.
        listener: a socket that listens.
        limits: how long clients are waited for.
        ready: is called when requests are answered.
    """
    # Half of what a small query costs in this process is what the event loop does for it; this one does less.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(edge, listener, limits, ready))


async def _serve(
    edge: Edge, listener: socket.socket, limits: ServerLimits, ready: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    signals: asyncio.Queue[None] = asyncio.Queue()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signals.put_nowait, None)
    server = _Server(edge, listener, limits)
    serving = asyncio.create_task(server.serve())
    # What was made until now stays: to look through it for garbage takes time from requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)
    ready()
    await _first(serving, signals)
    server.finish()
    await _first(serving, signals, timeout=limits.grace_seconds)
    edge.close()
    # Requests that are answered still, and those whose clients are gone.
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    if rest:
        await asyncio.wait(rest, timeout=_LAST_WORDS)
    if serving.done():
        serving.result()


async def _first(
    serving: "asyncio.Task[None]", signals: "asyncio.Queue[None]", timeout: float | None = None
) -> None:
    """Wait until the server ends or a signal comes."""
    signalled = asyncio.create_task(signals.get())
    await asyncio.wait({serving, signalled}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()


def _most_connections() -> int:
    """Let this process open as many files as it may, and return how many of them can be connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return max(most // 2, most - _OTHER_FILES)


class _Server(Server):
    """The server of granian on a socket that is open already.

    Its own sockets would share a port with another server (SO_REUSEPORT) in the place of finding it in use.
    """

    def __init__(self, edge: Edge, listener: socket.socket, limits: ServerLimits) -> None:
        super().__init__(
            edge,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            backlog=_BACKLOG,
            backpressure=min(limits.connections, _most_connections()),
            http1_settings=HTTP1Settings(
                header_read_timeout=round(limits.header_seconds * 1000), max_buffer_size=limits.header_bytes
            ),
            log_level=LogLevels.error,
            log_dictconfig=_LOGGING,
        )
        self._listener = listener

    def finish(self) -> None:
        """Take no more connections, and end each one after what runs on it."""
        self.signal_handler_interrupt()  # type: ignore[no-untyped-call] # (has no types)

    def _init_shared_socket(self) -> None:
        # It closes the socket when it takes no more connections. Its types say less of it than there is.
        holder = SocketHolder(self._listener.detach(), False, _BACKLOG)  # type: ignore[call-arg]
        self._shd = holder  # type: ignore[assignment]
