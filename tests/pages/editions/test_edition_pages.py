"""The pages of editions: what is stated of each, by whom, and what the curators accept."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from made_up_articles import EDITION, made_up_files
from plain import number
from shipped import shipped_store

from forumkg.dataset.versions import in_memory
from forumkg.namespaces import BASE, ID, prefix_lines
from forumkg.pages.edition_list import Listing, Period, read_editions
from forumkg.pages.editions.edition import EditionFact, EditionPage, EditionSection, read_edition
from forumkg.pages.graph import StoreGraph

SHIPPED = StoreGraph(shipped_store())
LISTING = read_editions(SHIPPED)
EDITIONS = [edition.iri for edition in LISTING.editions]


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> StoreGraph:
    """Ask the made-up dataset."""
    root = tmp_path_factory.mktemp("made-up") / "root"
    return StoreGraph(in_memory(made_up_files(root), ontology_dir=root / "ontology"))


def words_of(html: str) -> str:
    """Return the text of a part of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def shown(year: int) -> EditionPage:
    """Return what the page of a shipped edition shows."""
    return read_edition(SHIPPED, next(each for each in LISTING.editions if each.year == year))


def page(client: FlaskClient, iri: str) -> str:
    """Return the page of a thing."""
    response = client.get(f"/{iri.removeprefix(BASE)}.html", headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.text


def named(facts: tuple[EditionFact, ...]) -> list[tuple[str, bool, int]]:
    """Return the names of things, whether they are accepted, and how many statements give them."""
    return [(fact.name, fact.accepted, len(fact.statements)) for fact in facts]


def test_years_without_a_source() -> None:
    """Every year from the first edition to the last is listed; some are in no source."""
    assert [(year.year, year.edition is not None) for year in LISTING.years] == [
        (2020, True),
        (2021, True),
        (2022, False),
        (2023, True),
        (2024, True),
    ]
    assert [period.name for edition in LISTING.editions for period in edition.periods] == [
        "from 17 September 2020",
        "24 to 28 September 2021",
        "25 to 30 May 2023",
        "25 to 29 April 2024",
    ]


def test_counts_of_statements() -> None:
    """An edition counts the statements on it and on its sections, each once."""
    counted = {
        edition.year: number(
            shipped_store(),
            prefix_lines("zgc")
            + "SELECT (COUNT(DISTINCT ?statement) AS ?number) {"
            + f" ?statement zgc:isAbout/zgc:isSectionOf* <{edition.iri}> ; zgc:isReportedIn ?article }}",
        )
        for edition in LISTING.editions
    }

    assert {edition.year: edition.statements for edition in LISTING.editions} == counted


def test_hosts_and_co_hosts_are_apart() -> None:
    """A co-host is not a host; of an edition that has hosts alone, no co-host is stated."""
    by_year = {each.year: each for each in LISTING.editions}

    assert [len(by_year[year].main_hosts) for year in (2020, 2021, 2023)] == [4, 0, 0]
    assert [[host.name for host in by_year[year].co_hosts] for year in (2020, 2021, 2023)] == [
        [],
        ["China Association for Science and Technology"],
        [],
    ]


def test_no_editions() -> None:
    """Where no edition is known, no year is."""
    assert read_editions(StoreGraph(ox.Store())) == Listing(())


def test_made_up_editions(made_up: StoreGraph) -> None:
    """The year between two editions is listed, and what the curators note on their forum."""
    listing = read_editions(made_up)

    assert [(each.year, each.edition and each.edition.name) for each in listing.years] == [
        (1999, "Kite Fair 1999"),
        (2000, None),
        (2001, "Kite Fair 2001"),
    ]
    assert listing.notes == ("It never was.",)
    assert [(each.statements, each.quantities, each.articles) for each in listing.editions] == [
        (3, 1, 1),
        (0, 0, 0),
    ]


def test_made_up_edition(made_up: StoreGraph) -> None:
    """Statements come under what they state; sections under those that they are a part of."""
    found = read_edition(made_up, read_editions(made_up).editions[0])

    assert {states: named(facts) for states, facts in found.facts.items()} == {
        "statesTopic": [("kites", True, 1)]
    }
    assert found.facts["statesTopic"][0].subject == EDITION
    assert found.facts["statesTopic"][0].entailed.endswith("/hasTopic")
    assert [(row.quantity.words, row.statement.says, row.subject) for row in found.quantities] == [
        ("more than 40", "More than 40 kites flew.", "")
    ]
    (lake,) = found.sections
    (shore,) = lake.sections
    assert (lake.name, lake.kind, lake.statements) == ("lake", "main section", ())
    assert (shore.name, shore.kind, [statement.says for statement in shore.statements]) == (
        "shore",
        "activity",
        ["The kites are to fly on the shore, too."],
    )
    assert [(voice.name, len(voice.statements)) for voice in found.voices] == [("A. Nobody", 1)]
    assert (found.others, found.disputes, found.relations) == ((), (), {})


def test_period_in_its_year() -> None:
    """A period is a part of its year; one of which a single day is known, is that day."""
    found = {edition.year: edition.periods[0] for edition in LISTING.editions}
    start, end = found[2021].span or (0, 0)

    assert 266 / 366 <= start < 267 / 366
    assert round((end - start) * 366) == 5
    assert found[2020].span is not None
    assert Period("", "some day").span is None


def test_dates_of_2021() -> None:
    """The days of 2021 are given by several statements; that it closed on the last one is no period of it."""
    assert named(shown(2021).facts["statesPeriod"]) == [
        ("24 to 28 September 2021", True, 3),
        ("until 28 September 2021", False, 1),
    ]
    assert shown(2021).facts["statesPeriod"][0].stances == ("planned",)


def test_theme_of_2021_in_all_wordings() -> None:
    """The theme stands with each wording in which an article prints it."""
    (theme,) = shown(2021).facts["statesTheme"]

    assert (theme.name, theme.name_zh) == ("Wisdom · Health · Carbon Neutrality", "智慧·健康·碳中和")
    assert theme.statements[0].wording == ("Wisdom·Health·Carbon Neutrality",), "its own wording comes first"
    assert sorted(word for statement in theme.statements for word in statement.wording) == [
        "Wisdom, Health, Carbon Neutrality",
        "Wisdom·Health·Carbon Neutrality",
        "intelligence, health and carbon neutrals",
        "wisdom, health, carbon neutrality",
    ]


def test_disputed_figures_of_2021() -> None:
    """Where figures do not go together, each pair is listed once, and what exceeds the possible."""
    assert sorted(
        (statement.iri.rpartition("/")[2], relation.kind) for statement, relation in shown(2021).disputes
    ) == [
        ("25", "differsFrom"),
        ("8", "exceedsPossible"),
    ]


@pytest.mark.parametrize("year", [2020, 2021, 2023, 2024])
def test_every_statement_is_on_the_page(year: int) -> None:
    """What is stated about an edition and its sections is somewhere on its page."""
    found = shown(year)

    def within(sections: tuple[EditionSection, ...]) -> Iterator[str]:
        for section in sections:
            yield from (statement.iri for fact in section.facts for statement in fact.statements)
            yield from (statement.iri for statement in section.statements)
            yield from within(section.sections)

    told = {
        statement.iri for facts in found.facts.values() for fact in facts for statement in fact.statements
    }
    told |= {row.statement.iri for row in found.quantities} | {statement.iri for statement in found.others}
    told |= set(within(found.sections))
    assert len(told) == found.edition.statements


@pytest.mark.parametrize("iri", EDITIONS)
def test_shipped_edition_page(shipped_client: FlaskClient, iri: str) -> None:
    """No two elements of the page have the same id, and each link within it leads somewhere."""
    text = page(shipped_client, iri)
    ids = Counter(re.findall(r'\bid="([^"]+)"', text))

    assert [each for each, count in ids.items() if count > 1] == []
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


@pytest.mark.parametrize("iri", EDITIONS)
def test_shipped_facts_are_proven(shipped_client: FlaskClient, iri: str) -> None:
    """Each fact that is accepted leads to its proof, and is a fact of the graph."""
    for link in set(re.findall(r'href="(/why\?[^"]+)"', page(shipped_client, iri))):
        response = shipped_client.get(unescape(link), headers={"Accept": "text/html"})
        assert response.status_code == 200, link


def test_list_page(shipped_client: FlaskClient) -> None:
    """The list says of a year without a source that there is none."""
    words = " ".join(unescape(re.sub(r"<[^>]*>", " ", shipped_client.get("/editions").text)).split())

    assert "2022 No source mentions an edition." in words
    assert "24 to 28 September 2021" in words


def test_json_ld(shipped_client: FlaskClient) -> None:
    """Search engines learn what the curators accept of the edition."""
    text = page(shipped_client, f"{ID}edition/2021")
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)

    assert json.loads(found) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{ID}edition/2021",
        "name": "2021 Zhongguancun Forum",
        "url": "http://localhost/id/edition/2021.html",
        "alternateName": [
            {"@value": "2021中关村论坛", "@language": "zh"},
            {"@value": "2021 ZGC Forum", "@language": "en"},
        ],
        "startDate": "2021-09-24",
        "endDate": "2021-09-28",
        "location": [{"@type": "Place", "@id": f"{ID}place/beijing", "name": "Beijing"}],
        "organizer": [
            {
                "@type": "Organization",
                "@id": f"{ID}organization/china-association-for-science-and-technology",
                "name": "China Association for Science and Technology",
            }
        ],
        "superEvent": {"@type": "EventSeries", "@id": f"{ID}forum/zgc", "name": "Zhongguancun Forum"},
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": "http://localhost/id/edition/2021.html",
            "inLanguage": "en",
        },
    }


def test_page_of_the_largest_edition_is_light(shipped_client: FlaskClient) -> None:
    """The page of an edition whose every statement fits on it stays clearly under 200 kB."""
    sizes = {iri: len(page(shipped_client, iri).encode()) for iri in EDITIONS}

    assert {iri: size for iri, size in sizes.items() if size >= 185_000} == {}


def test_table_of_figures_names_who_printed_and_said_it(shipped_client: FlaskClient) -> None:
    """A figure has its publisher, the site that carried the text, and its speaker; it is not a paraphrase."""
    text = shipped_client.get("/id/edition/2021.html").text
    table = words_of(text.partition('<table class="figures">')[2].partition("</table>")[0])

    assert "China Daily via exbulletin.com, body" in table
    assert "said by organizers of the 2021 forum" in table
    assert "paraphrase" not in table


def test_unaccepted_dates_name_the_accepted_ones(shipped_client: FlaskClient) -> None:
    """Dates that the curators do not accept link to what that means, and to the dates that they do accept."""
    text = shipped_client.get("/id/edition/2021.html").text
    chapter = text.partition('<h2 id="when">')[2].partition("<h2")[0]

    assert '<a class="badge" href="/about#curators">not accepted by the curators</a>' in chapter
    assert "accepted instead: 24 to 28 September 2021" in words_of(chapter)
    assert '<h2 id="curators">' in shipped_client.get("/about").text


def test_values_of_the_list_link_to_their_statements(shipped_client: FlaskClient) -> None:
    """Each value in the list of editions links to the chapter of the edition with its statements."""
    text = shipped_client.get("/editions").text

    assert 'href="/id/edition/2020.html#hosts"' in text
    assert '<h2 id="hosts">' in shipped_client.get("/id/edition/2020.html").text


def test_places_of_the_lead_are_in_their_chapter(shipped_client: FlaskClient) -> None:
    """A place that follows from a stated one is in the chapter of the places, too, with its proof."""
    chapters = {
        year: shipped_client.get(f"/id/edition/{year}.html")
        .text.partition('<h2 id="where">')[2]
        .partition("<h2")[0]
        for year in (2020, 2021, 2023)
    }
    headings = {
        year: [words_of(each) for each in re.findall(r"<h3>.*?</h3>", text)]
        for year, text in chapters.items()
    }

    assert headings == {
        2020: ["Zhongguancun 中关村", "Beijing"],
        2021: ["Beijing 北京"],
        2023: ["Beijing 北京", "Zhongguancun 中关村"],
    }
    assert "around the stated place why?" in words_of(chapters[2020])
    assert "around" not in chapters[2021] + chapters[2023]
