"""The page that maps an article, without a browser: in both languages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from page_texts import texts_of, untagged_english
from validating import PATIENT

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.web.query_service import QueryService
from forumkg.web.rate_limits import NO_LIMIT, RateLimiter
from forumkg.web.validation_service import ValidationService
from forumkg.workers.pool import Pool
from forumkg.workers.validation_workers import ValidationWorkers


@pytest.fixture(scope="module")
def client(shipped_version: Version) -> Iterator[FlaskClient]:
    """Return a client of an application that previews worksheets."""
    with serving(shipped_version) as client:
        yield client


@contextmanager
def serving(version: Version) -> Iterator[FlaskClient]:
    """Yield a client of an application that previews worksheets."""
    with (
        Pool(version.path / "store") as pool,
        ValidationWorkers(version.path, PATIENT) as workers,
    ):
        service = QueryService(pool, version.info.digest)
        validation = ValidationService(workers, RateLimiter(NO_LIMIT, NO_LIMIT))
        yield create_app(version, service, validation=validation).test_client()


def test_get_in_chinese(client: FlaskClient) -> None:
    """The page, its choices and the messages of its script are in Chinese."""
    text = client.get("/zh/map").text

    assert untagged_english(texts_of(text)) == []
    assert re.search(r'<option value="body">\s*正文</option>', text)
    assert '"The statement is added."' in text
    assert '"preview": "/zh/map"' in text


def test_get_in_english(client: FlaskClient) -> None:
    """The choices are the words of the worksheet, and the script needs no messages."""
    text = client.get("/map").text

    assert re.search(r'<option value="body">\s*body</option>', text)
    assert '"messages": {}' in text


def test_get_things(client: FlaskClient) -> None:
    """Names that begin with what was typed come first, then labels with its words."""
    named = [
        ("edition:2020", "2020"),
        ("edition:2021", "2021"),
        ("edition:2023", "2023"),
        ("edition:2024", "2024"),
    ]
    english = [{"name": name, "label": f"{year} Zhongguancun Forum"} for name, year in named]
    ministry = "Ministry of Science and Technology"

    assert listed(client, "edition:202", "edition", "person") == english
    assert listed(client, "202", "edition") == english
    assert listed(client, "science MINISTRY", "organization", "person") == [
        {"name": "organization:ministry-of-science-and-technology", "label": ministry}
    ]
    assert listed(client, "科学技术部", "organization") == [
        {"name": "organization:ministry-of-science-and-technology", "label": f"{ministry} (科学技术部)"}
    ]
    assert listed(client, "edition:2024", "edition", root="/zh") == [
        {"name": "edition:2024", "label": "2024中关村论坛年会"}
    ]
    assert listed(client, "edition:2024", "person") == []
    assert listed(client, '- " *', "organization") == []
    assert listed(client, "ministry\0", "organization") == listed(client, "ministry", "organization") != []
    assert "indicator:exhibitors" in [each["name"] for each in listed(client, "", "indicator")]


def listed(client: FlaskClient, typed: str, *kinds: str, root: str = "") -> list[dict[str, str]]:
    """Return what is listed for what was typed."""
    response = client.get(f"{root}/map/things.json", query_string={"q": typed, "kind": kinds})
    assert response.status_code == 200, response.text
    found: list[dict[str, str]] = response.get_json()
    return found


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/map/things.json?kind=article", "Unknown kind 'article': send one of organization, person, "),
        ("/map/things.json?q=" + "x" * 101, "q has 101 characters: send at most 100."),
    ],
)
def test_get_things_that_cannot_be_listed(address: str, message: str, client: FlaskClient) -> None:
    """A kind that no list has and a text too long for a name are refused, with what to send instead."""
    response = client.get(address, headers={"Accept": "text/plain"})

    assert response.status_code == 400
    assert message in response.text


def test_page_costs_the_same_in_any_dataset(client: FlaskClient, synthetic_version: Version) -> None:
    """The page has no things of the graph, and a list has at most a hundred."""
    with serving(synthetic_version) as larger:
        pages = [each.get("/map").text for each in (client, larger)]
        things = listed(larger, "")

    known, known_of_larger = (re.findall(r'id="map-data">(.*?)</script>', page) for page in pages)
    assert len(known) == 1
    assert known_of_larger == known
    assert max(len(page.encode()) for page in pages) < 50_000
    assert len(things) == 100
