"""The metrics, as Prometheus reads them."""

import io

import pytest
from prometheus_client.parser import text_string_to_metric_families

from forumkg.app.application import create_app
from forumkg.dataset.version_info import VersionInfo
from forumkg.dataset.versions import Version
from forumkg.formats import RESULT_FORMATS
from forumkg.web.logs import LogWriter
from forumkg.web.loop_watchdog import LoopWatchdog, Stall
from forumkg.web.metrics import Metrics, Readings, Traffic
from forumkg.web.paths import route
from forumkg.web.query_service import QueryService
from forumkg.web.rate_limits import NO_LIMIT, RateLimit, RateLimiter
from forumkg.web.response_cache import AnswerCache, Key
from forumkg.workers.queries import PoolStatistics

CSV = RESULT_FORMATS[2]
VERSION = VersionInfo(3, "a" * 64, 2, "2026-01-02T03:04:05+00:00", "forumkg", "Built", 12345)
POOL = PoolStatistics(
    idle=1,
    fast=2,
    slow=3,
    queued=4,
    slow_queued=1,
    outcomes={"answered": 9},
    forks=7,
    fork_servers=1,
    spooled=9,
)


def make() -> Metrics:
    """Return the metrics of a server with fixed readings."""
    answers, limiter = AnswerCache(1 << 20), RateLimiter(RateLimit.per_minute(60), NO_LIMIT)
    answers.put(Key("v", "ASK {}", (), (), "csv"), CSV, b"true", "identity")
    limiter.charge("a", seconds=1)
    watchdog = LoopWatchdog()
    watchdog.record(Stall(0.5, 0.25))
    traffic = Traffic({"idle": 3, "body": 1}, body_bytes=1000, waiting_pages=11, page_cache_bytes=2000)
    with LogWriter(io.StringIO()) as log:
        log.dropped = 8
    return Metrics(
        Readings(VERSION, lambda: POOL, answers, limiter, watchdog, lambda: traffic, lambda: 12, log)
    )


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Return the value of each sample by its name and its labels, these in the order of their names."""
    _, text = metrics.write("")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_readings() -> None:
    """Version, pool, caches, limits, log and server are read when the metrics are."""
    read = samples(make())

    assert read["forumkg_triples",] == 12345
    assert read["forumkg_version_info", VERSION.digest, "3", VERSION.time] == 1
    assert [read["forumkg_queue_length", lane] for lane in ("fast", "slow")] == [4, 1]
    assert [read["forumkg_workers", state] for state in ("idle", "fast", "slow")] == [1, 2, 3]
    assert read["forumkg_spooled_bytes",] == 9
    assert read["forumkg_worker_forks_total",] == 7
    assert read["forumkg_fork_server_starts_total",] == 1
    assert read["forumkg_cache_bytes",] > 1024
    assert read["forumkg_cache_entries",] == 1
    assert read["forumkg_page_cache_bytes",] == 2000
    assert read["forumkg_budget_clients",] == 1
    assert read["forumkg_log_lines_dropped_total",] == 8
    assert read["forumkg_log_waiting_bytes",] == 0
    assert [read["forumkg_connections", state] for state in ("idle", "body")] == [3, 1]
    assert read["forumkg_body_bytes",] == 1000
    assert read["forumkg_page_queue_length",] == 11
    assert read["forumkg_validation_queue_length",] == 12
    for since in ("start", "minute"):
        assert read["forumkg_event_loop_stall_seconds", "elapsed", since] == 0.5
        assert read["forumkg_event_loop_stall_seconds", "processor", since] == 0.25
    assert read["forumkg_process_open_fds",] > 0


def test_routes_of_the_application(small_version: Version, small_service: QueryService) -> None:
    """Each address of the application is counted under a name of its own."""
    rules = create_app(small_version, small_service).url_map.iter_rules()

    fixed = {rule.rule.partition("<")[0] for rule in rules} - {"/"}
    assert {path for path in fixed if route(path) == "other"} == set()


def test_requests() -> None:
    """Requests are counted by route, method and status, their time by route, their bytes together."""
    metrics = make()

    metrics.request("/sparql", "GET", 200, 0.02, 1000)
    metrics.request("/sparql", "GET", 200, 3, 500)
    metrics.request("/id/edition/2021", "BREW", 405, 0.001, 30)
    read = samples(metrics)

    assert read["forumkg_requests_total", "GET", "/sparql", "200"] == 2
    assert read["forumkg_requests_total", "other", "/id", "405"] == 1
    assert read["forumkg_request_duration_seconds_sum", "/sparql"] == pytest.approx(3.02)
    assert read["forumkg_request_duration_seconds_bucket", "0.025", "/sparql"] == 1
    assert read["forumkg_request_duration_seconds_bucket", "5.0", "/sparql"] == 2
    assert read["forumkg_response_bytes_total",] == 1530


def test_queries() -> None:
    """Queries are counted by outcome, and evaluated ones by time and waiting."""
    metrics = make()

    metrics.query("answered", seconds=0.2, waited=0.1)
    metrics.query("QueryTimeout", seconds=30, waited=0)
    metrics.query("cached", seconds=0, waited=0)
    read = samples(metrics)

    assert [read["forumkg_queries_total", name] for name in ("answered", "QueryTimeout", "cached")] == [
        1,
        1,
        1,
    ]
    assert read["forumkg_query_duration_seconds_count",] == 2
    assert read["forumkg_query_duration_seconds_sum",] == pytest.approx(30.2)
    assert read["forumkg_query_wait_seconds_sum",] == pytest.approx(0.1)


def test_two_servers_in_one_process() -> None:
    """Each server counts for itself."""
    one, other = make(), make()

    one.query("answered", seconds=0, waited=0)

    assert samples(one)["forumkg_queries_total", "answered"] == 1
    assert ("forumkg_queries_total", "answered") not in samples(other)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "/"),
        ("/sparql", "/sparql"),
        ("/id/edition/2021.ttl", "/id"),
        ("/ontology.ttl", "/ontology"),
        ("/prefixes.json", "/prefixes"),
        ("/.well-known/void", "/.well-known"),
        ("/static/style.css", "/static"),
        ("/zh/validate", "/validate"),
        ("/zh", "/"),
        ("/zhang", "other"),
        ("/wp-login.php", "other"),
        ("//", "/"),
        ("", "/"),
        ("*", "other"),
    ],
)
def test_route(path: str, name: str) -> None:
    """A path is counted under its first part, and under `other` where the server has no such part."""
    assert route(path) == name


def test_openmetrics() -> None:
    """A Prometheus that asks for OpenMetrics gets it, any other client the text format."""
    metrics = make()
    metrics.request("/", "GET", 200, 0.1, 1)

    media_type, text = metrics.write("application/openmetrics-text; version=1.0.0")
    plain, _ = metrics.write("*/*")

    assert media_type.startswith("application/openmetrics-text")
    assert plain.startswith("text/plain; version=0.0.4")
    assert text.endswith(b"\n# EOF\n")
