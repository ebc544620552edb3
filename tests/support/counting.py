"""The metrics of a server that has done nothing."""

from collections.abc import Callable

from forumkg.dataset.version_info import VersionInfo
from forumkg.web.metrics import Metrics, Readings, Traffic
from forumkg.web.rate_limits import NO_LIMIT, RateLimiter
from forumkg.web.response_cache import AnswerCache
from forumkg.workers.queries import PoolStatistics

__all__ = ["metrics_at_rest"]

_VERSION = VersionInfo(1, "d", None, "t", "", "", 1)


def metrics_at_rest(
    version: VersionInfo = _VERSION,
    pool: Callable[[], PoolStatistics] | None = None,
    traffic: Callable[[], Traffic] = Traffic,
) -> Metrics:
    """Return the metrics of a server with empty caches, and without rate limits."""
    cache, limiter = AnswerCache(0), RateLimiter(NO_LIMIT, NO_LIMIT)
    return Metrics(Readings(version, pool or _no_workers, cache, limiter, traffic=traffic))


def _no_workers() -> PoolStatistics:
    return PoolStatistics(
        idle=0, fast=0, slow=0, queued=0, slow_queued=0, outcomes={}, forks=0, fork_servers=0
    )
