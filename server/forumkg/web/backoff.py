"""Delay clients that hang up on work that was begun for them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

__all__ = ["FIRST", "LONGEST", "Backoff", "CallLater"]

# Seconds after the first abandoned piece of work; a person who clicks on quickly hardly notices them.
FIRST: Final = 0.05
LONGEST: Final = 1.0
# Seconds after which an abandoned piece of work is forgotten.
_MEMORY: Final = 60.0

# Calls a function after some seconds, as `asyncio.loop.call_later` does.
CallLater = Callable[[float, Callable[[], None]], object]


@dataclass(slots=True)
class _Record:
    """The abandoned work of one client: how long it waits after the last one, and the end of that wait."""

    seconds: float
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Backoff:
    """Exponential backoff for each client: each abandoned piece of work doubles the wait before the next one.

    For the thread of one event loop. How many clients are remembered is bounded by how much work can begin in
    a minute.
    """

    def __init__(
        self, resume: Callable[[], None] = lambda: None, *, call_later: CallLater | None = None
    ) -> None:
        """Remember no client.

        Args:
            resume: is called when a client has waited.
            call_later: takes the place of the timers of the running event loop.
        """
        self._resume = resume
        self._call_later = call_later or _call_later
        self._records: dict[str, _Record] = {}

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._records)

    def is_waiting(self, client: str) -> bool:
        """Whether a client has to wait."""
        record = self._records.get(client)
        return record is not None and not record.ended.is_set()

    async def wait(self, client: str) -> None:
        """Wait as long as a client has to."""
        while self.is_waiting(client):
            await self._records[client].ended.wait()

    def note_abandoned(self, client: str) -> None:
        """Let a client wait, for twice as long as the last time; what it abandons meanwhile began before."""
        if self.is_waiting(client):
            return
        last = self._records.get(client)
        record = _Record(FIRST if last is None else min(2 * last.seconds, LONGEST))
        self._records[client] = record

        def end_wait() -> None:
            record.ended.set()
            self._call_later(_MEMORY, forget)
            self._resume()

        def forget() -> None:
            # A later record has timers of its own.
            if self._records.get(client) is record:
                del self._records[client]

        self._call_later(record.seconds, end_wait)

    def note_answered(self, client: str) -> None:
        """Forget what a client has abandoned, as it awaited an answer."""
        if not self.is_waiting(client):
            self._records.pop(client, None)


def _call_later(seconds: float, callback: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, callback)
