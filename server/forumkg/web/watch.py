"""Accompany a request from its arrival to its answer: its id, its client, its line in the log, its counts."""

import logging
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from forumkg.web.addresses import Network, client_address, client_scheme
from forumkg.web.logs import ACCESS, SLOW, digest, tell
from forumkg.web.metrics import Metrics
from forumkg.web.replies import Facts
from forumkg.web.request_ids import choose_id

__all__ = ["SLOW_QUERY", "Visit", "Watch"]

# What a person notices; by then a query has left the fast lane.
SLOW_QUERY: Final = 1.0


class Visit(NamedTuple):
    """A request that is being answered.

    Attributes:
        id: by what the answer, the log and the client call it.
        client: the address of the client, behind the proxies that are trusted.
        method: its HTTP method.
        path: its path, without a query part.
        scheme: by which the client asked, `http` or `https`.
        began: when it came, by the clock of the watch.
    """

    id: str
    client: str
    method: str
    path: str
    scheme: str
    began: float


class Watch:
    """Logs and counts the requests of one server. Safe to use from many threads."""

    def __init__(
        self,
        metrics: Metrics,
        *,
        trusted: tuple[Network, ...] = (),
        slow: float = SLOW_QUERY,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Count into the metrics of the server.

        Args:
            metrics: where to count.
            trusted: the proxies whose `X-Forwarded-For` counts.
            slow: after how many seconds a query is logged as a slow one.
            clock: what tells the time in seconds.
        """
        self._metrics = metrics
        self._trusted = trusted
        self._slow = slow
        self._clock = clock

    def arrive(  # noqa: PLR0913 (what a request says of itself)
        self,
        method: str,
        path: str,
        peer: str,
        *,
        scheme: str = "http",
        forwarded_for: str = "",
        forwarded_proto: str = "",
        request_id: str | None = None,
    ) -> Visit:
        """Return what is known of a request at its arrival.

        Args:
            method: its HTTP method.
            path: its path, without a query part.
            peer: the other end of the connection, with or without a port.
            scheme: that of the connection.
            forwarded_for: all its `X-Forwarded-For`, joined by commas.
            forwarded_proto: its `X-Forwarded-Proto`.
            request_id: its `X-Request-Id`, if it has one.
        """
        client = client_address(peer, forwarded_for, self._trusted)
        asked_by = client_scheme(scheme, peer, forwarded_proto, self._trusted)
        return Visit(choose_id(request_id), client, method, path, asked_by, self._clock())

    def leave(self, visit: Visit, status: int, length: int, facts: Facts | None = None) -> None:
        """Log and count a request when its answer is known.

        Args:
            visit: what `arrive` gave.
            status: the status of the answer.
            length: the bytes of the body that is sent.
            facts: what is known of the query, where the request was one.
        """
        seconds = self._clock() - visit.began
        self._metrics.request(visit.path, visit.method, status, seconds, length)
        if facts is not None:
            self._metrics.query(facts.outcome, seconds=facts.seconds, waited=facts.waited)
        if ACCESS.isEnabledFor(logging.INFO):
            fields = {
                "id": visit.id,
                "client": visit.client,
                "method": visit.method,
                "path": visit.path,
                "status": status,
                "ms": _milliseconds(seconds),
                "bytes": length,
                **_of_query(facts),
            }
            tell(ACCESS, logging.INFO, "request", fields)
        if facts is not None and facts.seconds >= self._slow:
            fields = {"id": visit.id, "client": visit.client, "bytes": length, **_of_query(facts)}
            tell(SLOW, logging.WARNING, "slow query", fields)


def _of_query(facts: Facts | None) -> dict[str, Any]:
    if facts is None:
        return {}
    fields: dict[str, Any] = {"outcome": facts.outcome}
    if facts.query:
        fields["query"] = digest(facts.query)
    if facts.query_id:
        fields["query_id"] = facts.query_id
    if facts.rows is not None:
        fields["rows"] = facts.rows
    if facts.seconds:
        fields |= {"wait_ms": _milliseconds(facts.waited), "query_ms": _milliseconds(facts.seconds)}
    if facts.query and ACCESS.isEnabledFor(logging.DEBUG):
        fields["text"] = facts.query
    return fields


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)
