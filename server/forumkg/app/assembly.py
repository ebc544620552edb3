"""Put the parts of a server together: workers, cache, budgets, pages, log and metrics."""

from collections.abc import Iterable
from dataclasses import dataclass

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.validation.texts import Text
from forumkg.web.access_log import SLOW_QUERY, AccessLog
from forumkg.web.addresses import Network
from forumkg.web.health import Health
from forumkg.web.logs import LogWriter
from forumkg.web.loop_watchdog import LoopWatchdog
from forumkg.web.metrics import Metrics, Readings
from forumkg.web.query_service import QueryService
from forumkg.web.rate_limits import RateLimit, RateLimiter, limit_pages
from forumkg.web.request_handler import RequestHandler
from forumkg.web.validation_service import ValidationService
from forumkg.workers.pool import Pool
from forumkg.workers.validation_workers import ValidationWorkers

__all__ = ["Policy", "assemble", "rate_limiter"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How the server treats its clients; the defaults suit a public endpoint on two cores.

    Attributes:
        client_seconds: of a worker's time that a client may use in a minute; 0 is no limit.
        client_errors: that a client may make in a minute; 0 is no limit.
        trusted_proxies: the proxies whose `X-Forwarded-For` is believed.
        allowed_hosts: the names that a request may call the server by, in lower case; none means any.
        slow_query: after how many seconds a query is logged as a slow one.
    """

    client_seconds: float = 60.0
    client_errors: float = 60.0
    trusted_proxies: tuple[Network, ...] = ()
    allowed_hosts: frozenset[str] = frozenset()
    slow_query: float = SLOW_QUERY


def rate_limiter(policy: Policy) -> RateLimiter:
    """Return the rate limits that a policy asks for."""
    return RateLimiter(
        RateLimit.per_minute(policy.client_seconds), RateLimit.per_minute(policy.client_errors)
    )


def assemble(  # noqa: PLR0913 (what a server is made of)
    version: Version,
    pool: Pool,
    policy: Policy,
    log: LogWriter,
    *,
    texts: Iterable[Text] = (),
    checker: ValidationWorkers | None = None,
) -> RequestHandler:
    """Return the application that serves a version.

    Args:
        version: the version of the dataset.
        pool: workers that have it open.
        policy: how clients are treated.
        log: what writes the log.
        texts: of articles, for a server that listens on its reader's machine alone.
        checker: checks documents that clients send; without it none is taken.
    """
    budgets = rate_limiter(policy)
    service = QueryService(pool, version.info.digest, budgets=budgets)
    watchdog = LoopWatchdog()
    validation = ValidationService(checker, budgets) if checker else None
    readings = Readings(
        version=version.info,
        pool=pool.statistics,
        answers=service.cache,
        limiter=budgets,
        watchdog=watchdog,
        traffic=lambda: handler.traffic(),  # noqa: PLW0108 (the handler is made below)
        waiting_validations=lambda: validation.waiting if validation else 0,
        log=log,
    )
    metrics = Metrics(readings)
    app = create_app(
        version,
        service,
        operated=Health(version.info, pool, metrics),
        texts=texts,
        checks=validation,
    )
    limit_pages(app, budgets)
    handler = RequestHandler(
        service,
        app,
        access_log=AccessLog(metrics, slow=policy.slow_query),
        trusted=policy.trusted_proxies,
        hosts=policy.allowed_hosts,
        watchdog=watchdog,
    )
    return handler
