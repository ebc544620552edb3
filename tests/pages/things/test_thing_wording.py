"""What a reader meets on the pages of things: headings, names in two languages, lists of statements."""

import re
from collections import Counter

import pytest
from flask.testing import FlaskClient

DISPUTED = "china-daily-2021/8"


def heading(text: str) -> str:
    """Return the text of the first heading of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    assert found
    return re.sub(r"<[^>]*>", "", found[1])


def above(text: str) -> str:
    """Return the text above the first heading: the list of the kind, and the kind."""
    path = text.partition('<p class="path">')[2].partition("</p>")[0]
    return re.sub(r"<[^>]*>", "", path).strip()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/id/section/2021-competitions.html", "Competitions of the 2021 forum"),
        (f"/id/quantity/{DISPUTED}.html", "Judged wrong: More than 500: countries of representatives"),
        (f"/zh/id/quantity/{DISPUTED}.html", "判定有误：超过500：代表所属国家和地区数"),
        ("/id/quantity/china-daily-2021/25.html", "More than 50: countries of representatives"),
        ("/shapes/ComparatorCodeScheme.html", "shapes:ComparatorCodeScheme"),
    ],
)
def test_heading_of_a_thing(shipped_client: FlaskClient, path: str, shown: str) -> None:
    """A label begins with a capital, an IRI does not; a figure that is judged wrong is called so."""
    assert heading(shipped_client.get(path).text) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/id/person/wu-zhaohui.html", "People"),
        ("/zh/id/person/wu-zhaohui.html", "人物"),
        ("/id/topic/artificial-intelligence.html", "Themes › Topic"),
        ("/zh/id/topic/artificial-intelligence.html", "主题 › 话题"),
    ],
)
def test_list_and_kind_differ(shipped_client: FlaskClient, path: str, shown: str) -> None:
    """Where the list of a kind is called by the kind alone, the kind is not named beside it."""
    assert above(shipped_client.get(path).text) == shown


def test_names_in_one_language_are_tagged_once(shipped_client: FlaskClient) -> None:
    """Several English names of a thing on a Chinese page have the word for English behind the last."""
    text = shipped_client.get("/zh/id/theme/2021-annual.html").text
    names = text.partition('<p class="names">')[2].partition("</p>")[0]

    assert names.count("<bdi") == 3
    assert names.count("英文") == 1
    assert names.rstrip().endswith('&nbsp;<small class="note">英文</small></span>')


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_names_in_the_language_of_the_page_come_first(shipped_client: FlaskClient, prefix: str) -> None:
    """Of several labels among the facts, that in the language of the page is the first."""
    text = shipped_client.get(f"{prefix}/id/place/beijing.html").text
    labels = re.findall(r"<bdi[^>]*>(Beijing|北京)</bdi>", text.partition('id="facts"')[2])

    assert labels[:2] == (["北京", "Beijing"] if prefix else ["Beijing", "北京"])


def test_each_article_of_a_list_of_statements_is_named_once(shipped_client: FlaskClient) -> None:
    """Statements of an article stand together, first its own, then those of its speakers."""
    text = shipped_client.get("/id/place/beijing.html").text
    articles = re.findall(r'<h3 class="printed"><a href="([^"]+)"', text)

    assert len(articles) == len(set(articles)) == 4
    assert text.count("Said by ") == 4


def test_labels_for_other_tools_are_folded(shipped_client: FlaskClient) -> None:
    """`rdfs:label` and `rdfs:comment`, which repeat label and definition, are among other vocabularies."""
    facts, mark, others = (
        shipped_client.get("/id/code/about.html").text.partition('id="facts"')[2].partition("<details>")
    )

    assert mark
    assert "rdfs:" not in facts
    assert "In the terms of other vocabularies" in others
    assert others.count("rdfs:label") == others.count("rdfs:comment") == 1


def test_note_of_an_indicator_in_chinese(shipped_client: FlaskClient) -> None:
    """A note of the vocabulary has its translation in the catalogue."""
    text = shipped_client.get("/zh/id/indicator/countries-of-representatives.html").text
    note = text.partition('<p class="curators">')[2].partition("</p>")[0]

    assert "249个" in note
    assert 'lang="en"' not in note


def test_relation_with_a_gap_has_its_other_side_in_it(shipped_client: FlaskClient) -> None:
    """The heading above a relation with a thing that is not a statement names the thing."""
    english = shipped_client.get(f"/id/statement/{DISPUTED}.html").text
    chinese = shipped_client.get(f"/zh/id/statement/{DISPUTED}.html").text

    headings = [re.sub(r"<[^>]*>", "", each) for each in re.findall(r"<h3>(.*?)</h3>", english, re.DOTALL)]
    assert "It exceeds what is possible of countries of representatives" in headings
    headings = [re.sub(r"<[^>]*>", "", each) for each in re.findall(r"<h3>(.*?)</h3>", chinese, re.DOTALL)]
    assert "它超出代表所属国家和地区数的可能范围" in headings


def test_thing_that_is_not_there_in_chinese(shipped_client: FlaskClient) -> None:
    """The page of an error is in the language of its address."""
    text = shipped_client.get("/zh/id/person/nobody", headers={"Accept": "text/html"}).text

    assert "按名称搜索" in text
    assert "Look for it" not in text


def test_short_cells_of_a_chinese_table_may_be_broken(shipped_client: FlaskClient) -> None:
    """What is short enough for one line is so in letters: a sentence of 15 Chinese characters is not."""
    text = shipped_client.get("/zh/ontology/isSupportedBy.html").text

    assert '<td data-label="事物"><span>' in text
    assert 'class="short"' not in text


def test_prefixed_name_may_be_broken_between_its_words(shipped_client: FlaskClient) -> None:
    """The heading of a shape fits a phone."""
    text = shipped_client.get("/shapes/ComparatorCodeScheme.html").text

    assert '<h1 dir="auto">shapes:<wbr>Comparator<wbr>Code<wbr>Scheme</h1>' in text


def test_drawing_says_how_much_it_leaves_out(shipped_client: FlaskClient) -> None:
    """A drawing has six neighbours on a side, of which three by one property, and says so."""
    text = shipped_client.get("/id/place/beijing.html").text

    drawn = re.findall(r'<tspan class="by"[^>]*>([^<]*)</tspan>', text)
    assert len(drawn) == 6
    assert max(Counter(drawn).values()) == 3
    assert "At most six are drawn on each side, and three of one kind; the rest is listed below." in text
