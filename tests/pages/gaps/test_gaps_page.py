"""The page of what no source says."""

import re
from html import unescape

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.dataset.list_queries import list_query_texts

BROWSER = {"Accept": "text/html"}
KINDS = [
    "hosts", "cohosts", "themes", "first-days", "last-days", "figures", "reports", "posts", "dates",
    "omitted", "unclear",
]  # fmt: skip
OF_EDITIONS = ["hosts", "themes", "first-days", "last-days"]


def items(page: str, kind: str) -> list[str]:
    """Return the texts of the list of a kind, without tags."""
    section = page.partition(f'<section aria-labelledby="{kind}">')[2].partition("</section>")[0]
    return [unescape(re.sub("<[^>]+>", "", item)).strip() for item in re.findall("<li>(.*?)</li>", section)]


def test_get_gaps(shipped_client: FlaskClient) -> None:
    """The editions without a host are named, the undated articles, and why passages were left out."""
    page = shipped_client.get("/gaps", headers=BROWSER).text

    assert items(page, "hosts") == ["2023 Zhongguancun Forum", "2024 Zhongguancun Forum"]
    assert items(page, "last-days") == ["2020 Zhongguancun Forum"]
    assert items(page, "years") == ["2022"]
    assert page.index('id="years"') < page.index('id="hosts"')
    assert 'id="first-days"' not in page
    assert "No gaps of these kinds: Editions without a theme" in page
    (undated,) = items(page, "dates")
    assert undated.startswith("China Daily, back-translated, after the 2021 forum")
    assert "The text prints no date" in undated


def test_get_gaps_that_the_curators_explain(shipped_client: FlaskClient) -> None:
    """An incomplete list of hosts has the note of the curators."""
    page = shipped_client.get("/gaps", headers=BROWSER).text
    (hosts,) = items(page, "cohosts")

    assert hosts.startswith("2021 Zhongguancun Forum")
    assert "The list is mutilated by the translation" in hosts


def test_posts_without_an_organization() -> None:
    """A post that is held is a gap where the graph does not say in which organization it exists."""
    store = ox.Store()
    store.load(
        b"""PREFIX : <https://example.org/> PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
        :one zgc:isHoldingOf :known ; zgc:hasHolder :a . :known zgc:isPostIn :ministry .
        :two zgc:isHoldingOf :unknown ; zgc:hasHolder :b .""",
        ox.RdfFormat.TURTLE,
    )
    rows = store.query(list_query_texts()["gaps-posts"])

    assert isinstance(rows, ox.QuerySolutions)
    assert [str(row["thing"]) for row in rows] == ["<https://example.org/two>"]


def test_passages_that_were_left_out_are_named_by_their_reasons(shipped_client: FlaskClient) -> None:
    """Each article has a line, which begins with its name; the reasons link to the passages."""
    page = shipped_client.get("/gaps?kind=omitted", headers=BROWSER).text
    section = page.partition('<section aria-labelledby="omitted">')[2].partition("</section>")[0]

    assert all(re.match("(Xinhua|China Daily) .+: [a-z]", each) for each in items(page, "omitted"))
    assert len(re.findall(r'href="/id/article/[^"]+char=', section)) == len(rows_of("omitted"))


def test_statements_with_the_same_note_stand_together(shipped_client: FlaskClient) -> None:
    """A note that is on several statements is shown once."""
    pages = [
        shipped_client.get(f"/gaps?kind=unclear&page={number}", headers=BROWSER).text for number in (1, 2)
    ]
    garbled = "The list is garbled: where the purpose ends and the measure begins cannot be determined."

    (together,) = [each for page in pages for each in items(page, "unclear") if garbled in each]
    assert together.count(" · ") == 3


def test_notes_are_folded_by_article(shipped_client: FlaskClient) -> None:
    """Notes are in groups named by their article, whose numbers are those of the things with notes."""
    groups = []
    for number in (1, 2):
        page = shipped_client.get(f"/gaps?kind=unclear&page={number}", headers=BROWSER).text
        summaries = re.findall("<summary>(.*?)</summary>", page.partition(' aria-labelledby="unclear">')[2])
        groups += [re.sub("<[^>]+>", "", each) for each in summaries if ": " in each]

    assert sum(int(each.rpartition(": ")[2]) for each in groups) == len(rows_of("unclear"))
    assert any(each.startswith("Xinhua on the eve of the 2023 forum: ") for each in groups)


def test_plans_that_are_judged_wrong_are_left_out(shipped_client: FlaskClient) -> None:
    """The figure that is more than possible is not a plan whose report is missing."""
    page = shipped_client.get("/gaps?kind=reports", headers=BROWSER).text

    plans = items(page, "reports")
    assert plans
    assert all(each.endswith("planned") for each in plans)
    assert [each for each in plans if "judged wrong" in each or "impossible" in each] == []
    assert "over 500 countries" not in "".join(plans)


@pytest.mark.parametrize(
    ("path", "words", "note"),
    [
        ("/gaps", "whether one was held is not known", "Curators’ note:"),
        ("/zh/gaps", "是否举办过，不得而知", "编者注"),
    ],
)
def test_years_without_an_edition_do_not_say_that_none_was_held(
    shipped_client: FlaskClient, path: str, words: str, note: str
) -> None:
    """The years stand with the caveat that the list of editions has."""
    page = shipped_client.get(path, headers=BROWSER).text
    section = page.partition('<section aria-labelledby="years">')[2].partition("</section>")[0]
    notes = re.findall(r'<p class="curators">.*?</p>', section)

    assert words in section
    assert notes
    assert all(
        each in shipped_client.get(path.replace("gaps", "editions"), headers=BROWSER).text for each in notes
    )
    assert note in notes[0]


def rows_of(kind: str) -> list[ox.QuerySolution]:
    """Return the rows of the query of a kind."""
    rows = shipped_store().query(list_query_texts()[f"gaps-{kind}"])
    assert isinstance(rows, ox.QuerySolutions)
    return list(rows)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_are_those_of_the_queries(kind: str, shipped_client: FlaskClient) -> None:
    """Each kind has a page of its own with all of it, as many as its query finds."""
    page = shipped_client.get(f"/gaps?kind={kind}", headers=BROWSER).text
    things = {str(row[0]) for row in rows_of(kind)}

    if kind == "omitted":
        assert len(items(page, kind)) == len({str(row["article"]) for row in rows_of(kind)})
    elif kind != "unclear":
        assert len(items(page, kind)) == len(things)  # for figures: the editions
    number = len({tuple(map(str, row))[:2] for row in rows_of(kind)}) if kind == "figures" else len(things)
    assert f": {number or 'none'}</h2>" in page


def test_gaps_of_figures_are_counted_by_edition(shipped_client: FlaskClient) -> None:
    """Each edition has what others of the forum are compared by, and links to the comparison."""
    page = shipped_client.get("/gaps?kind=figures", headers=BROWSER).text
    section = page.partition('<section aria-labelledby="figures">')[2].partition("</section>")[0]
    found = {
        each.partition(": ")[0]: each.partition(": ")[2].rpartition(" (") for each in items(page, "figures")
    }

    assert list(found) == [f"{year} Zhongguancun Forum" for year in (2020, 2021, 2023, 2024)]
    for missing, _, count in found.values():
        assert len(missing.split(", ")) == int(count.removesuffix(")"))
    assert "exhibitors" in found["2020 Zhongguancun Forum"][0]
    assert "exhibitors" not in found["2021 Zhongguancun Forum"][0]
    assert '<a href="/compare/exhibitors"' in section


def test_get_gaps_of_a_forum(synthetic_client: FlaskClient) -> None:
    """The gaps of a forum are its own."""
    page = synthetic_client.get("/gaps?forum=f00002", headers=BROWSER).text
    found = [each for kind in OF_EDITIONS for each in items(page, kind)]

    assert found
    assert '<option value="f00002" selected>' in page
    assert all(each.endswith("edition of f00002") for each in found)


def test_get_gaps_of_no_kind(shipped_client: FlaskClient) -> None:
    """A kind that does not exist is an error that names those that do."""
    response = shipped_client.get("/gaps?kind=nothing", headers=BROWSER)

    assert response.status_code == 404
    assert "write one of hosts, cohosts, themes, first-days" in response.text
