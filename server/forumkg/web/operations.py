"""Tell those who run the server how it is: /livez, /readyz and /metrics.

https://kubernetes.io/docs/reference/using-api/health-checks/ has the names and what they mean.
"""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request

from forumkg.dataset.versions import VersionInfo
from forumkg.errors import LimitError
from forumkg.formats import RESULT_FORMATS
from forumkg.sparql.problem import PLAIN
from forumkg.web.metrics import Metrics
from forumkg.web.replies import Reply
from forumkg.workers.jobs import Job
from forumkg.workers.pool import Pool

__all__ = ["LIVE", "METRICS", "PATHS", "READY", "Operations", "blueprint", "keep", "live_reply"]

LIVE: Final = "/livez"
READY: Final = "/readyz"
METRICS: Final = "/metrics"
PATHS: Final = frozenset({LIVE, READY, METRICS})

_KEY: Final = "forumkg.operations"

# An answer that a worker gives in a millisecond, and how long a worker may take for it.
_EASIEST: Final = "ASK {}"
_PATIENCE: Final = 2.0
# The pool keeps a share for each client, so that the others' queries do not make the server seem dead.
_CLIENT: Final = "readyz"

blueprint = Blueprint("operations", __name__)


@dataclass(frozen=True, slots=True)
class Operations:
    """How one server is.

    Attributes:
        version: the version that it serves.
        pool: its workers.
        metrics: what it counts.
    """

    version: VersionInfo
    pool: Pool
    metrics: Metrics

    def ready(self) -> Reply:
        """Answer whether a worker answers: 200, or 503 with the reason. It may take two seconds."""
        job = Job(_EASIEST, RESULT_FORMATS[0], timeout=_PATIENCE, client=_CLIENT)
        try:
            self.pool.run(job).close()
        except LimitError as error:
            return _reply(503, PLAIN, f"not ready: {error}\n".encode())
        text = f"ready: version {self.version.number}, {self.version.triples} triples\n"
        return _reply(200, PLAIN, text.encode())

    def tell(self, accept: str) -> Reply:
        """Answer with the metrics."""
        return _reply(200, *self.metrics.write(accept))


def live_reply() -> Reply:
    """Answer that the process answers; nothing else is asked."""
    return _reply(200, PLAIN, b"live\n")


def keep(app: Flask, operations: Operations) -> None:
    """Have an application answer for how a server is."""
    app.extensions[_KEY] = operations
    app.register_blueprint(blueprint)


@blueprint.get(LIVE)
def live() -> Response:
    """Say that the process lives."""
    return _response(live_reply())


@blueprint.get(READY)
def ready() -> Response:
    """Say whether queries are answered."""
    return _response(_kept().ready())


@blueprint.get(METRICS)
def metrics() -> Response:
    """Tell the metrics."""
    return _response(_kept().tell(request.headers.get("Accept", "")))


def _kept() -> Operations:
    operations = current_app.extensions[_KEY]
    if not isinstance(operations, Operations):
        raise TypeError(f"The application was made without operations: {operations!r}.")
    return operations


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
