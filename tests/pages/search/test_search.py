"""The search: what it finds, in which order, and that no words become a part of a query or a page."""

import re
import tempfile
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from shipped import shipped_store

from forumkg.dataset.search_index import SearchIndex, write_search_index
from forumkg.namespaces import BASE, ID
from forumkg.pages.graph import StoreGraph
from forumkg.pages.page_queries import all_match, count_matches, page_query
from forumkg.pages.search import search as search_page
from forumkg.pages.search.search import PAGE, Facet, Results
from forumkg.pages.search.search_text import Fragment, folded, marked, pattern_of, words_in

SKOS = "http://www.w3.org/2004/02/skos/core#"
ZGC = f"{BASE}ontology/"
BROWSER = {"Accept": "text/html"}
HOSTILE = """'"\\"""


# Deleted when the tests end.
FOLDER = tempfile.TemporaryDirectory()
INDEXES: dict[StoreGraph, SearchIndex] = {}


def indexed(store: ox.Store) -> StoreGraph:
    """Return the graph of a store that has an index."""
    path = Path(FOLDER.name) / f"{len(INDEXES)}.sqlite"
    write_search_index(store, path)
    known = StoreGraph(store)
    INDEXES[known] = SearchIndex(path)
    return known


def search(graph: StoreGraph, query: str, kind: str = "", number: int = 1) -> Results:
    """Return what is found in a graph by its index."""
    return search_page.search(graph, INDEXES[graph], query, kind, number)


def graph(*names: tuple[str, str, str]) -> StoreGraph:
    """Return a graph of things: name, property, and words with a language."""
    store = ox.Store()
    for thing, property_, words in names:
        text, _, language = words.partition("@")
        literal = ox.Literal(text, language=language or "en")
        store.add(ox.Quad(ox.NamedNode(ID + thing), ox.NamedNode(property_), literal))
    return indexed(store)


LABEL, ALSO, WORDING, SAYS, NOTE = (
    f"{SKOS}prefLabel",
    f"{SKOS}altLabel",
    f"{ZGC}wording",
    f"{ZGC}paraphrase",
    f"{ZGC}editorialNote",
)
SMALL = graph(
    ("statement/a/1", SAYS, "A robot greets the guests."),
    ("statement/a/2", SAYS, "Machines greet."),
    ("statement/a/2", WORDING, "Robot show"),
    ("statement/a/3", SAYS, "Nothing."),
    ("statement/a/3", NOTE, "No robot is meant."),
    ("topic/robotics", LABEL, "robotics"),
    ("topic/robotics", LABEL, "机器人技术@zh"),
    ("section/robots", LABEL, "area for robots"),
    ("person/robot", LABEL, "Robot"),
    ("edition/2021", LABEL, "论坛2021@zh"),
    ("place/cafe", LABEL, "Café Zürich"),
    ("place/cafe", ALSO, "O'Neill's \"Bar\" \\ c:$path"),
)

SHIPPED = indexed(shipped_store())


def found(query: str, kind: str = "", number: int = 1, graph: StoreGraph = SMALL) -> list[str]:
    """Return what is found, by the ends of the IRIs."""
    return [hit.name.iri.removeprefix(ID) for hit in search(graph, query, kind, number).hits]


def test_order() -> None:
    """The whole name comes first, then its beginning, a word of it, the wording, the paraphrase, the note."""
    assert found("robot") == [
        "person/robot",
        "topic/robotics",
        "section/robots",
        "statement/a/2",
        "statement/a/1",
        "statement/a/3",
    ]


@pytest.mark.parametrize(
    ("query", "things"),
    [
        ("ROBOTICS", ["topic/robotics"]),
        ("cafe zurich", ["place/cafe"]),
        ("CAFÉ", ["place/cafe"]),
        ("cafe\u0301", ["place/cafe"]),
        ("器人", ["topic/robotics"]),
        ("obotics", []),
        ("robots area", ["section/robots"]),
        ("o'neill's", ["place/cafe"]),
        ("$path", ["place/cafe"]),
        ("2021", ["edition/2021"]),
        ("?!", []),
        ("", []),
    ],
)
def test_words(query: str, things: list[str]) -> None:
    """Words are found by their beginnings, Chinese anywhere, without regard to case and accents."""
    assert found(query) == things


def test_facets() -> None:
    """Kinds are counted, and narrow what is shown."""
    results = search(SMALL, "robot", "statement")

    assert results.facets == (
        Facet("person", "People", 1),
        Facet("section", "Programme sections", 1),
        Facet("topic", "Topics", 1),
        Facet("statement", "Statements", 3),
    )
    assert (results.total, results.number, results.pages) == (6, 1, 1)
    assert {hit.kind for hit in results.hits} == {"statement"}


def test_search_that_is_cut() -> None:
    """Of a search that finds too much, the page says that there is more."""
    many = graph(*((f"topic/t{number}", LABEL, f"Robot {number}") for number in range(2100)))

    found = search(many, "robot")
    assert (found.total, found.is_loose, found.is_cut) == (2000, False, True)


def test_loose_search_that_is_cut() -> None:
    """Of a loose search that finds too much, the page says that there is more."""
    many = graph(*((f"topic/t{number}", LABEL, f"Robot {number}") for number in range(70)))

    found = search(many, "robot nowhere")
    assert (found.total, found.is_loose, found.is_cut) == (60, True, True)


def test_what_was_matched() -> None:
    """What was found is marked, in the name or in the words beside it."""
    person, *_, wording, _, note = search(SMALL, "robot").hits

    assert (person.title, person.text) == ((Fragment("Robot", is_match=True),), ())
    assert (wording.field, wording.text) == (
        "as printed",
        (Fragment("Robot", is_match=True), Fragment(" show")),
    )
    assert (note.field, note.text[1]) == ("note", Fragment("robot", is_match=True))


def test_pages() -> None:
    """More than a page holds is spread over pages, none twice; behind the last one is the last one again."""
    many = graph(*((f"topic/{number:02}", LABEL, f"thing {number:02}") for number in range(PAGE + 5)))

    first, second, third = (found("thing", number=number, graph=many) for number in (1, 2, 3))

    assert (len(first), len(second), third) == (PAGE, 5, second)
    assert search(many, "thing", number=3) == search(many, "thing", number=2)
    assert first + second == [f"topic/{number:02}" for number in range(PAGE + 5)]
    assert search(many, "thing").pages == 2


@pytest.mark.parametrize(
    ("text", "query", "parts"),
    [
        ("Zürich", "zu", ["[Zü]", "rich"]),
        ("Zu\u0308rich", "zur", ["[Zu\u0308r]", "ich"]),
        ("Straße und Strasse", "strasse", ["[Straße]", " und ", "[Strasse]"]),
        ("北京的北京", "北京", ["[北京]", "的", "[北京]"]),
        ("a b", "c", ["a b"]),
        ("", "c", []),
    ],
)
def test_marked(text: str, query: str, parts: list[str]) -> None:
    """Marks lie where the words stand in the text as it is written."""
    shown = marked(text, words_in(query))

    assert [f"[{part.text}]" if part.is_match else part.text for part in shown] == parts


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
@example("İstanbul", "i")
@example("ﬁne", "f")
def test_marked_loses_nothing(text: str, query: str) -> None:
    """Whatever is looked for in whatever text, the parts together are the text."""
    assert "".join(part.text for part in marked(text, words_in(query))) == text


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example('") || true || CONTAINS(?text, "')
@example("\\")
@example("[a-z]+|.* (?:x){2} ^$")
@example("'''\"\"\"\n\r\t\0")
@example("$tests ?text }} DROP ALL #")
def test_no_words_change_the_query(words: str) -> None:
    """Whatever is typed, the query differs from others in the patterns of its condition alone."""
    patterns = [pattern_of(word) for word in words_in(words)]
    query = page_query("search/search", tests=all_match("text", patterns)).text
    plain = page_query("search/search", tests=all_match("text", ["x"] * len(patterns))).text
    some = page_query("search/search-some", points=count_matches("text", patterns)).text

    # What is between quotes is data: with that taken out, no two queries differ.
    literal = re.compile(r'"(?:[^"\\\n\r]|\\.)*"')
    assert literal.sub('""', query) == literal.sub('""', plain)
    assert isinstance(ox.Store().query(query), ox.QuerySolutions)
    assert isinstance(ox.Store().query(some), ox.QuerySolutions)


@given(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12))
@example("ß")
@example("ＺＧＣ２１")
@example("Ǆ")
def test_a_name_is_found_by_itself(name: str) -> None:
    """Whatever letters a name has, the condition lets it through when it is typed as it is written."""
    patterns = [pattern_of(word) for word in words_in(name)]
    test = all_match("text", patterns)
    if folded(name) != name:
        return  # A letter that becomes two without case is found by those who type it as the text has it.

    answer = ox.Store().query(f"SELECT ?text {{ VALUES ?text {{ {ox.Literal(name)} }} FILTER ({test}) }}")

    assert isinstance(answer, ox.QuerySolutions)
    assert len(list(answer)) == 1


@pytest.mark.parametrize(
    ("query", "statement"),
    [
        ("who hosted 2020", "is a host of the 2020 forum"),
        ("hosts 2020", "is a host of the 2020 forum"),
        ("hosting of 2020", "is a host of the 2020 forum"),
    ],
)
def test_other_forms_of_a_word_are_found(query: str, statement: str) -> None:
    """Who asks who hosted an edition sees the statements that name its hosts, and the question, at once."""
    results = search(SHIPPED, query)
    says = [hit.name.text for hit in results.hits]

    assert sum(statement in each for each in says) == 4
    assert results.questions[0].title.startswith("Who hosts each edition")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("hosted", "a host of"),
        ("host", "Hosts"),
        ("organisation", "World Organization"),
        ("organization", "an organisation"),
        ("activities", "an activity"),
        ("activity", "activities"),
        ("countries", "a country"),
        ("country", "countries"),
        ("programme", "the program"),
        ("centre", "Centers"),
        ("colours", "color"),
        ("defence", "Defense"),
    ],
)
def test_forms_and_spellings(word: str, text: str) -> None:
    """A word finds its other forms, in British and in American spelling, by query and by mark alike."""
    (pattern,) = map(pattern_of, words_in(word))
    answer = ox.Store().query(
        f"ASK {{ FILTER ({all_match('text', [pattern])}) BIND ({ox.Literal(text)} AS ?text) }}"
    )

    assert bool(answer)
    assert any(part.is_match for part in marked(text, words_in(word)))


@pytest.mark.parametrize(
    ("word", "text"),
    [("edition", "editorial"), ("robotics", "robots"), ("city", "citizen"), ("host", "ghost")],
)
def test_stems_do_not_find_other_words(word: str, text: str) -> None:
    """A stem that many words share is not looked for, and a word is found by its beginning alone."""
    assert not any(part.is_match for part in marked(text, words_in(word)))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("２０２１ ｆｏｒｕｍ", ("2021", "forum")),
        ("carbon-neutrality", ("carbon", "neutrality")),
        ("carbon‐neutrality", ("carbon", "neutrality")),
        ("Who hosted the 2020 forum?", ("hosted", "2020", "forum")),
        ("the who", ("the", "who")),
    ],
)
def test_words_in(query: str, words: tuple[str, ...]) -> None:
    """Width, hyphens and the small words of a question make no difference."""
    assert words_in(query) == words


@pytest.mark.parametrize(
    "query",
    [
        f"{ID}edition/2021",
        f"<{ID}edition/2021>",
        f" {ID}edition/2021.html ",
        "http://127.0.0.1:8000/id/edition/2021.html",
        "/id/edition/2021.ttl",
        "edition:2021",
    ],
)
def test_pasted_iri_is_found(query: str) -> None:
    """A pasted IRI, a prefixed name or the address of a page leads to the thing."""
    assert [hit.name.iri for hit in search(SHIPPED, query).hits] == [f"{ID}edition/2021"]


@pytest.mark.parametrize("query", [f"{ID}edition/1900", "zgc:Nothing", "http://example.org/id/x y", "id:> }"])
def test_iri_of_nothing(query: str) -> None:
    """An IRI of nothing is looked for as words."""
    assert query not in [hit.name.iri for hit in search(SHIPPED, query).hits]


def test_question_with_rows_comes_before_one_with_triples() -> None:
    """The CONSTRUCT query of all evidence is behind the question that gives the figures."""
    found = search(SHIPPED, "exhibitors 2021").questions

    assert [(each.slug, each.form) for each in found] == [
        ("exhibitors-by-edition", "SELECT"),
        ("evidence-graph", "CONSTRUCT"),
    ]


def test_get_search_of_a_misspelt_word(shipped_client: FlaskClient) -> None:
    """For a word that the graph has in another spelling only, that is suggested."""
    text = shipped_client.get("/search?q=exibitors").text

    assert re.search(r'Did you mean <a href="/search\?q=exhibitors?">exhibitors?</a>', text)
    assert "Did you mean" not in shipped_client.get("/search?q=xylophone").text


def test_get_search_of_a_judged_statement(shipped_client: FlaskClient) -> None:
    """A hit that is a statement says that it is a paraphrase, how it is judged, and where it is from."""
    text = shipped_client.get("/search?q=500+countries+representatives").text
    (hit,) = re.findall(r"<li>(?:(?!</li>).)*china-daily-2021/8\.html.*?</li>", text, re.DOTALL)

    assert "judged wrong" in hit
    assert "paraphrase" in hit
    assert "China Daily" in hit


class _Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the base's)
        self.tags.append(tag)


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", '"><img src=x onerror=a>', "'\";--", "{{7*7}}", "\u202e"]
)
def test_hostile_words_are_shown_as_words(shipped_client: FlaskClient, query: str) -> None:
    """Words that look like code have the same page around them as any words have."""
    pages = [
        shipped_client.get("/search", query_string={"q": each}).text for each in (query, "zzzz zzzz", "artif")
    ]
    tags = [_Tags() for _ in pages]
    for parser, text in zip(tags, pages, strict=True):
        parser.feed(text)

    assert set(tags[0].tags) - set(tags[1].tags) - set(tags[2].tags) == set()


def test_get_search(shipped_client: FlaskClient) -> None:
    """What is found is linked, marked and counted."""
    text = shipped_client.get("/search?q=vice+minister").text

    assert re.search(r"<title>\d+ results for vice minister – ", text)
    assert "<mark>vice</mark> <mark>minister</mark>" in text
    assert 'href="/search?q=vice+minister&amp;kind=post"' in text


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/search", "Search"),
        ("/search?q=zzzqqq", "No results for zzzqqq"),
        ("/search?q=exhibitors+zzzqqq", "No exact match for exhibitors zzzqqq"),
        ("/zh/search?q=zzzqqq", "没有与 zzzqqq 相符的结果"),
    ],
)
def test_title_has_the_outcome(shipped_client: FlaskClient, path: str, title: str) -> None:
    """The title of the results, which is read aloud first, says what was found."""
    assert f"<title>{title} – " in shipped_client.get(path).text


def test_get_search_in_chinese(shipped_client: FlaskClient) -> None:
    """Chinese is found, and says that it is Chinese."""
    text = shipped_client.get("/search", query_string={"q": "论坛"}).text

    assert '<span lang="zh"><mark>论坛</mark></span>' in text


@pytest.mark.parametrize("letter", ["e", "x", "论", "-"])
def test_get_search_for_the_longest_word(shipped_client: FlaskClient, letter: str) -> None:
    """A word as long as a search may be is answered: its beginning is looked for."""
    assert shipped_client.get("/search", query_string={"q": letter * 200}).status_code == 200


def test_get_search_empty(shipped_client: FlaskClient) -> None:
    """Without words the page says how to search and where to look around."""
    text = shipped_client.get("/search").text

    assert "<h1>Search</h1>" in text
    assert 'href="/questions"' in text
    assert search(SHIPPED, " ") == Results()


def test_some_words() -> None:
    """Where nothing has all words, what has the most of them is found, and it is said so."""
    results = search(SMALL, "Did robots greet the queen?")

    assert results.is_loose
    assert results.hits[0].name.iri == f"{ID}statement/a/1"
    assert not search(SMALL, "robot").is_loose


def test_get_search_of_a_question(shipped_client: FlaskClient) -> None:
    """Who types a question as people ask it comes to the statement in question."""
    text = shipped_client.get("/search?q=Did+500+countries+come+to+Beijing+in+2021%3F").text

    assert "No exact match. Closest results:" in text
    assert "/id/statement/china-daily-2021/8.html" in text


def test_get_search_of_questions_alone(shipped_client: FlaskClient) -> None:
    """Where nothing but questions is found, no other results are announced, and none are denied."""
    text = shipped_client.get("/search?q=disputed+figures").text

    assert "Questions with answers" in text
    assert not {"All results", "No results of this kind", '<ol class="hits"'} & set(
        re.findall(r'All results|No results of this kind|<ol class="hits"', text)
    )


def test_get_search_without_result(shipped_client: FlaskClient) -> None:
    """Where nothing has any of the words, there are ways to go on."""
    text = shipped_client.get("/search?q=xylophone+zzz").text

    assert "No results for any of these words." in text
    assert "No results for this word." in shipped_client.get("/search?q=xylophone").text


def test_get_search_too_long(shipped_client: FlaskClient) -> None:
    """Very many words are refused, with the number that is taken."""
    response = shipped_client.get("/search", query_string={"q": "x" * 201}, headers=BROWSER)

    assert response.status_code == 400
    assert "That is 201 characters: search for at most 200." in response.text


@pytest.mark.parametrize("page", ["0", "-1", "999999999999", "x", ""])
def test_get_search_any_page(shipped_client: FlaskClient, page: str) -> None:
    """Whatever number of a page is asked for, there is an answer."""
    assert shipped_client.get("/search", query_string={"q": "forum", "page": page}).status_code == 200


def test_get_opensearch(shipped_client: FlaskClient) -> None:
    """Browsers learn how to search here."""
    response = shipped_client.get("/opensearch.xml")

    assert response.content_type == "application/opensearchdescription+xml"
    assert 'template="http://localhost/search?q={searchTerms}"' in response.text


def test_get_unknown_page(shipped_client: FlaskClient) -> None:
    """A page that there never was is answered in our own words, with the search."""
    response = shipped_client.get("/nowhere/at-all", headers=BROWSER)

    assert response.status_code == 404
    message = "There is no page at '/nowhere/at-all': look for it at /search, or start at /."
    assert message in unescape(re.sub("<[^>]+>", "", response.text))
    assert 'action="/search"' in response.text


@pytest.mark.parametrize(
    ("query", "questions"),
    [
        ("activities 2024", ["activities-by-edition", "activity-organizers"]),
        ("who hosted", ["hosts", "who-comes"]),
        ("who hosted the 2021 forum", ["hosts", "who-comes"]),
        ("robots", []),
    ],
)
def test_questions_offered_ask_for_the_words(query: str, questions: list[str]) -> None:
    """A question is offered that begins with what is asked for, whatever the year; no other with one word."""
    assert [each.slug for each in search(SHIPPED, query).questions] == questions


@pytest.mark.parametrize("words", ["China Daily", "comparison", "accepted"])
def test_terms_and_graphs_come_after_things(words: str) -> None:
    """Terms of the ontology, lists and named graphs rank behind statements, things and questions."""
    kinds = [hit.name.iri.removeprefix(BASE) for hit in search(SHIPPED, words).hits]
    later = [each.startswith(("ontology/", "id/scheme/", "graph/", "id/code/")) for each in kinds]

    assert later == sorted(later)


def test_terms_are_folded_behind_things(shipped_client: FlaskClient) -> None:
    """Readers' words show what the articles say; terms with the same words are in a group that unfolds."""
    main = shipped_client.get("/search?q=Wu+Zhaohui").text.partition("<main")[2]
    before, _, folded_terms = main.partition("<details>\n<summary>Terms of the ontology")

    assert 'href="/id/person/wu-zhaohui.html"' in before
    assert 'href="/ontology/' not in before
    assert 'href="/ontology/Person.html"' in folded_terms.partition("</details>")[0]


@pytest.mark.parametrize("path", ["/search?q=zgc:hasStance", "/search?q=statement&kind=ontology"])
def test_terms_alone_are_not_folded(path: str, shipped_client: FlaskClient) -> None:
    """Where nothing but terms is found, or is wanted, they are the list."""
    main = shipped_client.get(path).text.partition("<main")[2]

    assert re.search(r'<ol class="hits" start="1">\s*<li>\s*<p><a href="/ontology/', main)
    assert "<summary>Terms" not in main


def test_codes_come_last() -> None:
    """Codes of the ontology rank behind all other things, however well their names match."""
    kinds = [kind.kind for kind in search(SHIPPED, "host").facets]
    hits = [hit.name.iri.removeprefix(ID).startswith("code/") for hit in search(SHIPPED, "planned").hits]

    assert "code" not in kinds or kinds[-1] == "code"
    assert hits == sorted(hits)


def test_person_has_statements_before_terms(shipped_client: FlaskClient) -> None:
    """A name leads to the person and to what the person says, before terms whose note has the name."""
    page = shipped_client.get("/search?q=Wu+Zhaohui").text.partition("<main")[2]

    places = [
        page.index(each)
        for each in (
            'href="/id/person/wu-zhaohui.html"',
            'href="/id/statement/',
            'href="/statements?speaker=person/wu-zhaohui"',
            'href="/ontology/Person.html"',
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "path", ["/search?q=wrong", "/search?q=有误", "/zh/search?q=有误", "/zh/search?q=wrong"]
)
def test_words_for_an_error_lead_to_the_disagreements(shipped_client: FlaskClient, path: str) -> None:
    """A reader who looks for what is wrong is offered the page about it."""
    pages = shipped_client.get(path).text.partition("<main")[2]

    assert re.search(r'href="(/zh)?/disagreements"', pages)
