"""The pages of things: what each kind shows first, all facts with their origin, and what points to them."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.namespaces import GRAPH, ID, ZGC
from forumkg.pages.graph import StoreGraph
from forumkg.pages.names import Name, thing_name
from forumkg.pages.page_queries import page_query
from forumkg.pages.quantities import Quantity, read_quantities
from forumkg.pages.shown_terms import ShownTerm
from forumkg.pages.things.facts import Source, read_facts, read_inbound
from forumkg.pages.things.kinds import KINDS
from forumkg.pages.things.neighbourhood import Neighbour, choose_neighbours
from forumkg.pages.things.sections import StatementSection, Table, read_sections
from forumkg.pages.things.statement import Given, StatementPage, read_statement_page
from forumkg.pages.things.thing import read_thing
from forumkg.rdf.terms import named
from forumkg.reasoning.proofs import Origin

DISPUTED = f"{ID}statement/china-daily-2021/8"
PREFERRED = f"{ID}statement/china-daily-2021/25"
ETHICS = f"{ID}outcome/2021-ai-ethics-code"
CONFERENCE = f"{ID}section/2021-press-conference"
MANY = 50_000


@pytest.fixture(scope="module")
def graph() -> StoreGraph:
    """Ask the shipped graph."""
    return StoreGraph(shipped_store())


def statement_page(graph: StoreGraph, iri: str) -> StatementPage:
    """Return a statement that there is."""
    found = read_statement_page(graph, iri)
    assert found is not None
    return found


def test_statement_with_others(graph: StoreGraph) -> None:
    """A disputed statement has its bounds in words, and both what it differs from and what it exceeds."""
    found = statement_page(graph, DISPUTED)

    assert [quantity.bounds for quantity in found.statement.quantities] == ["above 500, no upper bound"]
    assert [(each.words, each.name.iri, each.statement is not None) for each in found.sides] == [
        ("differs from", PREFERRED, True),
        ("exceeds what is possible of", f"{ID}indicator/countries-of-representatives", False),
    ]
    assert all(each.relation.is_disagreement for each in found.sides)
    assert len(found.beside) == 9
    assert DISPUTED not in {statement.iri for statement in found.beside}


def test_statement_gives_simple_facts(graph: StoreGraph) -> None:
    """An accepted statement says which simple facts rest on it, and what it corroborates."""
    found = statement_page(graph, f"{ID}statement/china-daily-2021/39")

    outcome = Name(ETHICS, "ethics code for a new generation of artificial intelligence", "en")
    edition = Name(f"{ID}edition/2021", "2021 Zhongguancun Forum", "en")
    assert found.given == (Given(edition, Name(f"{ZGC}hasOutcome", "has outcome", "en"), outcome),)
    assert [(stated.property.text, stated.value) for stated in found.stated] == [
        ("is about", edition),
        ("states outcome", outcome),
    ]
    assert [(each.words, each.name.iri) for each in found.sides] == [
        ("corroborates", f"{ID}statement/xinhua-2021-09-15/6")
    ]


def test_statement_fulfils(graph: StoreGraph) -> None:
    """A report says which plan it fulfils, and the fact is that the plan is fulfilled by it."""
    plan, report = f"{ID}statement/china-daily-2021/1", f"{ID}statement/china-daily-2021/16"

    found = [each for each in statement_page(graph, report).sides if each.name.iri == plan]

    assert [(each.words, each.relation.statement, each.relation.other) for each in found] == [
        ("fulfils", plan, report)
    ]


def test_statement_unknown(graph: StoreGraph) -> None:
    """What has no paraphrase and no article is no claim."""
    assert read_statement_page(graph, f"{ID}edition/2021") is None


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, ""),
        ({"lower": Decimal(500), "is_lower_open": True}, "above 500, no upper bound"),
        ({"upper": Decimal(1200), "is_upper_open": True}, "no lower bound, below 1,200"),
        ({"lower": Decimal(30), "upper": Decimal(40)}, "30 or more, 40 or less"),
        ({"lower": Decimal(800), "upper": Decimal(800)}, "exactly 800"),
    ],
)
def test_bounds_in_words(bounds: dict[str, Decimal | bool], words: str) -> None:
    """Bounds are given in words."""
    quantity = Quantity("q", None, "", "", None, None, "", None, "i", "i")

    assert replace(quantity, **bounds).bounds == words  # type: ignore[arg-type] # (a table of cases)


def test_bounds_of_a_quantity(graph: StoreGraph) -> None:
    """A quantity has the bounds that the statement has which gives it."""
    quantity = f"{ID}quantity/china-daily-2021/8"

    (alone,) = read_quantities(graph, [quantity])
    found = read_statement_page(graph, DISPUTED)
    assert found is not None
    (given,) = found.statement.quantities

    assert alone.bounds == given.bounds == "above 500, no upper bound"


def test_facts_with_origin_and_statements(graph: StoreGraph) -> None:
    """Each fact says how it came into the graph, and a fact of the simple layer which statements say so."""
    facts = {fact.by.text: fact for fact in read_facts(graph, CONFERENCE).facts}

    assert {value.text: value.origin for value in facts["is a"].values} == {
        "programme section": Origin.ASSERTED,
        "schema:Event": Origin.ENTAILED,
    }
    (host,) = facts["is hosted by"].values
    assert (host.text, host.origin) == ("State Council Information Office", Origin.ENTAILED)
    assert host.sources == (
        Source(f"{ID}statement/xinhua-2021-09-15/10", "Xinhua News Agency", date(2021, 9, 15)),
    )
    assert not facts["is hosted by"].is_foreign
    assert facts["schema:superEvent"].is_foreign


def test_inbound_with_statements(graph: StoreGraph) -> None:
    """What points to a thing names the statements that say so, too."""
    facts = {fact.by.text: fact for fact in read_inbound(graph, ETHICS).facts}

    (edition,) = facts["has outcome"].values
    assert [source.statement for source in edition.sources] == [f"{ID}statement/china-daily-2021/39"]


def test_facts_of_nameless_parts(graph: StoreGraph) -> None:
    """What has no name is shown where it belongs: the members of a list, the parts of a constraint."""
    facts = {
        fact.by.text: fact
        for fact in read_facts(graph, "https://w3id.org/zgc-forum/shapes/StatementKind").facts
    }

    (kinds,) = facts["sh:in"].values
    (members,) = kinds.facts
    assert [value.text for value in members.values][:2] == ["attributed statement", "figure statement"]
    assert members.count == 7


def test_posts_of_a_person(graph: StoreGraph) -> None:
    """A person has their posts with the day and the passage that attests them, and what they say."""
    statements, posts = read_sections(graph, f"{ID}person/li-meng", KINDS["zgc:Person"].sections)

    assert isinstance(posts, Table)
    assert posts.rows == (
        (
            ShownTerm(
                "vice minister of science and technology",
                f"{ID}post/vice-minister-of-science-and-technology",
                "en",
            ),
            ShownTerm(
                "Ministry of Science and Technology",
                f"{ID}organization/ministry-of-science-and-technology",
                "en",
            ),
            ShownTerm("2021-09-15", datatype="xsd:date", day=date(2021, 9, 15)),
            ShownTerm("Deputy Minister", language="en"),
            ShownTerm("characters 2,069 to 2,098", f"{ID}article/xinhua-2021-09-15/char=2069,2098"),
            ShownTerm("Xinhua nine days before the 2021 forum", f"{ID}article/xinhua-2021-09-15", "en"),
        ),
    )
    assert isinstance(statements, StatementSection)
    assert {statement.speakers[0].name for statement in statements.statements} == {"Li Meng"}
    assert len(statements.statements + statements.more) == 10


def test_outcome_that_was_not_reported(graph: StoreGraph) -> None:
    """An outcome that was announced and never reported as accomplished says so."""
    announced, accomplished = read_sections(graph, ETHICS, KINDS["zgc:Outcome"].sections)

    assert isinstance(announced, StatementSection)
    assert isinstance(accomplished, StatementSection)
    assert len(announced.statements) == 2
    assert (accomplished.statements, accomplished.section.keep_empty) == (
        (),
        "No statement in these articles reports it as accomplished.",
    )


def test_neighbours(graph: StoreGraph) -> None:
    """What is near a thing is what says most: the narrow properties before the general, each thing once."""
    shown = read_thing(graph, CONFERENCE)

    assert choose_neighbours(shown.facts, shown.inbound)[:3] == (
        Neighbour(
            "is section of",
            "2021 Zhongguancun Forum",
            f"{ID}edition/2021",
            language="en",
            by_language="en",
        ),
        Neighbour(
            "is hosted by",
            "State Council Information Office",
            f"{ID}organization/state-council-information-office",
            is_asserted=False,
            language="en",
            by_language="en",
        ),
        Neighbour(
            "takes place",
            "15 September 2021",
            f"{ID}period/2021-09-15",
            is_asserted=False,
            language="en",
            by_language="en",
        ),
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (Name(f"{ID}article/a/char=0,1200", "a/char=0,1200"), "characters 0 to 1,200 of a"),
        (Name(f"{ID}person/x", "x" * 200), "x" * 159 + "…"),
        (Name(f"{ID}person/x", "Li Meng"), "Li Meng"),
    ],
)
def test_name_as_a_link_shows_it(name: Name, shown: str) -> None:
    """A link is not too long, and a passage is called by its place."""
    assert thing_name(name).text == shown


def hub() -> ox.Store:
    """Return a store with a thing that very much is said of, and to which as much points."""
    thing = ox.NamedNode(f"{ID}thing/hub")
    graph, entailed = ox.NamedNode(f"{GRAPH}articles/x"), ox.NamedNode(f"{GRAPH}entailed")
    store = ox.Store()
    for number in range(MANY):
        other = ox.NamedNode(f"{ID}thing/{number}")
        triples = (
            (ox.Triple(other, named("zgc:isAbout"), thing), graph),
            (ox.Triple(other, named("skos:prefLabel"), ox.Literal(f"thing {number}", language="en")), graph),
            (ox.Triple(thing, named("zgc:hasStatement"), other), entailed),
        )
        store.bulk_extend(
            ox.Quad(triple.subject, triple.predicate, triple.object, place)
            for triple, home in triples
            for place in (home, ox.DefaultGraph())
        )
    for number in range(500):
        property_ = ox.NamedNode(f"https://example.org/{number}")
        store.add(ox.Quad(thing, property_, ox.Literal("x" * 10_000), graph))
    return store


@pytest.mark.slow
def test_thing_with_very_many_facts() -> None:
    """Of very many facts a page has some, how many there are, and the query for all of them."""
    graph = StoreGraph(hub())

    shown = read_thing(graph, f"{ID}thing/hub")

    statements = next(fact for fact in shown.facts.facts if fact.by.iri == f"{ZGC}hasStatement")
    (about,) = shown.inbound.facts
    assert [(fact.count, len(fact.values), fact.is_whole) for fact in (statements, about)] == [
        (MANY, 12, False),
        (MANY, 12, False),
    ]
    assert (len(shown.facts.facts), shown.facts.properties) == (150, 501)
    assert {value.length for fact in shown.facts.facts[1:] for value in fact.values} == {10_000}
    assert all(len(value.text) == 1000 for fact in shown.facts.facts[1:] for value in fact.values)


def json_ld(text: str) -> dict[str, Any]:
    """Return the data of a page for search engines."""
    data: dict[str, Any] = json.loads(
        text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    )
    return data


def test_get_statement_page(shipped_client: FlaskClient) -> None:
    """The page of a statement has it as a claim, with its article, and leads to proofs and data."""
    text = shipped_client.get("/id/statement/xinhua-2021-09-15/31.html").text

    assert json_ld(text) == {
        "@context": "https://schema.org",
        "@type": "Claim",
        "@id": f"{ID}statement/xinhua-2021-09-15/31",
        "text": "The permanent theme of the forum is 'Innovation and Development'.",
        "appearance": {
            "@type": "NewsArticle",
            "@id": f"{ID}article/xinhua-2021-09-15",
            "name": "Xinhua nine days before the 2021 forum",
            "inLanguage": "en",
            "datePublished": "2021-09-15",
            "publisher": {
                "@type": "NewsMediaOrganization",
                "@id": f"{ID}organization/xinhua",
                "name": "Xinhua News Agency",
            },
        },
        "author": [{"@type": "Person", "@id": f"{ID}person/li-meng", "name": "Li Meng"}],
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": "http://localhost/id/statement/xinhua-2021-09-15/31.html",
            "inLanguage": "en",
        },
    }
    assert "In which post it is said" in text
    assert f"/why?s={ID}forum/zgc&amp;p={ZGC}hasTheme&amp;o={ID}theme/permanent" in text
    for ending in ("ttl", "nt", "jsonld", "rdf"):
        assert f'href="/id/statement/xinhua-2021-09-15/31.{ending}"' in text


def test_get_statement_page_with_two_ties_to_one_other(shipped_client: FlaskClient) -> None:
    """A report that fulfils what it corroborates has it as one card, under both words."""
    text = shipped_client.get("/id/statement/china-daily-2021/16.html").text

    assert "<h3>It corroborates and fulfils</h3>" in text


def test_get_statement_page_with_a_tie_around_its_value(shipped_client: FlaskClient) -> None:
    """A heading in Chinese over cards has words, not dots, where its relation has the other side."""
    text = shipped_client.get("/zh/id/statement/china-daily-2021/1.html").text

    assert re.findall("<h3>(它[^<]*)</h3>", text) == ["它印证", "它由以下陈述兑现"]


@pytest.mark.parametrize("kind", ["statement", "quantity"])
def test_titles_and_anchors_differ(shipped_client: FlaskClient, graph: StoreGraph, kind: str) -> None:
    """No two statements or figures have one title, though articles say the same; no page has an id twice."""
    class_name = {"statement": "zgc:Statement", "quantity": "zgc:Quantity"}[kind]
    rows = graph.select(f"SELECT DISTINCT ?thing {{ ?thing a {named(class_name)} }}")
    paths = [row.iri("thing").removeprefix("https://w3id.org/zgc-forum") for row in rows]

    pages = [shipped_client.get(f"{path}.html").text for path in paths]

    for path, text in zip(paths, pages, strict=True):
        ids = re.findall(r' id="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids)), path
    titles = [text.partition("<title>")[2].partition("</title>")[0] for text in pages]
    assert len(set(titles)) == len(titles) == len(paths)


def test_get_person_page(shipped_client: FlaskClient) -> None:
    """Search engines get the affiliations of a person, and the page says why."""
    text = shipped_client.get("/id/person/li-meng.html").text

    ministry = f"{ID}organization/ministry-of-science-and-technology"
    assert json_ld(text) == {
        "@context": "https://schema.org",
        "@type": "Person",
        "@id": f"{ID}person/li-meng",
        "name": "Li Meng",
        "affiliation": [
            {"@type": "Organization", "@id": ministry, "name": "Ministry of Science and Technology"}
        ],
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": "http://localhost/id/person/li-meng.html",
            "inLanguage": "en",
        },
    }
    assert f"/why?s={ID}person/li-meng&amp;p={ZGC}isAffiliatedWith&amp;o={ministry}" in text


def test_get_organization_page_in_two_languages(shipped_client: FlaskClient) -> None:
    """A name in Chinese is marked as such."""
    text = shipped_client.get("/id/organization/china-association-for-science-and-technology.html").text

    assert '<bdi lang="zh">中国科学技术协会</bdi>' in text
    assert json_ld(text)["alternateName"][0] == "中国科学技术协会"


@pytest.mark.parametrize("class_name", KINDS)
def test_page_of_each_kind(shipped_client: FlaskClient, graph: StoreGraph, class_name: str) -> None:
    """Each kind of thing that has a page of its own says of which kind it is, at least by its list."""
    of_class = f"?thing a {named(class_name)}"
    query = f"SELECT ?thing {{ {{ {of_class} }} UNION {{ GRAPH ?graph {{ {of_class} }} }} }} LIMIT 1"
    (row,) = graph.select(query)
    path = row.iri("thing").removeprefix("https://w3id.org/zgc-forum")

    response = shipped_client.get(f"{path}.html")

    assert response.status_code == 200
    kind = KINDS[class_name]
    named_by = kind.list_name if kind.names_its_list else kind.name
    assert named_by in response.text.partition('<p class="path">')[2].partition("</p>")[0]


def test_query_of_inbound_statements_has_each_property_of_statements() -> None:
    """It looks up those properties of the ontology from which facts follow where a statement is accepted."""
    rows = shipped_store().query(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> "
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
        "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>"
        "SELECT ?states { ?property owl:propertyChainAxiom ?chain . "
        "?chain rdf:first zgc:hasAcceptedStatement ;"
        " rdf:rest/rdf:first ?states }"
    )
    assert isinstance(rows, ox.QuerySolutions)
    text = page_query("things/inbound-statements", thing=f"{ID}code/planned").text
    listed = re.findall(r"zgc:(\w+)", text.partition("VALUES ?states {")[2].partition("}")[0])

    assert sorted(f"{ZGC}{name}" for name in listed) == sorted(row["states"].value for row in rows)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [("xinhua-2023-05-24/28", True), ("xinhua-2020-09-17/45", False), ("china-daily-2021/25", False)],
)
def test_statement_that_is_not_accepted_says_so(
    statement: str, expected: bool, shipped_client: FlaskClient
) -> None:
    """A statement of a host from which no simple fact follows has a badge; one of a figure has none."""
    text = shipped_client.get(f"/id/statement/{statement}.html", headers={"Accept": "text/html"}).text
    stated = text.partition('id="stated"')[2].partition("</section>")[0]

    assert ("not accepted by the curators" in stated) is expected


def test_person_page_begins_with_statements(shipped_client: FlaskClient) -> None:
    """Statements come before posts, with a link to the original; a further passage says what it is."""
    page = shipped_client.get("/id/person/wu-zhaohui.html").text.partition("<main")[2]
    said = page.partition('<section aria-labelledby="things/claims-said-by">')[2].partition("</section>")[0]

    assert page.index('<section aria-labelledby="things/claims-said-by">') < page.index(
        '<section aria-labelledby="things/posts-held">'
    )
    assert re.search(r'<a href="https?://[^"]+" rel="external">original article</a>', said)
    assert (
        '#char-2065-2122">body, characters 2,065 to 2,122</a> <span class="note">(names the speaker)' in said
    )
    assert "Positions only: the texts are not published here." in said
