"""The pages that compare figures: what they hold, and where their links lead."""

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient
from plain import number
from shipped import shipped_store

from forumkg.namespaces import prefix_lines
from forumkg.pages.charts import bar_chart, samples
from forumkg.pages.compare.comparisons import Comparison, read_comparison, read_overview
from forumkg.pages.graph import StoreGraph
from forumkg.pages.indicators import read_indicators
from forumkg.pages.quantity_groups import agreeing

GRAPH = StoreGraph(shipped_store())
SLUGS = sorted(indicator.slug for indicator in read_indicators(GRAPH).values())


def compared(slug: str) -> Comparison:
    """Return the comparison of an indicator that there is."""
    found = read_comparison(GRAPH, slug)
    assert found is not None
    return found


def outline(slug: str) -> dict[str, list[tuple[str, str, str]]]:
    """Return the subjects of a comparison, and how each figure is worded."""
    return {
        band.name: [
            (entry.quantity.words, entry.statement.stance, entry.statement.publisher_name)
            for entry in band.entries
        ]
        for band in compared(slug).bands
    }


def test_comparison_of_activities() -> None:
    """Figures stand under their editions, with the hedge in words and who printed them."""
    assert outline("activities") == {
        "2020": [("more than 50", "planned", "Xinhua News Agency")],
        "2021": [
            ("60", "accomplished", "China Daily"),
            ("60", "planned", "China Daily"),
            ("60", "planned", "Xinhua News Agency"),
        ],
        "2023": [("more than 150", "planned", "Xinhua News Agency")],
        "2024": [("nearly 120", "planned", "China Daily")],
    }


def test_comparison_of_a_broader_indicator() -> None:
    """The narrower ones stand side by side with what they count; an edition without a figure is there."""
    found = compared("countries-represented")

    assert [
        (band.name, [entry.quantity.indicator_name for entry in band.entries]) for band in found.bands
    ] == [
        ("2020", []),
        (
            "2021",
            ["countries of foreign guests", "countries of representatives", "countries of representatives"],
        ),
        ("2023", ["countries of guests"]),
        ("2024", ["countries of invited institutions"]),
    ]
    assert [part.slug for part in found.parts] == [
        "countries-of-foreign-guests",
        "countries-of-guests",
        "countries-of-invited-institutions",
        "countries-of-representatives",
    ]
    assert found.indicator.chinese == "参与国家和地区数"
    assert found.indicator.maximum == Decimal(249)


def test_comparison_of_what_is_not_stated_of_editions() -> None:
    """A figure of the whole forum stands under the forum, with the day up to which it counts."""
    bands = compared("editions-held").bands

    assert [
        (band.name, [(entry.quantity.words, str(entry.as_of)) for entry in band.entries]) for band in bands
    ] == [("Zhongguancun Forum", [("13", "2023-05-24"), ("14", "2024-04-25")])]


def test_charts_have_one_unit_each() -> None:
    """Yuan and dollars are not put on one scale."""
    assert [(chart.unit, len(chart.entries)) for chart in compared("fund-size").charts] == [
        ("USD", 1),
        ("CNY", 1),
    ]


def test_shares_have_a_chart_of_their_own() -> None:
    """Half of the projects is no number of projects: it stands on a scale up to the whole."""
    numbers, shares = compared("technology-on-offer").charts

    assert [band.name for band in numbers.bands] == ["2020", "2021", "2023", "2024"]
    assert [(band.name, band.lanes[0].entry.quantity.words) for band in shares.bands] == [("2020", "50%")]
    assert shares.unit == "%"
    assert re.findall("<text.*?>(.*?)</text>", shares.axis) == ["0", "25", "50", "75", "100"]


def test_impossible_figure_is_drawn_beyond_the_limit() -> None:
    """More than 500 of 249 countries lies at its place, beyond the most that is possible, and is disputed."""
    (chart,) = compared("countries-of-representatives").charts
    lanes = [lane for band in chart.bands for lane in band.lanes]

    assert [(lane.entry.quantity.words, lane.is_off, lane.entry.is_disputed) for lane in lanes] == [
        ("more than 50", False, False),
        ("more than 500", False, True),
    ]
    assert [(sample.aspect, sample.words) for sample in samples(chart.entries)] == [
        ("shape", "arrow to the right: more than, at least"),
        ("fill", "hollow: planned"),
        ("fill", "filled: reported as accomplished"),
        ("color", "red, struck through: judged wrong or impossible"),
    ]


def test_ties_of_countries() -> None:
    """The two figures of one text differ, and one of them cannot be."""
    ties = compared("countries-of-representatives").ties

    assert [
        (tie.relation.kind, tie.statement.iri[-2:], tie.other and tie.other.iri[-2:]) for tie in ties
    ] == [
        ("differsFrom", "25", "/8"),
        ("exceedsPossible", "/8", None),
    ]


def test_ties_name_each_pair_once() -> None:
    """Two sources that agree are one pair, though each corroborates the other."""
    ties = compared("activities").ties

    assert [
        (tie.relation.kind, tie.statement.iri[40:], tie.other and tie.other.iri[40:]) for tie in ties
    ] == [
        ("isFulfilledBy", "china-daily-2021/3", "china-daily-2021/20"),
        ("isFulfilledBy", "xinhua-2021-09-15/4", "china-daily-2021/20"),
        ("corroborates", "china-daily-2021/20", "xinhua-2021-09-15/4"),
        ("corroborates", "china-daily-2021/3", "xinhua-2021-09-15/4"),
    ]


def test_comparison_of_nothing() -> None:
    """What is not counted has no comparison."""
    assert read_comparison(GRAPH, "sheep") is None


def test_overview_has_every_figure() -> None:
    """Each printed figure stands in the list once, and each indicator that has any."""
    found = read_overview(GRAPH)
    quantities = [
        entry.quantity.iri for each in found.summaries for band, _ in each.lines for entry in band.entries
    ]
    count = prefix_lines("zgc") + "SELECT (COUNT(?quantity) AS ?number) { ?quantity a zgc:Quantity }"

    assert len(quantities) == len(set(quantities)) == number(shipped_store(), count)
    assert found.editions == ("2020", "2021", "2023", "2024")
    assert {root.slug: len(members) for root, members in found.groups} == {
        "countries-represented": 4,
        "exhibitors": 2,
        "institutions-represented": 2,
        "parallel-forums": 3,
        "participants": 9,
        "technology-on-offer": 3,
    }
    assert [each.indicator.slug for each in found.others] == [
        "editions-held",
        "fund-size",
        "year-round-events",
        "years-of-development",
    ]
    assert {each.indicator.slug: each.disagreements for each in found.summaries if each.disagreements} == {
        "countries-of-representatives": {"differences": 1, "impossible": 1}
    }


def test_bar_chart() -> None:
    """Any numbers with names are drawn as bars, in their order."""
    chart = bar_chart([("one", Decimal(10)), ("two", Decimal(20))])

    assert [
        (name, value, re.findall(r'class="bar".*?width="(.*?)"', plot)) for name, value, plot in chart.rows
    ] == [
        ("one", Decimal(10), ["50%"]),
        ("two", Decimal(20), ["100%"]),
    ]
    assert bar_chart([]).rows == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_page_of_an_indicator(shipped_client: FlaskClient, slug: str) -> None:
    """Its title comes from the graph, each mark leads to one card, and nothing is styled in place."""
    response = shipped_client.get(f"/compare/{slug}")

    assert response.status_code == 200
    title = compared(slug).indicator.title
    assert f"<h1>{title}</h1>" in response.text
    ids = re.findall(r' id="([^"]*)"', response.text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', response.text)) <= set(ids)
    assert re.findall(r'class="lane" href="#([^"]*)"', response.text) == [
        entry.statement.anchor for chart in compared(slug).charts for entry in chart.entries
    ]
    assert "style=" not in response.text


def test_page_of_countries_leads_to_the_passage(shipped_client: FlaskClient) -> None:
    """The card of the figure links to its place in the article, and to why it differs."""
    text = unescape(shipped_client.get("/compare/countries-represented").text)

    assert 'href="/id/article/china-daily-2021.html#char-157-239"' in text
    statement = "https://w3id.org/zgc-forum/id/statement/china-daily-2021/8"
    indicator = "https://w3id.org/zgc-forum/id/indicator/countries-of-representatives"
    exceeds = "https://w3id.org/zgc-forum/ontology/exceedsPossible"
    assert f'href="/why?s={statement}&p={exceeds}&o={indicator}"' in text
    assert "no figure in the sources" in text


def test_page_has_judgements_for_search_engines(shipped_client: FlaskClient) -> None:
    """A figure that is judged wrong, and one that is preferred, are reviewed claims; others are not."""
    text = shipped_client.get("/compare/countries-represented").text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    dataset, *reviews, page = data["@graph"]

    assert dataset["temporalCoverage"] == "2021/2024"
    assert (page["@type"], page["inLanguage"]) == ("WebPage", "en")
    assert [(each["claimReviewed"], each["reviewRating"]["alternateName"]) for each in reviews] == [
        (
            "The representatives invited to the 2021 forum come from over 500 countries and territories.",
            "Judged wrong",
        ),
    ]


def test_overview_page(shipped_client: FlaskClient) -> None:
    """The list of all leads to the page of each."""
    text = shipped_client.get("/compare").text

    assert {each.indicator.slug for each in read_overview(GRAPH).summaries} <= set(
        re.findall(r'href="/compare/([a-z-]+)"', text)
    )


@pytest.mark.parametrize("name", ["sheep", "%20", "a%3Eb", "x" * 300])
def test_page_of_nothing(shipped_client: FlaskClient, name: str) -> None:
    """What is not counted is not found, whatever its name."""
    response = shipped_client.get(f"/compare/{name}")

    assert response.status_code == 404
    assert "/compare lists all" in response.text


def cells(client: FlaskClient, slug: str) -> dict[str, str]:
    """Return the cells of an indicator on the page of all, by their editions, as text."""
    html = client.get("/compare", headers={"Accept": "text/html"}).text
    (row,) = re.findall(rf'<tr[^>]*><th scope="row"><a href="/compare/{slug}">.*?</tr>', html, re.DOTALL)
    found = re.findall(r'<td><span class="edition" aria-hidden="true">(\d+)</span>(.*?)</td>', row, re.DOTALL)
    return {year: " ".join(unescape(re.sub("<.*?>", "", cell)).split()) for year, cell in found}


def marks(client: FlaskClient, slug: str) -> list[str]:
    """Return the classes of the marks of an indicator on the page of all."""
    html = client.get("/compare", headers={"Accept": "text/html"}).text
    (row,) = re.findall(rf'<tr[^>]*><th scope="row"><a href="/compare/{slug}">.*?</tr>', html, re.DOTALL)
    return re.findall(r'<g class="(mark.*?)"', row)


def test_get_compare_of_a_plan_that_was_kept(shipped_client: FlaskClient) -> None:
    """What is reported is drawn as reported, with a plan of the same beside it in words alone."""
    assert cells(shipped_client, "activities") == {
        "2020": "more than 50 planned, Xinhua News Agency via tellerreport.com",
        "2021": "60 reported: China Daily via exbulletin.com; planned: China Daily via exbulletin.com, "
        "Xinhua News Agency via tellerreport.com; in 3 statements",
        "2023": "more than 150 planned, Xinhua News Agency",
        "2024": "nearly 120 planned, China Daily via CRI Online, said by organizers of the 2024 forum",
    }
    assert marks(shipped_client, "activities") == [
        "mark planned",
        "mark accomplished",
        "mark planned",
        "mark planned",
    ]


def test_get_compare_of_a_judged_figure(shipped_client: FlaskClient) -> None:
    """What the curators judge wrong says so in words, not by a line through it alone."""
    assert cells(shipped_client, "countries-of-representatives") == {
        "2021": "more than 50 reported, China Daily via exbulletin.com, said by organizers of the 2021 forum "
        "more than 500 judged wrong, planned, China Daily via exbulletin.com"
    }


@pytest.mark.parametrize(
    ("stances", "drawn"),
    [
        (("planned", "accomplished"), "accomplished"),
        (("accomplished", "planned"), "accomplished"),
        (("planned", "ongoing"), "ongoing"),
        (("", "planned"), "planned"),
    ],
)
def test_agreeing_entries_show_the_strongest_stance(stances: tuple[str, ...], drawn: str) -> None:
    """Of statements that give the same, one that is reported counts most, a plan least."""
    (one, *_) = compared("activities").entries
    entries = [replace(one, statement=replace(one.statement, stance=stance)) for stance in stances]

    (group,) = agreeing(entries)

    assert group.strongest.statement.stance == drawn


def test_get_figures_as_a_spreadsheet(shipped_client: FlaskClient) -> None:
    """Each figure has what the pages say of it: hedge, bounds, unit, stance, judgement, speaker, links."""
    response = shipped_client.get("/data/figures.csv")
    lines = list(csv.DictReader(io.StringIO(response.text, newline="")))

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="forumkg-figures.csv"'
    assert len(lines) == len(read_overview(GRAPH).entries)
    judged = [line for line in lines if line["judgement"] == "judged wrong"]
    assert [(line["figure"], line["lower_bound"], line["lower_bound_is_open"]) for line in judged] == [
        ("more than 500", "500", "true")
    ]
    assert judged[0]["paraphrase"].startswith("Judged wrong: ")
    assert judged[0]["page"] == "http://localhost/id/statement/china-daily-2021/8.html"
    assert {line["unit"] for line in lines if line["indicator"] == "fund size"} == {"CNY", "USD"}
    assert {line["stance"] for line in lines} == {"planned", "reported", "printed as ongoing"}
    assert {line["stance_code"] for line in lines} == {"planned", "accomplished", "ongoing"}
    assert all(line["publisher"] and line["article"] and line["statement"] for line in lines)
    assert any(line["speakers"] and line["speech"] for line in lines)
    assert shipped_client.get(judged[0]["page"].removeprefix("http://localhost")).status_code == 200


def test_query_of_all_figures_has_what_the_page_shows() -> None:
    """The query behind the page gives unit, stance, judgement, publisher and speakers too."""
    rows = GRAPH.select(read_overview(GRAPH).queries[0].text)
    wrong = [row for row in rows if row.text("rank") == "deprecated"]

    assert [(row.text("hedge"), row.text("number"), row.text("stance")) for row in wrong] == [
        ("more than", "500", "planned")
    ]
    assert {row.text("unit") for row in rows} >= {"CNY", "USD"}
    assert any(row.text("speakers") for row in rows)
    assert len({(row.iri("statement"), row.iri("quantity"), row.iri("subject")) for row in rows}) == len(rows)


def test_list_shows_each_scale_once(shipped_client: FlaskClient) -> None:
    """A section has one scale, over its columns; a figure that has no other beside it has no chart."""
    text = shipped_client.get("/compare").text
    sections = dict(re.findall(r'<section aria-labelledby="([^"]+)">(.*?)</section>', text, re.DOTALL))
    head, _, body = sections["exhibitors"].partition("<tbody>")
    axes = re.findall(r'<svg class="axis".*?</svg>', head, re.DOTALL)

    assert len(axes) == 4
    assert len(set(axes)) == 1
    assert re.findall(r">([\d,]+)</text>", axes[0]) == ["0", "800"]
    assert "axis from" not in body.lower()
    assert 'class="plot"' in body
    rows = {row: row for row in re.findall(r"<tr\b.*?</tr>", sections["single"], re.DOTALL)}
    lone = next(row for row in rows if "General sections" in row)
    several = next(row for row in rows if "Activities" in row)
    assert 'class="plot"' not in lone
    assert 'class="plot"' in several
    assert "axis from 0 to 200" in several


def test_maximum_is_explained(shipped_client: FlaskClient) -> None:
    """The legend names the dashed line and the shaded area; an axis that ends at the maximum says no more."""
    text = shipped_client.get("/compare").text

    assert text.count("Dashed line: the maximum possible; shaded: beyond it.") == 1
    assert re.findall("[Aa]xis from 0 to 249[^<]*", text) == [
        "Axis from 0 to 249, the maximum possible, and beyond",
        "axis from 0 to 249, the maximum possible",
    ]
    chinese = shipped_client.get("/zh/compare").text
    assert "虚线：可能的最大值；底色部分：超出该值。" in chinese
    assert re.findall('<h2 id="single">.*?</h2>', chinese)[0].endswith("等</h2>")


def test_years_of_a_chart_are_headings(shipped_client: FlaskClient) -> None:
    """The editions in the list of figures are headings, below that of the chart."""
    text = shipped_client.get("/compare/exhibitors").text
    headings = re.findall(r"<h([1-6])[^>]*>(?:<[^>]+>)*([^<]*)", text)

    assert headings[1:6] == [("2", "Chart"), ("3", "2020"), ("3", "2021"), ("3", "2023"), ("3", "2024")]


def test_links_of_queries_have_their_own_names(shipped_client: FlaskClient) -> None:
    """Links to the queries behind a page name the query."""
    behind = shipped_client.get("/compare").text.partition('<section class="behind"')[2]
    names = [re.sub(r"<[^>]+>", "", name) for name in re.findall(r"<a [^>]*>(.*?)</a>", behind, re.DOTALL)]
    own = [name for name in names if ": " in name]

    assert len(own) == 6
    assert len(set(own)) == 6
    assert own[0].startswith("Open in the editor: Which figures")


def test_cells_attribute_each_figure(shipped_client: FlaskClient) -> None:
    """Who printed, carried and said a figure is read in its cell, beside its judgement and stance."""
    text = shipped_client.get("/compare").text

    remarks = set(re.findall(r'<span class="remark[^>]*>(.*?)</span>', text))
    assert {
        "judged wrong, planned, China Daily via exbulletin.com",
        "reported, China Daily via exbulletin.com",
        "printed as ongoing, Xinhua News Agency, said by organizers of the 2023 forum",
        "planned, Xinhua News Agency via tellerreport.com, in 2 statements",
    } <= remarks


def test_card_names_speaker_publisher_and_carrier(shipped_client: FlaskClient) -> None:
    """A card says who said a figure, who published it and which site carried it; also that none is named."""
    text = shipped_client.get("/compare/exhibitors").text
    cards = {
        name: [
            " ".join(re.sub("<[^>]+>", " ", each).split())
            for each in re.findall(r"<d[td]>.*?</d[td]>", card, re.DOTALL)
        ]
        for name, card in re.findall(
            r'<article class="statement-card" id="statement-([^"]+)".*?<dl class="source">(.*?)</dl>',
            text,
            re.DOTALL,
        )
    }

    assert cards["china-daily-2021-32"][:6] == [
        "Said by",
        "the article itself, which names no speaker",
        "Published by",
        "China Daily , undated: China Daily, back-translated, after the 2021 forum",
        "Carried by",
        "exbulletin.com",
    ]
    assert cards["xinhua-2023-05-24-55"][:4] == [
        "Said by",
        "organizers of the 2023 forum",
        "Published by",
        "Xinhua News Agency , 24 May 2023 : Xinhua on the eve of the 2023 forum",
    ]
    assert "Carried by" not in cards["xinhua-2023-05-24-55"]


@pytest.mark.parametrize("root", ["", "/zh"], ids=["en", "zh"])
def test_jump_list_of_figures_has_each_indicator(shipped_client: FlaskClient, root: str) -> None:
    """The list on top links to the section or the row of each indicator, before anything else of the page."""
    text = shipped_client.get(f"{root}/compare", headers={"Accept": "text/html"}).text
    before, _, rest = text.partition('<nav class="side-contents"')
    links = re.findall(r'<a href="#([^"]+)">(.*?)</a>', rest.partition("</nav>")[0])
    found = read_overview(GRAPH)
    roots = {root.slug for root, _ in found.groups}

    assert {anchor for anchor, _ in links} == roots | {
        f"figures-{each.indicator.slug}" for each in found.summaries if each.indicator.slug not in roots
    }
    assert {anchor for anchor, _ in links} <= set(re.findall(r' id="([^"]+)"', rest))
    assert dict(links)["figures-activities"] == ("活动数" if root else "Activities")
    assert "<details" not in before.partition("<main")[2]
    assert "/data/figures" not in before
