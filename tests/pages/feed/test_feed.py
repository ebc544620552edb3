"""The feeds: the same entries in Atom and JSON Feed, disagreements first, then the newest statements."""

import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from forumkg.pages.feed.feed import Entry, Feed, atom, json_feed

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(data: bytes) -> list[tuple[str | None, str | None]]:
    """Return identifier and title of each entry of an Atom feed."""
    root = ET.fromstring(data)  # noqa: S314 (our own)
    return [(each.findtext(f"{ATOM}id"), each.findtext(f"{ATOM}title")) for each in root.iter(f"{ATOM}entry")]


@pytest.mark.parametrize(
    ("ending", "media_type"), [("atom", "application/atom+xml"), ("json", "application/feed+json")]
)
def test_get_feed_headers(shipped_client: FlaskClient, ending: str, media_type: str) -> None:
    """A feed has its media type, can be read from any origin, and is not sent twice."""
    response = shipped_client.get(f"/feed.{ending}")
    again = shipped_client.get(f"/feed.{ending}", headers={"If-None-Match": response.headers["ETag"]})

    assert (response.status_code, response.headers["Content-Type"]) == (200, media_type)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert again.status_code == 304


def test_feeds_have_the_same_entries(shipped_client: FlaskClient) -> None:
    """Both formats have the same entries, each once, and each leads to a page of this server."""
    items = json.loads(shipped_client.get("/feed.json").text)["items"]
    found = titles(shipped_client.get("/feed.atom").data)

    assert found == [(item["id"], item["title"]) for item in items]
    assert len({item["id"] for item in items}) == len(items) > 50
    assert shipped_client.get(items[0]["url"].removeprefix("http://localhost")).status_code == 200


def test_feed_order_and_marks(shipped_client: FlaskClient) -> None:
    """Disagreements come first; statements by the day of their article; each is marked as a paraphrase."""
    items = json.loads(shipped_client.get("/feed.json").text)["items"]
    disagreements = [item for item in items if item["title"].startswith("Statements disagree: ")]
    statements = items[len(disagreements) :]

    assert items[: len(disagreements)] == disagreements != []
    assert all(item["content_text"].count("[paraphrase]") == 2 for item in disagreements)
    assert all(item["content_text"].count("[paraphrase]") == 1 for item in statements)
    days = [item.get("date_published", "") for item in statements]
    assert days == sorted(days, reverse=True)


def test_feed_says_its_order(shipped_client: FlaskClient) -> None:
    """Both formats say by which day their entries are ordered, since nothing records when one was added."""
    described = json.loads(shipped_client.get("/feed.json").text)["description"]
    root = ET.fromstring(shipped_client.get("/feed.atom").data)  # noqa: S314 (our own)

    assert "does not record when a statement was added" in described
    assert root.findtext(f"{ATOM}subtitle") == described


def test_pages_lead_to_the_feeds(shipped_client: FlaskClient) -> None:
    """The head of a page names both feeds."""
    head = shipped_client.get("/").text.partition("</head>")[0]

    assert 'type="application/atom+xml"' in head
    assert 'href="/feed.json"' in head


def test_hostile_entry() -> None:
    """Text becomes text in both formats, whatever its characters."""
    text = "</title><script>&amp;\x01\ufffe \u4e2d"
    entry = Entry("urn:a", "http://localhost/a", text, text, text, date(2021, 9, 15))
    feed = Feed(
        "F", "In order", "http://localhost/", "http://localhost/feed", "2026-11-30T00:00:00Z", (entry,)
    )

    assert titles(atom(feed)) == [("urn:a", "</title><script>&amp;\ufffd\ufffd \u4e2d")]
    assert json.loads(json_feed(feed))["items"][0]["title"] == text


def test_get_feed_without_an_ending(shipped_client: FlaskClient) -> None:
    """A browser is shown both feeds; a feed reader is led to the one in Atom."""
    page = shipped_client.get("/feed", headers={"Accept": "text/html"})
    reader = shipped_client.get("/feed", headers={"Accept": "application/atom+xml"})

    assert page.status_code == 200
    assert 'href="/feed.atom"' in page.text
    assert 'href="/feed.json"' in page.text
    assert (reader.status_code, reader.headers["Location"]) == (303, "/feed.atom")
