"""The process that forks workers, as the server sees it, and the idle workers that it has forked.

`ForkServer` forks and reaps workers, and starts the process again where it has died; its calls block.
`WorkerSupply` keeps idle workers ready without blocking the event loop: threads fork processes and wait for
their end, and report to the loop.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any, Final

from forumkg.errors import ForumKgError, MessageError, PoolBusy, StoreError
from forumkg.workers.messages import Decoder, Message, receive, send
from forumkg.workers.queries import stopping
from forumkg.workers.worker_handle import Worker

__all__ = ["Death", "ForkServer", "Program", "WorkerSupply"]

_PATIENCE: Final = 20.0
# Seconds for a start: a million triples are in memory after some fifteen.
_START: Final = 600.0

Program = Callable[[int], Sequence[str]]


class ForkServer:
    """The process that forks workers; where it has died, the next fork starts a new one.

    Its methods wait for the process, and may be called from any thread.

    Attributes:
        forks: how many workers were started.
        starts: how often the process was started.
    """

    def __init__(self, program: Program, what: str, *, patience: float = _PATIENCE) -> None:
        """Start the process.

        Args:
            program: returns the module to run and its arguments, for the descriptor of the control socket.
            what: the dataset that the process has open, for messages.
            patience: seconds for what takes milliseconds; a process that does not answer is replaced.

        Raises:
            StoreError: the process cannot open the dataset, or workers cannot be confined on this system.
        """
        self.forks = 0
        self.starts = 0
        self._program = program
        self._what = what
        self._patience = patience
        self._closed = False
        self._lock = threading.Lock()
        self._start()

    def fork(self) -> Worker:
        """Start a worker.

        Raises:
            PoolBusy: the system gives no more processes, or it was closed.
            StoreError: the process has died, and cannot be started again.
        """
        with self._lock:
            if self._closed:
                raise stopping()
            try:
                return self._fork()
            except (OSError, MessageError):
                self._stop()
                if self._closed:
                    raise stopping() from None
                self._start()
                return self._fork()

    def end(self, worker: Worker, *, is_dying: bool = False) -> tuple[int | None, str]:
        """Terminate a worker and reap it.

        Args:
            worker: the process.
            is_dying: whether it seems to be ending by itself; it is then killed only if it does not.

        Returns:
            its wait status, None where that is unknown, and its standard error.
        """
        words = worker.wait(is_dying=is_dying)
        with self._lock:
            try:
                message, _ = self._order({"reap": worker.pid})
            except (OSError, MessageError):
                # Its parent is dead, too. Orphans are reaped by process 1, which this may be.
                with suppress(ChildProcessError):
                    os.waitpid(worker.pid, 0)
                return None, words
            return message.head["status"], words

    def alive(self) -> bool:
        """Whether the process runs."""
        return not self._closed and self._process.poll() is None

    def close(self) -> None:
        """End the process, and with it every worker; a second time does nothing."""
        self._closed = True
        self._process.kill()  # Before the lock: an order may wait for its answer.
        with self._lock:
            self._stop()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # A new program, not a fork of this process: it has none of its threads, locks and sockets.
            # -W ignore: Python 3.12 warns of forks in a process with threads; those of the store sleep.
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-W", "ignore", "-m", *self._program(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # Ctrl-C in a terminal is a signal to the whole group: it is for the server alone.
                process_group=0,
            )
        ours.settimeout(_START)
        self._control, self._decoder = ours, Decoder(0)
        self.starts += 1
        try:
            problem = self._problem()
        except BaseException:  # Such as Ctrl-C: leave no process behind.
            self._stop()
            raise
        if problem:
            self._stop()
            raise StoreError(f"{self._what} cannot be served: {problem}.")
        ours.settimeout(self._patience)

    def _problem(self) -> str:
        try:
            received = receive(self._control, self._decoder)
        except (OSError, MessageError) as error:
            return str(error)
        return str(received[0].head.get("error", "")) if received else "its process ended at its start"

    def _stop(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _fork(self) -> Worker:
        ours, theirs = socket.socketpair()
        errors = os.memfd_create("errors")
        with theirs, ExitStack() as undo:
            undo.callback(os.close, errors)
            undo.callback(ours.close)
            message, handles = self._order({"fork": True}, (theirs.fileno(), errors))
            if "error" in message.head:
                raise PoolBusy(f"No process can be started: {message.head['error']}.", retry_after=10)
            undo.pop_all()
        self.forks += 1
        return Worker(message.head["pid"], handles[0], ours, errors)

    def _order(
        self, head: Mapping[str, Any], descriptors: tuple[int, ...] = ()
    ) -> tuple[Message, tuple[int, ...]]:
        send(self._control, head, descriptors=descriptors)
        received = receive(self._control, self._decoder)
        if received is None:
            raise ConnectionResetError("The fork server has ended.")
        return received


# The wait status of a process, None where that is unknown, and its standard error.
Death = tuple[int | None, str]

_THREADS: Final = 4

_logger: Final = logging.getLogger(__name__)


class WorkerSupply:
    """The idle workers, and the workers that are being forked or terminated.

    All methods but the constructor are for the thread of the loop.

    Attributes:
        idle: the workers without a query.
    """

    def __init__(
        self,
        fork_server: ForkServer,
        workers: Iterable[Worker],
        readable: Callable[[Worker], None],
        changed: Callable[[ForumKgError | None], None],
    ) -> None:
        """Take the first workers; nothing happens before `attach`.

        Args:
            fork_server: forks more workers.
            workers: the first idle workers.
            readable: called when the socket of a worker, idle or not, is readable.
            changed: called when another worker is idle, or with the error that kept it from being forked.
        """
        self.idle = [*workers]
        self._fork_server = fork_server
        self._readable = readable
        self._changed = changed
        self._births: set[Future[Worker]] = set()
        self._threads = ThreadPoolExecutor(_THREADS, "fork")
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop

    @property
    def at_hand(self) -> int:
        """How many workers are idle or being forked."""
        return len(self.idle) + len(self._births)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run in an event loop; call this in its thread, or before it runs."""
        self._loop = loop
        for worker in self.idle:
            loop.add_reader(worker.descriptor, self._readable, worker)

    def fork(self, number: int) -> None:
        """Fork more workers."""
        for _ in range(0 if self._is_closed else number):
            birth = self._threads.submit(self._fork_server.fork)
            self._births.add(birth)
            birth.add_done_callback(lambda found: self._report(self._born, found))

    def dismiss(self, worker: Worker, *, is_dying: bool = False) -> "Future[Death]":
        """Terminate a worker, idle or not; the result is how it ended.

        Args:
            worker: the process.
            is_dying: whether it seems to be ending by itself; it is then killed only if it does not.
        """
        if worker in self.idle:
            self.idle.remove(worker)
        if not self._loop.is_closed():
            self._loop.remove_reader(worker.descriptor)
            self._loop.remove_writer(worker.descriptor)
        if not is_dying:
            worker.kill()
        try:
            return self._threads.submit(self._fork_server.end, worker, is_dying=is_dying)
        except RuntimeError:  # The interpreter is shutting down: no thread can be started.
            death: Future[Death] = Future()
            death.set_result(self._fork_server.end(worker, is_dying=is_dying))
            return death

    def explain(self, worker: Worker, callback: Callable[[Death], None]) -> None:
        """Reap a worker that seems to be ending by itself, and call back in the loop with how it ended."""
        death = self.dismiss(worker, is_dying=True)
        death.add_done_callback(lambda found: self._report(callback, found.result()))

    def dismiss_stopped(self) -> None:
        """Terminate the idle workers that a signal has stopped."""
        for worker in [*self.idle]:
            if worker.is_stopped():
                self.dismiss(worker)

    def close(self) -> None:
        """Terminate all idle workers, and wait for every worker that was ever dismissed."""
        self._is_closed = True
        for worker in [*self.idle]:
            self.dismiss(worker)
        self._threads.shutdown(wait=True)
        for birth in self._births:
            with suppress(ForumKgError):
                self._fork_server.end(birth.result())

    def _born(self, birth: "Future[Worker]") -> None:
        if self._is_closed:
            return
        self._births.discard(birth)
        try:
            worker = birth.result()
        except (PoolBusy, StoreError) as error:
            _logger.warning("No worker could be forked: %s", error)
            self._changed(error)
            return
        self._loop.add_reader(worker.descriptor, self._readable, worker)
        # Last in the order of use: the others have filled caches.
        self.idle.insert(0, worker)
        self._changed(None)

    def _report(self, callback: Callable[..., object], *arguments: object) -> None:
        """Call something in the loop, from a thread."""
        with suppress(RuntimeError):  # The loop has ended: `close` does the rest.
            self._loop.call_soon_threadsafe(callback, *arguments)
