"""What is logged and counted of a request, by a clock that the tests set."""

import hashlib
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from counting import metrics_at_rest
from prometheus_client.parser import text_string_to_metric_families

from forumkg.web.access_log import AccessLog
from forumkg.web.http.logged import LoggedQuery, LoggedRequest
from forumkg.web.logs import LogWriter, configure
from forumkg.web.metrics import Metrics

QUERY = "SELECT * { ?s ?p '中' }"
DIGEST = hashlib.sha256(QUERY.encode()).hexdigest()


QUERY_REQUEST = LoggedRequest("a1", "192.0.2.1", "GET", "/sparql", 0.0)


class Clock:
    """A clock that stands still until it is moved."""

    now = 5.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Log:
    """What is logged while a test runs."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self._writer: LogWriter | None = None

    def start(self, level: str) -> None:
        """Log from a level on."""
        self._writer = configure(level, self._stream)

    def lines(self) -> list[dict[str, Any]]:
        """Return what was logged, less the time."""
        assert self._writer is not None
        self._writer.stop()
        lines = [json.loads(line) for line in self._stream.getvalue().splitlines()]
        assert all(line.pop("time") for line in lines)
        return lines


@pytest.fixture
def log() -> Iterator[Log]:
    """Log into memory, and give the root logger its handlers back after the test."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    root.handlers = []
    yield Log()
    root.handlers = handlers
    root.setLevel(level)


@pytest.fixture
def metrics() -> Metrics:
    """Return metrics that count."""
    return metrics_at_rest()


def test_health_checks(log: Log, metrics: Metrics) -> None:
    """A health check that succeeds is logged at level debug, and one that fails as any request."""
    access_log = AccessLog(metrics, clock=Clock())
    log.start("info")

    for path, status in (("/readyz", 200), ("/livez", 200), ("/metrics", 200), ("/readyz", 503)):
        access_log.record(LoggedRequest("a1", "192.0.2.1", "GET", path, 5.0), status, 6)

    assert [(line["path"], line["status"]) for line in log.lines()] == [("/readyz", 503)]


def test_page(log: Log, metrics: Metrics) -> None:
    """A request of a page is one line: whose it was, what was asked, what was answered, how long it took."""
    clock = Clock()
    access_log = AccessLog(metrics, clock=clock)
    log.start("info")

    request = LoggedRequest("a1", "192.0.2.1", "GET", "/id/edition/2021", clock.now)
    clock.now += 0.0123
    access_log.record(request, 303, 25)

    assert log.lines() == [
        {
            "level": "info",
            "event": "request",
            "id": "a1",
            "client": "192.0.2.1",
            "method": "GET",
            "path": "/id/edition/2021",
            "status": 303,
            "ms": 12.3,
            "bytes": 25,
        }
    ]


def test_query(log: Log, metrics: Metrics) -> None:
    """A query is logged by its digest, never by its text, with its outcome, its rows and its times."""
    clock = Clock()
    access_log = AccessLog(metrics, clock=clock)
    log.start("info")

    request = LoggedRequest("a1", "192.0.2.1", "POST", "/sparql", clock.now)
    clock.now += 0.5
    access_log.record(request, 200, 1000, LoggedQuery("answered", QUERY, "q1", 7, 0.1, 0.375))

    (line,) = log.lines()
    assert {name: line[name] for name in list(line)[9:]} == {
        "outcome": "answered",
        "query": DIGEST,
        "query_id": "q1",
        "rows": 7,
        "wait_ms": 100.0,
        "query_ms": 375.0,
    }
    assert QUERY not in json.dumps(line, ensure_ascii=False)


def test_slow_query(log: Log, metrics: Metrics) -> None:
    """A query that took long in a worker is logged at level warning, where requests are not."""
    access_log = AccessLog(metrics, slow=2)
    log.start("warning")

    for seconds in (1.9, 2.0):
        access_log.record(QUERY_REQUEST, 503, 60, LoggedQuery("QueryTimeout", QUERY, "q1", None, 0, seconds))

    assert log.lines() == [
        {
            "level": "warning",
            "event": "slow query",
            "id": "a1",
            "client": "192.0.2.1",
            "bytes": 60,
            "outcome": "QueryTimeout",
            "query": DIGEST,
            "query_id": "q1",
            "wait_ms": 0,
            "query_ms": 2000.0,
        }
    ]


def test_debug(log: Log, metrics: Metrics) -> None:
    """At level debug the text of a query is logged, to find an error."""
    access_log = AccessLog(metrics)
    log.start("debug")

    access_log.record(QUERY_REQUEST, 200, 1, LoggedQuery("cached", QUERY))

    (line,) = log.lines()
    assert (line["outcome"], line["text"]) == ("cached", QUERY)


def test_counts(metrics: Metrics) -> None:
    """Each request is counted, and a query by its outcome, whatever the level of the log."""
    access_log = AccessLog(metrics)

    access_log.record(QUERY_REQUEST._replace(path="/"), 200, 10)
    access_log.record(QUERY_REQUEST, 304, 0, LoggedQuery("unchanged", QUERY))
    _, text = metrics.write("")
    counted = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if sample.name.endswith("_total")
    }

    assert counted["forumkg_requests_total", "GET", "/", "200"] == 1
    assert counted["forumkg_requests_total", "GET", "/sparql", "304"] == 1
    assert counted["forumkg_queries_total", "unchanged"] == 1
    assert counted["forumkg_response_bytes_total",] == 10
