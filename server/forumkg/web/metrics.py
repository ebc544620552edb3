"""Count what the server does, in the format that Prometheus reads.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from forumkg.dataset.versions import VersionInfo
from forumkg.workers.jobs import PoolStatistics

__all__ = ["Metrics", "Readings", "route"]

# When each series began says nothing that the start of the process does not say.
disable_created_metrics()  # type: ignore[no-untyped-call] # (has no types)

# From a point look-up to the longest query that a server would let run.
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

# The first parts of the paths that the server has, so that strangers' guesses make no series of their own.
_ROUTES: Final = frozenset(
    {
        "/",
        "/.well-known",
        "/about",
        "/articles",
        "/compare",
        "/data",
        "/dataset",
        "/disagreements",
        "/editions",
        "/graph",
        "/id",
        "/livez",
        "/metrics",
        "/ontology",
        "/opensearch",
        "/organizations",
        "/people",
        "/prefixes",
        "/query",
        "/questions",
        "/readyz",
        "/robots",
        "/search",
        "/shapes",
        "/sitemap",
        "/sparql",
        "/static",
        "/themes",
        "/validate",
        "/why",
    }
)
_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
_OTHER: Final = "other"


def route(path: str) -> str:
    """Return the name under which the requests of a path are counted: its first part, without a suffix."""
    first = "/" + path.removeprefix("/").partition("/")[0]
    name = first if first in _ROUTES else first.partition(".")[0]
    return name if name in _ROUTES else _OTHER


@dataclass(frozen=True, slots=True)
class Readings:
    """What is not counted here but read when the metrics are.

    Attributes:
        version: the version of the dataset that is served.
        pool: what the pool of workers does.
        cache_bytes: how many bytes of answers the cache holds.
        cache_entries: how many answers the cache holds.
        budget_clients: how many clients have used some of their budgets.
        dropped_lines: how many lines of the log were dropped.
        loop_stall: the seconds of the longest stall of the event loop since the start.
    """

    version: VersionInfo
    pool: Callable[[], PoolStatistics]
    cache_bytes: Callable[[], int]
    cache_entries: Callable[[], int]
    budget_clients: Callable[[], int]
    dropped_lines: Callable[[], int]
    loop_stall: Callable[[], float]


class Metrics:
    """The counters of one server, in a registry of their own. Safe to use from many threads."""

    def __init__(self, readings: Readings) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "forumkg_requests",
            "Requests by first part of the path, method and status.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._request_seconds = Histogram(
            "forumkg_request_duration_seconds",
            "Time from the arrival of a request to its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._bytes = Counter("forumkg_response_bytes", "Bytes of response bodies.", registry=registry)
        self._queries = Counter(
            "forumkg_queries",
            "Queries by outcome: answered, cached, unchanged (304), or the name of an error.",
            ("outcome",),
            registry=registry,
        )
        self._query_seconds = Histogram(
            "forumkg_query_duration_seconds",
            "Time in a worker of the queries that were evaluated.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._query_wait = Histogram(
            "forumkg_query_wait_seconds",
            "Time in the queue of the queries that were evaluated.",
            buckets=_SECONDS,
            registry=registry,
        )
        # The look-up of labels in the library takes five times as long as the counting.
        self._request_counter = cache(self._requests.labels)
        self._request_timer = cache(self._request_seconds.labels)
        self._query_counter = cache(self._queries.labels)
        registry.register(_Read(readings))
        # Memory, processor time and open files of this process (not of the workers).
        ProcessCollector(namespace="forumkg", registry=registry)

    def request(self, path: str, method: str, status: int, seconds: float, length: int) -> None:
        """Count a request that was answered."""
        name = route(path)
        self._request_counter(name, method if method in _METHODS else _OTHER, status).inc()
        self._request_timer(name).observe(seconds)
        self._bytes.inc(length)

    def query(self, outcome: str, *, seconds: float, waited: float) -> None:
        """Count a query; one that no worker evaluated took zero seconds."""
        self._query_counter(outcome).inc()
        if seconds > 0:
            self._query_seconds.observe(seconds)
            self._query_wait.observe(waited)

    def write(self, accept: str) -> tuple[str, bytes]:
        """Return Content-Type and text of all metrics, as OpenMetrics if the Accept header asks for it."""
        encoder, media_type = choose_encoder(accept)
        return media_type, encoder(self._registry)


class _Read(Collector):
    """Reads the readings each time that the metrics are read."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def collect(self) -> Iterator[Metric]:
        yield from _of_version(self._readings.version)
        yield from _of_pool(self._readings.pool())
        readings = self._readings
        yield GaugeMetricFamily("forumkg_cache_bytes", "Bytes in the cache.", readings.cache_bytes())
        yield GaugeMetricFamily("forumkg_cache_entries", "Answers in the cache.", readings.cache_entries())
        yield GaugeMetricFamily(
            "forumkg_budget_clients", "Clients with used budgets.", readings.budget_clients()
        )
        yield CounterMetricFamily(
            "forumkg_log_lines_dropped", "Lines that the reader of the log missed.", readings.dropped_lines()
        )
        yield GaugeMetricFamily(
            "forumkg_event_loop_stall_seconds", "Longest stall of the event loop.", readings.loop_stall()
        )


def _of_version(version: VersionInfo) -> Iterator[Metric]:
    yield GaugeMetricFamily("forumkg_triples", "Triples of the default graph.", version.triples)
    info = InfoMetricFamily("forumkg_version", "The version of the dataset that is served.")
    info.add_metric((), {"number": str(version.number), "digest": version.digest, "time": version.time})
    yield info


def _of_pool(pool: PoolStatistics) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "forumkg_queue_length", "Queries that wait for a worker.", pool.queued + pool.slow_queued
    )
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
    yield CounterMetricFamily("forumkg_zygote_starts", "Starts of the process that forks.", pool.fork_servers)
