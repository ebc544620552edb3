"""Create the Flask application that serves one version of the dataset.

https://flask.palletsprojects.com/en/stable/patterns/appfactories/
"""

import time
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final
from urllib.parse import quote

from flask import Flask, Request, Response, current_app, redirect, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map

from forumkg import pages
from forumkg.app.template_code import TemplateCode
from forumkg.dataset.versions import Version
from forumkg.errors import LimitError, QueryError, RequestError
from forumkg.pages import rendering
from forumkg.pages.about import views as about
from forumkg.pages.articles import views as articles
from forumkg.pages.cite import views as cite
from forumkg.pages.compare import views as compare
from forumkg.pages.contribute import views as contribute
from forumkg.pages.data import views as data
from forumkg.pages.data import wellknown
from forumkg.pages.disagreements import views as disagreements
from forumkg.pages.docs import views as docs
from forumkg.pages.editions import comparison_views as edition_comparison
from forumkg.pages.editions import views as editions
from forumkg.pages.editor import sparql
from forumkg.pages.editor import views as editor
from forumkg.pages.feed import views as feed
from forumkg.pages.gaps import views as gaps
from forumkg.pages.home import sitemap
from forumkg.pages.home import views as home
from forumkg.pages.languages import TRANSLATED, serve_languages
from forumkg.pages.map import views as map_views
from forumkg.pages.ontology import views as ontology
from forumkg.pages.openapi import views as openapi
from forumkg.pages.questions import views as questions
from forumkg.pages.search import views as search
from forumkg.pages.things import ids, listings, statement_listing
from forumkg.pages.things import views as things
from forumkg.pages.timeline import views as timeline
from forumkg.pages.validate import views as validate
from forumkg.pages.why import views as why
from forumkg.sparql.negotiation import prefers_html
from forumkg.sparql.problem import Problem, of_query
from forumkg.texts.reading import Text
from forumkg.web import health, response_headers
from forumkg.web.contact import parse_contact
from forumkg.web.http.limits import MAX_BODY
from forumkg.web.ids import REQUEST_ID, choose_request_id
from forumkg.web.paths import SPARQL_PATH
from forumkg.web.query_service import QueryService
from forumkg.web.state import AppState, keep
from forumkg.web.static_files import keep_forever
from forumkg.web.validation_service import ValidationService
from forumkg.web.wsgi_bridge import REQUEST_ID_VARIABLE

__all__ = ["all_rules", "compile_in_background", "compile_templates", "create_app"]

# Seconds between two templates that are compiled in the background, in some milliseconds each.
_PAUSE: Final = 0.05
# The page families of every application.
_FAMILIES: Final = (
    about,
    articles,
    cite,
    compare,
    contribute,
    data,
    disagreements,
    docs,
    edition_comparison,
    editions,
    editor,
    feed,
    gaps,
    home,
    ids,
    listings,
    statement_listing,
    ontology,
    openapi,
    questions,
    search,
    sitemap,
    sparql,
    things,
    timeline,
    wellknown,
    why,
)
# The endpoints whose addresses may end in a slash by mistake. With one, an IRI is another IRI.
_PAGES: Final = TRANSLATED - {"ids.identify"} | {"docs.document"}


_TEMPLATE_CODE: Final = TemplateCode(Path(pages.__path__[0]))


def create_app(  # noqa: PLR0913 (what an application is made of)
    version: Version,
    service: QueryService,
    *,
    health_service: health.Health | None = None,
    max_body: int = MAX_BODY,
    withdrawn: Mapping[str, str] | None = None,
    texts: Iterable[Text] = (),
    validation: ValidationService | None = None,
    contact: str = "",
) -> Flask:
    """Return the application.

    Args:
        version: the open version of the dataset that it answers from.
        service: answers queries, from the same version.
        health_service: answers /livez, /readyz and /metrics, which are 404 without it.
        max_body: the length in bytes of the longest body that is read; a longer one is answered 413.
        withdrawn: the IRIs that are answered 410, with the reason of each; by default the packaged ones.
        texts: article texts that pages show, for a server that only its operator can reach.
        validation: validates documents for /validate; without it there is no such page.
        contact: where readers report errors: the address of a page, or `mailto:` with one mail address.

    Raises:
        ValueError: the contact is neither.
    """
    app = _with_pages()
    app.config["MAX_CONTENT_LENGTH"] = max_body
    withdrawn = ids.packaged_withdrawn() if withdrawn is None else withdrawn
    shown = {text.sha256: text for text in texts}
    keep(app, AppState(version, service, withdrawn, shown, parse_contact(contact), validation))
    if validation is not None:
        app.register_blueprint(validate.blueprint)
        app.register_blueprint(map_views.blueprint)
    if health_service is not None:
        health.keep(app, health_service)
    app.register_error_handler(RequestError, _request_error)
    app.register_error_handler(QueryError, _query_error)
    app.register_error_handler(HTTPException, _http_error)
    if shown:
        # Called after `add`: functions for responses run from the last to the first.
        app.after_request(response_headers.close_to_others)
    app.after_request(response_headers.add)
    app.after_request(keep_forever)
    return app


def compile_templates(pause: float = 0.0) -> None:
    """Compile all templates: all applications of this process have them at once then.

    Args:
        pause: seconds of rest after each, for the other threads of a server.

    Raises:
        jinja2.TemplateSyntaxError: a template is wrong.
    """
    templates = _with_pages().jinja_env
    for name in templates.list_templates(extensions=["html"]):
        templates.get_template(name)
        time.sleep(pause)


def compile_in_background() -> None:
    """Compile all templates in a thread, which leaves the processor to requests between them."""
    Thread(target=compile_templates, args=(_PAUSE,), name="templates", daemon=True).start()


def all_rules() -> Map:
    """Return the URL map of an application with all of its parts."""
    app = _with_pages()
    for blueprint in (validate.blueprint, map_views.blueprint, health.blueprint):
        app.register_blueprint(blueprint)
    return app.url_map


def _with_pages() -> Flask:
    app = _Application("forumkg", template_folder="pages", static_folder="web/static")
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "bytecode_cache": _TEMPLATE_CODE}
    rendering.prepare(app)
    serve_languages(app)
    app.before_request(_without_slash)
    for family in _FAMILIES:
        app.register_blueprint(family.blueprint)
    return app


class _Request(Request):
    """A request that keeps uploads in memory, as they are short, so that it does not need room on a disk."""

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


class _Application(Flask):
    """A Flask application that logs unhandled exceptions with the id of the request."""

    request_class = _Request

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 (either of the two forms that Flask gives)
        """Log an error under the id that its response names."""
        self.logger.error("unforeseen error", exc_info=exc_info, extra={"fields": {"id": _request_id()}})


def _request_id() -> str:
    """Return the id of the request; choose one if the server in front has not."""
    if REQUEST_ID_VARIABLE not in request.environ:
        request.environ[REQUEST_ID_VARIABLE] = choose_request_id(request.headers.get(REQUEST_ID))
    return str(request.environ[REQUEST_ID_VARIABLE])


def _request_error(error: RequestError) -> Response:
    response = _problem(Problem(error.status, str(error)))
    if isinstance(error, LimitError) and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _query_error(error: QueryError) -> Response:
    return _problem(of_query(error))


def _http_error(error: HTTPException) -> Response:
    """Answer HTTP errors of Flask, and unhandled exceptions (logged already), in the form of our own."""
    original = error.get_response()
    response = _problem(Problem(error.code or 500, _detail(error)))
    if "Allow" in original.headers:
        response.headers["Allow"] = original.headers["Allow"]
    return response


def _without_slash() -> Response | None:
    """Redirect an address that is that of a page but for slashes at its end."""
    path = request.path.rstrip("/")
    routes = current_app.create_url_adapter(request)
    if path in {"", request.path} or request.method not in {"GET", "HEAD"} or routes is None:
        return None
    try:
        endpoint, _ = routes.match(path, method="GET")
    except HTTPException:
        return None
    if endpoint not in _PAGES:
        return None
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return redirect(f"{request.script_root}{quote(path)}{query}", HTTPStatus.PERMANENT_REDIRECT)  # type: ignore[return-value]


def _detail(error: HTTPException) -> str:
    if error.code == HTTPStatus.NOT_FOUND:
        return rendering.not_found(request.path, request.script_root)
    if error.code == HTTPStatus.INTERNAL_SERVER_ERROR:
        return rendering.fault(_request_id())
    if isinstance(error, MethodNotAllowed):
        return rendering.not_allowed(request.method, error.valid_methods or ())
    return f"{error.name}: {error.description}"


def _problem(problem: Problem) -> Response:
    """Return an error as a page with links and a search for browsers, as a problem document otherwise."""
    is_form = request.method in {"GET", "HEAD"} or request.path != SPARQL_PATH
    accept = request.headers.get("Accept", "")
    if is_form and prefers_html(accept):
        response = rendering.problem_page(problem)
    else:
        content_type, body = problem.write(accept)
        response = Response(body, problem.status, content_type=content_type)
    response.vary.add("Accept")
    return response
