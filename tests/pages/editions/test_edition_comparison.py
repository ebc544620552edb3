"""Two editions side by side: every fact with its source, and how they differ in words."""

import re
from html import unescape
from itertools import combinations

import pytest
from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html"}


def text_of(html: str) -> str:
    """Return the words of a part of a page, without what screen readers alone read."""
    plain = re.sub(r'<span class="(?:unseen|edition)"[^>]*>.*?</span>', "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub("<[^>]+>", " ", plain)).split()).replace(" ,", ",").replace(" ;", ";")


def rows(page: str) -> dict[str, tuple[str, ...]]:
    """Return the words of the cells of each row of the tables, under those of its head."""
    found = {}
    for row in re.findall(r'<tr><th scope="row".*?</tr>', page, re.DOTALL):
        head, *cells = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        found[text_of(head)] = tuple(map(text_of, cells))
    return found


def test_get_comparison(shipped_client: FlaskClient) -> None:
    """Facts of both editions stand side by side; what is not stated says so."""
    found = rows(shipped_client.get("/editions/compare?a=2020&b=2024", headers=BROWSER).text)

    assert found["When none in common"] == (
        "from 17 September 2020 reported Xinhua News Agency via tellerreport.com, "
        "17 September 2020, dateline",
        "25 to 29 April 2024 planned China Daily via CRI Online, said by organizers of the 2024 forum, "
        "25 April 2024, body "
        "late April 2024 planned not accepted by the curators China Daily via CRI Online, "
        "said by speakers of the news briefing on the 2024 forum, 25 April 2024, body",
    )
    assert found["Where some in common"] == (
        "Zhongguancun printed as ongoing Xinhua News Agency via tellerreport.com, 17 September 2020, body "
        "Beijing around the stated place both",
        "Beijing planned both China Daily via CRI Online, "
        "said by speakers of the news briefing on the 2024 forum, 25 April 2024, body "
        "1 more statement in 1 article "
        "China Daily via CRI Online, said by Chen Jiachang, 25 April 2024, body",
    )
    assert found["Hosts and co-hosts stated for one of them only"][1] == "not stated in the sources"
    assert found["Articles that speak about the edition"] == (
        "Xinhua on the opening of the 2020 forum 17 September 2020; 41 statements",
        "China Daily on the first day of the 2024 forum 25 April 2024; 61 statements",
    )


def test_values_of_both_editions_are_marked(shipped_client: FlaskClient) -> None:
    """What both editions have is marked in words on both sides."""
    found = rows(shipped_client.get("/editions/compare?a=2021&b=2023", headers=BROWSER).text)

    assert all(cell.startswith("Beijing planned") for cell in found["Where some in common"])
    assert all(" both " in cell for cell in found["Where some in common"])


def test_comparison_has_every_figure_of_both(shipped_client: FlaskClient) -> None:
    """Each figure of the pages of the editions is in the comparison, those of both editions first."""
    page = shipped_client.get("/editions/compare?a=2021&b=2023", headers=BROWSER).text
    figures = rows(page.partition('<h2 id="figures">')[2])
    linked = set(re.findall(r'href="/id/(statement/[^"]+)\.html"', page.partition('<h2 id="figures">')[2]))
    of_pages = [
        re.findall(
            r'<td class="amount"[^>]*><span><a href="/id/(statement/[^"]+)\.html"',
            shipped_client.get(f"/id/edition/{year}.html", headers=BROWSER).text,
        )
        for year in (2021, 2023)
    ]

    assert linked == {each for of_one in of_pages for each in of_one}
    complete = ["no figure in the sources" not in cells for cells in figures.values()]
    assert complete == sorted(complete, reverse=True)
    assert figures["Exhibitors different figures axis from 0 to 800"][1].startswith(
        "more than 650 printed as ongoing Xinhua News Agency, said by organizers of the 2023 forum, "
    )


def test_figure_judged_wrong_says_so(shipped_client: FlaskClient) -> None:
    """The comparison repeats no wrong figure without its judgement."""
    found = rows(shipped_client.get("/editions/compare?a=2020&b=2021", headers=BROWSER).text)
    cells = [cell for row in found.values() for cell in row if "more than 500 judged wrong" in cell]

    assert cells


def test_get_comparison_without_editions_is_a_form(shipped_client: FlaskClient) -> None:
    """The form chooses two different editions; one that the address names is chosen already."""
    page = shipped_client.get("/editions/compare?a=2023", headers=BROWSER).text

    assert "<table" not in page
    assert re.findall(r'<option value="(\d+)" selected>', page) == ["2023", "2020"]


def test_get_comparison_without_editions_links_to_pairs(shipped_client: FlaskClient) -> None:
    """One click leads to each pair of the last four editions."""
    page = shipped_client.get("/editions/compare", headers=BROWSER).text
    links = re.findall(r'<li><a href="(/editions/compare\?[^"]+)"', page)

    assert [unescape(link) for link in links] == [
        f"/editions/compare?a={a}&b={b}" for a, b in combinations((2020, 2021, 2023, 2024), 2)
    ]


def test_get_comparison_of_an_edition_with_itself_is_a_form(shipped_client: FlaskClient) -> None:
    """A reader who chose one edition twice sees the form again, with what to do."""
    response = shipped_client.get("/editions/compare?a=2021&b=2021", headers=BROWSER)

    assert response.status_code == 400
    assert "accept" in response.vary.as_set()
    assert "You chose the same edition twice: choose two different editions." in response.text
    assert re.findall(r'<option value="(\d+)" selected>', response.text) == ["2021", "2020"]


@pytest.mark.parametrize(("query", "status"), [("a=2021&b=2021", 400), ("a=2021&b=1900", 404)])
def test_get_comparison_of_wrong_editions(query: str, status: int, shipped_client: FlaskClient) -> None:
    """An edition with itself, and one that does not exist, are refused with a reason."""
    response = shipped_client.get(f"/editions/compare?{query}")

    assert response.status_code == status
    assert ("two different editions" if status == 400 else "no edition '1900'") in response.text


def test_edition_links_to_comparisons(shipped_client: FlaskClient) -> None:
    """The page of an edition leads to its comparison with each other edition of the forum."""
    page = shipped_client.get("/id/edition/2021.html", headers=BROWSER).text

    links = re.findall(r'href="(/editions/compare\?[^"]+)"', page)
    assert [unescape(link) for link in links] == [
        f"/editions/compare?a=2021&b={year}" for year in (2020, 2023, 2024)
    ]


def test_get_comparison_of_made_up_editions(synthetic_client: FlaskClient) -> None:
    """Editions of different forums can be compared by their addresses."""
    listed = synthetic_client.get("/editions/compare", headers=BROWSER).text
    slugs = re.findall(r'<option value="([^"]+)"', listed)
    response = synthetic_client.get(f"/editions/compare?a={slugs[0]}&b={slugs[-1]}", headers=BROWSER)

    assert response.status_code == 200
    assert len(rows(response.text)) > 11


def test_comparison_has_contents(shipped_client: FlaskClient) -> None:
    """The list on top leads to each row of the facts, to the articles and to the figures."""
    page = shipped_client.get("/editions/compare?a=2021&b=2023", headers=BROWSER).text
    contents = page.partition('<nav class="side-contents"')[2].partition("</nav>")[0]
    links = re.findall(r'<a href="#([^"]+)">', contents)

    assert links == [*re.findall(r'<th scope="row" id="([^"]+)"', page), "figures"]
    assert links[0] == "when"


def test_comparison_folds_both_sides_of_a_row_or_neither(shipped_client: FlaskClient) -> None:
    """Where the values of one edition are many, those of the other are folded too."""
    page = shipped_client.get("/editions/compare?a=2021&b=2023", headers=BROWSER).text
    table = page.partition('<h2 id="figures">')[0].partition("<tbody>")[2]
    folded = {}
    for row in re.findall(r'<tr><th scope="row" id=.*?</tr>', table, re.DOTALL):
        cells = [cell for cell in re.findall(r"<td>.*?</td>", row, re.DOTALL) if 'class="none"' not in cell]
        name = re.findall(r'id="([^"]+)"', row)[0]
        folded[name] = {"<details><summary>" in cell for cell in cells}

    assert folded["attendees"] == {True}
    assert all(len(states) < 2 for states in folded.values())


def test_queries_name_their_edition(shipped_client: FlaskClient) -> None:
    """Both editions have the same queries, whose titles differ in the edition."""
    page = shipped_client.get("/zh/editions/compare?a=2021&b=2023", headers=BROWSER).text
    titles = re.findall(r'<summary id="query-\d+">(.*?)</summary>', page)

    assert [title.partition("：")[0] for title in titles] == ["2021中关村论坛"] * 2 + ["2023中关村论坛"] * 2
    assert [title.partition("：")[2] for title in titles[:2]] == [
        title.partition("：")[2] for title in titles[2:]
    ]
