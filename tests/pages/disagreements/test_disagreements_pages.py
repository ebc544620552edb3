"""The page of what does not agree, and of what only seems so."""

import json
import re
from decimal import Decimal

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.namespaces import ID
from forumkg.pages.compare.comparisons import read_overview
from forumkg.pages.disagreements.apparent_conflicts import overlap
from forumkg.pages.disagreements.disagreements import read_disagreements
from forumkg.pages.graph import Row, StoreGraph
from forumkg.pages.home.home import read_home_page
from forumkg.pages.quantities import Quantity
from forumkg.pages.relations import relations_of
from forumkg.rdf.terms import named

FOUND = read_disagreements(StoreGraph(shipped_store()))


def quantity(lower: int | None, upper: int | None) -> Quantity:
    """Return a figure between bounds."""
    below, above = (None if each is None else Decimal(each) for each in (lower, upper))
    return Quantity("", None, "", "", below, above, "", None, "", "")


def derived(one: str, kind: str, other: str) -> Row:
    """Return the row of a derived relation between two statements."""
    return Row(
        {
            "statement": ox.NamedNode(f"{ID}statement/{one}"),
            "relation": named(f"zgc:{kind}"),
            "relationName": ox.Literal(kind),
            "other": ox.NamedNode(f"{ID}statement/{other}"),
        }
    )


@pytest.mark.parametrize(
    ("one", "other", "possible"),
    [
        ((50, None), (500, None), True),
        ((None, 120), (100, None), True),
        ((60, 60), (60, 60), True),
        ((None, 120), (150, None), False),
        ((60, 60), (61, 61), False),
        ((None, None), (1, 1), True),
    ],
)
def test_overlap(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None], *, possible: bool
) -> None:
    """Figures exclude each other where one ends below the other's beginning, whichever comes first."""
    assert overlap(quantity(*one), quantity(*other)) == overlap(quantity(*other), quantity(*one)) == possible


def test_relations_are_one_a_pair() -> None:
    """Both directions of a relation are one, and what contradicts is not said to differ as well."""
    rows = [
        derived("a/1", "differsFrom", "b/1"),
        derived("b/1", "differsFrom", "a/1"),
        derived("b/1", "contradicts", "a/1"),
        derived("a/1", "contradicts", "b/1"),
        derived("a/2", "differsFrom", "b/1"),
        derived("a/1", "isFulfilledBy", "b/1"),
        derived("a/1", "isFulfilledBy", "b/1"),
    ]

    assert [(each.statement[-3:], each.kind, each.other[-3:]) for each in relations_of(rows)] == [
        ("a/1", "contradicts", "b/1"),
        ("a/2", "differsFrom", "b/1"),
        ("a/1", "isFulfilledBy", "b/1"),
    ]


def test_differences() -> None:
    """Two figures differ, by their bounds both could be true, and the one judged wrong is first."""
    assert FOUND.contradictions == ()
    assert [
        (each.tie.relation.statement[40:], each.tie.relation.other[40:], each.could_be)
        for each in FOUND.differences
    ] == [("china-daily-2021/8", "china-daily-2021/25", True)]


def test_impossible_figure() -> None:
    """The figure above the most that is possible is shown against it."""
    (impossible,) = FOUND.impossible

    assert impossible.indicator.slug == "countries-of-representatives"
    assert impossible.tie.statement.quantities[0].words == "more than 500"
    assert [chart.limit for chart in impossible.charts] == [Decimal(249)]


def test_seeming_conflicts_have_reasons() -> None:
    """What looks like a conflict is grouped by subject, with reasons; one article's lists are left out."""
    assert [(each.subject_name, each.comparable.slug, each.pairs) for each in FOUND.seeming] == [
        ("2021", "countries-represented", 2),
        ("2021", "exhibitors", 2),
        ("2021", "participants", 2),
        ("2023", "parallel-forums", 2),
        ("Zhongguancun Forum", "editions-held", 1),
    ]
    reasons = {(each.subject_name, each.comparable.slug): each.reasons for each in FOUND.seeming}
    assert reasons["2021", "exhibitors"] == (
        "One number counts a part of what the other counts: exhibiting companies, of all exhibitors.",
        "Some are planned, others are reported.",
        "As they are worded, all of them could be true of one thing.",
    )
    assert reasons["2021", "countries-represented"] == (
        "They count different things: countries of foreign guests and countries of representatives.",
        "Some are planned, others are reported.",
    )
    assert reasons["Zhongguancun Forum", "editions-held"] == ("They count up to different dates.",)
    assert sum(each.pairs for each in FOUND.seeming) == 9
    assert [len(each.pair_words) for each in FOUND.seeming] == [each.pairs for each in FOUND.seeming]
    assert FOUND.seeming[0].pair_words == (
        "more than 40 (countries of foreign guests, body) and "
        "more than 50 (countries of representatives, body)",
        "more than 40 (countries of foreign guests, body) and "
        "more than 500 (countries of representatives, caption)",
    )


def test_page_shows_both_sides_once(shipped_client: FlaskClient) -> None:
    """Each statement has one card, and search engines get what curators judged."""
    text = shipped_client.get("/disagreements").text

    assert re.findall(r'<article class="statement-card.*?id="(.*?)"', text) == [
        "statement-china-daily-2021-8",
        "statement-china-daily-2021-25",
    ]
    headings = re.findall(r"<h2 [^>]*>(.*?)</h2>", text)
    assert headings[:3] == [
        "1 pair of statements that differ",
        "1 figure that exceeds what is possible",
        "9 pairs of figures that only look like a conflict, in 5 charts",
    ]
    (lead,) = re.findall(r'<p class="lead">(.*?)</p>', text)
    assert re.sub("<[^>]+>", "", lead) == (
        "Judged wrong: more than 500 countries of representatives (edition of 2021, planned). "
        "1 difference, 1 figure above what is possible, 9 pairs that only look like a conflict."
    )
    assert '<a href="#statement-china-daily-2021-8">more than 500 countries of representatives</a>' in lead
    impossible = text.partition('aria-labelledby="impossible"')[2].partition("</section>")[0]
    assert impossible.count('href="#statement-china-daily-2021-8"') == 1, "it has no chart of its own"
    assert "249 at most" in impossible
    assert 'class="chart"' not in impossible
    assert '<p class="note">No two statements contradict each other so that at most one' in text
    notes = re.findall(r'<p class="note">.*?</p>', text)
    assert [each for each in notes if "zgc:" in each] == [], "names of terms are not plain words"
    assert text.count("A figure judged wrong is struck through: it appears") == 1, "500 is listed twice"
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    *reviews, shown = data["@graph"]
    assert [each["reviewRating"]["ratingValue"] for each in reviews] == [1]
    assert shown["@type"] == "WebPage"
    assert 'href="/compare/participants#statement-xinhua-2021-09-15-52"' in text


def test_kind_without_disagreements_is_marked(shipped_client: FlaskClient) -> None:
    """The page of a kind marks it among the kinds, even if there is nothing of it."""
    text = shipped_client.get("/disagreements?kind=contradictions").text

    assert re.findall(r'aria-current="page">([A-Z].*?)</a>', text.partition("<main")[2]) == [
        "Contradictions&nbsp;<span>0</span>"
    ]


def test_lead_names_the_wrong_figure_in_chinese(shipped_client: FlaskClient) -> None:
    """The Chinese page begins with the same figure."""
    text = re.sub("<[^>]+>", "", shipped_client.get("/zh/disagreements").text.partition("<main")[2])

    assert re.search(r"判定有误：[^。]*500[^。]*（2021年，计划）。", text)


def test_several_wrong_figures_are_counted() -> None:
    """Each figure that is judged wrong is in the lead once, however many relations it is in."""
    assert [(each.quantity.words, each.year) for each in FOUND.judged] == [("more than 500", 2021)]
    assert len(FOUND.statements) == 2
    assert FOUND.drawn == ()


def test_statements_without_words_are_left_out() -> None:
    """A graph in which statements are not complete has pages all the same."""
    store = ox.Store()
    store.load(
        b"""
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
        zgc:differsFrom skos:prefLabel "differs from"@en .
        zgc:exceedsPossible skos:prefLabel "exceeds possible"@en .
        <a:all> a zgc:Indicator ; skos:prefLabel "all"@en ; zgc:maximumPossible 5 .
        <a:part> a zgc:Indicator ; skos:prefLabel "part"@en ; skos:broader <a:all> .
        <a:edition> a zgc:Edition ; zgc:year 2021 ; skos:prefLabel "2021"@en .
        <a:1> zgc:isAbout <a:edition> ; zgc:hasQuantity <a:q1> ; zgc:differsFrom <a:2> .
        <a:2> zgc:isAbout <a:edition> ; zgc:hasQuantity <a:q2> ; zgc:exceedsPossible <a:all> .
        <a:q1> a zgc:Quantity ; zgc:hasIndicator <a:part> ; zgc:statedNumber 3 .
        <a:q2> a zgc:Quantity ; zgc:hasIndicator <a:all> ; zgc:statedNumber 9 .
        """,
        format=ox.RdfFormat.TURTLE,
    )
    graph = StoreGraph(store)
    found = read_disagreements(graph)

    assert (found.differences, found.impossible, found.seeming) == ((), (), ())
    assert read_home_page(graph).striking is None
    assert read_overview(graph).summaries == ()
