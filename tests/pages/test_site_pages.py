"""The titles of pages, and how readers find them by their own words."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from forumkg.pages.site_pages import SITE_PAGES

BROWSER = {"Accept": "text/html"}


def title(client: FlaskClient, path: str) -> str:
    """Return the title of a page, without the name of the site."""
    found = re.search("<title>(.*?)</title>", client.get(path, headers=BROWSER).text)
    assert found
    return unescape(found[1]).rpartition(" – ")[0]


@pytest.mark.parametrize("path", [each.path for each in SITE_PAGES if each.path not in {"/validate", "/map"}])
def test_title_is_that_of_the_page(path: str, shipped_client: FlaskClient) -> None:
    """The table has each title as the page has it; a citation names the page by it."""
    (known,) = (each.title for each in SITE_PAGES if each.path == path)

    assert title(shipped_client, path) == known
    assert f'<p class="lead">{known}' in shipped_client.get(f"/cite?of={path}", headers=BROWSER).text


@pytest.mark.parametrize(
    "path",
    ["/compare/exhibitors", "/questions/hosts", "/docs/http", "/timeline?forum=zgc", "/compare?page=1"],
)
def test_citation_of_a_page_has_its_title(path: str, shipped_client: FlaskClient) -> None:
    """An indicator, a question and a document are cited by their names, and a list by that of the list."""
    cited = shipped_client.get("/cite.json", query_string={"of": path}).get_json()

    assert cited[0]["title"] == title(shipped_client, path)


def test_citation_in_chinese_shows_the_chinese_title(shipped_client: FlaskClient) -> None:
    """Under /zh/ the page of the citation shows the Chinese title of the page; the citation is in English."""
    page = shipped_client.get("/zh/cite?of=/timeline", headers=BROWSER).text

    assert '<p class="lead">时间线' in page


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("spreadsheet", "/data"),
        ("disputed", "/disagreements"),
        ("missing", "/gaps"),
        ("report error", "/contribute"),
        ("时间", "/timeline"),
        ("compare editions", "/editions/compare"),
    ],
)
def test_search_finds_pages(query: str, path: str, shipped_client: FlaskClient) -> None:
    """Words of readers lead to the page that answers them, also where the graph does not have the word."""
    page = shipped_client.get("/search", query_string={"q": query}, headers=BROWSER).text
    line = re.search("<p>Pages? of this site:.*?</p>", page)

    assert line
    assert f'<a href="{path}">' in line[0]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("who hosted 2020", "is a host of the 2020 forum"),
        ("hosts", "host"),
        ("organisation", "World Intellectual Property"),
        ("sponsors", "host"),
        ("disputed", "differs from"),
        ("中关村论坛", "Zhongguancun Forum"),
        ("２０２１", "Zhongguancun Forum"),
        ("https://w3id.org/zgc-forum/id/person/wu-zhaohui", "Wu Zhaohui"),
        ("Xinhua nine days before the 2021 forum", "nine days before"),
    ],
)
def test_search_finds_what_readers_type(query: str, text: str, shipped_client: FlaskClient) -> None:
    """Questions, other forms and spellings, everyday words, Chinese names, wide digits, IRIs and titles."""
    page = shipped_client.get("/search", query_string={"q": query}, headers=BROWSER).text
    hits = unescape(re.sub("<[^>]+>", "", page.partition('<ol class="hits"')[2].partition("</ol>")[0]))

    assert text in " ".join(hits.split())


def test_search_suggests_a_spelling(shipped_client: FlaskClient) -> None:
    """A slip of the pen leads to the word that the graph has."""
    page = shipped_client.get("/search?q=exibitors", headers=BROWSER).text

    assert "Did you mean" in page
    assert '<a href="/search?q=exhibitors"' in page
