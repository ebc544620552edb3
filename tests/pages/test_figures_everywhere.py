"""Wherever a page shows a figure, its stance and its judgement stand beside it in words."""

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Final
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.pages.graph import StoreGraph
from forumkg.pages.page_queries import page_query
from forumkg.pages.quantity_groups import ReportedQuantity, read_reported_quantities

PAGES: Final = (
    "/",
    "/compare",
    "/disagreements",
    "/editions/compare?a=2021&b=2023",
    "/timeline",
    "/gaps",
    "/search?q=exhibitors",
    "/search?q=500",
    "/statements",
    "/statements?page=3",
    "/id/edition/2021.html",
    "/id/edition/2023.html",
    "/id/article/china-daily-2021.html",
    "/id/article/xinhua-2021-09-15.html",
    "/id/indicator/exhibitors.html",
    "/id/organization/xinhua.html",
)
# Elements that show one thing, and that a reader reads as one: the innermost one around a figure is its row.
ROWS: Final = {"li", "tr", "article", "p"}
VOID: Final = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}


class Row:
    """An element that shows one thing: its text, and the statements that it links to or is the place of."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.text = ""
        self.statements: set[str] = set()
        self.inner: list[Row] = []


class Rows(HTMLParser):
    """Collects the rows of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Row("body of the page")
        self._rows = [self.root]
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row, and note the statements of a link or a place."""
        values = {name: value or "" for name, value in attrs}
        if tag in VOID:
            return
        self._open.append(tag)
        # A paragraph is a row of its own only outside of the others.
        if tag in ROWS and (tag != "p" or self._rows[-1] is self.root):
            row = Row(tag)
            self._rows[-1].inner.append(row)
            self._rows.append(row)
        for value in (values.get("href", ""), values.get("id", "")):
            if found := re.search(r"(?:^|[/#-])statement[/-]([a-z0-9-]+)[/-](\d+)(?:\.html)?$", value):
                self._rows[-1].statements.add(f"{found[1]}/{found[2]}")

    def handle_endtag(self, tag: str) -> None:
        """End what is open inside of the element, and the element."""
        while self._open:
            closed = self._open.pop()
            if closed == self._rows[-1].tag:
                row = self._rows.pop()
                self._rows[-1].text += f" {row.text} "
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        """Keep the text of the row."""
        if self._open and self._open[-1] not in {"script", "style"}:
            self._rows[-1].text += data


@cache
def figures() -> dict[str, tuple[ReportedQuantity, ...]]:
    """Return the figures of each statement, by the end of its IRI."""
    found: dict[str, tuple[ReportedQuantity, ...]] = {}
    for entry in read_reported_quantities(StoreGraph(shipped_store()), page_query("figures")):
        key = entry.statement.iri.partition("/id/statement/")[2]
        found[key] = (*found.get(key, ()), entry)
    return found


def rows(page: str) -> Iterator[Row]:
    """Return all rows of a page, the outer ones before the inner ones."""
    parser = Rows()
    parser.feed(page)
    waiting = [parser.root]
    while waiting:
        row = waiting.pop(0)
        yield row
        waiting += row.inner


def unqualified(page: str) -> list[str]:
    """Return what the words beside the figures of a page lack: stance or judgement."""
    missing = []
    for row in rows(page):
        text = " ".join(row.text.split())
        for name in row.statements & figures().keys() if row.tag in ROWS else ():
            entries = figures()[name]
            statement = entries[0].statement
            if statement.says.rstrip(".") in text or any(each.quantity.words in text for each in entries):
                wanted = {statement.stance_words, *(each.judgement for each in entries)}
                lacking = sorted(word for word in wanted if word not in text.lower())
                missing += [f"{word!r} at {name}: {text[:200]}" for word in lacking]
    return missing


def html(client: FlaskClient, path: str) -> str:
    """Return a page."""
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, path
    return response.text


@pytest.mark.parametrize("path", PAGES)
def test_page_qualifies_its_figures(path: str, shipped_client: FlaskClient) -> None:
    """The row, the item or the paragraph of a figure has its stance in words, and what the curators judge."""
    page = html(shipped_client, path)

    assert any(row.statements & figures().keys() for row in rows(page))
    assert unqualified(page) == []


def test_comparison_of_each_indicator_qualifies_its_figures(shipped_client: FlaskClient) -> None:
    """Each line of a chart, each row of the table and each relation has the stance and the judgement."""
    indicators = {entry.quantity.indicator.rpartition("/")[2] for of in figures().values() for entry in of}

    assert {slug: unqualified(html(shipped_client, f"/compare/{slug}")) for slug in indicators} == {
        slug: [] for slug in indicators
    }


def test_page_of_each_figure_qualifies_it(shipped_client: FlaskClient) -> None:
    """The page of the statement, of the quantity and the citation say stance, hedge and judgement."""
    for name, entries in figures().items():
        statement, quantity = entries[0].statement, entries[0].quantity
        for path in (
            f"/id/statement/{name}.html",
            quantity.iri.replace("https://w3id.org/zgc-forum", "") + ".html",
            f"/cite?of={quote(statement.iri)}",
        ):
            text = re.sub(r"<[^>]+>", " ", html(shipped_client, path)).lower()
            # A citation has the paraphrase, which words the figure in its own way.
            figure = "" if path.startswith("/cite") else quantity.words.lower()
            wanted = (statement.stance_words, entries[0].judgement, figure)
            assert [word for word in wanted if word not in text] == [], path


def test_feed_qualifies_figures(shipped_client: FlaskClient) -> None:
    """An entry of the feed on a statement has its stance and its judgement."""
    items = json.loads(shipped_client.get("/feed.json").text)["items"]
    found = {
        name: item["title"] + item["content_text"]
        for item in items
        for name in figures()
        if item["url"].endswith(f"/id/statement/{name}.html")
    }

    assert found
    for name, text in found.items():
        entry = figures()[name][0]
        assert entry.statement.stance_words in text, name
        assert entry.judgement in text.lower(), name


def test_table_of_figures_qualifies_each(shipped_client: FlaskClient) -> None:
    """Each row of the spreadsheet has the words of the pages for hedge, stance and judgement."""
    text = shipped_client.get("/data/figures.csv").text
    found = {
        (line["quantity"], line["figure"], line["hedge"], line["stance"], line["judgement"])
        for line in csv.DictReader(io.StringIO(text, newline=""))
    }

    assert found == {
        (
            entry.quantity.iri,
            entry.quantity.words,
            entry.quantity.hedge,
            entry.statement.stance_words,
            entry.judgement,
        )
        for of in figures().values()
        for entry in of
    }
