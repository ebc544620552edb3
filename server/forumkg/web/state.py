"""The state of an application: the version of the dataset that it serves, and the service for its queries."""

from typing import Final

from flask import Flask, current_app, request

from forumkg.dataset.versions import Version
from forumkg.web.paths import SPARQL_PATH
from forumkg.web.query_service import QueryService

__all__ = ["endpoint", "keep", "query_service", "served"]

_KEY: Final = "forumkg"


def keep(app: Flask, version: Version, evaluator: QueryService) -> None:
    """Let an application serve a version."""
    app.extensions[_KEY] = (version, evaluator)


def served() -> Version:
    """Return the version that the application of this request serves."""
    version, _ = _state()
    return version


def query_service() -> QueryService:
    """Return the query service of the application of this request."""
    _, evaluator = _state()
    return evaluator


def endpoint() -> str:
    """Return the address of the SPARQL endpoint, in full, on the host of this request."""
    return request.root_url.rstrip("/") + SPARQL_PATH


def _state() -> tuple[Version, QueryService]:
    version, evaluator = current_app.extensions[_KEY]
    if not isinstance(version, Version) or not isinstance(evaluator, QueryService):
        raise TypeError(f"The application was made without a version: {version!r}.")
    return version, evaluator
