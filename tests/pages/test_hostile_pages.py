"""Pages of data that mean harm: all is text, and nothing of it runs, leads away or grows without end."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import hostile_dataset
import pytest
from flask.testing import FlaskClient

from forumkg.app.application import create_app
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, open_version
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool

# The most that a page of a hundred long texts may have.
_LENGTH = 500_000
_DATA = frozenset({"application/json", "application/ld+json"})
# Blocks, and what the style sheet isolates: https://www.w3.org/TR/css-writing-modes-3/#unicode-bidi
_BLOCKS = {"caption", "code", "dd", "dt", "h1", "h2", "h3", "h4", "li", "p", "pre", "summary", "td", "th"}
_ISOLATED = {"a", "bdi", "em", "q", "small", "span", "strong"}
_HOLDERS = frozenset({"script", "title"} | _BLOCKS | _ISOLATED)
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Open a version of the hostile dataset."""
    folder = tmp_path_factory.mktemp("hostile")
    root = hostile_dataset.write(folder / "root")
    return open_version(folder / "data", source_files(root), ontology_dir=root / "ontology")


@pytest.fixture(scope="module")
def pool(version: Version) -> Iterator[Pool]:
    """Run workers on that version."""
    with Pool(version.path / "store") as running:
        yield running


@pytest.fixture
def client(version: Version, pool: Pool) -> FlaskClient:
    """Return a client of an application on that version."""
    return create_app(version, QueryService(pool, version.info.digest)).test_client()


class Harm(HTMLParser):
    """Collects what a page must not have: scripts, handlers, styles, links that run, open directions."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element."""
        attributes = dict(attrs)
        if tag not in _VOID:
            self._open.append((tag, attributes))
        if tag == "script" and not (attributes.get("src") or attributes.get("type") in _DATA):
            self.found.append("script")
        if tag in {"img", "iframe", "object", "embed", "base", "style"}:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action"} and urlsplit(value or "").scheme not in {
                "",
                "http",
                "https",
            }:
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Judge a text: where it turns direction, an element has to hold that."""
        if "\u202e" in data and self._open and self._open[-1][0] not in _HOLDERS:
            turned = data.strip()
            if not (turned.startswith("\u2068") and turned.endswith("\u2069")):
                self.found.append(f"{self._open[-1][0]} turns: {data[:60]!r}")


@pytest.mark.parametrize("path", hostile_dataset.PATHS)
def test_page_of_hostile_data(client: FlaskClient, path: str) -> None:
    """A page of hostile data is a page like others: of a bounded length, and nothing in it runs."""
    response = client.get(path)

    assert response.status_code == 200
    assert len(response.data) < _LENGTH
    harm = Harm()
    harm.feed(response.text)
    assert harm.found == []
    assert "7 * 7" not in response.text or "{{ 7 * 7 }}" in response.text


def test_long_text_is_cut(client: FlaskClient) -> None:
    """A text without end is shown cut, with its length and a way to all of it."""
    text = client.get("/id/person/evil.html").text

    assert "cut: 100,000 characters, all of them" in text
    assert '<a href="/id/person/evil.nt">in the data</a>' in text
    assert hostile_dataset.LONG in client.get("/id/person/evil.nt").text


def test_data_island_is_closed_by_nothing(client: FlaskClient) -> None:
    """The data for search engines hold no end of an element, whatever a label says."""
    text = client.get("/id/person/evil.html").text

    island = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert "\\u003c/script\\u003e" in island
    assert "<" not in island
