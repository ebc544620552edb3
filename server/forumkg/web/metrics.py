"""Count what the server does, and tell it in the format that Prometheus reads.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import math
import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

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

from forumkg.dataset.versions import VersionInfo
from forumkg.workers.jobs import PoolStatistics

__all__ = ["Metrics", "Readings", "route"]

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
    """Return under which name the requests of a path are counted: its first part, without a suffix."""
    first = "/" + path.removeprefix("/").partition("/")[0]
    name = first if first in _ROUTES else first.partition(".")[0]
    return name if name in _ROUTES else _OTHER


@dataclass(frozen=True, slots=True)
class Readings:
    """What is not counted here but asked for when the metrics are.

    Attributes:
        version: the version of the dataset that is served.
        pool: what the pool of workers does.
        cache_bytes: how many bytes of answers the cache holds.
        cache_entries: how many answers the cache holds.
        budget_clients: how many clients have used some of their budgets.
        dropped_lines: how many lines of the log were dropped.
    """

    version: VersionInfo
    pool: Callable[[], PoolStatistics]
    cache_bytes: Callable[[], int]
    cache_entries: Callable[[], int]
    budget_clients: Callable[[], int]
    dropped_lines: Callable[[], int]


class Metrics:
    """The counters of one server, in a registry of their own. Safe to use from many threads."""

    def __init__(self, readings: Readings) -> None:
        self._registry = CollectorRegistry()
        # Counted here and told when it is asked for: counters of the library take ten times as long to count.
        self._counts = _Counts()
        self._registry.register(self._counts)
        self._registry.register(_Read(readings))
        # Memory, processor time and open files of this process (not of the workers).
        ProcessCollector(namespace="forumkg", registry=self._registry)

    def request(self, path: str, method: str, status: int, seconds: float, length: int) -> None:
        """Count a request that was answered."""
        name, counts = route(path), self._counts
        with counts.lock:
            counts.requests[name, method if method in _METHODS else _OTHER, status] += 1
            counts.request_seconds[name].add(seconds)
            counts.bytes += length

    def query(self, outcome: str, *, seconds: float, waited: float) -> None:
        """Count a query; one that no worker evaluated took zero seconds."""
        counts = self._counts
        with counts.lock:
            counts.queries[outcome] += 1
            if seconds > 0:
                counts.query_seconds.add(seconds)
                counts.queue_seconds.add(waited)

    def write(self, accept: str) -> tuple[str, bytes]:
        """Return Content-Type and text of all metrics, as OpenMetrics where the Accept header asks for it."""
        encoder, media_type = choose_encoder(accept)
        return media_type, encoder(self._registry)


class _Tally:
    """How many durations lie between the bounds, and what they sum up to."""

    __slots__ = ("_counts", "_sum")

    def __init__(self) -> None:
        self._counts = [0] * (len(_SECONDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        self._counts[bisect_left(_SECONDS, seconds)] += 1
        self._sum += seconds

    def tell(self, family: HistogramMetricFamily, *labels: str) -> None:
        up_to = zip(map(floatToGoString, (*_SECONDS, math.inf)), accumulate(self._counts), strict=True)
        family.add_metric(labels, [*up_to], self._sum)


class _Counts(Collector):
    """What was counted; who changes it holds the lock."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.request_seconds: defaultdict[str, _Tally] = defaultdict(_Tally)
        self.bytes = 0
        self.queries: Counter[str] = Counter()
        self.query_seconds = _Tally()
        self.queue_seconds = _Tally()

    def collect(self) -> Iterator[Metric]:
        with self.lock:
            return iter([*self._of_requests(), *self._of_queries()])

    def _of_requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "forumkg_requests",
            "Requests by first part of the path, method and status.",
            labels=("route", "method", "status"),
        )
        for (name, method, status), count in self.requests.items():
            requests.add_metric((name, method, str(status)), count)
        seconds = HistogramMetricFamily(
            "forumkg_request_duration_seconds",
            "Time from the arrival of a request to its answer.",
            labels=("route",),
        )
        for name, tally in self.request_seconds.items():
            tally.tell(seconds, name)
        yield from (requests, seconds)
        yield CounterMetricFamily(
            "forumkg_response_bytes", "Bytes of bodies that were answered.", value=self.bytes
        )

    def _of_queries(self) -> Iterator[Metric]:
        queries = CounterMetricFamily(
            "forumkg_queries",
            "Queries by outcome: answered, cached, unchanged (304), or the name of an error.",
            labels=("outcome",),
        )
        for outcome, count in self.queries.items():
            queries.add_metric((outcome,), count)
        yield queries
        for name, what, tally in (
            ("duration", "Time in a worker of the queries that were evaluated.", self.query_seconds),
            ("wait", "Time in the queue of the queries that were evaluated.", self.queue_seconds),
        ):
            family = HistogramMetricFamily(f"forumkg_query_{name}_seconds", what)
            tally.tell(family)
            yield family


class _Read(Collector):
    """Asks for the readings each time that the metrics are read."""

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


def _of_version(version: VersionInfo) -> Iterator[Metric]:
    yield GaugeMetricFamily("forumkg_triples", "Triples of the default graph.", version.triples)
    info = InfoMetricFamily("forumkg_version", "The version of the dataset that is served.")
    info.add_metric((), {"number": str(version.number), "digest": version.digest, "time": version.time})
    yield info


def _of_pool(pool: PoolStatistics) -> Iterator[Metric]:
    yield GaugeMetricFamily("forumkg_queue_length", "Queries that wait for a worker.", pool.queued)
    workers = GaugeMetricFamily(
        "forumkg_workers", "Idle workers, and queries by how long they have run.", labels=("state",)
    )
    for state in ("idle", "quick", "steady", "slow"):
        workers.add_metric((state,), getattr(pool, state))
    yield workers
    yield GaugeMetricFamily(
        "forumkg_spooled_bytes", "Bytes of long answers that wait to be read.", pool.spooled
    )
    yield CounterMetricFamily("forumkg_worker_forks", "Workers that were started.", pool.forks)
    yield CounterMetricFamily("forumkg_zygote_starts", "Starts of the process that forks.", pool.zygotes)
