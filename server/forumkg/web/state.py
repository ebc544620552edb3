"""The state of an application: the version that it serves, the services of its views, and its settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, request

from forumkg.dataset.versions import Version
from forumkg.texts.reading import Text
from forumkg.web.paths import SPARQL_PATH
from forumkg.web.query_service import QueryService
from forumkg.web.validation_service import ValidationService

__all__ = ["AppState", "app_state", "endpoint", "keep", "query_service", "served", "validation_service"]

_KEY: Final = "forumkg"


@dataclass(frozen=True, slots=True)
class AppState:
    """The state of an application; nothing in it changes.

    Attributes:
        version: the version that the application serves.
        queries: answers queries, from the same version.
        withdrawn: the IRIs that are answered 410, with the reason of each.
        texts: article texts that pages show, by their SHA-256.
        contact: where readers report errors; empty where the operator names no contact.
        validation: validates documents; None in an application without /validate.
    """

    version: Version
    queries: QueryService
    withdrawn: Mapping[str, str]
    texts: Mapping[str, Text]
    contact: str = ""
    validation: ValidationService | None = None


def keep(app: Flask, state: AppState) -> None:
    """Give an application its state."""
    app.extensions[_KEY] = state


def app_state() -> AppState:
    """Return the state of the application of this request."""
    state = current_app.extensions[_KEY]
    if not isinstance(state, AppState):
        raise TypeError(f"The application was made without its state: {state!r}.")
    return state


def served() -> Version:
    """Return the version that the application of this request serves."""
    return app_state().version


def query_service() -> QueryService:
    """Return the query service of the application of this request."""
    return app_state().queries


def validation_service() -> ValidationService:
    """Return the validation service of the application of this request."""
    service = app_state().validation
    if service is None:
        raise TypeError("The application was made without validation.")
    return service


def endpoint() -> str:
    """Return the address of the SPARQL endpoint, in full, on the host of this request."""
    return request.root_url.rstrip("/") + SPARQL_PATH
