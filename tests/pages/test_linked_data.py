"""Reviews of claims for search engines: of what the curators judge wrong, and of nothing else."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.namespaces import ID
from forumkg.pages.graph import StoreGraph
from forumkg.pages.linked_data import reviews
from forumkg.pages.statements import read_statements

BROWSER = {"Accept": "text/html"}
STATEMENTS = (
    "SELECT DISTINCT ?statement { ?statement <https://w3id.org/zgc-forum/ontology/paraphrase> ?says }"
)
WRONG = (
    "PREFIX code: <https://w3id.org/zgc-forum/id/code/> PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>"
    "SELECT DISTINCT ?statement { ?statement zgc:hasRank code:deprecated }"
)


def iris(query: str) -> set[str]:
    """Return the IRIs of the first column of a query on the shipped graph."""
    rows = shipped_store().query(query)
    assert isinstance(rows, ox.QuerySolutions)
    return {str(row[0].value) for row in rows}


def reviews_of(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    """Return the reviews in the JSON-LD of a page."""
    page = client.get(path, headers=BROWSER).text
    found = [json.loads(each) for each in re.findall(r'ld\+json">(.*?)</script>', page, re.DOTALL)]
    return [each for one in found for each in one.get("@graph", [one]) if each["@type"] == "ClaimReview"]


def test_reviews_of_all_statements_are_of_those_judged_wrong(shipped_client: FlaskClient) -> None:
    """Every statement that is judged wrong has a review, and none that is preferred or unranked."""
    statements = read_statements(StoreGraph(shipped_store()), sorted(iris(STATEMENTS)))
    with shipped_client.application.test_request_context("/disagreements"):
        reviewed = [each["itemReviewed"]["@id"] for each in reviews(statements)]

    assert len(statements) > 300
    assert sorted(reviewed) == sorted(iris(WRONG))
    assert reviewed


def test_review_of_a_page(shipped_client: FlaskClient) -> None:
    """A review names the claim, its author and article, its judge, and the rating in words."""
    (review,) = reviews_of(shipped_client, "/id/statement/china-daily-2021/8.html")

    assert review["claimReviewed"].startswith(
        "The representatives invited to the 2021 forum come from over 500"
    )
    assert review["url"] == (
        "http://localhost/id/statement/china-daily-2021/8.html#statement-china-daily-2021-8"
    )
    assert review["author"]["name"] == "Zhongguancun Forum graph"
    assert review["itemReviewed"]["@type"] == "Claim"
    assert review["itemReviewed"]["author"]["name"] == "China Daily"
    assert review["itemReviewed"]["appearance"]["@id"] == f"{ID}article/china-daily-2021"
    assert review["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "Judged wrong",
    }


def test_preferred_statement_has_no_review(shipped_client: FlaskClient) -> None:
    """A choice between sources is no verdict."""
    assert reviews_of(shipped_client, "/id/statement/china-daily-2021/25.html") == []
    assert {
        each["itemReviewed"]["@id"] for each in reviews_of(shipped_client, "/compare/countries-represented")
    } == {f"{ID}statement/china-daily-2021/8"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_description_has_the_language_of_the_page(language: str, shipped_client: FlaskClient) -> None:
    """A page names its language; an article that it describes is in English."""
    prefix = "" if language == "en" else f"/{language}"

    for path in ("/", "/compare/exhibitors", "/articles", "/id/article/xinhua-2021-09-15.html"):
        text = shipped_client.get(f"{prefix}{path}", headers={"Accept": "text/html"}).text
        (data,) = (json.loads(each) for each in re.findall(r'ld\+json">(.*?)</script>', text))
        found = dict(languages_of(data))
        assert found.pop("NewsArticle", "en") == "en"
        assert set(found.values()) == {language}, path


def languages_of(data: object) -> Iterator[tuple[str, str]]:
    """Yield the type and the language of each node that has one."""
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from languages_of(each)
    if isinstance(data, dict) and "inLanguage" in data:
        yield data["@type"], data["inLanguage"]
