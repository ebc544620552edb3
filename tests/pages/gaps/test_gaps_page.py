"""The page of what no source says."""

import re
from html import unescape

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.dataset.list_queries import list_query_texts

BROWSER = {"Accept": "text/html"}
KINDS = ["hosts", "themes", "first-days", "last-days", "reports", "dates", "omitted"]


def items(page: str, kind: str) -> list[str]:
    """Return the texts of the list of a kind, without tags."""
    section = page.partition(f'<section aria-labelledby="{kind}">')[2].partition("</section>")[0]
    return [unescape(re.sub("<[^>]+>", "", item)).strip() for item in re.findall("<li>(.*?)</li>", section)]


def test_get_gaps(shipped_client: FlaskClient) -> None:
    """The editions without a host are named, the undated articles, and why passages were left out."""
    page = shipped_client.get("/gaps", headers=BROWSER).text

    assert items(page, "hosts") == ["2023 Zhongguancun Forum", "2024 Zhongguancun Forum"]
    assert items(page, "last-days") == ["2020 Zhongguancun Forum"]
    assert items(page, "first-days") == []
    assert items(page, "dates") == ["China Daily, back-translated, after the 2021 forum"]
    assert all(re.match("characters [0-9,]+ to [0-9,]+ of ", each) for each in items(page, "omitted"))


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_are_those_of_the_queries(kind: str, shipped_client: FlaskClient) -> None:
    """Each kind has a page of its own with all of it, as many as its query finds."""
    page = shipped_client.get(f"/gaps?kind={kind}", headers=BROWSER).text
    rows = shipped_store().query(list_query_texts()[f"gaps-{kind}"])
    assert isinstance(rows, ox.QuerySolutions)
    things = {str(row[0]) for row in rows}

    assert len(items(page, kind)) == len(things)
    assert f": {len(things) or 'none'}</h2>" in page


def test_get_gaps_of_a_forum(synthetic_client: FlaskClient) -> None:
    """The gaps of a forum are its own."""
    page = synthetic_client.get("/gaps?forum=f00002", headers=BROWSER).text
    found = [each for kind in KINDS[:4] for each in items(page, kind)]

    assert found
    assert '<option value="f00002" selected>' in page
    assert all(each.endswith("edition of f00002") for each in found)


def test_get_gaps_of_no_kind(shipped_client: FlaskClient) -> None:
    """A kind that does not exist is an error that names those that do."""
    response = shipped_client.get("/gaps?kind=nothing", headers=BROWSER)

    assert response.status_code == 404
    assert "write one of hosts, themes, first-days" in response.text
