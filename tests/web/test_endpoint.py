"""The endpoint and the first page, through Flask's own client."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from small_dataset import PREFIXES

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.errors import ForumKgError
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.sparql.parameters import FORM, SPARQL_QUERY
from forumkg.web.query_service import QueryService

SELECT = PREFIXES + "SELECT ?edition ?year { ?edition zgc:year ?year } ORDER BY ?year"
CSV = (
    "edition,year\r\nhttps://w3id.org/zgc-forum/id/edition/2021,2021\r\n"
    "https://w3id.org/zgc-forum/id/edition/2023,2023\r\n"
)
CONSTRUCT = PREFIXES + "CONSTRUCT { edition:2021 zgc:year ?year } WHERE { edition:2021 zgc:year ?year }"
N_TRIPLES = (
    "<https://w3id.org/zgc-forum/id/edition/2021> <https://w3id.org/zgc-forum/ontology/year> "
    '"2021"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
)
PLAIN = "text/plain; charset=utf-8"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def app(small_version: Version, small_service: QueryService) -> Flask:
    """Make an application on the small dataset."""
    return create_app(small_version, small_service)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the application."""
    return app.test_client()


def test_get_select_default(client: FlaskClient) -> None:
    """A SELECT without a wish is answered in JSON, for any origin, and caches learn that Accept matters."""
    response = client.get("/sparql", query_string={"query": SELECT})

    assert response.status_code == 200
    assert response.json == {
        "head": {"vars": ["edition", "year"]},
        "results": {
            "bindings": [
                {
                    "edition": {"type": "uri", "value": f"https://w3id.org/zgc-forum/id/edition/{year}"},
                    "year": {
                        "type": "literal",
                        "value": str(year),
                        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
                    },
                }
                for year in (2021, 2023)
            ]
        },
    }
    assert response.headers["Content-Type"] == "application/sparql-results+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda format_: format_.name)
def test_select_in_each_format(client: FlaskClient, format_: Format) -> None:
    """Each format of results comes by Accept, and by each of its names in `format` and `output`."""
    by_accept = client.get("/sparql", query_string={"query": SELECT}, headers={"Accept": format_.media_type})

    assert by_accept.status_code == 200
    assert by_accept.headers["Content-Type"] == format_.content_type
    for parameter in ("format", "output"):
        for name in (format_.name, format_.extension, *format_.media_types):
            response = client.get("/sparql", query_string={"query": SELECT, parameter: name})
            assert (response.headers["Content-Type"], response.data) == (
                format_.content_type,
                by_accept.data,
            )


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_construct_in_each_format(client: FlaskClient, format_: Format) -> None:
    """Each format of graphs comes by Accept and by its name."""
    by_accept = client.get(
        "/sparql", query_string={"query": CONSTRUCT}, headers={"Accept": format_.media_type}
    )
    by_name = client.get("/sparql", query_string={"query": CONSTRUCT, "format": format_.name})

    assert by_accept.status_code == 200
    assert by_accept.headers["Content-Type"] == format_.content_type
    assert by_name.data == by_accept.data
    assert b"2021" in by_accept.data


def test_post_form_and_direct(client: FlaskClient) -> None:
    """Both kinds of POST answer as GET does."""
    by_form = client.post("/sparql", data={"query": SELECT, "format": "csv"})
    direct = client.post("/sparql?format=csv", data=SELECT, content_type=SPARQL_QUERY)

    assert (by_form.status_code, by_form.text) == (200, CSV)
    assert (direct.status_code, direct.text) == (200, CSV)


def test_ask_and_describe(client: FlaskClient) -> None:
    """ASK answers a truth value, DESCRIBE a graph."""
    ask = client.get("/sparql", query_string={"query": "ASK { ?s ?p 'nothing says this' }"})
    describe = client.get(
        "/sparql",
        query_string={"query": PREFIXES + "DESCRIBE edition:2023 FROM graph:entities", "format": "turtle"},
    )

    assert ask.json == {"head": {}, "boolean": False}
    assert describe.text == (
        "@prefix edition: <https://w3id.org/zgc-forum/id/edition/> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n"
        'edition:2023 a zgc:Edition ;\n\tskos:prefLabel "2023 edition"@en ;\n\tzgc:year 2023 .\n'
    )


def test_dataset_of_the_protocol(client: FlaskClient) -> None:
    """`default-graph-uri` and `named-graph-uri` choose the dataset, also against FROM."""
    graph = "https://w3id.org/zgc-forum/graph/"
    query = PREFIXES + "SELECT ?g (COUNT(*) AS ?n) FROM graph:entities { PATTERN } GROUP BY ?g"  # noqa: S608 (no SQL)

    def ask(pattern: str, **parameters: list[str]) -> str:
        named = {
            name.replace("_", "-"): [graph + value for value in values] for name, values in parameters.items()
        }
        text = query.replace("PATTERN", pattern)
        return client.get("/sparql", query_string={"query": text, "format": "csv", **named}).text

    assert ask("?s a zgc:Edition", default_graph_uri=["curation"]) == "g,n\r\n,1\r\n"
    assert ask("?s a zgc:Edition", default_graph_uri=["curation", "entities"]) == "g,n\r\n,2\r\n"
    assert (
        ask("GRAPH ?g { ?s a zgc:Edition }", named_graph_uri=["curation"]) == f"g,n\r\n{graph}curation,1\r\n"
    )
    assert ask("GRAPH ?g { ?s a zgc:Edition }", default_graph_uri=["curation"]) == "g,n\r\n"


def test_head(client: FlaskClient) -> None:
    """HEAD has the headers of GET and no body."""
    client.get("/sparql", query_string={"query": SELECT})
    get = client.get("/sparql", query_string={"query": SELECT})
    head = client.head("/sparql", query_string={"query": SELECT})

    assert head.status_code == 200
    assert head.data == b""
    assert head.headers.to_wsgi_list() == get.headers.to_wsgi_list()


def test_options(client: FlaskClient) -> None:
    """OPTIONS says what is allowed, also to a browser that asks before it sends a query from another page."""
    response = client.options("/sparql", headers={"Origin": "https://example.org"})

    assert response.status_code == 200
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert {"*", "Accept", "Authorization", "Content-Type"} <= set(
        response.headers["Access-Control-Allow-Headers"].split(", ")
    )
    assert "GET, HEAD, POST" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_method_not_allowed(client: FlaskClient, method: str) -> None:
    """Another method is answered 405 with those that are allowed."""
    response = client.open("/sparql", method=method, query_string={"query": SELECT})

    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    expected = f"{method} is not answered at this address: send one of GET, HEAD, OPTIONS, POST.\n"
    assert response.text == expected
    assert response.headers["Content-Type"] == PLAIN


def test_bad_query(client: FlaskClient) -> None:
    """A wrong query is answered 400 with line, column and remedy, readable from any origin."""
    response = client.get("/sparql", query_string={"query": "ASK {\n  ?s a zgc:Edition\n}"})

    assert response.status_code == 400
    assert response.headers["Content-Type"] == PLAIN
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.text == (
        "line 2, column 8: The prefix 'zgc' is not declared. "
        "Add this line at the top of the query: PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n"
    )


def test_update_is_refused(client: FlaskClient) -> None:
    """An update is answered 400, as a query and by its own parameter."""
    as_query = client.post("/sparql", data={"query": "CLEAR ALL"})
    as_update = client.post("/sparql", data={"update": "CLEAR ALL"})

    assert (as_query.status_code, as_update.status_code) == (400, 400)
    assert as_query.text.startswith("line 1, column 1: CLEAR is an update, and this graph is only read")
    assert as_update.text.startswith("The parameter 'update' is for a SPARQL update")


def test_no_query(client: FlaskClient) -> None:
    """Without parameters a program gets the service description, with others the error says how to ask."""
    described = client.get("/sparql")
    meant = client.get("/sparql", query_string={"default-graph-uri": "http://example.org/"})

    assert (described.status_code, meant.status_code) == (200, 400)
    assert described.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert meant.text == (
        "No query: give one in the parameter 'query', as in ?query=SELECT+*+{+?s+?p+?o+}+LIMIT+10.\n"
    )


def test_no_query_from_a_browser(client: FlaskClient) -> None:
    """Without a query a browser gets a page with a form, whose first query can be answered."""
    response = client.get("/sparql", headers=BROWSER)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Vary"] == "Accept"
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", response.text, re.DOTALL)
    assert shown is not None
    answer = client.get("/sparql", query_string={"query": unescape(shown[1]), "format": "csv"})
    assert answer.text == (
        "edition,name\r\nhttps://w3id.org/zgc-forum/id/edition/2021,2021 edition\r\n"
        "https://w3id.org/zgc-forum/id/edition/2023,2023 edition\r\n"
    )


def test_not_acceptable(client: FlaskClient) -> None:
    """An Accept header that names nothing offered is answered 406 with the offer."""
    response = client.get("/sparql", query_string={"query": CONSTRUCT}, headers={"Accept": "image/png"})

    assert response.status_code == 406
    assert response.headers["Vary"] == "Accept"
    assert response.text == (
        "Cannot produce 'image/png'. Send one of: "
        "text/turtle, application/n-triples, application/ld+json, application/rdf+xml.\n"
    )


def test_unsupported_media_type(client: FlaskClient) -> None:
    """A body of another type is answered 415 with the types that are read."""
    response = client.post("/sparql", data=SELECT, content_type="text/plain")

    assert response.status_code == 415
    assert response.text == f"Cannot read 'text/plain'. Send one of: {SPARQL_QUERY}, {FORM}.\n"


def test_content_too_large(small_version: Version, small_service: QueryService) -> None:
    """A body over the limit is answered 413, one at the limit is read."""
    client = create_app(small_version, small_service, max_body=20).test_client()

    assert client.post("/sparql", data="ASK {}".ljust(20), content_type=SPARQL_QUERY).status_code == 200
    response = client.post("/sparql", data="ASK {}".ljust(21), content_type=SPARQL_QUERY)
    assert response.status_code == 413
    assert response.headers["Content-Type"] == PLAIN


def test_home(client: FlaskClient, small_version: Version) -> None:
    """The first page counts by queries, and each of its links answers; it runs no script."""
    response = client.get("/")

    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert "<strong>0</strong> statements" in response.text
    assert f"{small_version.info.triples} triples" in response.text
    assert '<a href="/questions/countries-2021">Which editions are there?</a>' in response.text
    main = response.text.partition("<main")[2].partition("</main>")[0]
    links = [unescape(link) for link in re.findall(r'(?:href|src)="(/[^"]*)"', main)]
    for link in links:
        with client.get(link, headers=BROWSER) as linked:
            assert linked.status_code == 200, link
    asked = [parse_qs(urlsplit(link).query)["query"][0] for link in links if "query=" in link]
    # The query of the figure at the top and those of the numbers; each has links to run it and to its files.
    assert "zgc:exceedsPossible" in asked[0]
    counted = [name for query in asked for name in re.findall(r"void:class <.*/(.*)>", query)]
    assert [*dict.fromkeys(counted)] == ["Statement", "Quantity", "Passage", "Article"]
    assert re.findall("<script[^>]*>", response.text) == ['<script type="application/ld+json">']
    assert "style=" not in response.text


def test_not_found(client: FlaskClient) -> None:
    """An address that is not there is answered 404 in plain text."""
    response = client.get("/nowhere")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == PLAIN
    assert "Access-Control-Allow-Origin" not in response.headers


def test_error_of_our_own(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of the server is answered 500 without its details, and logged with them."""

    @app.get("/fault")
    def fault() -> str:
        raise ForumKgError("secret detail")

    response = app.test_client().get("/fault")

    assert response.status_code == 500
    assert "secret" not in response.text
    assert "secret detail" in caplog.text


def test_bad_query_as_problem_document(client: FlaskClient) -> None:
    """A program that asks for problem documents gets one, with the place of the mistake."""
    response = client.get(
        "/sparql",
        query_string={"query": "ASK {\n  ?s ?p }"},
        headers={"Accept": "application/sparql-results+json, application/problem+json"},
    )

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json is not None
    assert {name: response.json[name] for name in ("title", "status", "line", "column")} == {
        "title": "Bad Request",
        "status": 400,
        "line": 2,
        "column": 9,
    }


def test_not_found_as_problem_document(client: FlaskClient) -> None:
    """Flask's own refusals come as problem documents too."""
    response = client.get("/nowhere", headers={"Accept": "application/problem+json"})

    assert response.status_code == 404
    assert response.json is not None
    assert response.json["title"] == "Not Found"
    assert response.headers["Vary"] == "Accept"
