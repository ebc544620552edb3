"""Evaluate queries in processes that can be killed: the interface of the workers for other rooms."""

import asyncio
import concurrent.futures
import logging
import os
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from forumkg.errors import EngineError, EngineVersionError, LimitError
from forumkg.workers.dispatcher import Charge, Dispatcher
from forumkg.workers.fork_server import ForkServer
from forumkg.workers.queries import (
    Limits,
    PoolStatistics,
    Query,
    QueryForkSettings,
    WrittenAnswer,
    stopping,
)

if TYPE_CHECKING:
    from forumkg.engine.connection import Engine
    from forumkg.workers.engine_fork_server import EngineForkSettings
    from forumkg.workers.version_guard import VersionGuard
    from forumkg.workers.worker_handle import Worker

__all__ = ["Charge", "Limits", "Pool", "PoolStatistics", "Query", "WrittenAnswer"]

_logger: Final = logging.getLogger(__name__)

# Seconds in which the last answers reach the threads that wait for them.
_MOMENT: Final = 1.0

_T = TypeVar("_T")


class Pool:
    """Workers that share one store, and the bounds within which they work.

    Use it as a context manager: at its end no process is left. Its dispatcher works in the event loop that
    `attach` gives it, or else in one of its own, in a thread that starts with the first query.
    """

    _settings: "QueryForkSettings | EngineForkSettings"
    _guard: "VersionGuard | None"

    def __init__(  # noqa: PLR0913 (what a pool is made of)
        self,
        store: Path | None,
        limits: Limits | None = None,
        *,
        spool: Path | None = None,
        confined: bool = True,
        is_lazy: bool = False,
        engine: "Engine | None" = None,
    ) -> None:
        """Start the processes.

        Args:
            store: the folder of an Oxigraph store that is no longer written; None for the packaged graph,
                which is then built in memory.
            limits: the bounds.
            spool: the folder for long answers, by default that for temporary files.
            confined: refuse to start where the system cannot keep queries from the network.
            is_lazy: start the processes with the first query of each process that asks: after a fork, the
                child has its own.
            engine: evaluates the queries in place of the store.

        Raises:
            StoreError: the store cannot be opened, or a process cannot be confined on this system.
            PoolBusy: the system gives no more processes.
        """
        self.limits: Final = limits or Limits()
        self.engine: Final = engine
        self._grace: float | None = None
        self._guard = None
        if engine:
            # A start without an engine needs none of it.
            from forumkg.engine.connection import GRACE  # noqa: PLC0415
            from forumkg.workers.engine_fork_server import EngineForkSettings  # noqa: PLC0415
            from forumkg.workers.version_guard import VersionGuard  # noqa: PLC0415

            self._guard = VersionGuard(engine) if engine.version else None
            self._settings, self._grace = EngineForkSettings(engine, self.limits, confined), GRACE
        else:
            self._settings = QueryForkSettings(store, self.limits, confined)
        self._what = (
            f"The engine {engine.url}" if engine else f"The store {store}" if store else "The packaged graph"
        )
        self._spool = spool
        self._lock = threading.Lock()  # Guards the choice of process and event loop.
        self._is_closed = False
        self._process = 0
        if not is_lazy:
            self._start()

    def _start(self) -> None:
        """Start the processes unless they run; after a fork, the child starts its own."""
        with self._lock:
            if self._process == os.getpid() or self._is_closed:
                return
            bounds = self.limits
            self._fork_server = ForkServer(self._settings.command, self._what)
            workers: list[Worker] = []
            try:
                workers.extend(self._fork_server.fork() for _ in range(bounds.workers))
            except BaseException:  # Such as Ctrl-C: no process may be left.
                self._fork_server.close()
                for worker in workers:
                    self._fork_server.end(worker)
                raise
            self._dispatcher = Dispatcher(bounds, self._fork_server, workers, self._spool, grace=self._grace)
            self._loop: asyncio.AbstractEventLoop | None = None
            self._thread: threading.Thread | None = None
            self._calls: set[concurrent.futures.Future[Any]] = set()
            self._process = os.getpid()

    @property
    def timeout(self) -> float:
        """The seconds after which a query is stopped."""
        return self.limits.timeout

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run the dispatcher in an event loop; call this in its thread, or before it runs.

        Raises:
            RuntimeError: it works in another one already.
        """
        with self._lock:
            if self._loop is not None:
                raise RuntimeError(
                    "The pool works in an event loop already: attach it before the first query."
                )
            self._loop = loop
            self._dispatcher.attach(loop)

    async def evaluate(self, query: Query, charge: Charge | None = None) -> WrittenAnswer:
        """Evaluate a query and return its whole answer; to cancel this cancels the query.

        Args:
            query: the query.
            charge: called in the loop of the dispatcher with the seconds that a worker has spent on the
                query, once for each worker, whatever comes of it.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
            NotAcceptable: the format cannot express the answer.
            LimitError: the query was given up, or not begun, or its engine holds another version; its
                subclasses say why.
        """
        self._start_or_refuse()
        return await self.within(self._evaluated(query, charge))

    def run(self, query: Query, charge: Charge | None = None) -> WrittenAnswer:
        """Block until `evaluate` has returned; for any thread but that of the loop."""
        self._start_or_refuse()
        return self.wait_for(self._evaluated(query, charge))

    async def _evaluated(self, query: Query, charge: Charge | None) -> WrittenAnswer:
        """Return the answer to a query; that of an engine once its version has been confirmed."""
        try:
            answer = await self._dispatcher.evaluate(query, charge)
            if self._guard is None:
                return answer
            try:
                await self._guard.confirm()
            except BaseException:  # Such as the end of the client: the file of a long answer is not kept.
                answer.close()
                raise
        except (EngineError, EngineVersionError) as error:
            _log_failure(error, query)
            raise
        return answer

    async def within(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine in the event loop of the dispatcher, whichever loop awaits it."""
        loop = self._started(coroutine)
        if loop is asyncio.get_running_loop():
            return await coroutine
        return await asyncio.wrap_future(self._schedule(coroutine, loop))

    def wait_for(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine in the event loop of the dispatcher, and wait for it; for any other thread."""
        call = self._schedule(coroutine, self._started(coroutine))
        try:
            return call.result()
        except concurrent.futures.CancelledError as error:
            raise stopping() from error
        except BaseException:  # Such as Ctrl-C: the result is no longer awaited.
            call.cancel()
            raise

    def call(self, function: Callable[[], _T]) -> _T:
        """Call a function in the thread of the dispatcher, and return its result; for any thread."""

        async def call() -> _T:
            return function()

        coroutine = call()
        if _is_running_here(self._started(coroutine)):
            coroutine.close()
            return function()
        return self.wait_for(coroutine)

    def cancel(self, identifier: str) -> bool:
        """Cancel the queries of that name; return whether there was one."""
        return self.call(lambda: self._dispatcher.cancel(identifier))

    def is_working(self, identifier: str) -> bool:
        """Whether a worker evaluates a query of that name now."""
        return self.call(lambda: self._dispatcher.is_working(identifier))

    def cancel_all(self) -> None:
        """Cancel all queries."""
        self.call(lambda: self._dispatcher.cancel(None))

    def statistics(self) -> PoolStatistics:
        """Return what the pool does now, and what it has done."""
        if self._process != os.getpid():
            return PoolStatistics(0, 0, 0, 0, 0, {}, 0, 0)
        return self._dispatcher.statistics()

    def ready(self) -> bool:
        """Whether queries are taken: the pool is open, and a worker could be forked."""
        self._start()
        return not self._is_closed and self._fork_server.alive()

    def close(self) -> None:
        """End every query that still runs, and every process; a second time does nothing."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
            if self._process != os.getpid():
                return
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._dispatcher.attach(self._loop)
                is_ours = True
            else:
                is_ours = self._thread is not None
        if was_closed:
            return
        self._end(self._loop)
        # Each has failed by now; the error takes a moment to arrive.
        concurrent.futures.wait([*self._calls], timeout=_MOMENT if self._loop.is_running() else 0)
        for call in [*self._calls]:
            call.cancel()
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        if is_ours:
            self._loop.close()
        self._fork_server.close()
        if self._guard is not None:
            self._guard.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        """End queries and workers, in the thread of the loop where that still runs."""

        async def close() -> None:
            self._dispatcher.close()

        if loop.is_running() and not _is_running_here(loop):
            asyncio.run_coroutine_threadsafe(close(), loop).result()
        else:
            self._dispatcher.close()

    def _started(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.AbstractEventLoop:
        """Return the loop of the dispatcher; start one in a thread where there is none."""
        self._start()
        if self._process == os.getpid() and self._loop is None:
            with self._lock:
                if self._loop is None and not self._is_closed:
                    self._loop = asyncio.new_event_loop()
                    self._dispatcher.attach(self._loop)
                    self._thread = threading.Thread(
                        target=self._loop.run_forever, name="dispatcher", daemon=True
                    )
                    self._thread.start()
        if self._process != os.getpid() or self._loop is None or self._loop.is_closed():
            coroutine.close()
            raise stopping()
        return self._loop

    def _start_or_refuse(self) -> None:
        """Start the processes if they have not been started.

        Raises:
            PoolBusy: the pool was closed before.
        """
        self._start()
        if self._process != os.getpid():
            raise stopping()

    def _schedule(
        self, coroutine: Coroutine[Any, Any, _T], loop: asyncio.AbstractEventLoop
    ) -> "concurrent.futures.Future[_T]":
        try:
            call = asyncio.run_coroutine_threadsafe(coroutine, loop)
        except RuntimeError as error:  # The loop has been closed meanwhile.
            coroutine.close()
            raise stopping() from error
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        return call


def _log_failure(error: LimitError, query: Query) -> None:
    """Log a failure of the engine; a query without an id is a probe, of which /readyz logs the changes."""
    if query.id:
        fields = {"query_id": query.id, "error": type(error).__name__, "reason": str(error)}
        _logger.warning("engine failed", extra={"fields": fields})


def _is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this is called by that event loop."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
