"""Dispatch queries to workers: one event loop owns all that changes on the way from a query to its answer.

The loop polls the sockets of the workers; one timer for all queries ticks as long as there are any.

Every method of the dispatcher is for the thread of its loop, but for `statistics`. There is no lock.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from forumkg.errors import ForumKgError, MessageError, PoolBusy, QueryCancelled, QueryError, WorkerLost
from forumkg.workers.fork_server import Death, ForkServer, WorkerSupply
from forumkg.workers.messages import Message
from forumkg.workers.queries import (
    Limits,
    PoolStatistics,
    Query,
    WrittenAnswer,
    answer_of,
    encode_query,
    error_of,
    error_of_deadline,
    error_of_death,
    has_not_begun,
    stopping,
    was_killed,
)
from forumkg.workers.query_timers import HeldPlaces, QueryTimer
from forumkg.workers.scheduler import TIME_SLICE, QueryState, QueryTask, Scheduler
from forumkg.workers.spool import SpoolQuota
from forumkg.workers.worker_handle import Worker

__all__ = ["Charge", "Dispatcher"]

# Called with the seconds that a worker has spent on a query.
Charge = Callable[[float], None]

# Seconds between two checks of a slow query, and until a worker that a signal has stopped is replaced.
_CHECK: Final = 1.0
# Idle workers beyond the places of the fast lane: one is ready when a query moves to the slow lane.
_SPARE: Final = 1

# Seconds after which a refused client may try again.
_SOON: Final = 2

_ANSWERED: Final = "answered"

_logger: Final = logging.getLogger(__name__)


class Dispatcher:
    """Assigns queries to workers."""

    def __init__(
        self,
        limits: Limits,
        fork_server: ForkServer,
        workers: Iterable[Worker],
        spool: Path | None,
        *,
        grace: float | None = None,
    ) -> None:
        """Take the first workers; nothing happens before `attach`.

        Args:
            limits: the bounds.
            fork_server: forks more workers.
            workers: the first idle workers.
            spool: the folder for long answers, by default that for temporary files.
            grace: seconds after its deadline until a query that was given up has ended elsewhere, where the
                workers do not evaluate queries themselves; None where a query ends with its worker.
        """
        self._is_remote = grace is not None
        self._limits = limits
        self._fork_server = fork_server
        self._spool = spool
        lanes = limits.workers, limits.slow_workers, limits.queue
        self._scheduler = Scheduler(*lanes, may_displace=grace is None)
        self._held = HeldPlaces(self._scheduler, grace, self._advance)
        self._quota = SpoolQuota(limits.spool)
        self._supply = WorkerSupply(fork_server, workers, self._receive, self._supplied)
        self._busy: dict[Worker, QueryTask] = {}
        self._outcomes: Counter[str] = Counter()
        self._is_closed = False
        self._timer: QueryTimer
        self._loop: asyncio.AbstractEventLoop

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run in an event loop; call this in its thread, or before it runs."""
        self._loop = loop
        self._timer = QueryTimer(loop, self._scheduler, self._look)
        self._supply.attach(loop)

    async def evaluate(self, query: Query, charge: Charge | None = None) -> WrittenAnswer:
        """Evaluate a query; to cancel this cancels the query. See `Pool.evaluate`."""
        task = self._submit(query, charge)
        try:
            return await task.future
        except asyncio.CancelledError:
            self._abandon(task)
            raise

    def cancel(self, identifier: str | None) -> bool:
        """End the queries of that name, or all for None; return whether there was one."""
        found = [task for task in self._scheduler if identifier is None or task.query.id == identifier]
        for task in found:
            self._end(task, QueryCancelled("The query was cancelled."))
        self._advance()
        return bool(found)

    def is_working(self, identifier: str) -> bool:
        """Whether a worker evaluates a query of that name now."""
        return any(task.query.id == identifier for task in self._busy.values())

    def statistics(self) -> PoolStatistics:
        """Return what is done now and was done before; thread-safe."""
        count = self._scheduler.count
        return PoolStatistics(
            idle=len(self._supply.idle),
            fast=count(QueryState.RUNNING),
            slow=count(QueryState.SLOW),
            queued=count(QueryState.QUEUED),
            slow_queued=count(QueryState.SLOW_QUEUED),
            outcomes=dict(self._outcomes),
            forks=self._fork_server.forks,
            fork_servers=self._fork_server.starts,
            spooled=self._quota.held,
        )

    def close(self) -> None:
        """End every query and every worker; wait until no worker is left."""
        if self._is_closed:
            return
        self._is_closed = True
        self._timer.close()
        for task in self._scheduler:
            self._end(task, stopping())
        self._supply.close()

    # Queued queries.

    def _submit(self, query: Query, charge: Charge | None) -> QueryTask:
        """Queue a query, and start it at once if it may."""
        if self._is_closed:
            self._outcomes[PoolBusy.__name__] += 1
            raise stopping()
        limit = self._limits.timeout
        now = self._loop.time()
        deadline = now + (limit if query.timeout is None else min(query.timeout, limit))
        try:
            message = encode_query(query, deadline)
        except QueryError:
            self._outcomes[QueryError.__name__] += 1
            raise
        task = QueryTask(
            query,
            self._loop.create_future(),
            message=message,
            arrival=now,
            deadline=deadline,
            charge=charge,
            is_remote=self._is_remote,
        )
        self._scheduler.add(task)
        self._advance()
        if task.state is QueryState.QUEUED:
            self._timer.look_again(task, task.deadline)
            self._make_room()
            self._refuse()
        return task

    def _advance(self) -> None:
        """Start the queries that may start, and fork the workers that are lacking."""
        now = self._loop.time()
        idle = self._supply.idle
        while idle and (task := self._scheduler.start_next(now)):
            # Last in, first out: the worker that was busy last has the most in its caches.
            self._start(task, idle.pop(), now)
        lacking = self._limits.workers + _SPARE - self._scheduler.count(QueryState.RUNNING)
        self._supply.fork(max(lacking, self._scheduler.startable) - self._supply.at_hand)

    def _start(self, task: QueryTask, worker: Worker, now: float) -> None:
        """Send a query to a worker."""
        try:
            worker.send(task.message, self._spool)
        except OSError:  # It died while it waited.
            self._supply.dismiss(worker)
            self._scheduler.requeue(task)
            return
        task.worker, task.started = worker, now
        self._busy[worker] = task
        if worker.unsent is not None:
            self._loop.add_writer(worker.descriptor, self._send_on, worker)
        if task.state is QueryState.SLOW:
            worker.lower_priority()
        self._timer.look_again(task, now + (TIME_SLICE if task.state is QueryState.RUNNING else _CHECK))

    def _send_on(self, worker: Worker) -> None:
        """Send more of a long query; where the worker is gone, `_receive` notices."""
        try:
            is_sent = worker.flush()
        except OSError:
            is_sent = True
        if is_sent:
            self._loop.remove_writer(worker.descriptor)

    # Running queries.

    def _look(self, task: QueryTask) -> None:
        """Check whether a query has reached its deadline, or must change its lane."""
        now = self._loop.time()
        if now >= task.deadline:
            has_begun = task.state in {QueryState.RUNNING, QueryState.SLOW}
            self._end(task, error_of_deadline(task.deadline - task.arrival, has_begun=has_begun))
            self._advance()
        elif task.worker is None:
            self._timer.look_again(task, task.deadline)
        elif now - task.started >= _CHECK and task.worker.is_stopped():
            self._replace_stopped(task)
        elif task.state is QueryState.RUNNING:
            self._look_at_fast(task, task.worker, now)
        else:
            self._timer.look_again(task, now + _CHECK)

    def _look_at_fast(self, task: QueryTask, worker: Worker, now: float) -> None:
        worked = task.work(now)
        is_slow = worked >= self._limits.fast_seconds
        if is_slow:
            worker.lower_priority()
        if (is_slow and self._scheduler.has_slow_place) or self._scheduler.gives_way(task, worked):
            self._slow_down(task)
            self._refuse()
            self._advance()
        else:
            self._timer.look_again(task, now + TIME_SLICE)

    def _make_room(self) -> None:
        """Preempt queries that have used their time slice, for one that has just arrived."""
        now = self._loop.time()
        # A worker cannot have worked for longer than it has had the query, so that the rest needs no look.
        for task in [task for task in self._busy.values() if now - task.started >= TIME_SLICE]:
            if task.state is QueryState.RUNNING and self._scheduler.gives_way(task, task.work(now)):
                self._slow_down(task)
                self._advance()

    def _slow_down(self, task: QueryTask) -> None:
        """Move a query to the slow lane; where that is full, one has to begin anew later."""
        displaced = self._scheduler.slow_down(task)
        if displaced is not None:
            self._stop_work(displaced)
            self._timer.look_again(displaced, displaced.deadline)
        if displaced is not task and task.worker is not None:
            task.worker.lower_priority()
            self._timer.look_again(task, self._loop.time() + _CHECK)

    def _replace_stopped(self, task: QueryTask) -> None:
        """Requeue a query whose worker is stopped by a signal, and dismiss all such workers."""
        self._stop_work(task)
        self._scheduler.requeue(task)
        self._timer.look_again(task, task.deadline)
        self._supply.dismiss_stopped()
        self._advance()

    def _receive(self, worker: Worker) -> None:
        """Read what a worker has sent."""
        try:
            message = worker.receive()
        except (OSError, MessageError):
            self._lose(worker)
            return
        task = self._busy.get(worker)
        if message and task:
            self._conclude(task, worker, message)
        elif message:  # An answer without a query.
            self._lose(worker)

    def _conclude(self, task: QueryTask, worker: Worker, message: Message) -> None:
        """Deliver the answer of a worker, or its error."""
        head = message.head
        waited = task.started - task.arrival
        file = worker.take_spool() if head.get("in_file") else None
        # A slow query leaves a worker behind whose priority cannot be raised again.
        is_as_new = (
            task.state is QueryState.RUNNING
            and not head["grown"]
            and worker.unsent is None
            and not worker.has_low_priority
        )
        if head.get("is_abandoned"):
            self._held.hold(self._loop, task)
        self._release(task)
        if is_as_new:
            self._supply.idle.append(worker)
        else:
            self._supply.dismiss(worker)
        result: WrittenAnswer | ForumKgError | None = error_of(head)
        if result is None:
            try:
                held = self._quota.hold(file, head["length"], task.client) if file else None
                result = answer_of(message, held, waited)
            except PoolBusy as error:
                result = error
        self._deliver(task, result)
        self._advance()

    def _end(self, task: QueryTask, error: ForumKgError) -> None:
        """End a query with an error, in whatever state it is."""
        self._stop_work(task)
        self._deliver(task, error)

    def _abandon(self, task: QueryTask) -> None:
        """End a query whose answer is no longer awaited."""
        if task.state is not QueryState.DONE:
            self._end(task, QueryCancelled("The query was cancelled."))
            self._advance()
        elif not task.future.cancelled() and not task.future.exception():
            task.future.result().close()

    def _deliver(self, task: QueryTask, result: WrittenAnswer | ForumKgError) -> None:
        """Deliver the answer or the error of a query."""
        if task.state is not QueryState.DONE:
            self._scheduler.finish(task)
        is_answer = isinstance(result, WrittenAnswer)
        self._outcomes[_ANSWERED if is_answer else type(result).__name__] += 1
        if task.future.done() or self._loop.is_closed():
            if isinstance(result, WrittenAnswer):
                result.close()
        elif isinstance(result, WrittenAnswer):
            task.future.set_result(result)
        else:
            task.future.set_exception(result)

    def _refuse(self) -> None:
        for task in self._scheduler.refuse():
            self._deliver(task, PoolBusy("Too many queries wait: try again later.", retry_after=_SOON))

    # Workers.

    def _release(self, task: QueryTask) -> Worker | None:
        """Take a query from its worker, and charge the time of the worker to the client."""
        worker = task.worker
        if worker is None:
            return None
        del self._busy[worker]
        task.worker = None
        now = self._loop.time()
        seconds = now - task.started
        self._scheduler.note_use(task.client, now, seconds)
        if task.charge:
            task.charge(seconds)
        return worker

    def _stop_work(self, task: QueryTask) -> None:
        """Kill the worker of a query, if one works on it."""
        worker = self._release(task)
        if worker:
            self._held.hold(self._loop, task)
            self._supply.dismiss(worker)

    def _lose(self, worker: Worker) -> None:
        """Replace a worker that has ended; what becomes of its query depends on how it ended."""
        task = self._busy.get(worker)
        if task is None:
            self._supply.dismiss(worker)
            self._advance()
        else:
            free = self._held.hold(self._loop, task)
            self._release(task)
            self._supply.explain(worker, lambda death: self._explain(task, death, free))

    def _explain(self, task: QueryTask, death: Death, free: Callable[[], None]) -> None:
        """Retry a query that had not begun, and once one whose worker was killed; else report an error."""
        status, words = death
        is_untouched = has_not_begun(status)
        if is_untouched:
            free()
        if task.worker or task.state not in {QueryState.RUNNING, QueryState.SLOW}:
            return  # It has ended, or is being retried already.
        error = error_of_death(status, words)
        is_first_loss = was_killed(status) and not task.was_lost and isinstance(error, WorkerLost)
        if is_untouched or is_first_loss:
            task.was_lost |= is_first_loss
            self._scheduler.requeue(task)
            self._timer.look_again(task, task.deadline)
        else:
            _logger.warning("A worker ended with status %s: %s %s", status, error, words.strip())
            self._deliver(task, error)
        self._advance()

    def _supplied(self, error: ForumKgError | None) -> None:
        """Start a query on a new worker; where none could be forked, refuse the queries that wait for one."""
        now = self._loop.time()
        while error and not self._supply.idle and (task := self._scheduler.start_next(now)):
            self._deliver(task, PoolBusy(str(error), retry_after=10))
        if not error:
            self._advance()
