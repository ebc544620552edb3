"""The site map, and the rules for robots.

https://www.sitemaps.org/protocol.html and https://www.rfc-editor.org/rfc/rfc9309
"""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, current_app, request

from forumkg import resources
from forumkg.errors import NotFound
from forumkg.formats import Format
from forumkg.namespaces import SHAPES
from forumkg.pages.page_queries import page_query
from forumkg.pages.paging import current_lists
from forumkg.pages.question_index import read_questions
from forumkg.pages.site_pages import SITE_PAGES
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import HTML, path_of
from forumkg.web.documents import document
from forumkg.web.paths import LANGUAGE_PREFIXES, SPARQL_PATH
from forumkg.web.state import served

__all__ = ["blueprint"]

blueprint = Blueprint("sitemap", __name__)

_XML: Final = Format("sitemap", "Sitemap", "application/xml", "xml")
_TEXT: Final = Format("robots", "Robots", "text/plain", "txt")
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"

# How many addresses a part of the list has: about 200 kB of them.
_ADDRESSES: Final = 1400

# Each of these has as many addresses as there are words.
_NOT_FOR_ROBOTS: Final = (f"{SPARQL_PATH}?", "/search?", "/why?", "/why.")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots read all pages, but not ask queries."""
    lines = ["User-agent: *"]
    prefixes = ("", *LANGUAGE_PREFIXES.values())
    lines += [
        f"Disallow: {request.script_root}{prefix}{path}" for prefix in prefixes for path in _NOT_FOR_ROBOTS
    ]
    lines += ["", f"Sitemap: {_root()}/sitemap.xml", ""]
    return document("\n".join(lines), _TEXT)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List all pages, with the day on which the version was made; many in parts."""
    pages, things = tuple(_paths()), current_lists().count("pages")
    if len(pages) + things <= _ADDRESSES:
        return _addresses("urlset", "url", (*pages, *_things(0)))
    parts = range(_parts(things) + 1)
    return _addresses("sitemapindex", "sitemap", (f"/sitemap/{number}.xml" for number in parts))


@blueprint.get("/sitemap/<int:number>.xml")
def part(number: int) -> Response:
    """List a part of the pages: in part 0 those that are not about one thing of the graph."""
    # A part that does not exist is not looked for: SQLite has no integers of more than 64 bits.
    if number > _parts(current_lists().count("pages")):
        raise NotFound(f"The site map has no part {number}: {request.script_root}/sitemap.xml lists them.")
    return _addresses("urlset", "url", _things(number - 1) if number else _paths())


def _parts(things: int) -> int:
    """Return the number of parts that so many things of the graph fill."""
    return -(-things // _ADDRESSES)


def _addresses(root: str, item: str, paths: Iterable[str]) -> Response:
    day = served().info.time[:10]
    tree = ET.Element(root, {"xmlns": _NAMESPACE})
    for path in dict.fromkeys(paths):
        element = ET.SubElement(tree, item)
        ET.SubElement(element, "loc").text = _root() + path
        ET.SubElement(element, "lastmod").text = day
    return document(ET.tostring(tree, encoding="UTF-8", xml_declaration=True), _XML)


def _things(part: int) -> Iterator[str]:
    """Yield the pages of the things of a part, from 0."""
    found = current_lists().things("pages", start=part * _ADDRESSES, number=_ADDRESSES)
    return (path_of(iri, HTML) for iri in found)


def _paths() -> Iterator[str]:
    """Yield the pages that are not about one thing of the graph."""
    graph = current_graph()
    # A server may be made without some of them; pages of IRIs have no route of their own.
    known = {rule.rule for rule in current_app.url_map.iter_rules()}
    yield "/"
    yield from (page.path for page in SITE_PAGES if page.path in known or page.path.endswith(".html"))
    yield path_of(SHAPES.removesuffix("/"), HTML)
    for row in graph.select(page_query("home/compared-indicators").text):
        yield f"/compare/{row.iri('indicator').rpartition('/')[2]}"
    yield from (f"/docs/{name}" for name in resources.documents())
    for question in read_questions(graph):
        yield f"/questions/{question.slug}"
    for row in graph.select(page_query("home/defined-terms").text):
        yield path_of(row.iri("thing"), HTML)


def _root() -> str:
    return request.url_root.rstrip("/")
