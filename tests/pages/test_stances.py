"""Stances: one table of their words and marks, for pages, charts, citations and the editor."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.pages.stances import STANCES, stance_words, strength

EDITOR = Path(__file__).resolve().parents[2] / "server" / "editor" / "src" / "results" / "stances.js"


def test_table_has_the_stances_of_the_vocabulary() -> None:
    """Each stance is known by the label that the vocabulary gives it."""
    rows = shipped_store().query(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        "SELECT ?label { ?code skos:inScheme <https://w3id.org/zgc-forum/id/scheme/stance> ;"
        " skos:prefLabel ?label FILTER (LANG(?label) = 'en') }"
    )
    assert isinstance(rows, ox.QuerySolutions)

    assert {row["label"].value for row in rows} == {stance.code for stance in STANCES}


def test_editor_has_the_same_table() -> None:
    """The editor's charts say and mark a stance as the pages do."""
    found = re.findall(
        r"(\w+): \{ words: N_\('([^']+)'\), legend: N_\('([^']+)'\) \}", EDITOR.read_text("utf-8")
    )

    assert found == [(stance.code, stance.words, stance.legend) for stance in STANCES]


def test_unknown_stance_has_its_name_for_words() -> None:
    """A stance that another vocabulary adds is shown by its name, and is the weakest."""
    assert stance_words("rumoured") == "rumoured"
    assert strength("rumoured") < strength("planned") < strength("ongoing") < strength("accomplished")


@pytest.mark.parametrize("path", ["/compare/exhibitors", "/compare", "/timeline"])
def test_legend_explains_each_mark(path: str, shipped_client: FlaskClient) -> None:
    """The legend of a chart has each stance that it draws, in words that name the mark."""
    page = shipped_client.get(path, headers={"Accept": "text/html"}).text
    drawn = {stance.code for stance in STANCES if re.search(rf'class="mark {stance.code}\b', page)}

    assert drawn == {"planned", "ongoing", "accomplished"}
    assert [stance.legend for stance in STANCES if stance.legend not in page] == []


def test_only_the_lower_half_of_an_ongoing_mark_is_filled(shipped_client: FlaskClient) -> None:
    """A half-filled mark is a hollow one with a filled half; no other mark has one."""
    page = shipped_client.get("/compare/exhibitors", headers={"Accept": "text/html"}).text
    marks = re.findall(r'<g class="mark ([a-z ]+)">(.*?)</g>', page, re.DOTALL)

    assert {name.split()[0]: 'class="half"' in drawing for name, drawing in marks} == {
        "planned": False,
        "ongoing": True,
        "accomplished": False,
    }
