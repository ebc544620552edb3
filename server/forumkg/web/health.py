"""Health and metrics endpoints for operators: /livez, /readyz and /metrics.

The names are those of https://kubernetes.io/docs/reference/using-api/health-checks/.
"""

import logging
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request

from forumkg.dataset.version_info import VersionInfo
from forumkg.errors import LimitError, QueryTimeout
from forumkg.formats import JSON
from forumkg.sparql.problem import PLAIN
from forumkg.web.http.responses import Reply
from forumkg.web.metrics import Metrics
from forumkg.web.paths import LIVE_PATH, METRICS_PATH, READY_PATH
from forumkg.workers.pool import Pool
from forumkg.workers.queries import Query

__all__ = ["Health", "blueprint", "keep", "live_reply"]

_logger: Final = logging.getLogger(__name__)

_KEY: Final = "forumkg.health"

# A worker answers it in a millisecond, and has two seconds for it.
_PROBE: Final = "ASK {}"
_PROBE_SECONDS: Final = 2.0
# The pool has a share for each client, so that the queries of others do not make the server seem dead.
_CLIENT: Final = "readyz"

blueprint = Blueprint("health", __name__)


class Health:
    """The health and the metrics of one server."""

    def __init__(self, version: VersionInfo, pool: Pool, metrics: Metrics) -> None:
        """Ask nothing yet.

        Args:
            version: the version that the server serves.
            pool: its workers.
            metrics: its counters.
        """
        self._version = version
        self._pool = pool
        self._metrics = metrics
        self._was_ready = True

    def ready(self) -> Reply:
        """Return 200 if a worker answers, else 503 with the reason. This may take two seconds."""
        reason = self._reason()
        self._log_change(reason)
        if reason:
            return _reply(503, PLAIN, f"not ready: {reason}\n".encode())
        text = f"ready: version {self._version.number}, {self._version.triples} triples\n"
        return _reply(200, PLAIN, text.encode())

    def read_metrics(self, accept: str) -> Reply:
        """Return the metrics."""
        return _reply(200, *self._metrics.write(accept))

    def _reason(self) -> str:
        """Return why no worker answers; empty where one does."""
        query = Query(_PROBE, JSON, timeout=_PROBE_SECONDS, client=_CLIENT)
        try:
            self._pool.run(query).close()
        except QueryTimeout:
            what = "The engine" if self._pool.engine else "A worker"
            return f"{what} did not answer a query for nothing within {_PROBE_SECONDS:g} seconds."
        except LimitError as error:
            return str(error)
        return ""

    def _log_change(self, reason: str) -> None:
        """Log a change between ready and not ready, once each, however many probes ask."""
        was_ready, self._was_ready = self._was_ready, not reason
        if was_ready and reason:
            _logger.warning("not ready", extra={"fields": {"reason": reason}})
        elif not was_ready and not reason:
            _logger.warning("ready again")


def live_reply() -> Reply:
    """Return that the process answers; nothing else is checked."""
    return _reply(200, PLAIN, b"live\n")


def keep(app: Flask, health: Health) -> None:
    """Add the endpoints to an application."""
    app.extensions[_KEY] = health
    app.register_blueprint(blueprint)


@blueprint.get(LIVE_PATH)
def live() -> Response:
    """Report that the process lives."""
    return _response(live_reply())


@blueprint.get(READY_PATH)
def ready() -> Response:
    """Report whether queries are answered."""
    return _response(_kept().ready())


@blueprint.get(METRICS_PATH)
def metrics() -> Response:
    """Report the metrics."""
    return _response(_kept().read_metrics(request.headers.get("Accept", "")))


def _kept() -> Health:
    health = current_app.extensions[_KEY]
    if not isinstance(health, Health):
        raise TypeError(f"The application was made without health endpoints: {health!r}.")
    return health


def _reply(status: int, media_type: str, body: bytes) -> Reply:
    headers = (
        ("Content-Type", media_type),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    )
    return Reply(status, headers, body)


def _response(reply: Reply) -> Response:
    body = reply.body if isinstance(reply.body, bytes) else iter(reply.body)
    return Response(body, reply.status, list(reply.headers))
