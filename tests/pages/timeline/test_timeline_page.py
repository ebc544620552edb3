"""The timeline: when editions took place, when articles were published, and what these state."""

import re
from collections import Counter
from datetime import date
from html import unescape

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.pages.edition_list import Edition, Period
from forumkg.pages.timeline.timeline import when_words

BROWSER = {"Accept": "text/html"}


def bands(page: str) -> dict[str, list[str]]:
    """Return the words of the lines of each band, under its year, without tags."""
    found = {}
    for band in re.findall(r'<li class="band.*?(?=<li class="band|</ol>)', page, re.DOTALL):
        year = re.search(r"\d{4}", band)
        assert year
        words = re.findall(r'<span class="words">(.*?)</span>\s*<span class="drawing">', band, re.DOTALL)
        found[year[0]] = [" ".join(unescape(re.sub("<[^>]+>", "", each)).split()) for each in words]
    return found


def test_get_timeline(shipped_client: FlaskClient) -> None:
    """Each edition has its days, and the articles about it in the order of publication."""
    page = shipped_client.get("/timeline", headers=BROWSER).text

    assert bands(page) == {
        "2020": [
            "from 17 September 2020 41 statements in 1 article",
            "Xinhua News Agency, 17 September 2020 on the first day; "
            "41 statements: 7 planned, 22 printed as ongoing, 12 reported",
        ],
        "2021": [
            "24 to 28 September 2021 107 statements in 2 articles",
            "Xinhua News Agency, 15 September 2021 9 days before the first day; "
            "59 statements: 40 planned, 14 printed as ongoing, 5 reported",
            "China Daily undated; 48 statements: 14 planned, 1 printed as ongoing, 33 reported",
        ],
        "2022": [],
        "2023": [
            "25 to 30 May 2023 66 statements in 1 article",
            "Xinhua News Agency, 24 May 2023 1 day before the first day; "
            "66 statements: 46 planned, 13 printed as ongoing, 7 reported",
        ],
        "2024": [
            "25 to 29 April 2024 61 statements in 1 article",
            "China Daily, 25 April 2024 on the first day; "
            "61 statements: 47 planned, 8 printed as ongoing, 6 reported",
        ],
    }


def test_timeline_links_each_statement_once_for_its_edition(shipped_client: FlaskClient) -> None:
    """The statements are those of the graph that are about an edition, or a section of one."""
    page = shipped_client.get("/timeline", headers=BROWSER).text
    rows = shipped_store().query(
        "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>"
        "SELECT DISTINCT ?edition ?statement"
        "{ ?statement zgc:isAbout/zgc:isSectionOf? ?edition . ?edition a zgc:Edition }"
    )
    assert isinstance(rows, ox.QuerySolutions)

    expected = Counter(str(row["statement"].value.rpartition("/id/")[2]) for row in rows)
    assert Counter(re.findall(r'href="/id/(statement/[^"]+)\.html"', page)) == expected


def test_timeline_says_what_is_judged_wrong(shipped_client: FlaskClient) -> None:
    """A statement that the curators judge wrong is not listed as a fact."""
    page = shipped_client.get("/timeline", headers=BROWSER).text
    item = re.search(r"<li><a href=\"/id/statement/china-daily-2021/8\.html\">.*?</li>", page)

    assert item
    assert "judged wrong" in item[0]


def test_get_timeline_of_forums_is_paged(synthetic_client: FlaskClient) -> None:
    """Of many editions a page has six, and a forum may be chosen."""
    first = synthetic_client.get("/timeline", headers=BROWSER)
    chosen = synthetic_client.get("/timeline?forum=f00002", headers=BROWSER).text

    assert first.headers["Link"].startswith('</timeline?page=2>; rel="next"')
    assert '<option value="f00002" selected>' in chosen
    names = re.findall(r"<h2[^>]*><a[^>]*>\d{4}<span class=\"unseen\"> <span>([^<]+)", chosen)
    assert len(names) == 6
    assert all(name.endswith("edition of f00002") for name in names)


EDITION = Edition("e", 2021, "2021", periods=(Period("p", "", date(2021, 9, 24), date(2021, 9, 28)),))
OPEN = Edition("e", 2021, "2021", periods=(Period("p", "", date(2021, 9, 24)),))


@pytest.mark.parametrize(
    ("issued", "edition", "words"),
    [
        (None, EDITION, "undated"),
        (date(2021, 9, 23), EDITION, "1 day before the first day"),
        (date(2021, 9, 24), EDITION, "on the first day"),
        (date(2021, 9, 26), EDITION, "while it took place"),
        (date(2021, 9, 28), EDITION, "on the last day"),
        (date(2021, 10, 2), EDITION, "4 days after the last day"),
        (date(2021, 9, 20), OPEN, "4 days before the first day"),
        (date(2021, 9, 30), OPEN, ""),
        (date(2021, 9, 30), Edition("e", 2021, "2021"), ""),
    ],
)
def test_words_of_publication(issued: date | None, edition: Edition, words: str) -> None:
    """The day of an article is compared with days that are known alone."""
    assert when_words(issued, edition) == words
