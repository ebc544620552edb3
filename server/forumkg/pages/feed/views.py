"""Feeds of the newest statements and of disagreements."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, request

from forumkg.dataset.page_lists import PageLists
from forumkg.formats import Format
from forumkg.pages.citations import SITE, key_of, sentence, statement_citation
from forumkg.pages.feed.feed import Entry, Feed, atom, json_feed
from forumkg.pages.graph import Graph
from forumkg.pages.languages import gettext, root_of_site
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.paging import current_lists
from forumkg.pages.rendering import page
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import HTML, path_of
from forumkg.sparql.negotiation import prefers_html
from forumkg.web.documents import document, open_to_all, see_other
from forumkg.web.state import served

__all__ = ["blueprint"]

blueprint = Blueprint("feed", __name__)
blueprint.after_request(open_to_all)

_FORMATS: Final[Mapping[str, tuple[Format, Callable[[Feed], bytes]]]] = MappingProxyType(
    {
        "atom": (Format("atom", "Atom", "application/atom+xml", "atom"), atom),
        "json": (Format("jsonfeed", "JSON Feed", "application/feed+json", "json"), json_feed),
    }
)


# How many articles are read: with a statement in each, enough for a feed.
_ARTICLES: Final = 100
# Nothing records when a statement was added: a version is built from files, and names its inputs alone.
_ORDER: Final = (
    "Of the 100 newest articles, 50 disagreements at most, and then 100 statements, each by the day of the "
    "article, the newest first. "
    "The graph does not record when a statement was added to it: an entry has the day of its article "
    "(published), and the time at which the version was built (updated)."
)


@blueprint.get("/feed")
def feeds() -> Response:
    """Name the feeds to people; lead feed readers to the one in Atom."""
    if not prefers_html(request.headers.get("Accept", "")):
        return see_other(f"{root_of_site()}/feed.atom")
    return page(
        "feed/feeds.html",
        title=gettext("Feeds"),
        description=gettext("The disagreements and the statements of the newest articles, for feed readers."),
    )


@blueprint.get("/feed.<any(atom, json):ending>")
def feed(ending: str) -> Response:
    """Send the disagreements and the statements of the newest articles."""
    format_, write = _FORMATS[ending]
    root, graph = request.url_root.rstrip("/"), current_graph()
    articles = iris(_newest(current_lists()))
    found = Feed(
        title=f"{SITE}: disagreements and new statements",
        subtitle=_ORDER,
        home=f"{root}/",
        address=f"{root}/feed.{ending}",
        updated=served().info.time,
        entries=(*_disagreements(graph, root, articles), *_statements(graph, root, articles)),
    )
    return document(write(found), format_)


def _newest(lists: PageLists) -> tuple[str, ...]:
    """Return the newest articles, and those without a day where there are few others."""
    dated = lists.count("articles") - lists.count("gaps-dates")
    return lists.things("articles", start=max(0, dated - _ARTICLES), number=2 * _ARTICLES)


def _statements(graph: Graph, root: str, articles: str) -> Iterator[Entry]:
    rows = graph.select(page_query("feed/newest", articles=articles).text)
    for each in read_statements(graph, (row.iri("statement") for row in rows)):
        yield Entry(
            each.iri, _page(each, root), each.headline, _cited(each, root), each.publisher_name, each.issued
        )


def _disagreements(graph: Graph, root: str, articles: str) -> Iterator[Entry]:
    rows = graph.select(page_query("feed/disagreements", articles=articles).text)
    pairs = [(row.iri("statement"), row.iri("other")) for row in rows]
    statements = {each.iri: each for each in read_statements(graph, (iri for pair in pairs for iri in pair))}
    for one, other in ((statements.get(a), statements.get(b)) for a, b in pairs):
        if one and other:
            yield Entry(
                f"tag:w3id.org,2026:zgc-forum/{key_of(one.iri)}/{key_of(other.iri)}",
                _page(one, root),
                f"Statements disagree: {one.headline} / {other.headline}",
                f"{_cited(one, root)}\n\n{_cited(other, root)}",
                " and ".join(dict.fromkeys((one.publisher_name, other.publisher_name))),
                max(filter(None, (one.issued, other.issued)), default=None),
            )


def _page(statement: Statement, root: str) -> str:
    return root + path_of(statement.iri, HTML)


def _cited(statement: Statement, root: str) -> str:
    return sentence(statement_citation(statement, root + path_of(statement.iri), str(served().info.number)))
