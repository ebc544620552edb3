"""The whole product as a WSGI application for any WSGI server; `forumkg serve` has a faster server.

flask --app forumkg run
gunicorn "forumkg:create_app()"
"""

import atexit
import os
from pathlib import Path
from typing import Final

import platformdirs
from flask import Flask, Response

from forumkg.app.application import create_app as create_flask_app
from forumkg.app.assembly import rate_limiter
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version
from forumkg.web.headers import VERSION
from forumkg.web.health import Health
from forumkg.web.metrics import Metrics, Readings
from forumkg.web.policy import Policy
from forumkg.web.query_service import QueryService
from forumkg.web.rate_limits import limit_pages
from forumkg.web.validation_service import ValidationService
from forumkg.workers.pool import Limits, Pool
from forumkg.workers.validation_workers import ValidationWorkers

__all__ = ["create_app"]

_POLICY: Final = Policy()


def create_app(  # noqa: PLR0913 (what an application is made of)
    data: str | os.PathLike[str] | None = None,
    root: str | os.PathLike[str] | None = None,
    *,
    limits: Limits | None = None,
    client_seconds: float = _POLICY.client_seconds,
    client_errors: float = _POLICY.client_errors,
    contact: str = "",
) -> Flask:
    """Return an application that answers everything: queries, pages, documents, validations, health.

    It builds a version in the data directory, or opens the existing one. The processes for queries and
    validations start with the first request that needs them, so that a server may fork before: each of its
    processes has its own workers, which end with it.

    Args:
        data: the data directory; by default that of the command.
        root: a folder with ontology/, graph/ and shapes/ in place of the packaged ones.
        limits: the bounds of the workers of each process.
        client_seconds: of a worker's time that a client may use in a minute; 0 is no limit.
        client_errors: that a client may make in a minute; 0 is no limit.
        contact: where readers report errors: the address of a page, or `mailto:` with one mail address.

    Raises:
        ValueError: the contact is neither.
        DataError: the data cannot be built.
        StoreError: the data directory cannot be used.
    """
    folder = Path(data) if data else platformdirs.user_data_path("forumkg")
    source = Path(root) if root else None
    version = open_version(folder, source_files(source), ontology_dir=source and source / "ontology")
    limiter = rate_limiter(Policy(client_seconds, client_errors))
    pool = Pool(version.path / "store", limits, is_lazy=True)
    workers = ValidationWorkers(version.path)
    atexit.register(pool.close)
    atexit.register(workers.close)
    service = QueryService(pool, version.info.digest, limiter=limiter)
    validation = ValidationService(workers, limiter)
    readings = Readings(
        version=version.info,
        pool=pool.statistics,
        answers=service.cache,
        limiter=limiter,
        waiting_validations=lambda: validation.waiting,
    )
    health = Health(version.info, pool, Metrics(readings))
    app = create_flask_app(version, service, health_service=health, validation=validation, contact=contact)
    limit_pages(app, limiter)

    @app.after_request
    def add_version(response: Response) -> Response:
        response.headers[VERSION] = version.info.label
        return response

    return app
