"""Rate limits: the seconds of work and the failed requests of each client.

Each client has two token buckets. The cost of a request is known only afterwards, so a bucket is charged
afterwards and may fall below zero; the client is let in again when it has filled up above zero.

All work is charged, whatever became of it: seconds in a worker, seconds in a validation process, and the
processor time that reading a request or making a page takes in this process. Time in a queue costs nothing.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from flask import Flask, g, request

from forumkg.errors import PoolBusy, QueryCancelled, TooManyRequests
from forumkg.web.addresses import client_key
from forumkg.web.paths import OPERATOR_PATHS, QUERIES_PATH

__all__ = [
    "MAX_CLIENTS",
    "NO_LIMIT",
    "RateLimit",
    "RateLimiter",
    "charge_page",
    "current_client",
    "limit_pages",
]

# About 200 bytes each. The client that asked the longest ago is forgotten first.
MAX_CLIENTS: Final = 100_000

# The outcomes that are not failures of the client: the last two are due to requests of others, or to this
# limit itself.
_NO_ERROR: Final = frozenset(
    {
        "answered",
        "cached",
        "unchanged",
        QueryCancelled.__name__,
        PoolBusy.__name__,
        TooManyRequests.__name__,
    }
)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How much a client may use: at once, and over time.

    Attributes:
        capacity: what a full bucket holds; zero means no limit.
        refill: what flows back in a second.
    """

    capacity: float
    refill: float

    @classmethod
    def per_minute(cls, amount: float) -> "RateLimit":
        """Return the limit that lets an amount be used at once, and again in every minute."""
        return cls(amount, amount / 60)


NO_LIMIT: Final = RateLimit(0, 0)


class RateLimiter:
    """The rate limits of all clients. Safe to use from many threads.

    Args:
        seconds: the seconds of work of a client.
        errors: the failed requests of a client.
        clock: returns the time in seconds.
        max_clients: how many clients are remembered.
    """

    def __init__(
        self,
        seconds: RateLimit,
        errors: RateLimit,
        *,
        clock: Callable[[], float] = time.monotonic,
        max_clients: int = MAX_CLIENTS,
    ) -> None:
        self._accounts = (
            _Buckets("seconds of query time", seconds, max_clients),
            _Buckets("failed requests", errors, max_clients),
        )
        self._clock = clock
        self._is_limiting = seconds.capacity > 0 or errors.capacity > 0
        self._lock = threading.Lock()

    @property
    def clients(self) -> int:
        """How many clients are remembered, because one of their buckets is not full."""
        return max(map(len, self._accounts))

    def check(self, client: str, *, also_errors: bool = True) -> None:
        """Let a client in, or refuse it.

        Args:
            client: the name of the client, as `client_key` returns it.
            also_errors: whether failed requests count too; a query that the server itself sends for a page
                does not fail by a mistake of the client.

        Raises:
            TooManyRequests: one of its buckets is empty; the error says for how long.
        """
        if not self._is_limiting:
            return
        with self._lock:
            now = self._clock()
            accounts = self._accounts if also_errors else self._accounts[:1]
            waits = [account.wait(client, now) for account in accounts]
        wait = max(waits)
        if wait > 0:
            account = accounts[waits.index(wait)]
            raise TooManyRequests(
                f"You have used up your {account.what} ({account.limit.capacity:g} at once, and "
                f"{account.limit.refill:.3g} more each second): wait {wait} s before the next request.",
                retry_after=wait,
            )

    def settle(self, client: str, outcome: str, seconds: float) -> None:
        """Charge a client for a query or a validation.

        Args:
            client: the name of the client.
            outcome: `answered`, `cached`, `unchanged`, or the name of an error.
            seconds: the work that was done, without the time in a queue.
        """
        self.charge(client, seconds=seconds, errors=outcome not in _NO_ERROR)

    def charge(self, client: str, *, seconds: float = 0.0, errors: int = 0) -> None:
        """Take the cost of a request from the buckets of a client."""
        if not self._is_limiting or not (seconds or errors):
            return
        with self._lock:
            now = self._clock()
            for account, cost in zip(self._accounts, (seconds, errors), strict=True):
                account.charge(client, cost, now)

    @contextmanager
    def charging(self, client: str) -> Iterator[None]:
        """Charge a client the processor time that this thread spends within the context, however it ends.

        Waiting costs nothing: what a page waits for, its queries, is charged by itself.
        """
        start = time.thread_time()
        try:
            yield
        finally:
            self.charge(client, seconds=time.thread_time() - start)


class _Buckets:
    """The buckets of all clients for one thing; a client without a bucket has a full one."""

    def __init__(self, what: str, limit: RateLimit, max_clients: int) -> None:
        self.what = what
        self.limit = limit
        # How full each bucket was, and when, in the order of their last use.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._max_clients = max_clients

    def __len__(self) -> int:
        return len(self._buckets)

    def wait(self, client: str, now: float) -> int:
        """Return in how many whole seconds the client is let in; 0 is now."""
        if self.limit.capacity <= 0 or (level := self._level(client, now)) > 0:
            return 0
        # Rounded up, and to the next second if it is a whole one: an empty bucket needs a first drop.
        return math.floor(-level / self.limit.refill) + 1

    def charge(self, client: str, cost: float, now: float) -> None:
        if self.limit.capacity <= 0 or cost <= 0:
            return
        self._buckets[client] = (self._level(client, now) - cost, now)
        self._buckets.move_to_end(client)
        self._forget(now)

    def _level(self, client: str, now: float) -> float:
        bucket = self._buckets.get(client)
        if bucket is None:
            return self.limit.capacity
        level, moment = bucket
        gained = max(0.0, now - moment) * self.limit.refill
        return min(self.limit.capacity, level + gained)

    def _forget(self, now: float) -> None:
        while self._buckets:
            oldest = next(iter(self._buckets))
            if len(self._buckets) <= self._max_clients and self._level(oldest, now) < self.limit.capacity:
                break
            del self._buckets[oldest]


def current_client() -> str:
    """Return the name of the client of the request that Flask answers: see `client_key`."""
    return client_key(request.remote_addr or "")


def limit_pages(app: Flask, limiter: RateLimiter) -> None:
    """Charge each client the processor time of its pages and documents, and the errors that are ours.

    The queries of a page are charged by themselves. Health, metrics, cancelling and static files are always
    answered.

    Args:
        app: the application.
        limiter: the rate limits of its clients.
    """

    @app.before_request
    def check() -> None:
        g.thread_time = time.thread_time()
        if request.path not in OPERATOR_PATHS and request.endpoint != "static" and not _is_cancelling():
            limiter.check(current_client(), also_errors=False)

    @app.teardown_request
    def charge(error: BaseException | None) -> None:
        seconds = time.thread_time() - g.pop("thread_time", math.inf)
        limiter.charge(current_client(), seconds=seconds, errors=error is not None)


def charge_page(seconds: float) -> None:
    """Charge the client of this request for seconds that another process spent on its page."""
    g.thread_time = g.get("thread_time", math.inf) - seconds


def _is_cancelling() -> bool:
    return request.method == "DELETE" and request.path.startswith(QUERIES_PATH)
