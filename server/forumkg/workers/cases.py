"""A query on its way from an event loop that asks it to the answer that the loop awaits."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from forumkg.workers.jobs import Answer, Job
from forumkg.workers.runs import Run

if TYPE_CHECKING:
    import asyncio

    from forumkg.workers.attempts import Attempt

__all__ = ["Case"]


class Case(Run):
    """A run that begins in an event loop.

    Attributes:
        future: for its answer.
        when_slow: to be called when a thread goes on with it.
        attempt: what was begun in the loop.
        is_elsewhere: whether the loop has nothing more to do, because a thread goes on or it is settled.
    """

    __slots__ = ("_note", "attempt", "future", "is_elsewhere", "when_slow")

    def __init__(
        self,
        job: Job,
        timeout: float,
        future: "asyncio.Future[Answer]",
        when_slow: Callable[[], None] | None,
        note: "Callable[[Case, bool], None]",
    ) -> None:
        """Let a job arrive.

        Args:
            job: what is asked.
            timeout: the seconds that it may take at most.
            future: for its answer.
            when_slow: to be called when a thread goes on with it.
            note: called, in any thread and with the lock of the schedule held, when it may go on; the second
                argument says whether that is because it has to end.
        """
        super().__init__(job, timeout)
        self.may_follow = True
        self._note = note
        self.future = future
        self.when_slow = when_slow
        self.attempt: Attempt | None = None
        self.is_elsewhere = False

    def call(self) -> None:
        """Tell whoever waits that it may go on."""
        super().call()
        self._note(self, self.verdict is not None)

    def deliver(self, answer: Answer | None, error: BaseException | None) -> None:
        """Give the loop what it awaits, if anybody there still does."""
        if self.future.done():
            if answer is not None:
                answer.close()
        elif answer is not None:
            self.future.set_result(answer)
        elif error is not None:
            self.future.set_exception(error)
