"""Count what the server does, in the format that Prometheus reads.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import math
import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from forumkg.dataset.version_info import VersionInfo
from forumkg.web.logs import LogWriter
from forumkg.web.loop_watchdog import LoopWatchdog
from forumkg.web.paths import SPARQL_PATH, route
from forumkg.web.response_cache import ResponseCache
from forumkg.workers.queries import PoolStatistics

if TYPE_CHECKING:
    from forumkg.web.rate_limits import RateLimiter

__all__ = ["Metrics", "Readings", "Traffic"]

# From a point look-up to the longest query that a server would let run.
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
_OTHER: Final = "other"


class Traffic(NamedTuple):
    """What the HTTP server has under way.

    Attributes:
        connections: the open connections by their state.
        body_bytes: bytes of request bodies that are received or answered.
        waiting_pages: requests that wait for a thread.
        page_cache_bytes: bytes of cached pages, with their keys.
    """

    connections: Mapping[str, int] = MappingProxyType({})
    body_bytes: int = 0
    waiting_pages: int = 0
    page_cache_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Readings:
    """What is read when the metrics are requested, rather than counted here.

    Attributes:
        version: the version of the dataset that is served.
        pool: the statistics of the workers.
        answers: the cache of answers.
        limiter: the rate limits of clients.
        watchdog: the watchdog of the event loop.
        traffic: what the HTTP server has under way; nothing under another server.
        waiting_validations: how many documents wait to be validated.
        log: the writer of the log; None if another server writes it.
    """

    version: VersionInfo
    pool: Callable[[], PoolStatistics]
    answers: ResponseCache
    limiter: "RateLimiter"
    watchdog: LoopWatchdog = field(default_factory=LoopWatchdog)
    traffic: Callable[[], Traffic] = Traffic
    waiting_validations: Callable[[], int] = int
    log: LogWriter | None = None


class _Durations:
    """How many durations fell into which bucket, and their sum."""

    __slots__ = ("counts", "sum")

    def __init__(self) -> None:
        self.counts = [0] * (len(_SECONDS) + 1)
        self.sum = 0.0

    def observe(self, seconds: float) -> None:
        self.counts[bisect_left(_SECONDS, seconds)] += 1
        self.sum += seconds

    def add_to(self, family: HistogramMetricFamily, labels: tuple[str, ...] = ()) -> None:
        """Add a sample for each bucket, which counts what fell into the buckets before it too."""
        bounds = map(floatToGoString, (*_SECONDS, math.inf))
        family.add_metric(labels, [*zip(bounds, accumulate(self.counts), strict=True)], self.sum)


class Metrics(Collector):
    """The counters of one server, in a registry of their own. Safe to use from many threads.

    They are plain numbers, which become metrics when these are read: for each request, the counters of the
    library would take a tenth of the time of a look-up.
    """

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._request_seconds: defaultdict[str, _Durations] = defaultdict(_Durations)
        self._bytes = 0
        self._queries: Counter[str] = Counter()
        self._query_seconds = _Durations()
        self._query_wait = _Durations()
        self._registry = CollectorRegistry()
        self._registry.register(self)
        # Memory, processor time and open files of this process (not of the workers).
        ProcessCollector(namespace="forumkg", registry=self._registry)

    def request(self, path: str, method: str, status: int, seconds: float, length: int) -> None:
        """Count a request that was answered."""
        name = SPARQL_PATH if path == SPARQL_PATH else route(path)
        with self._lock:
            self._requests[name, method if method in _METHODS else _OTHER, status] += 1
            self._request_seconds[name].observe(seconds)
            self._bytes += length

    def query(self, outcome: str, *, seconds: float, waited: float) -> None:
        """Count a query; one that was not evaluated took zero seconds."""
        with self._lock:
            self._queries[outcome] += 1
            if seconds > 0:
                self._query_seconds.observe(seconds)
                self._query_wait.observe(waited)

    def write(self, accept: str) -> tuple[str, bytes]:
        """Return Content-Type and text of all metrics, as OpenMetrics if the Accept header asks for it."""
        encoder, media_type = choose_encoder(accept)
        return media_type, encoder(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics; the registry calls this when they are read."""
        yield from self._counted()
        yield from _read(self._readings)

    def _counted(self) -> tuple[Metric, ...]:
        """Return the metrics of what was counted until now."""
        requests = CounterMetricFamily(
            "forumkg_requests",
            "Requests by first part of the path, method and status.",
            labels=("route", "method", "status"),
        )
        durations = HistogramMetricFamily(
            "forumkg_request_duration_seconds",
            "Time from the arrival of a request to its answer.",
            labels=("route",),
        )
        queries = CounterMetricFamily(
            "forumkg_queries",
            "Queries by outcome: answered, cached, unchanged (304), or the name of an error.",
            labels=("outcome",),
        )
        evaluations = HistogramMetricFamily(
            "forumkg_query_duration_seconds", "Time of evaluation of the queries that were evaluated."
        )
        waits = HistogramMetricFamily(
            "forumkg_query_wait_seconds", "Time in the queue of the queries that were evaluated."
        )
        with self._lock:
            for (name, method, status), count in self._requests.items():
                requests.add_metric((name, method, str(status)), count)
            for name, seconds in self._request_seconds.items():
                seconds.add_to(durations, (name,))
            for outcome, count in self._queries.items():
                queries.add_metric((outcome,), count)
            self._query_seconds.add_to(evaluations)
            self._query_wait.add_to(waits)
            sent = CounterMetricFamily("forumkg_response_bytes", "Bytes of response bodies.", self._bytes)
        return requests, durations, sent, queries, evaluations, waits


def _read(readings: Readings) -> Iterator[Metric]:
    """Read the readings."""
    log = readings.log
    yield from _of_version(readings.version)
    yield from _of_pool(readings.pool())
    yield from _of_traffic(readings.traffic())
    yield from _of_watchdog(readings.watchdog)
    for name, text, value in (
        ("cache_bytes", "Bytes of cached answers, with their keys.", readings.answers.size),
        ("cache_entries", "Cached answers.", len(readings.answers)),
        ("validation_queue_length", "Documents that wait.", readings.waiting_validations()),
        ("budget_clients", "Clients that have used some of their rate limits.", readings.limiter.clients),
        (
            "log_waiting_bytes",
            "Bytes of lines that wait for the reader of the log.",
            log.waiting if log else 0,
        ),
    ):
        yield GaugeMetricFamily(f"forumkg_{name}", text, value)
    yield CounterMetricFamily(
        "forumkg_log_lines_dropped", "Lines that the reader of the log missed.", log.dropped if log else 0
    )


def _of_version(version: VersionInfo) -> Iterator[Metric]:
    yield GaugeMetricFamily("forumkg_triples", "Triples of the default graph.", version.triples)
    info = InfoMetricFamily("forumkg_version", "The version of the dataset that is served.")
    info.add_metric((), {"number": str(version.number), "digest": version.digest, "time": version.time})
    yield info


def _of_traffic(traffic: Traffic) -> Iterator[Metric]:
    connections = GaugeMetricFamily("forumkg_connections", "Open connections by state.", labels=("state",))
    for state, count in traffic.connections.items():
        connections.add_metric((state,), count)
    yield connections
    yield GaugeMetricFamily("forumkg_body_bytes", "Bytes of request bodies under way.", traffic.body_bytes)
    yield GaugeMetricFamily(
        "forumkg_page_queue_length", "Requests that wait for a thread.", traffic.waiting_pages
    )
    yield GaugeMetricFamily(
        "forumkg_page_cache_bytes", "Bytes of cached pages, with their keys.", traffic.page_cache_bytes
    )


def _of_watchdog(watchdog: LoopWatchdog) -> Iterator[Metric]:
    stalls = GaugeMetricFamily(
        "forumkg_event_loop_stall_seconds",
        "Longest stall of the event loop, by elapsed time and by processor time of its thread.",
        labels=("clock", "since"),
    )
    for since, stall in (("start", watchdog.longest), ("minute", watchdog.longest_of_minute)):
        stalls.add_metric(("elapsed", since), stall.elapsed)
        stalls.add_metric(("processor", since), stall.processor)
    yield stalls


def _of_pool(pool: PoolStatistics) -> Iterator[Metric]:
    queues = GaugeMetricFamily("forumkg_queue_length", "Queries that wait for a worker.", labels=("lane",))
    queues.add_metric(("fast",), pool.queued)
    queues.add_metric(("slow",), pool.slow_queued)
    yield queues
    workers = GaugeMetricFamily(
        "forumkg_workers", "Idle workers, and queries by how long they have run.", labels=("state",)
    )
    for state in ("idle", "fast", "slow"):
        workers.add_metric((state,), getattr(pool, state))
    yield workers
    yield GaugeMetricFamily(
        "forumkg_spooled_bytes", "Bytes of long answers that wait to be read.", pool.spooled
    )
    yield CounterMetricFamily("forumkg_worker_forks", "Workers that were started.", pool.forks)
    yield CounterMetricFamily(
        "forumkg_fork_server_starts", "Starts of the fork server for queries.", pool.fork_servers
    )
