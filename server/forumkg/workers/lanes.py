"""Decide which query runs now: three lanes by how long a query takes, and even shares for clients.

Nobody knows beforehand how long a query takes, so each starts in the quick lane. One that is not quick moves
to the steady lane; where that is full and somebody waits, it gives way and goes on there when it can. One
that takes long moves to the slow lane, or ends where that is full. So the quick lane is free within a moment,
whoever asks for what. Where clients compete, the one goes first that has fewer queries running and has used
less lately, and the one yields that holds most. This module only keeps the books: no threads, no clock.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from operator import attrgetter
from typing import Final, Generic, TypeVar

__all__ = ["FOLLOWING", "Lane", "Lanes", "Ticket"]

# Queries that a worker is given at most, to begin with each as soon as it has answered the one before.
FOLLOWING: Final = 4

# Seconds after which what a client has used counts half.
_HALF_LIFE: Final = 10.0
# Seconds of a processor that a brief query takes; and for which none follows another after one that is not.
_BRIEF: Final = 0.01
_UNREST: Final = 0.5
# Seconds after which a query gives way to one of its own client.
_FOR_OWN: Final = 0.25
# Clients that are remembered, and seconds of use that are not worth to be.
_MANY: Final = 1000
_LITTLE: Final = 0.001

_numbers = count()
_number: Final = attrgetter("number")


class Lane(StrEnum):
    """Where a query runs, by how long it has run."""

    QUICK = "quick"
    STEADY = "steady"
    SLOW = "slow"


@dataclass(eq=False, slots=True)
class Ticket:
    """A query of a client, and the lane that it waits for or runs in.

    Attributes:
        client: who asks.
        lane: where it waits or runs.
        may_follow: whether it can be given to a worker that has still to answer another one.
        number: says who came first.
    """

    client: str
    lane: Lane = Lane.QUICK
    may_follow: bool = False
    number: int = field(default_factory=lambda: next(_numbers))


_T = TypeVar("_T", bound=Ticket)


class Lanes(Generic[_T]):
    """The queries that wait and those that run."""

    def __init__(self, workers: int, slow_workers: int, queue: int) -> None:
        """Have `workers` places in the quick lane and as many in the steady lane."""
        self._places = {Lane.QUICK: workers, Lane.STEADY: workers, Lane.SLOW: slow_workers}
        self._queue = queue
        self._waiting: list[_T] = []
        self._running: set[_T] = set()
        # How many run in each lane, and for each client: asked at each turn, and not counted anew.
        self._in_lane = dict.fromkeys(Lane, 0)
        self._of_client: Counter[str] = Counter()
        self._used: dict[str, tuple[float, float]] = {}
        self._calm_from = 0.0

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return len(self._waiting)

    def running(self, lane: Lane) -> int:
        """Return how many queries run in a lane."""
        return self._in_lane[lane]

    def is_calm(self, now: float) -> bool:
        """Whether all queries have been so brief lately that it does no harm to wait behind one."""
        return now >= self._calm_from

    def join(self, ticket: _T) -> None:
        """Let a query wait."""
        self._waiting.append(ticket)

    def start(self, now: float) -> list[_T]:
        """Return the queries whose turn has come; from now on they run."""
        started: list[_T] = []
        if not self._waiting:
            return started
        # Where a query waits that cannot follow, none does, or that one would never have its turn.
        quick = [ticket for ticket in self._waiting if ticket.lane is Lane.QUICK]
        is_calm = self.is_calm(now) and all(ticket.may_follow for ticket in quick)
        places = self._places | {Lane.QUICK: self._places[Lane.QUICK] * (FOLLOWING if is_calm else 1)}
        ready = [ticket for ticket in self._waiting if self._in_lane[ticket.lane] < places[ticket.lane]]
        # Nearly always nobody waits for a free place, or all who do are one client.
        if any(ticket.client != ready[0].client for ticket in ready):
            ready.sort(key=lambda ticket: self._claim(ticket, now))
        else:
            ready.sort(key=_number)
        for ticket in ready:
            if self._in_lane[ticket.lane] < places[ticket.lane]:
                self._waiting.remove(ticket)
                self._run(ticket)
                started.append(ticket)
        return started

    def put_back(self, ticket: _T, now: float) -> None:
        """Have a query wait again that has not begun, as what it was to follow is not brief."""
        self._calm_from = now + _UNREST
        if ticket in self._running:
            self._stop(ticket)
            self._waiting.append(ticket)

    def overflow(self) -> list[_T]:
        """Return the queries that are one too many in the queue; they wait no longer."""
        refused = []
        while len(self._waiting) > self._queue:
            ticket = _newest_of_greediest(self._waiting)
            self._waiting.remove(ticket)
            refused.append(ticket)
        return refused

    def outgrow(self, ticket: _T, now: float, seconds: float, *, again: bool = False) -> bool:
        """Tell that a query is not quick; false where it has to give way, and waits again.

        It keeps its place in the quick lane as long as the steady lane is full and nobody waits for it. For
        its own client, whose queries may all be like it, it gives way later: it may soon be done.

        Args:
            ticket: the query.
            now: the time.
            seconds: how long it has run.
            again: whether it waits for another turn as a quick one, where it has to give way.
        """
        self._calm_from = now + _UNREST
        if self._room(Lane.STEADY):
            self._move(ticket, Lane.STEADY)
            return True
        own = seconds >= _FOR_OWN
        if not any(
            each.lane is Lane.QUICK and (own or each.client != ticket.client) for each in self._waiting
        ):
            return True
        self._stop(ticket)
        ticket.lane = Lane.QUICK if again else Lane.STEADY
        self._waiting.append(ticket)
        return False

    def slow_down(self, ticket: _T) -> _T | None:
        """Tell that a query takes long; return the query that has to end so that not too many do.

        That is the query itself, or one of a client who holds so much more of the slow lane that both hold
        as much afterwards.
        """
        refused = None
        if not self._room(Lane.SLOW):
            slow = [other for other in self._running if other.lane is Lane.SLOW]
            held = Counter(other.client for other in slow)
            rival = _newest_of_greediest([*slow, ticket])
            refused = rival if held[rival.client] > held[ticket.client] + 1 else ticket
            self._stop(refused)
        if refused is not ticket:
            self._move(ticket, Lane.SLOW)
        return refused

    def leave(self, ticket: _T, now: float, seconds: float, effort: float = 0.0) -> None:
        """Take a query off the books, and note what it has used; a second time only notes.

        Args:
            ticket: the query.
            now: the time.
            seconds: how long it has run.
            effort: how many seconds of that a processor has worked at it.
        """
        self._stop(ticket)
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        if effort > _BRIEF:
            self._calm_from = now + _UNREST
        self._used[ticket.client] = (self._usage(ticket.client, now) + seconds, now)
        if len(self._used) > _MANY:
            recent = {client: self._usage(client, now) for client in self._used}
            self._used = {client: (used, now) for client, used in recent.items() if used > _LITTLE}

    def _room(self, lane: Lane) -> bool:
        return self.running(lane) < self._places[lane]

    def _run(self, ticket: _T) -> None:
        self._running.add(ticket)
        self._in_lane[ticket.lane] += 1
        self._of_client[ticket.client] += 1

    def _stop(self, ticket: _T) -> None:
        if ticket not in self._running:
            return
        self._running.remove(ticket)
        self._in_lane[ticket.lane] -= 1
        self._of_client[ticket.client] -= 1
        if not self._of_client[ticket.client]:
            del self._of_client[ticket.client]

    def _move(self, ticket: _T, lane: Lane) -> None:
        if ticket in self._running:
            self._in_lane[ticket.lane] -= 1
            self._in_lane[lane] += 1
        ticket.lane = lane

    def _claim(self, ticket: _T, now: float) -> tuple[int, float, int]:
        return self._of_client[ticket.client], self._usage(ticket.client, now), ticket.number

    def _usage(self, client: str, now: float) -> float:
        seconds, then = self._used.get(client, (0.0, now))
        return float(seconds * 0.5 ** ((now - then) / _HALF_LIFE))


def _newest_of_greediest(tickets: Sequence[_T]) -> _T:
    held = Counter(ticket.client for ticket in tickets)
    return max(tickets, key=lambda ticket: (held[ticket.client], ticket.number))
