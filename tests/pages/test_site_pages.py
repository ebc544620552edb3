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
    page = shipped_client.get(f"/cite?of={path}", headers=BROWSER).text
    assert f'<p class="lead"><a href="http://localhost{path}">{known}</a>' in page


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

    assert '<p class="lead"><a href="http://localhost/zh/timeline">时间线</a>' in page


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
    hits = unescape(re.sub("<[^>]+>", "", page.partition('<ol class="hits"')[2].rpartition("</ol>")[0]))

    assert text in " ".join(hits.split())


@pytest.mark.parametrize(
    ("query", "question"),
    [
        ("2020年主办单位", "hosts"),
        ("2020 主办", "hosts"),
        ("谁主办了2020年论坛？", "hosts"),
        ("主办方", "hosts"),
        ("2021年参展企业有多少家", "exhibitors-by-edition"),
        ("参展商", "exhibitors-by-edition"),
        ("２０２１年与会国家", "countries-2021"),
        ("每届的主题是什么", "themes"),
        ("争议数字", "disagreements"),
        ("2021年的基金说了什么", "fund"),
        ("2023年有多少人参加", "participants-by-edition"),
        ("参会人数", "participants-by-edition"),
        ("论坛是哪一年创立的", "founding"),
    ],
)
def test_search_in_chinese_leads_to_the_question(
    query: str, question: str, shipped_client: FlaskClient
) -> None:
    """Chinese queries with particles, years and everyday words lead to the best question first."""
    page = shipped_client.get("/zh/search", query_string={"q": query}, headers=BROWSER).text

    assert re.findall(r'<li><a href="/zh/questions/([\w-]+)">', page)[:1] == [question]


def test_search_suggests_a_spelling(shipped_client: FlaskClient) -> None:
    """A slip of the pen leads to the word that the graph has."""
    page = shipped_client.get("/search?q=exibitors", headers=BROWSER).text

    assert "Did you mean" in page
    assert '<a href="/search?q=exhibitors"' in page


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/about/", "/about"),
        ("/docs/", "/docs"),
        ("/docs/http/?q=a%20b", "/docs/http?q=a%20b"),
        ("/zh/compare/", "/zh/compare"),
        ("/compare/exhibitors//", "/compare/exhibitors"),
        ("/questions/%E4%B8%AD/", "/questions/%E4%B8%AD"),
    ],
)
def test_get_page_with_a_slash_at_its_end_redirects(
    path: str, page: str, shipped_client: FlaskClient
) -> None:
    """An address of a page with a slash at its end leads to that without."""
    response = shipped_client.get(path, headers=BROWSER)

    assert (response.status_code, response.headers["Location"]) == (308, page)


@pytest.mark.parametrize("path", ["/nothing/", "/zh//example.org/about/", "/id/edition/2021/"])
def test_get_other_address_with_a_slash_at_its_end(path: str, shipped_client: FlaskClient) -> None:
    """No page, no other host and no other IRI follows from a slash at the end."""
    response = shipped_client.get(path, headers=BROWSER)

    assert (response.status_code, response.headers.get("Location")) == (404, None)


def test_post_to_page_with_a_slash_at_its_end(shipped_client: FlaskClient) -> None:
    """Only reading is redirected."""
    assert shipped_client.post("/compare/").status_code == 404
