"""Log and count each request when its response is known."""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from forumkg.web.http.logged import LoggedQuery, LoggedRequest
from forumkg.web.http.request import HttpRequest
from forumkg.web.logs import ACCESS, SLOW, digest, log_event
from forumkg.web.metrics import Metrics
from forumkg.web.paths import OPERATOR_PATHS
from forumkg.web.policy import SLOW_QUERY

# https://www.w3.org/TR/sparql11-query/#rWS: around a query it changes neither the query nor its digest.
_WHITE_SPACE: Final = " \t\r\n"

__all__ = ["AccessLog"]


class AccessLog:
    """The log and the counters of the requests of one server. Safe to use from many threads."""

    def __init__(
        self,
        metrics: Metrics,
        *,
        slow: float = SLOW_QUERY,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Count into the metrics of the server.

        Args:
            metrics: the counters.
            slow: seconds in a worker from which a query is logged as a slow one.
            clock: returns the time in seconds.
        """
        self._metrics = metrics
        self._slow = slow
        self._clock = clock

    def record(
        self,
        request: HttpRequest | LoggedRequest,
        status: int,
        length: int,
        query: LoggedQuery | None = None,
    ) -> None:
        """Log and count a request.

        Args:
            request: the request.
            status: the status of the response.
            length: the bytes of the body that is sent.
            query: what is known of the query, if the request was one.
        """
        seconds = self._clock() - request.began
        self._metrics.request(request.path, request.method, status, seconds, length)
        if query is not None:
            self._metrics.query(query.outcome, seconds=query.seconds, waited=query.waited)
        level = _level(request.path, status)
        if ACCESS.isEnabledFor(level):
            fields = {
                "id": request.id,
                "client": request.client_address,
                "method": request.method,
                "path": request.path,
                "status": status,
                "ms": _milliseconds(seconds),
                "bytes": length,
                **_of_query(query),
            }
            log_event(ACCESS, level, "request", fields)
        if query is not None and query.seconds >= self._slow:
            fields = {"id": request.id, "client": request.client_address, "bytes": length, **_of_query(query)}
            log_event(SLOW, logging.WARNING, "slow query", fields)


def _level(path: str, status: int) -> int:
    """Return the level of the line of a request: health checks that succeed come each second."""
    return logging.DEBUG if path in OPERATOR_PATHS and status == HTTPStatus.OK else logging.INFO


def _of_query(query: LoggedQuery | None) -> dict[str, Any]:
    if query is None:
        return {}
    fields: dict[str, Any] = {"outcome": query.outcome}
    if query.text:
        fields["query"] = digest(query.text.strip(_WHITE_SPACE))
    if query.query_id:
        fields["query_id"] = query.query_id
    # Counting the rows of a look-up takes a tenth of its time: only where they are logged.
    rows = query.rows() if callable(query.rows) else query.rows
    if rows is not None:
        fields["rows"] = rows
    if query.seconds:
        fields |= {"wait_ms": _milliseconds(query.waited), "query_ms": _milliseconds(query.seconds)}
    if query.text and ACCESS.isEnabledFor(logging.DEBUG):
        fields["text"] = query.text
    return fields


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)
