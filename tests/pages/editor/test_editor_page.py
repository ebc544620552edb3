"""The page of the editor, as the server sends it: complete without a script."""

import json
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from pools import ENDLESS
from small_dataset import PREFIXES

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.web.query_service import QueryService

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SELECT = PREFIXES + "SELECT ?edition ?name { ?edition skos:prefLabel ?name } ORDER BY ?edition ?name"
CONSTRUCT = PREFIXES + "CONSTRUCT { edition:2021 zgc:year ?year } WHERE { edition:2021 zgc:year ?year }"


@pytest.fixture
def client(small_version: Version, small_service: QueryService) -> FlaskClient:
    """Return a client of an application on the small dataset."""
    return create_app(small_version, small_service).test_client()


def cells(page: str) -> list[str]:
    """Return the cells of the table of a page, with what a reader sees of each."""
    found = re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in found]


def written(page: str) -> str:
    """Return the query in the form of a page."""
    match = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert match is not None
    return unescape(match[1])


def test_page_without_a_query(client: FlaskClient) -> None:
    """A browser that brings no query gets one to begin with, and the questions of the graph as links."""
    response = client.get("/sparql", headers=BROWSER)

    assert response.status_code == 200
    assert written(response.text).startswith("PREFIX skos: <")
    assert "Which editions are there?</a>" in response.text
    assert "No query run yet." in response.text


def test_permanent_link(client: FlaskClient) -> None:
    """A link to a query shows query and answer; a client that prefers a format gets the bare answer."""
    page = client.get("/sparql", query_string={"query": SELECT}, headers=BROWSER)
    answer = client.get("/sparql", query_string={"query": SELECT})

    assert written(page.text) == SELECT
    assert cells(page.text) == [
        "edition:2021",
        "2021 edition en",
        "edition:2021",
        "2021年 zh",
        "edition:2023",
        "2023 edition en",
    ]
    assert '<span dir="auto" lang="zh">2021年</span>' in page.text
    link = urlencode({"query": SELECT, "format": "csv"}).replace("&", "&amp;")
    assert f'<a href="/sparql?{link}" download="answer.csv">CSV</a>' in page.text
    assert "accept" in page.headers["Vary"].lower()
    assert answer.headers["Content-Type"] == "application/sparql-results+json"


def test_permanent_link_to_a_graph(client: FlaskClient) -> None:
    """Triples are a table of three columns, with downloads in the formats of graphs."""
    page = client.get("/sparql", query_string={"query": CONSTRUCT}, headers=BROWSER).text

    assert cells(page) == ["edition:2021", "zgc:year", "2021"]
    assert re.findall(r'download="answer\.(\w+)"', page) == ["ttl", "nt", "jsonld", "rdf"]


def test_permanent_link_to_a_truth(client: FlaskClient) -> None:
    """An ASK is answered by a word."""
    page = client.get("/sparql", query_string={"query": "ASK {}"}, headers=BROWSER).text

    assert '<p class="truth">Yes.</p>' in page


def test_title_is_the_question(client: FlaskClient) -> None:
    """A query that begins with a question gives the page its title."""
    page = client.get("/sparql", query_string={"query": "# Is it <so>?\nASK {}"}, headers=BROWSER).text

    assert '<h1 id="title">Is it &lt;so&gt;?</h1>' in page


def test_title_is_the_question_in_the_language_of_the_page(client: FlaskClient) -> None:
    """Below a question may stand its translation, which titles the page in that language."""
    query = {"query": "# Who spoke?\n# zh: 谁发言？\nASK {}"}
    english, chinese = (
        client.get(path, query_string=query, headers=BROWSER) for path in ("/sparql", "/zh/sparql")
    )

    assert "<title>Who spoke? – " in english.text
    assert "<title>谁发言？ – " in chinese.text


def test_mistake_has_its_place(client: FlaskClient) -> None:
    """A query that is wrong is shown with what is wrong, where, and the status of the endpoint."""
    response = client.get("/sparql", query_string={"query": "SELECT * {\n  ?s ?p }"}, headers=BROWSER)

    assert response.status_code == 400
    assert 'data-line="2" data-column="9"' in response.text
    assert "line 2, column 9: " in response.text
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("parameters", ["query=", "query=ASK%7B%7D&query=ASK%7B%7D", "query=%E9"])
def test_request_that_is_wrong(client: FlaskClient, parameters: str) -> None:
    """What the protocol refuses is refused on the page, in words."""
    response = client.get(f"/sparql?{parameters}", headers=BROWSER)

    assert response.status_code == 400
    assert '<div class="refusal">' in response.text


def test_slow_query(client: FlaskClient) -> None:
    """The page does not wait long for a slow query: it says so, and is not stored."""
    response = client.get("/sparql", query_string={"query": ENDLESS, "timeout": "0.2"}, headers=BROWSER)

    assert response.status_code == 200
    assert "This query takes longer than the page waits." in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_answer_of_the_moment_is_not_kept(client: FlaskClient) -> None:
    """A page is kept where its answer holds for the version, and not where it changes."""
    headers = [
        client.get("/sparql", query_string={"query": query}, headers=BROWSER).headers
        for query in ("ASK {}", "SELECT (NOW() AS ?now) {}")
    ]

    assert ["ETag" in each for each in headers] == [True, False]


def test_graphs_of_the_address(client: FlaskClient) -> None:
    """Graphs that the address names are asked, shown, and kept by the form."""
    graph = "https://w3id.org/zgc-forum/graph/curation"
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    page = client.get(
        "/sparql", query_string={"query": query, "default-graph-uri": graph}, headers=BROWSER
    ).text

    assert cells(page) == ["2"]
    assert f'<input type="hidden" name="default-graph-uri" value="{graph}">' in page


def test_hostile_values(client: FlaskClient) -> None:
    """Values that look like markup are text, and no link leads to a script or another host."""
    query = """SELECT * {
        VALUES ?a { "<script>alert(1)</script>" <javascript:alert(1)> <https://w3id.org/zgc-forum//evil.example/>
                    "x\\u202Ey" } }"""
    page = client.get("/sparql", query_string={"query": query}, headers=BROWSER).text

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert 'href="//' not in page
    assert len(cells(page)) == 4


def test_completions(client: FlaskClient) -> None:
    """The names to complete are a document with a validator."""
    response = client.get("/sparql/completions.json")

    assert response.headers["Content-Type"] == "application/json"
    assert response.json is not None
    assert response.json["prefixes"]["zgc"] == "https://w3id.org/zgc-forum/ontology/"
    assert (
        client.get(
            "/sparql/completions.json", headers={"If-None-Match": response.headers["ETag"]}
        ).status_code
        == 304
    )


def test_endpoint_has_one_address(client: FlaskClient) -> None:
    """Under the prefix of a language is the page alone: queries of programs are sent to the endpoint."""
    page = client.get("/zh/sparql", query_string={"query": "ASK {}"}, headers=BROWSER)
    get = client.get("/zh/sparql?query=ASK%7B%7D", base_url="http://localhost/under")
    post = client.post("/zh/sparql", data="ASK {}", content_type="application/sparql-query")

    assert '<p class="truth">是。</p>' in page.text
    assert 'data-endpoint="/sparql"' in page.text
    assert (get.status_code, get.headers["Location"]) == (307, "/under/sparql?query=ASK%7B%7D")
    assert (post.status_code, post.headers["Location"]) == (307, "/sparql")


def test_script_has_its_messages(client: FlaskClient) -> None:
    """The page carries the translations of the messages of its script, as data; none in English."""
    chinese = client.get("/zh/sparql", headers=BROWSER).text
    english = client.get("/sparql", headers=BROWSER).text

    match = re.search(r'<script id="messages" type="application/json">(.*?)</script>', chinese, re.DOTALL)
    assert match is not None
    assert json.loads(match[1])["Running …"] == "运行中…"
    assert 'id="messages"' not in english
