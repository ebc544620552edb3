"""The page about the graph: numbers from queries, and quotations from the documents that are shipped."""

from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.namespaces import ZGC
from forumkg.pages.about.views import read_agreement, read_extent
from forumkg.pages.graph import StoreGraph


def count(pattern: str) -> int:
    """Return how many things of the shipped dataset a pattern has."""
    rows = StoreGraph(shipped_store()).select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")
    return rows[0].count("n")


def test_extent() -> None:
    """The numbers are those that a query for each gives."""
    extent = read_extent(StoreGraph(shipped_store()))

    assert extent["statements"] == count(f"?x a <{ZGC}Statement>")
    assert extent["passages"] == count(f"?x a <{ZGC}Passage>")
    assert extent["accepted"] == count(f"?x a <{ZGC}AcceptedStatement>")
    assert extent["articles"] == 5
    assert set(extent) >= {"characters", "omitted", "attributed", "figures", "notes"}


def test_agreement() -> None:
    """A pair that disagrees in both directions is one pair."""
    pairs = {each.label: each.pairs for each in read_agreement(StoreGraph(shipped_store()))}

    assert pairs == {
        "contradicts": 0,
        "corroborates": count(f"?a <{ZGC}corroborates> ?b BIND (CONCAT(STR(?a), STR(?b)) AS ?x)") // 2,
        "differs from": 1,
        "exceeds what is possible of": 1,
        "is fulfilled by": 9,
    }


def test_get_about(shipped_client: FlaskClient) -> None:
    """The page leads to the promises and the measurements, and says how to cite the graph."""
    text = shipped_client.get("/about").text

    assert 'href="/docs/promises"' in text
    assert 'href="/docs/benchmarks"' in text
    assert "@misc{zgc-forum-graph," in text
