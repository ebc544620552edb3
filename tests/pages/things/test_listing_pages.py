"""The lists of people, organizations and themes."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.namespaces import ID
from forumkg.pages.graph import StoreGraph
from forumkg.pages.names import Name
from forumkg.pages.things.listings import ORGANIZATIONS, PEOPLE, TOPICS, Theme, Wording, read_themes
from forumkg.pages.things.sections import Table, read_sections


@pytest.fixture(scope="module")
def graph() -> StoreGraph:
    """Ask the shipped graph."""
    return StoreGraph(shipped_store())


def table(graph: StoreGraph, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a table as text."""
    for told in read_sections(graph, "", (*PEOPLE, *ORGANIZATIONS, *TOPICS)):
        if isinstance(told, Table) and told.section.query == query:
            return [
                tuple(
                    str(cell.day or "") or (cell.text if cell.number is None else str(cell.number))
                    for cell in row
                )
                for row in told.rows
            ]
    raise AssertionError(f"There is no table {query}.")


def test_people(graph: StoreGraph) -> None:
    """People are listed with the posts that are attested, by how much they say."""
    rows = table(graph, "things/people")

    ministry = ("vice minister of science and technology", "Ministry of Science and Technology")
    assert len(rows) == 8
    assert rows[0] == ("Wu Zhaohui", *ministry, "2023-05-24", "12", "0")
    assert rows[5] == ("Gai Boming", "", "", "", "0", "2")


def test_organizations(graph: StoreGraph) -> None:
    """Organizations are listed with how often they host, organize, attend, speak, print and carry."""
    rows = {row[0]: row[1:] for row in table(graph, "things/organizations")}

    assert len(rows) == 12
    assert rows["China Association for Science and Technology"] == ("2", "1", "0", "0", "0", "0")
    assert rows["Ministry of Science and Technology"] == ("1", "0", "0", "29", "0", "0")
    assert rows["Xinhua News Agency"] == ("0", "0", "0", "0", "3", "1")
    assert len(table(graph, "things/organization-parts")) == 10


def test_topics(graph: StoreGraph) -> None:
    """Topics are listed by how many events deal with them."""
    rows = table(graph, "things/topics")

    assert len(rows) == 37
    assert rows[0] == ("international cooperation", "5", "6", "4")


def test_theme_in_all_wordings(graph: StoreGraph) -> None:
    """A theme has its names in all languages, and each wording with who printed it, in which English."""
    themes = {theme.name.iri: theme for theme in read_themes(graph)}

    found = themes[f"{ID}theme/2021-annual"]
    assert len(themes) == 5
    assert [(label.text, label.language) for label in found.labels] == [("智慧·健康·碳中和", "zh")]
    assert [(wording.printed, wording.is_accepted) for wording in found.wordings] == [
        ("intelligence, health and carbon neutrals", False),
        ("Wisdom·Health·Carbon Neutrality", True),
        ("Wisdom, Health, Carbon Neutrality", True),
        ("wisdom, health, carbon neutrality", False),
    ]
    assert found.spellings == 3
    assert found.wordings[1] == Wording(
        printed="Wisdom·Health·Carbon Neutrality",
        of=Name(f"{ID}edition/2021", "2021 Zhongguancun Forum", "en"),
        publisher=Name(f"{ID}organization/xinhua", "Xinhua News Agency", "en"),
        issued=date(2021, 9, 15),
        english=Name(f"{ID}code/machine-translated", "machine-translated", "en"),
        statement=found.wordings[1].statement,
        is_accepted=True,
        year=2021,
    )
    assert found.years == (2021,)


def test_theme_without_statement() -> None:
    """A theme that no statement gives belongs to nothing yet."""
    theme = Theme(Name("t", "a theme"), (), ())

    assert (theme.of, theme.years, theme.spellings) == ((), (), 0)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/people", '<bdi><a href="/id/person/wu-zhaohui.html">Wu Zhaohui</a></bdi>'),
        ("/organizations", '<a href="/id/organization/xinhua.html">Xinhua News Agency</a>'),
        ("/themes", '<bdi lang="zh">智慧·健康·碳中和</bdi>'),
    ],
)
def test_get_listing(shipped_client: FlaskClient, path: str, shown: str) -> None:
    """Each list leads to the things in it, and shows the queries behind it."""
    response = shipped_client.get(path)

    assert response.status_code == 200
    assert shown in response.text
    assert 'id="behind"' in response.text


def test_lists_have_the_names_in_the_other_language(shipped_client: FlaskClient) -> None:
    """A reader finds an organization by its Chinese name on the page in English, and the other way round."""
    english = shipped_client.get("/organizations", headers={"Accept": "text/html"}).text
    chinese = shipped_client.get("/zh/organizations", headers={"Accept": "text/html"}).text

    assert '<bdi class="also" lang="zh">中国科学院</bdi>' in english
    assert '<bdi class="also" lang="en">Chinese Academy of Sciences</bdi>' in chinese
