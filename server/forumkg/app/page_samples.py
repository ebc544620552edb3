"""The queries that pages send, recorded: one page of each kind is made, and its queries are kept."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask.testing import FlaskClient

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.engine.check import PageSample
from forumkg.errors import StoreError
from forumkg.formats import Format
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool

__all__ = ["page_samples"]

_HTML: Final = {"Accept": "text/html"}
_OK: Final = 200
_SERVER_ERROR: Final = 500
# Pages that no site map has.
_OTHERS: Final = ("/search?q=theme", "/feed.json", "/data/figures.csv", "/disagreements?kind=seeming")


class _Recorder(QueryService):
    """Answers queries, and keeps their texts."""

    def __init__(self, pool: Pool, version: str) -> None:
        super().__init__(pool, version)
        self.queries: list[str] = []

    def fetch(self, query: str, format_: Format, client: str) -> bytes:
        """Return an answer, once its query is kept."""
        self.queries.append(query)
        return super().fetch(query, format_, client)


def page_samples(version: Version, pool: Pool) -> tuple[PageSample, ...]:
    """Return the queries of one page of each kind, each query once.

    Args:
        version: the version that the pages show.
        pool: evaluates their queries.

    Raises:
        StoreError: a page, or the site map, cannot be made of the version.
    """
    service = _Recorder(pool, version.info.digest)
    client = create_app(version, service).test_client()
    found: dict[str, PageSample] = {}
    for path in [*_kinds(_sitemap(client, "/sitemap.xml")), *_OTHERS]:
        service.queries.clear()
        status = client.get(path, headers=_HTML).status_code
        if status >= _SERVER_ERROR:
            raise StoreError(
                f"The page {path} cannot be made of the version {version.path}: status {status}."
            )
        for query in service.queries:
            found.setdefault(query, PageSample(path, query))
    return tuple(found.values())


def _sitemap(client: FlaskClient, path: str) -> Iterator[str]:
    """Yield the paths of the site map, of all of its parts."""
    response = client.get(path)
    if response.status_code != _OK:
        raise StoreError(f"The site map {path} cannot be made: status {response.status_code}.")
    tree = ElementTree.fromstring(response.get_data())  # noqa: S314 (the document of our own server)
    for url in tree.iter():
        if url.tag.endswith("}loc"):
            found = urlsplit(url.text or "").path
            yield from _sitemap(client, found) if found.startswith("/sitemap/") else (found,)


def _kinds(paths: Iterator[str]) -> list[str]:
    """Return the first path of each kind of page: of each family, and of each class of things."""
    found: dict[tuple[str, ...], str] = {}
    for path in paths:
        parts = path.strip("/").split("/")
        is_passage = "char=" in path
        kind = (parts[0], parts[1], str(is_passage)) if parts[0] == "id" else (parts[0], str(len(parts)))
        found.setdefault(kind, path)
    return [*found.values()]
