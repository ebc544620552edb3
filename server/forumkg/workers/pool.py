"""Run queries in processes that can be killed: at their deadline, when they take too much, when nobody waits.

The one way into this room for whoever serves queries to strangers.
"""

from pathlib import Path
from typing import Self

from forumkg.errors import ForumKgError
from forumkg.workers.attempts import Attempts
from forumkg.workers.crew import Crew
from forumkg.workers.desk import Desk
from forumkg.workers.holdings import Holdings
from forumkg.workers.jobs import Answer, Job, Limits, PoolStatistics
from forumkg.workers.processes import Zygote
from forumkg.workers.runs import Run
from forumkg.workers.schedule import Schedule
from forumkg.workers.zygote import Settings

__all__ = ["Answer", "Job", "Limits", "Pool", "PoolStatistics"]


class Pool:
    """Workers that share one store, and the bounds within which they work.

    Use it as a context manager: at its end no process is left. `run` may be called from any thread.

    Attributes:
        desk: where an event loop asks in the place of `run`.
    """

    def __init__(
        self, store: Path, limits: Limits | None = None, *, spool: Path | None = None, confined: bool = True
    ) -> None:
        """Start the processes.

        Args:
            store: the folder of an Oxigraph store that nobody writes.
            limits: the bounds.
            spool: the folder for long answers, by default that for temporary files.
            confined: refuse to start where the system cannot keep queries from the network.

        Raises:
            StoreError: the store cannot be opened, or a process cannot be confined on this system.
            PoolBusy: the system gives no more processes.
        """
        self._limits = limits or Limits()
        self._schedule = Schedule(self._limits)
        bounds = self._limits
        settings = Settings(store, bounds.memory, bounds.max_result, bounds.in_memory, confined)
        self._zygote = Zygote(settings.command, f"The store {store}")
        self._holdings = Holdings(self._limits.spool)
        try:
            self._crew = Crew(self._zygote, bounds.workers, 2 * bounds.workers)
        except ForumKgError:
            self._zygote.close()
            raise
        self._attempts = Attempts(self._limits, self._schedule, self._crew, self._holdings, spool)
        self.desk = Desk(self._limits, self._schedule, self._crew, self._attempts)

    @property
    def timeout(self) -> float:
        """The seconds after which a query is stopped."""
        return self._limits.timeout

    def run(self, job: Job) -> Answer:
        """Evaluate a query and return its whole answer.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
            NotAcceptable: the format cannot express the answer.
            LimitError: the query was given up, or not begun; its subclasses tell why.
        """
        run = Run(job, self._limits.timeout)
        self._schedule.enter(run)
        return self._attempts.complete(run)

    def cancel(self, identifier: str) -> bool:
        """Give up the jobs of that name; return whether there was one."""
        return self._schedule.cancel(identifier)

    def statistics(self) -> PoolStatistics:
        """Return what the pool does now, and what it has done."""
        return PoolStatistics(
            idle=self._crew.idle,
            spooled=self._holdings.held,
            outcomes=self._schedule.outcomes(),
            forks=self._zygote.forks,
            zygotes=self._zygote.starts,
            **self._schedule.counts(),
        )

    def ready(self) -> bool:
        """Whether queries are taken: the pool is open, its queue has room, and a worker could be forked."""
        return self._schedule.is_open and self._zygote.alive()

    def close(self) -> None:
        """End every query that still runs, and every process; a second time does nothing.

        An event loop that asks at the desk is this thread's, or has ended.
        """
        self.desk.close()
        self._schedule.close()
        self.desk.free()
        self._crew.close()
        self._zygote.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
