"""The first page: what it shows of the shipped graph, and of a graph that has nothing of the kind."""

import json
import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from plain import number
from shipped import shipped_store

from forumkg.pages.graph import StoreGraph
from forumkg.pages.home.home import STARTERS, HomePage, read_home_page

FRONT = read_home_page(StoreGraph(shipped_store()))


def test_striking_comparison_is_a_question_from_the_graph() -> None:
    """The figure that cannot be is asked for in the words of the graph, and stands beside the other one."""
    striking = FRONT.striking
    assert striking is not None
    (chart,) = striking.charts

    assert striking.question == "Did 500 countries come to Beijing in 2021?"
    assert striking.slug == "countries-represented"
    assert striking.statement.anchor == "statement-china-daily-2021-8"
    assert [(entry.quantity.words, entry.statement.passages[0].part) for entry in chart.entries] == [
        ("more than 500", "caption"),
        ("more than 50", "body"),
    ]


def test_counts_are_those_of_their_queries() -> None:
    """Each number is what its query gives."""
    assert [(count.name, count.number) for count in FRONT.counts] == [
        (count.name, number(shipped_store(), count.query.text)) for count in FRONT.counts
    ]
    assert all(count.number for count in FRONT.counts)


def test_counts_link_to_lists(shipped_client: FlaskClient) -> None:
    """Each number leads to a page that lists what it counts."""
    counts = shipped_client.get("/").text.partition('<ul class="counts">')[2].partition("</ul>")[0]

    links = re.findall(r'href="([^"]+)"', counts)
    assert links == ["/statements", "/compare", "/articles", "/articles"]
    assert {shipped_client.get(link).status_code for link in links} == {200}


def test_chinese_page_has_chinese_notes(shipped_client: FlaskClient) -> None:
    """The note on what is possible is Chinese on the Chinese page."""
    text = shipped_client.get("/zh/").text

    assert "国家和地区的总数不会超过" in text
    assert "No more countries" not in text


@pytest.mark.parametrize(("path", "words"), [("/", "China Daily, undated"), ("/zh/", "中国日报，日期不详")])
def test_article_without_a_date_is_called_undated(path: str, words: str, shipped_client: FlaskClient) -> None:
    """Each article of the list has its day, or says that it has none."""
    text = shipped_client.get(path).text
    articles = text.partition('aria-labelledby="articles"')[2].partition("</section>")[0]

    assert articles.count(f'<span class="note">{words}</span>') == 1
    assert articles.count("<time") == 4


def test_questions_to_start_from() -> None:
    """They are questions of the graph, each with its words."""
    assert tuple(question.slug for question in FRONT.questions) == STARTERS


def test_front_of_an_empty_graph() -> None:
    """A graph without figures has a first page, too."""
    empty = read_home_page(StoreGraph(ox.Store()))

    assert empty == HomePage(None, empty.counts, (), (), empty.queries)
    assert [count.number for count in empty.counts] == [0, 0, 0, 0]


def test_page_leads_to_the_claim_by_one_click(shipped_client: FlaskClient) -> None:
    """The question at the head of the page links to the statement where it is compared."""
    text = shipped_client.get("/").text
    link = re.findall(r'<h2 id="hero"><a href="(.*?)">(.*?)</a>', text)

    assert link == [
        (
            "/compare/countries-represented#statement-china-daily-2021-8",
            "Did 500 countries come to Beijing in 2021?",
        )
    ]
    assert "says more than 500. The body of the same article says more than 50." in text
    assert 'id="statement-china-daily-2021-8"' in shipped_client.get("/compare/countries-represented").text


def test_page_describes_its_search_for_search_engines(shipped_client: FlaskClient) -> None:
    """The description of the site names the address of its search, and the dataset."""
    text = shipped_client.get("/").text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    site, dataset = data["@graph"]

    assert (
        site["potentialAction"]["target"]["urlTemplate"] == "http://localhost/search?q={search_term_string}"
    )
    assert dataset["@id"] == "https://w3id.org/zgc-forum/dataset"
