"""Several server processes on one address, and their replacement without a failed request.

A supervisor accepts the connections and hands each one to a server process, chosen by the address of
the client: what is counted for a client (rate limits, shares, running queries) stays in one process.
SIGHUP starts a new process for each old one; when all are ready, they get the new connections, and the old
ones end as after SIGTERM. A process that ends by itself is replaced.

    STARTING ── ready ──▶ SERVING ── replaced, or SIGTERM ──▶ ENDING ──▶ reaped

https://man7.org/linux/man-pages/man7/unix.7.html (SCM_RIGHTS)
"""

import errno
import logging
import os
import selectors
import signal
import socket
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count
from typing import Final

from forumkg.web.addresses import Network, client_key, is_trusted
from forumkg.web.handover import Handover
from forumkg.web.logs import JsonFormatter

__all__ = ["fork_servers", "hold_sighup"]

_logger: Final = logging.getLogger(__name__)

# Bytes of the longest report of a process: the label of its version.
_LONGEST_REPORT: Final = 256
_CONNECTION: Final = b"c"
# What one server process has not taken over yet; a connection beyond that is closed.
_HANDOVER_BYTES: Final = 1024 * 1024
# Connections that are accepted at a time.
_ACCEPTED_IN_A_ROW: Final = 64
# Seconds before a process that ended by itself is replaced: doubled each time, until one lives for a minute.
_FIRST_DELAY: Final = 0.5
_LONGEST_DELAY: Final = 30.0
_LIVED: Final = 60.0
# Seconds without accepting, where there is no room for another descriptor.
_PAUSE: Final = 0.1
_SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)


def hold_sighup() -> None:
    """Let SIGHUP wait until the server can handle it: a reload during a long start must not end the process.

    Where there is a terminal, its end ends the server, also while it starts.
    """
    if not sys.stderr.isatty():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})


def fork_servers(
    listener: socket.socket,
    processes: int,
    trusted: tuple[Network, ...],
    announce: Callable[[], None],
    log_level: str = "info",
) -> Handover:
    """Fork server processes, and return in each of them; the supervisor itself ends with `SystemExit`.

    Args:
        listener: the socket to accept from.
        processes: how many servers share the connections.
        trusted: proxies; their connections are of many clients, and go to all processes in turn.
        announce: called once, when all processes are ready.
        log_level: the minimum level of what is logged.

    Raises:
        SystemExit: in the supervisor, after all processes have ended; the status is that of the first process
            that failed to start, else 0.
    """
    _logger.setLevel(log_level.upper())
    return _Supervisor(listener, processes, trusted, announce).run()


class _State(Enum):
    STARTING = auto()
    SERVING = auto()
    ENDING = auto()


@dataclass(eq=False)
class _Process:
    """A server process, as the supervisor sees it."""

    pid: int
    channel: socket.socket
    generation: int
    slot: int
    state: _State = _State.STARTING
    version: str = ""
    started: float = field(default_factory=time.monotonic)


class _InServer(Exception):
    """Leads a new process out of the loop of the supervisor."""

    def __init__(self, handover: Handover) -> None:
        self.handover = handover


class _Supervisor:
    """Accepts connections for server processes, starts and replaces them."""

    def __init__(
        self,
        listener: socket.socket,
        processes: int,
        trusted: tuple[Network, ...],
        announce: Callable[[], None],
    ) -> None:
        self._listener = listener
        self._count = processes
        self._trusted = trusted
        self._announce = announce
        self._selector = selectors.DefaultSelector()
        self._processes: set[_Process] = set()
        self._serving: list[_Process | None] = [None] * processes
        self._generation = 0
        self._turn = count()
        self._is_stopping = self._is_announced = self._wants_replacement = False
        self._stop_signals = 0
        self._status = 0
        # The moment to start a process in a slot again, and the delay after the next failure.
        self._restarts: dict[int, float] = {}
        self._delays = [_FIRST_DELAY] * processes

    def run(self) -> Handover:
        """Supervise until the last process has ended; return in each server process.

        Raises:
            SystemExit: in the supervisor, at the end.
        """
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        _logger.addHandler(handler)
        waker, woken = socket.socketpair()
        for end in (waker, woken):
            end.setblocking(False)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        handlers = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        # It may have been blocked, to wait for its handler.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
        self._selector.register(woken, selectors.EVENT_READ)
        try:
            for slot in range(self._count):
                self._start(slot)
            while self._processes or self._restarts:
                self._step(woken)
        except _InServer as new:
            signal.set_wakeup_fd(-1)
            for number, before in handlers.items():
                signal.signal(number, before)
            for end in (waker, woken):
                end.close()
            return new.handover
        sys.exit(self._status)

    def _on_signal(self, number: int, _: object) -> None:
        if number == signal.SIGHUP:
            self._wants_replacement = True
        elif number != signal.SIGCHLD:
            self._stop_signals += 1

    def _step(self, woken: socket.socket) -> None:
        """Wait for the next event, and handle it."""
        for key, _ in self._selector.select(self._seconds_to_restart()):
            if key.fileobj is self._listener:
                self._accept()
            elif key.fileobj is woken:
                woken.recv(4096)
            elif isinstance(key.data, _Process):
                self._read(key.data)
        while self._stop_signals:
            self._stop_signals -= 1
            self._stop()
        self._reap()
        self._replace_all()
        now = time.monotonic()
        for slot in [slot for slot, moment in self._restarts.items() if moment <= now]:
            del self._restarts[slot]
            self._start(slot)

    def _seconds_to_restart(self) -> float | None:
        return max(0.0, min(self._restarts.values()) - time.monotonic()) if self._restarts else None

    # Connections.

    def _accept(self) -> None:
        for _ in range(_ACCEPTED_IN_A_ROW):
            try:
                connection, peer = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    time.sleep(_PAUSE)
                    return
                continue
            with connection:
                self._hand_over(connection, str(peer[0]) if isinstance(peer, tuple) else "")

    def _hand_over(self, connection: socket.socket, peer: str) -> None:
        """Hand a connection to the process of its client; it is closed where that one takes no more over."""
        process = self._process_of(peer)
        if process is None:
            return
        # Its channel is full, or it has just ended.
        with suppress(OSError):
            socket.send_fds(process.channel, [_CONNECTION], [connection.fileno()])

    def _process_of(self, peer: str) -> _Process | None:
        """Return the process for a client: the same one as long as it lives, then the next one."""
        turn = next(self._turn) if is_trusted(peer, self._trusted) else zlib.crc32(client_key(peer).encode())
        for step in range(self._count):
            process = self._serving[(turn + step) % self._count]
            if process is not None:
                return process
        return None

    def _listen(self, is_listening: bool) -> None:
        """Accept connections while a process can take them; until then they wait in the kernel."""
        if self._is_stopping:
            return
        is_registered = self._listener in self._selector.get_map()
        if is_listening and not is_registered:
            self._selector.register(self._listener, selectors.EVENT_READ)
        elif is_registered and not is_listening:
            self._selector.unregister(self._listener)

    # Processes.

    def _start(self, slot: int) -> None:
        """Fork a process.

        Raises:
            _InServer: in the new process.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _HANDOVER_BYTES)
        for end in (ours, theirs):
            end.setblocking(False)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if not pid:
            ours.close()
            for process in self._processes:
                process.channel.close()
            self._selector.close()
            self._listener.close()
            # Ctrl-C is for the supervisor, which then ends its processes in order.
            os.setpgid(0, 0)
            raise _InServer(Handover(theirs, is_first=slot == 0, is_replacement=self._is_announced))
        theirs.close()
        process = _Process(pid, ours, self._generation, slot)
        self._processes.add(process)
        self._selector.register(ours, selectors.EVENT_READ, process)

    def _read(self, process: _Process) -> None:
        """Read that a process is ready, or that its end is closed."""
        try:
            data = process.channel.recv(_LONGEST_REPORT)
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(process.channel)
            self._leave(process)
        elif process.state is _State.STARTING:
            process.state, process.version = _State.SERVING, data.decode(errors="replace")
            self._take_over(process)

    def _take_over(self, process: _Process) -> None:
        """Let a process serve: together with its generation, or alone where it replaces one that ended."""
        if self._is_stopping:
            return
        fellows = [each for each in self._processes if each.generation == process.generation]
        old = [each for each in self._processes if each.generation < process.generation]
        if old and any(each.state is _State.STARTING for each in fellows):
            return
        for fellow in fellows:
            if fellow.state is _State.SERVING:
                self._serving[fellow.slot] = fellow
        is_replacement = any(each.state is _State.SERVING for each in old)
        for each in old:
            self._end(each)
        if is_replacement:
            fields = {"version": process.version, "processes": self._count}
            _logger.info("server processes replaced", extra={"fields": fields})
        ready = all(self._serving)
        self._listen(ready or self._is_announced)
        if ready and not self._is_announced:
            self._is_announced = True
            self._announce()

    def _leave(self, process: _Process) -> None:
        """Stop handing connections over to a process."""
        if self._serving[process.slot] is process:
            self._serving[process.slot] = None
        if not any(self._serving):
            self._listen(False)

    def _end(self, process: _Process) -> None:
        process.state = _State.ENDING
        self._leave(process)
        os.kill(process.pid, signal.SIGTERM)

    def _reap(self) -> None:
        for process in tuple(self._processes):
            pid, status = os.waitpid(process.pid, os.WNOHANG)
            if pid:
                self._processes.discard(process)
                if process.channel in self._selector.get_map():
                    self._selector.unregister(process.channel)
                process.channel.close()
                self._leave(process)
                self._judge(process, os.waitstatus_to_exitcode(status))

    def _judge(self, process: _Process, status: int) -> None:
        """Decide what follows from the end of a process."""
        if self._is_stopping or process.state is _State.ENDING:
            return
        if not self._is_announced:
            self._status = status if status > 0 else 1
            self._stop()
        elif process.state is _State.STARTING and process.generation == self._generation and self._old():
            # The new version cannot be served: the processes of the old one continue.
            _logger.error("replacement failed", extra={"fields": {"pid": process.pid, "status": status}})
            for fellow in self._processes:
                if fellow.generation == self._generation:
                    self._end(fellow)
            self._generation = max(each.generation for each in self._old())
            now = time.monotonic()
            self._restarts |= {slot: now for slot, serving in enumerate(self._serving) if serving is None}
        elif process.generation == self._generation:
            _logger.error("server process ended", extra={"fields": {"pid": process.pid, "status": status}})
            if time.monotonic() - process.started > _LIVED:
                self._delays[process.slot] = _FIRST_DELAY
            self._restarts[process.slot] = time.monotonic() + self._delays[process.slot]
            self._delays[process.slot] = min(2 * self._delays[process.slot], _LONGEST_DELAY)

    def _old(self) -> list[_Process]:
        """Return the processes of earlier generations that serve."""
        return [
            each
            for each in self._processes
            if each.generation < self._generation and each.state is _State.SERVING
        ]

    def _replace_all(self) -> None:
        """Start the next generation, once the one before is complete."""
        if not self._wants_replacement or self._is_stopping or not all(self._serving):
            return
        if any(each.state is _State.STARTING for each in self._processes):
            return
        self._wants_replacement = False
        self._generation += 1
        for slot in range(self._count):
            self._start(slot)

    def _stop(self) -> None:
        """Accept nothing more, and let each process end what it has; a second time, at once."""
        self._restarts.clear()
        self._listen(False)
        self._is_stopping = True
        self._listener.close()
        for process in self._processes:
            self._end(process)
