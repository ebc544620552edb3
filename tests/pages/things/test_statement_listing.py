"""The list of all statements: its numbers, its filters and its pages."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from plain import number
from shipped import shipped_store

BROWSER = {"Accept": "text/html"}
COUNT = """PREFIX code: <https://w3id.org/zgc-forum/id/code/>
PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
SELECT (COUNT(DISTINCT ?s) AS ?number) WHERE { ?s zgc:paraphrase ?says . %s }"""
OF_ARTICLE = "?s zgc:isReportedIn <https://w3id.org/zgc-forum/id/article/xinhua-2021-09-15> ."
PLANNED = "?s zgc:hasStance code:planned ."
PUBLISHED = """?s zgc:isReportedIn/zgc:isPublishedBy
    <https://w3id.org/zgc-forum/id/organization/china-daily> ."""
CARRIED = """?s zgc:isReportedIn/zgc:isCarriedBy
    <https://w3id.org/zgc-forum/id/organization/teller-report> ."""
SAID = "?s zgc:isSaidBy <https://w3id.org/zgc-forum/id/person/wu-zhaohui> ."
ACCEPTED = "?s zgc:isAcceptedFor ?subject ."
PREFERRED = "?s zgc:hasRank code:preferred ."
WRONG = "?s zgc:hasRank code:deprecated ."
UNJUDGED = """FILTER NOT EXISTS { ?s zgc:isAcceptedFor ?subject }
    FILTER NOT EXISTS { ?s zgc:hasRank ?rank . FILTER (?rank != code:normal) }"""
OF_EDITION = "?s zgc:isAbout/zgc:isSectionOf? <https://w3id.org/zgc-forum/id/edition/2021> ."


@pytest.mark.parametrize(
    ("query", "pattern"),
    [
        ("", ""),
        ("stance=planned", PLANNED),
        ("article=xinhua-2021-09-15", OF_ARTICLE),
        ("article=xinhua-2021-09-15&stance=planned", OF_ARTICLE + PLANNED),
        ("publisher=china-daily", PUBLISHED),
        ("publisher=china-daily&stance=planned", PUBLISHED + PLANNED),
        ("carrier=teller-report", CARRIED),
        ("carrier=teller-report&stance=planned", CARRIED + PLANNED),
        ("speaker=person/wu-zhaohui", SAID),
        ("edition=2021", OF_EDITION),
        ("judgement=accepted", ACCEPTED),
        ("judgement=preferred", PREFERRED),
        ("judgement=wrong", WRONG),
        ("judgement=unjudged", UNJUDGED),
        ("stance=planned&judgement=unjudged", PLANNED + UNJUDGED),
        ("article=xinhua-2021-09-15&judgement=accepted", OF_ARTICLE + ACCEPTED),
        ("speaker=person/wu-zhaohui&judgement=unjudged", SAID + UNJUDGED),
        ("edition=2021&publisher=china-daily&judgement=wrong", OF_EDITION + PUBLISHED + WRONG),
        ("edition=2021&publisher=china-daily", OF_EDITION + PUBLISHED),
        ("edition=2021&article=xinhua-2021-09-15&stance=planned", OF_EDITION + OF_ARTICLE + PLANNED),
        (
            "edition=2021&publisher=china-daily&stance=accomplished&judgement=accepted",
            OF_EDITION + PUBLISHED + "?s zgc:hasStance code:accomplished ." + ACCEPTED,
        ),
    ],
)
def test_get_statements_has_all_of_a_choice(query: str, pattern: str, shipped_client: FlaskClient) -> None:
    """The lead has the number of the graph, and the pages have each statement once."""
    total = number(shipped_store(), COUNT % pattern)
    found: list[str] = []
    for place in range(1, -(-total // 30) + 1):
        page = shipped_client.get(f"/statements?{query}&page={place}", headers=BROWSER).text
        assert re.search(rf'<p class="lead">{total} statements?,', page)
        found += re.findall(r'<li class="statement[^"]*" id="([^"]+)"', page)

    assert len(found) == len(set(found)) == total > 0


def test_menus_keep_the_choice(shipped_client: FlaskClient) -> None:
    """The menus show what is chosen, with the numbers of the rest of the choice, and the pager keeps it."""
    page = shipped_client.get("/statements?edition=2021&stance=planned", headers=BROWSER).text

    assert '<option value="2021" selected>' in page
    planned = number(shipped_store(), COUNT % (OF_EDITION + PLANNED))
    assert f'<option value="planned" selected>planned ({planned})</option>' in page
    assert 'rel="next" href="/statements?edition=2021&amp;stance=planned&amp;page=2"' in page


@pytest.mark.parametrize(
    ("root", "words", "number_words"),
    [
        ("", ["accepted", "preferred by the curators", "judged wrong", "not judged"], " ({})"),
        ("/zh", ["已采信", "编者首选", "判定有误", "未作判定"], "（{}）"),
    ],
)
def test_menu_of_judgements_has_the_words_of_the_badges(
    root: str, words: list[str], number_words: str, shipped_client: FlaskClient
) -> None:
    """What the curators judge is chosen by the words that the statements have, with how many there are."""
    page = shipped_client.get(f"{root}/statements?article=china-daily-2021", headers=BROWSER).text
    menu = page.partition('<select name="judgement">')[2].partition("</select>")[0]
    of_article = OF_ARTICLE.replace("xinhua-2021-09-15", "china-daily-2021")
    patterns = zip(
        ("accepted", "preferred", "wrong", "unjudged"), (ACCEPTED, PREFERRED, WRONG, UNJUDGED), strict=True
    )

    assert re.findall(r'<option value="(\w+)">(.+?)</option>', menu) == [
        (name, shown + number_words.format(number(shipped_store(), COUNT % (of_article + pattern))))
        for (name, pattern), shown in zip(patterns, words, strict=True)
    ]
    for shown in words[:3]:
        assert f">{shown}</span>" in page


@pytest.mark.parametrize("path", ["/disagreements", "/compare", "/about"])
def test_judged_statements_are_linked_where_readers_look(path: str, shipped_client: FlaskClient) -> None:
    """What disagrees, the legend and the page on curators lead to the statements that are judged so."""
    judgement = "accepted" if path == "/about" else "wrong"
    page = shipped_client.get(path, headers=BROWSER).text

    assert f'href="/statements?judgement={judgement}"' in page


def test_disagreements_of_an_edition_lead_to_its_wrong_statements(shipped_client: FlaskClient) -> None:
    """The link is narrowed as the page is, and absent where nothing is judged wrong."""
    link = 'href="/statements?edition={}&amp;judgement=wrong"'

    assert link.format("2021") in shipped_client.get("/disagreements?edition=2021", headers=BROWSER).text
    assert link.format("2020") not in shipped_client.get("/disagreements?edition=2020", headers=BROWSER).text


def test_statements_of_an_article_are_in_the_order_of_their_numbers(shipped_client: FlaskClient) -> None:
    """Statement 2 comes before statement 10."""
    page = shipped_client.get("/statements?article=xinhua-2021-09-15", headers=BROWSER).text
    found = re.findall(r'<li class="statement[^"]*" id="statement-xinhua-2021-09-15-([0-9]+)"', page)

    assert len(found) == 30
    assert found == sorted(found, key=int)


def test_statements_are_in_the_order_of_the_list_of_articles(shipped_client: FlaskClient) -> None:
    """They are by the day of the article, and an undated article is the last in both lists."""
    listed = shipped_client.get("/articles", headers=BROWSER).text
    articles = re.findall(r'<h2><a href="/id/article/([^"]+)\.html">', listed)
    first = shipped_client.get("/statements", headers=BROWSER).text
    pages = [first]
    while next_page := re.search(r'<a rel="next" href="([^"]+)"', pages[-1]):
        pages.append(shipped_client.get(unescape(next_page[1]), headers=BROWSER).text)
    found = re.findall(r'<li class="statement[^"]*" id="statement-(.+?)-[0-9]+"', "".join(pages))

    assert articles[-1] == "china-daily-2021"
    assert list(dict.fromkeys(found)) == articles


@pytest.mark.parametrize(
    ("query", "is_open"),
    [("", False), ("?page=2", False), ("?stance=planned", True), ("?edition=2021", True)],
)
def test_filters_are_open_where_the_list_is_narrowed(
    query: str, is_open: bool, shipped_client: FlaskClient
) -> None:
    """What the list is narrowed to is visible on a phone, too; the whole list has folded filters there."""
    page = shipped_client.get(f"/statements{query}", headers=BROWSER).text
    fold = re.search(r'<details class="fold"( open)?><summary>Narrow the list</summary>\s*<form', page)

    assert fold is not None
    assert bool(fold[1]) is is_open


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/id/organization/china-daily.html", "/statements?publisher=china-daily"),
        ("/id/person/wu-zhaohui.html", "/statements?speaker=person/wu-zhaohui"),
    ],
)
def test_publishers_and_speakers_link_to_their_statements(
    path: str, link: str, shipped_client: FlaskClient
) -> None:
    """The page of who publishes or speaks leads to all that they published or said."""
    page = shipped_client.get(path, headers=BROWSER).text
    pattern = PUBLISHED if "publisher" in link else SAID
    total = number(shipped_store(), COUNT % pattern)

    assert re.findall(rf'href="{re.escape(link)}">([^<]*)</a>', page) in (
        [f"Everything it published: {total} statements"],
        [f"All attributed statements: {total}"],
    )


@pytest.mark.parametrize(
    "query",
    [
        "publisher=nothing",
        "carrier=nothing",
        "speaker=person/nobody",
        "article=nothing",
        "stance=nothing",
        "judgement=nothing",
        "page=1000",
    ],
)
def test_get_statements_of_nothing(query: str, shipped_client: FlaskClient) -> None:
    """An article, a stance or a page that does not exist is an error."""
    assert shipped_client.get(f"/statements?{query}", headers=BROWSER).status_code == 404


def test_choice_without_statements(shipped_client: FlaskClient) -> None:
    """A choice that nothing has is said in words."""
    page = shipped_client.get("/statements?edition=2024&article=xinhua-2020-09-17", headers=BROWSER).text

    assert '<p class="lead">0 statements' in page
    assert "No statements of this choice." in page


def test_get_statements_of_a_large_graph(synthetic_client: FlaskClient) -> None:
    """The list of a forum has its own statements alone, thirty on a page."""
    page = synthetic_client.get("/statements?forum=f00002", headers=BROWSER).text
    found = re.findall(r'<li class="statement[^"]*" id="([^"]+)"', page)

    assert len(found) == 30
    assert '<option value="f00002" selected>' in page
