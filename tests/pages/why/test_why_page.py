"""Why a fact is so: what the page says, and the same proof as JSON and Turtle."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
import small_dataset
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from shipped import shipped_store
from turtle_text import triples

from forumkg.app.application import create_app
from forumkg.dataset.versions import open_version
from forumkg.errors import BadRequest
from forumkg.namespaces import BASE, GRAPH, ID, PREFIXES, ZGC
from forumkg.pages.graph import StoreGraph
from forumkg.pages.languages import environ_in
from forumkg.pages.why.proof_documents import as_json, as_triples
from forumkg.pages.why.proof_words import Names, Word, plain, say
from forumkg.pages.why.why import ProofLine, Why, read_unknown, read_why
from forumkg.pages.why_addresses import address_of, read_fact, why_address
from forumkg.rdf.terms import named
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool

STATEMENT = f"{ID}statement/china-daily-2021/"
QUANTITY = f"{ID}quantity/china-daily-2021/"
COUNTRIES = "indicator/countries-of-representatives"
HOSTED = "edition:2020 zgc:isHostedBy organization:beijing-municipal-government ."
DIFFERS = f"<{STATEMENT}25> zgc:differsFrom <{STATEMENT}8> ."
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
EXAMPLE = "?s=https://example.org/a&p=https://example.org/b&o=https://example.org/c"

Said = tuple[str, str, tuple["Said", ...]]


def fact(text: str) -> ox.Triple:
    """Return the one triple of a text."""
    (triple,) = triples(text)
    return triple


def why(text: str) -> Why:
    """Return why a fact of the shipped dataset is so."""
    found = read_why(StoreGraph(shipped_store()), fact(text))
    assert found is not None
    return found


def said(line: ProofLine) -> Said:
    """Return what the lines of a proof say."""
    reason = plain(line.reason.words) if line.reason else line.origin
    return plain(line.words), reason, tuple(map(said, line.premises))


def test_why_entailed() -> None:
    """An entailed fact has its reason, step by step, down to what is asserted."""
    found = why(HOSTED)

    assert plain(found.words) == (
        "2020 Zhongguancun Forum is hosted by Beijing Municipal Government, "
        "because it has accepted statement 45, which states host Beijing Municipal Government."
    )
    assert said(found.line) == (
        "2020 Zhongguancun Forum is hosted by Beijing Municipal Government",
        "“has accepted statement”, then “states host” make “is hosted by”",
        (
            (
                "2020 Zhongguancun Forum has accepted statement 45",
                "“has accepted statement” is “is accepted for” read backward",
                (("Statement 45 is accepted for 2020 Zhongguancun Forum", "asserted", ()),),
            ),
            ("Statement 45 states host Beijing Municipal Government", "asserted", ()),
        ),
    )
    assert (found.steps, found.given, found.sides) == (2, 2, ())
    assert [each.name for each in found.others] == ["Statement 45"]


def test_why_leads_to_the_passage() -> None:
    """What an article says leads to the passages, and what the curators decide to their file alone."""
    accepted, states = (why(HOSTED).line.premises[0].premises[0], why(HOSTED).line.premises[1])

    assert (accepted.graphs, accepted.passages) == ((f"{GRAPH}curation",), ())
    assert states.graphs == (f"{GRAPH}articles/xinhua-2020-09-17",)
    assert [(passage.start, passage.end) for passage in states.passages] == [(2432, 2635)]


def test_why_derived_shows_both_sides() -> None:
    """A derived disagreement has both statements, their notes, and the bounds that the rule compared."""
    found = why(DIFFERS)

    assert [(each.name, each.statement.iri) for each in found.sides] == [
        ("Statement 25", f"{STATEMENT}25"),
        ("Statement 8", f"{STATEMENT}8"),
    ]
    assert all(each.statement.notes for each in found.sides)
    assert [(each.cited.name, each.quantity.words, each.quantity.bounds) for each in found.compared] == [
        ("Statement 25", "more than 50", "above 50, no upper bound"),
        ("Statement 8", "more than 500", "above 500, no upper bound"),
    ]
    assert found.others == ()
    assert found.line.reason is not None
    assert found.line.reason.query.startswith("# Two statements on the same subject, indicator, day and unit")


def test_why_derived_against_a_thing() -> None:
    """What is derived of a statement and a thing has the curators' note on the thing."""
    found = why(f"<{STATEMENT}8> zgc:exceedsPossible indicator:countries-of-representatives .")

    assert [each.name for each in found.sides] == ["Statement 8"]
    assert [(name.text, note[:40]) for name, note in found.notes] == [
        ("countries of representatives", "No more countries and territories exist ")
    ]


def test_why_every_derived_fact_has_its_sides() -> None:
    """Each derived fact of the shipped dataset shows every statement that it relates."""
    graph = StoreGraph(shipped_store())
    derived = shipped_store().quads_for_pattern(None, None, None, ox.NamedNode(f"{GRAPH}derived"))
    for triple in (quad.triple for quad in derived):
        found = read_why(graph, triple)
        assert found is not None
        related = {
            term.value
            for term in (triple.subject, triple.object)
            if isinstance(term, ox.NamedNode) and term.value.startswith(f"{ID}statement/")
        }
        assert {each.statement.iri for each in found.sides} == related


def test_why_names_articles_where_there_are_several() -> None:
    """Statements are called by their number, and by their article where the proof has several."""
    found = why("edition:2020 zgc:takesPlaceIn place:beijing .")

    assert [each.name for each in found.others] == [
        "Statement 13 of xinhua-2020-09-17",
        "Statement 19 of china-daily-2021",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "edition:2021 a schema:Event .",
            "2021 Zhongguancun Forum is a schema:Event, because it is an edition.",
        ),
        ("edition:2021 a zgc:Edition .", "2021 Zhongguancun Forum is an edition."),
        ("edition:2021 zgc:year 2021 .", "2021 Zhongguancun Forum: year 2021."),
        (
            f"<{QUANTITY}8> zgc:isLowerOpen true .",
            "The figure “more than 500” is lower open.",
        ),
        (
            'forum:zgc skos:prefLabel "中关村论坛"@zh .',
            "Zhongguancun Forum: skos:prefLabel “中关村论坛”.",
        ),
    ],
    ids=["class", "asserted", "number", "truth", "text"],
)
def test_why_words(text: str, words: str) -> None:
    """Each kind of fact is a sentence that people would write."""
    assert plain(why(text).words) == words


def test_unknown_has_what_the_graph_says() -> None:
    """For a fact that no graph holds there are those of the same thing and property."""
    found = read_unknown(StoreGraph(shipped_store()), fact("edition:2021 zgc:year 1999 ."))

    assert plain(found.words) == "2021 Zhongguancun Forum: year 1999"
    assert [(plain(words), address) for words, address in found.others] == [
        ("2021 Zhongguancun Forum: year 2021", address_of(fact("edition:2021 zgc:year 2021 ."))),
    ]


def test_as_json() -> None:
    """The JSON of a proof has each fact once, by number, with its basis and where it stands."""
    type_ = {"type": "uri", "value": f"{PREFIXES['rdf']}type"}
    place = {"type": "uri", "value": f"{ID}place/beijing"}

    assert as_json(why("place:beijing a schema:Place .")) == {
        "address": f"{BASE}why?s={ID}place/beijing&p={quote(type_['value'], safe='/:')}&o=https://schema.org/Place",
        "text": "Beijing is a schema:Place, because it is a place.",
        "origin": "entailed",
        "facts": [
            {
                "number": 1,
                "subject": place,
                "predicate": type_,
                "object": {"type": "uri", "value": "https://schema.org/Place"},
                "text": "Beijing is a schema:Place",
                "origin": "entailed",
                "graphs": [f"{GRAPH}entailed"],
                "from": [2],
                "by": {
                    "rule": "cax-sco",
                    "kind": "subclass",
                    "text": "every place is a schema:Place",
                    "axiom": {
                        "kind": f"{PREFIXES['rdfs']}subClassOf",
                        "subject": f"{ZGC}Place",
                        "operands": ["https://schema.org/Place"],
                    },
                },
            },
            {
                "number": 2,
                "subject": place,
                "predicate": type_,
                "object": {"type": "uri", "value": f"{ZGC}Place"},
                "text": "Beijing is a place",
                "origin": "asserted",
                "graphs": [f"{GRAPH}entities"],
            },
        ],
    }


def test_as_triples() -> None:
    """The RDF of a proof reifies its facts and axioms, and derives each fact from its premises."""
    found = why("place:beijing a schema:Place .")
    node = f"{BASE}{found.line.address.removeprefix('/')}"

    assert set(as_triples(found)) == set(
        triples(
            f"""
            <{node}> foaf:primaryTopic <{node}#fact-1> .
            <{node}#fact-1> a rdf:Statement ; rdfs:label "Beijing is a schema:Place"@en ;
                rdf:subject place:beijing ; rdf:predicate rdf:type ; rdf:object schema:Place ;
                dcterms:isPartOf graph:entailed ;
                prov:wasGeneratedBy <{node}#step-1> ; prov:wasDerivedFrom <{node}#fact-2> .
            <{node}#step-1> a prov:Activity ; rdfs:label "subclass (cax-sco)"@en ;
                prov:used <{node}#basis-1> , <{node}#fact-2> .
            <{node}#basis-1> a rdf:Statement ; rdfs:label "every place is a schema:Place"@en ;
                rdf:subject zgc:Place ; rdf:predicate rdfs:subClassOf ; rdf:object schema:Place .
            <{node}#fact-2> a rdf:Statement ; rdfs:label "Beijing is a place"@en ;
                rdf:subject place:beijing ; rdf:predicate rdf:type ; rdf:object zgc:Place ;
                dcterms:isPartOf graph:entities .
            """
        )
    )


@pytest.mark.parametrize(
    "text",
    [HOSTED, DIFFERS, "edition:2020 schema:location place:beijing .", "edition:2021 zgc:year 2021 ."],
    ids=["chain", "rule", "deep", "asserted"],
)
def test_as_triples_axioms_are_those_of_the_graph(text: str) -> None:
    """Each reified statement is a triple of the graph, chains by their lists, and has no blank node."""
    graph = ox.Store()
    found = frozenset(as_triples(why(text)))
    graph.extend(ox.Quad(each.subject, each.predicate, each.object) for each in found)
    parts = [named(f"rdf:{name}") for name in ("subject", "predicate", "object")]
    statements = {each.subject for each in found if each.object == named("rdf:Statement")}

    for statement in statements:
        subject, predicate, value = (_object(graph, statement, part) for part in parts)
        if predicate == named("owl:propertyChainAxiom"):
            assert shipped_store().query(_asks_chain(subject, _items(graph, value)))
        else:
            triple = ox.Triple(subject, predicate, value)  # type: ignore[arg-type]  # as the graph's are
            assert ox.Quad(triple.subject, triple.predicate, triple.object) in shipped_store()
    assert not any(isinstance(term, ox.BlankNode) for each in found for term in (each.subject, each.object))


def _object(graph: ox.Store, subject: object, predicate: ox.NamedNode) -> object:
    (quad,) = graph.quads_for_pattern(subject, predicate, None)  # type: ignore[arg-type]  # of a triple
    return quad.object


def _items(graph: ox.Store, node: object) -> list[str]:
    items = []
    while node != named("rdf:nil"):
        items.append(str(_object(graph, node, named("rdf:first"))))
        node = _object(graph, node, named("rdf:rest"))
    return items


def _asks_chain(subject: object, items: list[str]) -> str:
    chain = f"<{PREFIXES['owl']}propertyChainAxiom>"
    return f"ASK {{ {subject} {chain} ( {' '.join(items)} ) }}"


@pytest.mark.parametrize(
    ("object_", "address"),
    [
        (f"{ID}theme/a", f"/why?s=urn:s&p=urn:p%23q&o={ID}theme/a"),
        (
            ox.Literal(2021),
            "/why?s=urn:s&p=urn:p%23q&o=%222021%22%5E%5E%3Chttp://www.w3.org/2001/XMLSchema%23integer%3E",
        ),
        ('"a & b"@en', "/why?s=urn:s&p=urn:p%23q&o=%22a%20%26%20b%22%40en"),
    ],
    ids=["iri", "number", "text"],
)
def test_why_address(object_: str | ox.Literal, address: str) -> None:
    """The address of a proof names the three terms, a literal as N-Triples write it."""
    assert why_address("urn:s", "urn:p#q", object_) == address


@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["", "en", "integer"]))
def test_read_fact_any_literal(text: str, kind: str) -> None:
    """Any literal comes through an address as it went in."""
    if kind == "integer":
        literal = ox.Literal(text, datatype=named("xsd:integer"))
    else:
        literal = ox.Literal(text, language=kind or None)

    assert read_fact("urn:s", "urn:p", str(literal)).object == literal


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (
            ("", "urn:p", "urn:o"),
            f"Parameter s is missing: name all three terms of the fact, as in {EXAMPLE}.",
        ),
        (
            ("urn:s", "urn:p", ""),
            f"Parameter o is missing: name all three terms of the fact, as in {EXAMPLE}.",
        ),
        (("s", "urn:p", "urn:o"), f"The s 's' is not an IRI: write it in full, as in {EXAMPLE}."),
        (("_:b", "urn:p", "urn:o"), f"The s '_:b' is not an IRI: write it in full, as in {EXAMPLE}."),
        (
            ("urn:s", "urn:p", "2021"),
            "The o '2021' is not an IRI: write it in full, or a literal with its quotation marks, "
            f"as in {EXAMPLE}.",
        ),
        (
            ("urn:s", "urn:p", '"a" . <urn:x> <urn:y> "b"'),
            """The o '"a" . <urn:x> <urn:y> "b"' is not a literal: write it as in N-Triples, """
            'as in "2021"^^<http://www.w3.org/2001/XMLSchema#integer> or "forum"@en.',
        ),
        (
            ("urn:s", "urn:p", '"open'),
            """The o '"open' is not a literal: write it as in N-Triples, """
            'as in "2021"^^<http://www.w3.org/2001/XMLSchema#integer> or "forum"@en.',
        ),
    ],
)
def test_read_fact_refused(terms: tuple[str, str, str], message: str) -> None:
    """What is no fact is refused, and the message says what to write."""
    with pytest.raises(BadRequest) as error:
        read_fact(*terms)

    assert str(error.value) == message


def test_get_why_page(shipped_client: FlaskClient) -> None:
    """The page shows the fact, its reason and its steps, with links to the passage, and its own address."""
    triple = fact(HOSTED)
    response = shipped_client.get(address_of(triple), headers=BROWSER)
    text = unescape(response.text)

    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert "<title>Why: 2020 Zhongguancun Forum is hosted by Beijing Municipal Government" in text
    assert f'<link rel="canonical" href="http://localhost{address_of(triple)}">' in text
    assert '<a href="/id/article/xinhua-2020-09-17.html#char-2432-2635">' in text
    assert '<a href="/ontology/isHostedBy.html">is hosted by</a>' in text
    assert 'id="statement-xinhua-2020-09-17-45"' in text


@pytest.mark.parametrize(
    ("path", "accept", "content_type"),
    [
        ("/why", "", "text/html; charset=utf-8"),
        ("/why", "application/json", "application/json"),
        ("/why", "text/turtle", "text/turtle; charset=utf-8"),
        ("/why.json", BROWSER["Accept"], "application/json"),
        ("/why.ttl", "", "text/turtle; charset=utf-8"),
        ("/why?format=json", BROWSER["Accept"], "application/json"),
        ("/why?format=turtle", "application/json", "text/turtle; charset=utf-8"),
        ("/why?format=html", "application/json", "text/html; charset=utf-8"),
    ],
)
def test_get_why_format(shipped_client: FlaskClient, path: str, accept: str, content_type: str) -> None:
    """The ending decides the format, then the parameter, then the Accept header; a page is the default."""
    _, _, parameters = address_of(fact(DIFFERS)).partition("?")
    mark = "&" if "?" in path else "?"
    response = shipped_client.get(f"{path}{mark}{parameters}", headers={"Accept": accept} if accept else {})

    assert (response.status_code, response.content_type) == (200, content_type)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in response.headers["Vary"]


def test_get_why_as_data(shipped_client: FlaskClient) -> None:
    """JSON and Turtle say what the proof says."""
    found = why(DIFFERS)
    _, _, parameters = address_of(fact(DIFFERS)).partition("?")

    assert shipped_client.get(f"/why.json?{parameters}").json == json.loads(json.dumps(as_json(found)))
    turtle = shipped_client.get(f"/why.ttl?{parameters}").data
    assert {quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)} == set(as_triples(found))


def test_get_why_as_data_in_chinese(shipped_client: FlaskClient) -> None:
    """The labels of a proof in Chinese have that language; its other triples are those in English."""
    _, _, parameters = address_of(fact("place:beijing a schema:Place .")).partition("?")
    turtles = [
        shipped_client.get(f"{prefix}/why?{parameters}", headers={"Accept": "text/turtle"}).data
        for prefix in ("", "/zh")
    ]
    english, chinese = (
        [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)] for turtle in turtles
    )
    labels = [triple.object for triple in chinese if triple.predicate.value == f"{PREFIXES['rdfs']}label"]

    assert sorted(label.value for label in labels if isinstance(label, ox.Literal)) == [
        "北京属于 schema:Place",
        "北京属于地点",
        "子类 (cax-sco)",
        "每个“地点”都是“schema:Place”",
    ]
    assert {label.language for label in labels if isinstance(label, ox.Literal)} == {"zh"}
    assert [triple for triple in english if triple.object.__class__ is not ox.Literal] == [
        triple for triple in chinese if triple.object.__class__ is not ox.Literal
    ]


@pytest.mark.parametrize(
    ("parameters", "status", "detail"),
    [
        ({}, 400, f"Parameter s is missing: name all three terms of the fact, as in {EXAMPLE}."),
        (
            {"s": "urn:s", "p": "urn:p", "o": "urn:o", "format": "png"},
            400,
            "There is no format 'png' of a proof. Write one of: html, json, turtle.",
        ),
        (
            {"s": "urn:s", "p": "urn:p", "o": '"x"', "format": "json"},
            404,
            'No graph contains <urn:s> <urn:p> "x": there is nothing to prove.',
        ),
    ],
)
def test_get_why_refused(
    shipped_client: FlaskClient, parameters: dict[str, str], status: int, detail: str
) -> None:
    """Programs get a line that says what to write, or that there is nothing to prove."""
    response = shipped_client.get(f"/why?{urlencode(parameters)}")

    assert (response.status_code, response.text) == (status, f"{detail}\n")


def test_get_why_unknown_page(shipped_client: FlaskClient) -> None:
    """People read that a fact is not in the graph, with what is and why that is so."""
    triple = fact("edition:2021 zgc:hasTheme theme:2020-annual .")
    response = shipped_client.get(address_of(triple), headers=BROWSER)
    text = unescape(response.text)

    assert response.status_code == 404
    assert "<h1>Not in the graph</h1>" in text
    assert f'href="{address_of(fact("edition:2021 zgc:hasTheme theme:2021-annual ."))}"' in text
    assert response.headers["Cache-Control"] == "no-store"


def test_get_why_hostile_terms(tmp_path: Path) -> None:
    """Terms that would be markup or scripts do no harm, whether the graph holds them or not."""
    script = ox.Literal("<script>alert(1)</script>\u202e" * 1000, language="en")
    small = small_dataset.write(tmp_path / "root")
    path = small.root / "graph" / "curation.ttl"
    held = f"<javascript:alert(1)> <data:text/html,x> {script} ; a <javascript:alert(2)> ."
    path.write_text(f"{path.read_text()}{held}\n")
    version = open_version(tmp_path / "data", small.files, ontology_dir=small.ontology_dir)
    with Pool(version.path / "store") as pool:
        client = create_app(version, QueryService(pool, version.info.digest)).test_client()
        for subject, status in (("javascript:alert(1)", 200), ("javascript:alert(0)", 404)):
            address = why_address(subject, "data:text/html,x", script)
            response = client.get(address, headers=BROWSER)
            assert response.status_code == status
            assert "<script>alert" not in response.text
            assert 'href="javascript:' not in response.text
            assert 'href="data:' not in response.text


def test_get_why_proves_with_the_rules_of_the_dataset(tmp_path: Path) -> None:
    """A fact that a rule of the dataset derived has its proof by that rule, which the package lacks."""
    small = small_dataset.write(tmp_path / "root")
    (small.ontology_dir / "rules" / "01-next.rq").write_text(
        f"PREFIX zgc: <{ZGC}>\n"
        "CONSTRUCT { ?one zgc:hasNextYear ?later }\n"
        "WHERE { ?one zgc:year ?first . ?later zgc:year ?second . FILTER (?first + 2 = ?second) }\n",
        encoding="utf-8",
    )
    # Of a form by which no proof is found.
    (small.ontology_dir / "rules" / "02-other.rq").write_text(
        f"PREFIX zgc: <{ZGC}>\nCONSTRUCT {{ ?one zgc:isFirst true }} WHERE {{ ?one zgc:year 2021 }}\n",
        encoding="utf-8",
    )
    version = open_version(tmp_path / "data", small.files, ontology_dir=small.ontology_dir)
    address = why_address(f"{ID}edition/2021", f"{ZGC}hasNextYear", f"{ID}edition/2023")
    with Pool(version.path / "store") as pool:
        client = create_app(version, QueryService(pool, version.info.digest)).test_client()
        proof = json.loads(client.get(address, headers={"Accept": "application/json"}).text)

    assert proof["origin"] == "derived"
    assert proof["facts"][0]["by"]["rule"] == "01-next"
    assert "hasNextYear" in proof["facts"][0]["by"]["query"]


def test_chinese_page_has_no_spaces_between_chinese_words(shipped_client: FlaskClient) -> None:
    """Links and the words between them stand together in Chinese, and apart in English."""
    query = urlencode({"s": f"{STATEMENT}8", "p": f"{ZGC}exceedsPossible", "o": f"{ID}{COUNTRIES}"})
    facts = [
        [unescape(re.sub("<[^>]*>", "", each)) for each in re.findall('<p class="fact">(.*?)</p>', page)]
        for page in (
            shipped_client.get(f"{prefix}/why?{query}", headers=BROWSER).text for prefix in ("", "/zh")
        )
    ]

    assert facts == [
        [
            "Statement 8 exceeds what is possible of countries of representatives",
            "Statement 8 has quantity the figure “more than 500”",
            "The figure “more than 500” has indicator countries of representatives",
            "The figure “more than 500”: lower bound 500",
            "The figure “more than 500” is lower open",
            "Countries of representatives: maximum possible 249",
        ],
        [
            "陈述8超出代表所属国家和地区数的可能范围",
            "陈述8数量为数字“超过500”",
            "数字“超过500”指标为代表所属国家和地区数",
            "数字“超过500”：下限500",
            "数字“超过500”不含下限",
            "代表所属国家和地区数：可能的最大值249",
        ],
    ]


@pytest.mark.parametrize(
    ("tag", "predicate", "value", "said"),
    [
        ("", "is lower open", "true", "The figure is lower open"),
        ("", "is lower open", "false", "The figure is not lower open"),
        ("", "open below", "false", "The figure: open below false"),
        ("zh", "不含下限", "true", "数字不含下限"),
        ("zh", "不含下限", "false", "数字并非不含下限"),
    ],
)
def test_truth_value_in_words(tag: str, predicate: str, value: str, said: str) -> None:
    """A truth value is said by its predicate, in Chinese too, and not by `true`."""
    statement = fact(f"<urn:figure> zgc:isLowerOpen {value} .")
    figure = "数字" if tag else "the figure"
    names = Names(
        {each.iri: each for each in (Word(figure, "urn:figure"), Word(predicate, f"{ZGC}isLowerOpen"))},
        several_articles=False,
    )

    with Flask(__name__).request_context(environ_in(tag)):
        assert plain(say(statement, names)) == said


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        (
            "/why",
            "Accepted because an article states it, China Daily, back-translated, after the 2021 forum, in",
        ),
        ("/zh/why", "之所以采信，是因为有文章这样表述："),
    ],
)
def test_accepted_fact_begins_in_plain_words(shipped_client: FlaskClient, path: str, begins: str) -> None:
    """Before the proof stands one sentence: which article states the fact, in our paraphrase."""
    base = "https://w3id.org/zgc-forum/"
    fact = f"s={base}id/edition/2021&p={base}ontology/takesPlaceIn&o={base}id/place/beijing"
    page = shipped_client.get(f"{path}?{fact}").text

    lead, *others = re.findall(r'<p class="lead">(.*?)</p>', page)
    assert re.sub("<[^>]+>", "", lead).startswith(begins)
    assert others == []
    assert page.index(lead) < page.index('id="proof"')
