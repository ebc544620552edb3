"""Render pages: the frame around their content, and the queries behind them.

https://html.spec.whatwg.org/multipage/semantics.html#the-head-element
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Flask, Response, render_template, request
from markupsafe import escape

from forumkg.namespaces import BASE
from forumkg.pages.attributions import attributions
from forumkg.pages.code_pieces import coded
from forumkg.pages.contents import sections, split_lead
from forumkg.pages.languages import (
    DEFAULT,
    N_,
    address_in,
    environ_in,
    gettext,
    language,
    language_attribute,
    language_of,
    root_of_site,
    translate,
)
from forumkg.pages.linked_data import in_language
from forumkg.pages.note_links import linked, with_paths
from forumkg.pages.page_queries import PageQuery
from forumkg.pages.quantities import number_words
from forumkg.pages.quantity_groups import agreeing
from forumkg.pages.snippets import snippets
from forumkg.pages.translated_text import capitalized, literal, plain, tag_of
from forumkg.pages.why_addresses import why_address as why_path
from forumkg.sparql.identifiers import DOCUMENTS, HTML, path_of
from forumkg.sparql.problem import Problem
from forumkg.web.documents import document
from forumkg.web.http.responses import ProblemPage
from forumkg.web.paths import SPARQL_PATH, without_language
from forumkg.web.state import served
from forumkg.web.static_files import static_url

__all__ = [
    "address",
    "ask_address",
    "day",
    "fault",
    "not_allowed",
    "not_found",
    "page",
    "prepare",
    "problem_page",
    "problem_page_of",
    "why_address",
]

# A longer address is not understood everywhere; the query is in the page as text.
_MAX_ADDRESS: Final = 8000
# What a query string may have as it is, of what queries have: a page has each query in three addresses.
# https://www.rfc-editor.org/rfc/rfc3986#section-3.4
_SAFE: Final = "/:?@!$()*,;"
# Titles of error pages, where the reason phrase of HTTP is jargon.
_TITLES: Final[dict[int, str]] = {
    HTTPStatus.BAD_REQUEST: N_("This request cannot be read"),
    HTTPStatus.NOT_FOUND: N_("Page not found"),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("This page accepts no submissions"),
    HTTPStatus.REQUEST_TIMEOUT: N_("The request came too slowly"),
    HTTPStatus.GONE: N_("No longer here"),
    HTTPStatus.LENGTH_REQUIRED: N_("The length is missing"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("This request is too long"),
    HTTPStatus.REQUEST_URI_TOO_LONG: N_("This address is too long"),
    HTTPStatus.MISDIRECTED_REQUEST: N_("Wrong server for this address"),
    HTTPStatus.TOO_MANY_REQUESTS: N_("Too many requests"),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: N_("The header of this request is too long"),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("A fault of the server"),
    HTTPStatus.SERVICE_UNAVAILABLE: N_("The server is busy"),
}
# After these, the same request may succeed.
_MAY_BE_REPEATED: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
# Stands in a page for the message that is put there later; no template has it.
_MARK: Final = "\ue000"


def prepare(app: Flask) -> None:
    """Add to the templates of an application what every page uses."""
    app.jinja_env.globals.update(
        address=address,
        address_in=address_in,
        ask_address=ask_address,
        language=language,
        language_attribute=language_attribute,
        language_of=language_of,
        tag_of=tag_of,
        translate=translate,
        sections=sections,
        snippets=snippets,
        split_lead=split_lead,
        static_url=_static_url,
        why_address=why_address,
    )
    app.jinja_env.filters.update(
        agreeing=agreeing,
        attributions=attributions,
        capitalized=capitalized,
        coded=coded,
        day=day,
        linked=linked,
        literal=literal,
        number=number_words,
        plain=plain,
    )
    app.context_processor(_of_request)


def _of_request() -> dict[str, object]:
    """Return what depends on the request; `space` stands between sentences, where Chinese has none."""
    version = served().info
    return {
        "built_on": day(date.fromisoformat(version.time[:10])),
        "root": request.script_root,
        "site": root_of_site(),
        "space": " " if language() == DEFAULT else "",
        "version": version,
    }


def _static_url(name: str) -> str:
    """Return the path of a static file: one for all languages."""
    return root_of_site() + static_url(name).removeprefix(request.script_root)


def page(  # noqa: PLR0913 (what a page has around its content)
    template: str,
    *,
    title: str,
    description: str,
    queries: Sequence[PageQuery] = (),
    json_ld: Mapping[str, Any] | None = None,
    status: int = 200,
    path: str | None = None,
    about: str = "",
    links: str = "",
    **context: object,
) -> Response:
    """Return a page, or 304 where the client has it already.

    Args:
        template: the name of its template.
        title: of the page, without the name of the site.
        description: one or two sentences for search engines.
        queries: behind the page; each is shown with ways to run it.
        json_ld: what it is about, in the terms of https://schema.org, without its `@context`.
        status: of the response; anything but 200 is for no cache and no search engine.
        path: the one address of the page on this host where several lead to it, percent-encoded, with a
            leading `/`; that of the thing that the page is about, where there is one.
        about: the IRI of the thing whose page this is: it has documents for programs, too.
        links: its Link header.
        context: what the template shows.
    """
    if about and path is None:
        path = path_of(about, HTML)
    canonical = request.url_root.rstrip("/") + (path or quote(request.path))
    body = render_template(
        template,
        title=plain(title),
        title_language=tag_of(title),
        description=plain(description),
        queries=queries,
        json_ld=json_ld and {"@context": "https://schema.org", **in_language(json_ld, canonical, language())},
        status=status,
        canonical=canonical,
        about=about,
        documents=_documents(about) if about else (),
        endpoint=request.host_url.rstrip("/") + root_of_site() + SPARQL_PATH,
        **context,
    )
    if status != 200:  # noqa: PLR2004 (the one status that needs no reason)
        return Response(body, status, content_type=HTML.content_type, headers={"Cache-Control": "no-store"})
    return document(body, HTML, links=links)


def problem_page(problem: Problem) -> Response:
    """Return the page of an error: what was wrong, links, and a search for the words of the path."""
    return page(
        "problem.html",
        title=gettext(_TITLES.get(problem.status, HTTPStatus(problem.status).phrase)),
        description=gettext("Error %(status)s of the Zhongguancun Forum graph.") % {"status": problem.status},
        status=problem.status,
        problem=problem,
        detail_language="" if _HAN.search(problem.detail) else DEFAULT,
        may_be_repeated=problem.status in _MAY_BE_REPEATED,
        wanted=_words_of(request.path) if problem.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE} else "",
        with_paths=lambda text: with_paths(text, address, request.script_root + request.path),
    )


def problem_page_of(app: Flask) -> Callable[[str], ProblemPage]:
    """Return a function that makes the pages of errors which the event loop answers, without the application.

    It takes the path of the request, whose language the page is in. It renders the page of a status once in
    each language, and then takes microseconds.
    """

    @cache
    def frame(status: int, tag: str) -> tuple[str, str]:
        with app.request_context(environ_in(tag)):
            text = problem_page(Problem(status, _MARK)).get_data(as_text=True)
        before, _, after = text.partition(_MARK)
        return before, after

    def make(tag: str, problem: Problem) -> bytes:
        before, after = frame(problem.status, tag)
        return f"{before}{escape(problem.detail)}{after}".encode(errors="replace")

    return lambda path: partial(make, without_language(path)[0])


def not_found(path: str, root: str) -> str:
    """Return the detail of an error at a path that leads to no page."""
    words = gettext("There is no page at %(path)s: look for it at %(search)s, or start at %(home)s.")
    return words % {"path": repr(path), "search": f"{root}/search", "home": f"{root}/"}


def not_allowed(method: str, allowed: Iterable[str]) -> str:
    """Return the detail of an error for a method that an address does not have."""
    words = gettext("%(method)s is not answered at this address: send one of %(allowed)s.")
    return words % {"method": method, "allowed": ", ".join(sorted(allowed))}


def fault(id_: str) -> str:
    """Return the detail of an error of the server, which the log has under an id."""
    return gettext("This is a fault of the server. Report it with the id %(id)s.") % {"id": id_}


def _words_of(path: str) -> str:
    """Return the words of the last part of a path: `wu zhaohui` of `/id/person/wu-zhaohui.html`."""
    return " ".join(re.findall(r"[^\W_]+", path.rstrip("/").rpartition("/")[2].partition(".")[0]))[:100]


def _documents(iri: str) -> list[tuple[str, str]]:
    """Return the documents about a thing that are for programs: what each is called, and where it is."""
    return [(each.label, root_of_site() + path_of(iri, each)) for each in DOCUMENTS if each != HTML]


def day(when: date) -> str:
    """Return a day as people write it in the language of the page, such as `24 September 2021`."""
    if language() == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {when:%B} {when.year}"


def address(iri: str) -> str | None:
    """Return where a link to a thing leads: to its page where it is ours; None where no link may lead."""
    if iri.startswith(BASE):
        return request.script_root + path_of(iri, HTML)
    return iri if iri.startswith(("http://", "https://")) else None


def ask_address(query: str, format_: str = "") -> str | None:
    """Return where a query is asked: in the editor, or in a format; None where it is too long."""
    asked = {"query": query} | ({"format": format_} if format_ else {})
    # The editor speaks the language of the page; formats have one address.
    root = root_of_site() if format_ else request.script_root
    link = f"{root}{SPARQL_PATH}?{urlencode(asked, safe=_SAFE)}"
    return link if len(link) <= _MAX_ADDRESS else None


def why_address(subject: str, predicate: str, object_: str) -> str:
    """Return where a fact is proved."""
    return request.script_root + why_path(subject, predicate, object_)
