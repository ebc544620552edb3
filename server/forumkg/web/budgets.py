"""Give each client its share of the workers' time and of mistakes, so that none uses up what all need.

Each client has two token buckets, one for the seconds that its queries run in workers, one for its requests
that end in an error. What a request costs is known only after it, so a bucket is charged afterwards and may
fall below zero; the client is let in again when it has filled up above zero. Answers from the cache cost
nothing.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from forumkg.errors import PoolBusy, QueryCancelled, TooManyRequests

__all__ = ["MAX_CLIENTS", "NO_LIMIT", "Budget", "Budgets"]

# About 200 bytes each. The client that asked the longest ago is forgotten first.
MAX_CLIENTS: Final = 100_000


_GOOD: Final = frozenset({"answered", "cached", "unchanged", QueryCancelled.__name__})
# Refused for the sake of others, before much was done.
_FREE: Final = frozenset({PoolBusy.__name__, TooManyRequests.__name__})


@dataclass(frozen=True, slots=True)
class Budget:
    """What a client may use: at once, and over time.

    Attributes:
        capacity: what a full bucket holds; zero means that there is no limit.
        refill: what flows back in a second.
    """

    capacity: float
    refill: float

    @classmethod
    def per_minute(cls, amount: float) -> "Budget":
        """Return the budget that lets an amount be used at once, and again in every minute."""
        return cls(amount, amount / 60)


NO_LIMIT: Final = Budget(0, 0)


@dataclass(slots=True)
class _Bucket:
    """How full a bucket was at a time."""

    level: float
    time: float


class Budgets:
    """The budgets of all clients. Safe to use from many threads.

    Args:
        seconds: the worker seconds of a client.
        errors: the failed requests of a client.
        clock: what tells the time in seconds.
        max_clients: how many clients are remembered.
    """

    def __init__(
        self,
        seconds: Budget,
        errors: Budget,
        *,
        clock: Callable[[], float] = time.monotonic,
        max_clients: int = MAX_CLIENTS,
    ) -> None:
        self._accounts = (
            _Accounts("seconds of query time", seconds, clock, max_clients),
            _Accounts("failed requests", errors, clock, max_clients),
        )
        self._are_bounded = seconds.capacity > 0 or errors.capacity > 0
        self._lock = threading.Lock()

    def check(self, client: str, *, also_errors: bool = True) -> None:
        """Let a client in, or not yet.

        Args:
            client: who asks.
            also_errors: whether the client's failed requests count; what the server asks itself cannot fail
                by a mistake of theirs.

        Raises:
            TooManyRequests: one of its budgets is used up; it says for how long.
        """
        if not self._are_bounded:
            return
        with self._lock:
            accounts = self._accounts if also_errors else self._accounts[:1]
            waits = [(account.wait(client), account) for account in accounts]
        wait, account = max(waits, key=lambda pair: pair[0])
        if wait > 0:
            raise TooManyRequests(
                f"You have used up your {account.what} ({account.budget.capacity:g} at once, and "
                f"{account.budget.refill:.3g} more each second): wait {wait} s before the next request.",
                retry_after=wait,
            )

    def settle(self, client: str, outcome: str, seconds: float) -> None:
        """Charge a client for a query.

        Args:
            client: whose query it was.
            outcome: `answered`, `cached`, `unchanged`, or the name of an error.
            seconds: what it took.
        """
        if outcome not in _FREE:
            self.charge(client, seconds=seconds, errors=outcome not in _GOOD)

    def charge(self, client: str, *, seconds: float = 0.0, errors: int = 0) -> None:
        """Take from the budgets of a client what a request has cost."""
        if not self._are_bounded:
            return
        with self._lock:
            for account, cost in zip(self._accounts, (seconds, errors), strict=True):
                account.charge(client, cost)

    @property
    def clients(self) -> int:
        """How many clients are remembered, because a bucket of theirs is not full."""
        return max(len(account.buckets) for account in self._accounts)


class _Accounts:
    """The buckets of all clients for one thing; a client without a bucket has a full one."""

    def __init__(self, what: str, budget: Budget, clock: Callable[[], float], max_clients: int) -> None:
        self.what = what
        self.budget = budget
        self.buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._clock = clock
        self._max_clients = max_clients

    def level(self, client: str) -> float:
        bucket = self.buckets.get(client)
        if bucket is None:
            return self.budget.capacity
        gained = max(0.0, self._clock() - bucket.time) * self.budget.refill
        return min(self.budget.capacity, bucket.level + gained)

    def wait(self, client: str) -> int:
        """Return in how many whole seconds the client is let in; 0 is now."""
        if self.budget.capacity <= 0 or (level := self.level(client)) > 0:
            return 0
        # Rounded up, and to a whole second where it is one already: an empty bucket needs a first drop.
        return math.floor(-level / self.budget.refill) + 1

    def charge(self, client: str, cost: float) -> None:
        if self.budget.capacity <= 0 or cost <= 0:
            return
        self.buckets[client] = _Bucket(self.level(client) - cost, self._clock())
        self.buckets.move_to_end(client)
        self._forget()

    def _forget(self) -> None:
        while self.buckets:
            oldest = next(iter(self.buckets))
            if len(self.buckets) <= self._max_clients and self.level(oldest) < self.budget.capacity:
                break
            del self.buckets[oldest]
