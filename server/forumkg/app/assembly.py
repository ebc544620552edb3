"""Put the parts of a server together: workers, cache, rate limits, pages, log and metrics."""

from collections.abc import Iterable

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.pages.rendering import problem_page_of
from forumkg.sparql.lookups import LookupStore
from forumkg.texts.reading import Text
from forumkg.web.access_log import AccessLog
from forumkg.web.health import Health
from forumkg.web.logs import LogWriter
from forumkg.web.loop_watchdog import LoopWatchdog
from forumkg.web.metrics import Metrics, Readings
from forumkg.web.policy import Policy
from forumkg.web.query_service import QueryService
from forumkg.web.rate_limits import RateLimit, RateLimiter, limit_pages
from forumkg.web.request_handler import RequestHandler
from forumkg.web.validation_service import ValidationService
from forumkg.workers.pool import Pool
from forumkg.workers.validation_workers import ValidationWorkers

__all__ = ["assemble", "rate_limiter"]


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
    validation_workers: ValidationWorkers | None = None,
) -> RequestHandler:
    """Return the request handler that serves a version.

    Args:
        version: the version of the dataset.
        pool: query workers on it.
        policy: the rules for clients.
        log: writes the log.
        texts: article texts that pages show, for a server that only its operator can reach.
        validation_workers: validate documents from clients; without them there is no /validate.
    """
    limiter = rate_limiter(policy)
    lookups = LookupStore()
    service = QueryService(pool, version.info.digest, limiter=limiter, lookups=lookups)
    watchdog = LoopWatchdog()
    validation = ValidationService(validation_workers, limiter) if validation_workers else None
    readings = Readings(
        version=version.info,
        pool=pool.statistics,
        answers=service.cache,
        limiter=limiter,
        watchdog=watchdog,
        traffic=lambda: handler.traffic(),  # noqa: PLW0108 (the handler is made below)
        waiting_validations=lambda: validation.waiting if validation else 0,
        log=log,
    )
    metrics = Metrics(readings)
    app = create_app(
        version,
        service,
        health_service=Health(version.info, pool, metrics),
        texts=texts,
        validation=validation,
        contact=policy.contact,
    )
    limit_pages(app, limiter)
    handler = RequestHandler(
        service,
        app,
        version=version.info,
        access_log=AccessLog(metrics, slow=policy.slow_query),
        trusted=policy.trusted_proxies,
        hosts=policy.allowed_hosts,
        watchdog=watchdog,
        problem_page=problem_page_of(app),
    )
    if version.info.triples <= pool.limits.in_memory:
        lookups.fill(version.store)
    return handler
