"""The page about the graph: numbers from queries, and quotations from the documents that are shipped."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg import resources
from forumkg.namespaces import ZGC
from forumkg.pages.about.extent import read_agreement, read_extent
from forumkg.pages.graph import StoreAsk
from forumkg.pages.markdown import Run, runs, sections


def count(pattern: str) -> int:
    """Return how many things of the shipped dataset a pattern has."""
    rows = StoreAsk(shipped_store()).rows(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")
    return rows[0].count("n")


def test_extent() -> None:
    """The numbers are those that a query for each gives."""
    extent = read_extent(StoreAsk(shipped_store()))

    assert extent["statements"] == count(f"?x a <{ZGC}Statement>")
    assert extent["passages"] == count(f"?x a <{ZGC}Passage>")
    assert extent["accepted"] == count(f"?x a <{ZGC}AcceptedStatement>")
    assert extent["articles"] == 5
    assert set(extent) >= {"characters", "omitted", "attributed", "figures", "notes"}


def test_agreement() -> None:
    """A pair that disagrees in both directions is one pair."""
    pairs = {each.label: each.pairs for each in read_agreement(StoreAsk(shipped_store()))}

    assert pairs == {
        "contradicts": 0,
        "corroborates": count(f"?a <{ZGC}corroborates> ?b BIND (CONCAT(STR(?a), STR(?b)) AS ?x)") // 2,
        "differs from": 1,
        "exceeds what is possible of": 1,
        "is fulfilled by": 9,
    }


def test_get_about(shipped_client: FlaskClient) -> None:
    """Promises, limits and measurements are those of the documents that are shipped, as they are now."""
    text = shipped_client.get("/about").text
    promises = sections((resources.docs_dir() / "promises.md").read_text(encoding="utf-8"))

    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", text)))
    for section in promises:
        quoted = [*section.points, *(row[0] for table in section.tables for row in table.rows)]
        for each in quoted:
            assert re.sub(r"\s+", " ", "".join(run.text for run in runs(each))) in words
    assert words.count("/s") > 20
    assert "@misc{zgc-forum-graph," in text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain", (Run("plain"),)),
        ("**A *b*.** `c` d", (Run("A *b*.", is_strong=True), Run(" "), Run("c", is_code=True), Run(" d"))),
        ("**A `b`.**", (Run("A ", is_strong=True), Run("b", True, True), Run(".", is_strong=True))),
        ("", ()),
        ("2 ** 3", (Run("2 ** 3"),)),
    ],
)
def test_runs(text: str, parts: tuple[Run, ...]) -> None:
    """Strong words, code and the rest are told apart."""
    assert runs(text) == parts
