"""Search the graph for words: a form that works without scripts, with the kinds of things as links."""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from markupsafe import escape

from forumkg.dataset.search_index import SEARCH_INDEX, SearchIndex
from forumkg.errors import BadRequest
from forumkg.formats import Format
from forumkg.pages.languages import gettext, ngettext
from forumkg.pages.rendering import page
from forumkg.pages.search.search import MAX_LENGTH, Results, search
from forumkg.pages.worker_graph import current_graph
from forumkg.web.documents import document
from forumkg.web.state import served

__all__ = ["blueprint"]

blueprint = Blueprint("search", __name__)

_OPENSEARCH: Final = Format("opensearch", "OpenSearch", "application/opensearchdescription+xml", "xml")


@blueprint.get("/search")
def results() -> Response:
    """Show what was found, or how to search."""
    query = " ".join(request.args.get("q", "").split())
    if len(query) > MAX_LENGTH:
        words = gettext("That is %(number)s characters: search for at most %(most)s.")
        raise BadRequest(words % {"number": f"{len(query):,}", "most": MAX_LENGTH})
    kind = request.args.get("kind", "")
    number = max(1, request.args.get("page", 1, type=int))
    found = search(current_graph(), SearchIndex(served().path / SEARCH_INDEX), query, kind, number)
    return page(
        "search/search.html",
        title=_title(query, found),
        description=gettext("Search the Zhongguancun Forum graph: names, wordings, paraphrases and notes."),
        queries=[found.query] if found.query else [],
        query=query,
        kind=kind,
        number=found.number,
        found=found,
        link=lambda **changes: _link(query, **changes),
        max_length=MAX_LENGTH,
    )


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search for browsers: https://github.com/dewitt/opensearch."""
    root = request.url_root.rstrip("/")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        "  <ShortName>ZGC Forum graph</ShortName>\n"
        "  <Description>Names, wordings and paraphrases of the Zhongguancun Forum graph</Description>\n"
        "  <InputEncoding>UTF-8</InputEncoding>\n"
        f'  <Url type="text/html" template="{escape(root)}/search?q={{searchTerms}}"/>\n'
        "</OpenSearchDescription>\n"
    )
    return document(body, _OPENSEARCH)


def _title(query: str, found: Results) -> str:
    """Return the title of the results: it says how many there are, and is the first to be read aloud."""
    if not query:
        return gettext("Search")
    values = {"words": query, "number": f"{found.total:,}{'+' if found.is_cut else ''}"}
    if not found.total:
        return gettext("No results for %(words)s") % values
    if found.is_loose:
        return gettext("No exact match for %(words)s") % values
    return (
        ngettext("%(number)s result for %(words)s", "%(number)s results for %(words)s", found.total) % values
    )


def _link(query: str, kind: str = "", number: int = 1) -> str:
    """Return the address of a page of results."""
    wanted = {"q": query, "kind": kind, "page": str(number) if number > 1 else ""}
    return f"{request.script_root}/search?{urlencode({name: each for name, each in wanted.items() if each})}"
