"""The queries that an event loop has sent to a worker, in the order in which the worker answers them."""

from collections import deque

from forumkg.workers.cases import Case
from forumkg.workers.handles import Worker
from forumkg.workers.lanes import FOLLOWING

__all__ = ["Line"]


class Line:
    """A worker with what it was sent: it works at the first, and begins with the next one without a wait.

    A query whose answer nobody expects from it any more keeps its place, as that answer is still to come.

    Attributes:
        worker: the process.
    """

    __slots__ = ("_cases", "worker")

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._cases: deque[Case] = deque()

    def __len__(self) -> int:
        return len(self._cases)

    @property
    def is_full(self) -> bool:
        """Whether no query should be added."""
        return len(self._cases) >= FOLLOWING

    @property
    def first(self) -> Case | None:
        """What the worker works at; None where that is nothing, or nothing that anybody expects."""
        return self._cases[0] if self._cases and self._is_expected(self._cases[0]) else None

    def add(self, case: Case) -> None:
        """Note what was sent."""
        self._cases.append(case)

    def shift(self) -> None:
        """Note that the first one was answered."""
        self._cases.popleft()

    def rest(self) -> list[Case]:
        """Return what is expected behind the first."""
        return [case for case in self._cases if case is not self._cases[0] and self._is_expected(case)]

    def _is_expected(self, case: Case) -> bool:
        return case.attempt is not None and case.attempt.worker is self.worker
