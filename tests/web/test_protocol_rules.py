"""The rules of the query operation, each by a request to the real server.

https://www.w3.org/TR/sparql11-protocol/#query-operation and https://www.rfc-editor.org/rfc/rfc9110
"""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import small_dataset
from servers import SCRIPTS, Server, forumkg_server
from small_dataset import PREFIXES
from wsgi_servers import gunicorn_server

from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.namespaces import BASE, GRAPH
from forumkg.sparql.parameters import FORM, SPARQL_QUERY
from forumkg.sparql.problem import PLAIN, PROBLEM

ASK = "ASK { ?s ?p ?o }"
COUNT = PREFIXES + "SELECT (COUNT(*) AS ?n) { edition:2021 a zgc:Edition }"
SELECT = PREFIXES + "SELECT ?year { ?edition zgc:year ?year } ORDER BY ?year"
CONSTRUCT = PREFIXES + "CONSTRUCT WHERE { edition:2021 zgc:year ?year }"
DESCRIBE = PREFIXES + "DESCRIBE edition:2021"
YEARS = b"year\r\n2021\r\n2023\r\n"

CSV = "text/csv"
JSON = "application/sparql-results+json"
TURTLE = "text/turtle"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# What the server reads of a body at most.
MAX_BODY = 1 << 20


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def content_type(self) -> str:
        """The Content-Type header."""
        return str(self.headers["Content-Type"])

    def tokens(self, name: str) -> set[str]:
        """Return the members of a header that is a list, in lower case."""
        return {token.strip().lower() for token in self.headers.get(name, "").split(",")}


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """Serve the small dataset by the command."""
    root = small_dataset.write(folder / "root").root
    # These tests make more mistakes in a minute than a client may.
    command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--root", str(root), "--client-errors", "0"]
    with forumkg_server([*command, "--data", str(folder / "data")]) as running:
        yield running


@contextmanager
def under_wsgi(
    folder: Path, start: Callable[[str], AbstractContextManager[Server]] = gunicorn_server
) -> Iterator[Server]:
    """Serve the small dataset as a WSGI application."""
    root = small_dataset.write(folder / "root").root
    arguments = f"data='{folder / 'data'}', root='{root}', client_errors=0"
    with start(f"forumkg:create_app({arguments})") as running:
        yield running


@pytest.fixture(scope="module", params=[served, under_wsgi], ids=["forumkg serve", "gunicorn"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the small dataset, by the command and as a WSGI application."""
    with request.param(tmp_path_factory.mktemp("protocol")) as running:
        yield running


def send(
    server: Server, method: str, path: str = "/sparql", body: bytes | str | None = None, **headers: str
) -> Reply:
    """Send a request, with no header that is not given, and return the reply."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.putrequest(method, path, skip_accept_encoding=True)
        data = body.encode() if isinstance(body, str) else body
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            sent.setdefault("Content-Length", str(len(data)))
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders(data)
        response = connection.getresponse()
        return Reply(response.status, response.msg, response.read())


def get(server: Server, *parameters: tuple[str, str], method: str = "GET", **headers: str) -> Reply:
    """Ask by GET."""
    return send(server, method, f"/sparql?{urlencode(parameters)}", **headers)


def post(server: Server, body: bytes | str, content_type: str, **headers: str) -> Reply:
    """Ask by POST."""
    return send(server, "POST", body=body, Content_Type=content_type, **headers)


# The three ways to ask: https://www.w3.org/TR/sparql11-protocol/#query-via-get and the sections after it.


def test_query_via_get(server: Server) -> None:
    """The query comes in the address."""
    reply = get(server, ("query", SELECT), Accept=CSV)

    assert (reply.status, reply.content_type, reply.body) == (200, "text/csv; charset=utf-8", YEARS)


def test_query_via_form(server: Server) -> None:
    """The query comes as a form."""
    reply = post(server, urlencode({"query": SELECT}), FORM, Accept=CSV)

    assert (reply.status, reply.body) == (200, YEARS)


def test_query_via_post_directly(server: Server) -> None:
    """The query is the body, the other parameters are in the address."""
    path = "/sparql?" + urlencode({"default-graph-uri": f"{GRAPH}entities", "format": "csv"})
    reply = send(server, "POST", path, SELECT, Content_Type=SPARQL_QUERY)

    assert (reply.status, reply.body) == (200, YEARS)


@pytest.mark.parametrize(
    "content_type", [f"{FORM}; charset=UTF-8", f"{FORM.upper()}", f'{FORM};charset="utf-8"']
)
def test_form_with_parameters_of_its_type(server: Server, content_type: str) -> None:
    """The Content-Type may say that it is UTF-8, and be in capitals."""
    assert post(server, urlencode({"query": SELECT}), content_type, Accept=CSV).body == YEARS


@pytest.mark.parametrize("encoded", [quote(ASK), quote(ASK).replace("%20", "+")])
def test_spaces_in_the_address(server: Server, encoded: str) -> None:
    """A space is `%20` or `+`."""
    assert send(server, "GET", f"/sparql?query={encoded}", Accept=CSV).body.startswith(b"true")


def test_plus_in_the_address(server: Server) -> None:
    """A plus sign comes as `%2B`."""
    reply = get(server, ("query", "SELECT (1+1 AS ?two) {}"), Accept=CSV)

    assert reply.body == b"two\r\n2\r\n"


# What must be there, and once.


@pytest.mark.parametrize("body", ["", "format=csv", "Query=ASK+%7B%7D"])
def test_form_without_query(server: Server, body: str) -> None:
    """A form without a query is answered 400, and so is one with the name in capitals."""
    reply = post(server, body, FORM)

    assert (reply.status, reply.content_type) == (400, PLAIN)
    assert reply.body.startswith(b"No query: ")


def test_get_without_query_but_more(server: Server) -> None:
    """A GET with parameters of a query and no query is answered 400."""
    reply = get(server, ("default-graph-uri", f"{GRAPH}entities"))

    assert reply.status == 400
    assert reply.body.startswith(b"No query: ")


def test_empty_query(server: Server) -> None:
    """An empty query is answered 400."""
    replies = [get(server, ("query", "")), post(server, " \n", SPARQL_QUERY)]

    assert [reply.status for reply in replies] == [400, 400]
    assert replies[0].body.startswith(b"The query is empty: ")


def test_repeated_query(server: Server) -> None:
    """Two queries are answered 400: in the address, in a form, and one in each place."""
    twice = urlencode([("query", ASK), ("query", ASK)])
    replies = [
        send(server, "GET", f"/sparql?{twice}"),
        post(server, twice, FORM),
        send(server, "POST", f"/sparql?{urlencode({'query': ASK})}", ASK, Content_Type=SPARQL_QUERY),
    ]

    message = b"2 queries in one request: send one, either in the address or in the body.\n"
    assert [(reply.status, reply.body) for reply in replies] == [(400, message)] * 3


@pytest.mark.parametrize("version", ["1.1", "1.2", "1.2-basic"])
def test_version_announcement(server: Server, version: str) -> None:
    """A client may announce the version of SPARQL, as a parameter or in the media type.

    https://www.w3.org/TR/sparql12-protocol/#section-version-announcement
    """
    replies = [
        get(server, ("query", ASK), ("version", version)),
        post(server, urlencode({"query": ASK, "version": version}), FORM),
        post(server, ASK, f"{SPARQL_QUERY}; version={version}"),
    ]

    assert [reply.status for reply in replies] == [200] * 3


def test_unknown_parameters(server: Server) -> None:
    """Parameters that the protocol does not have are passed over, repeated or not."""
    extra = [("results", "json"), ("x", ""), ("x", "é"), ("using-graph-uri", "no iri")]

    assert get(server, ("query", SELECT), *extra, Accept=CSV).body == YEARS


def test_update_is_refused(server: Server) -> None:
    """The query operation changes nothing."""
    replies = [
        post(server, urlencode({"update": "CLEAR ALL"}), FORM),
        get(server, ("query", "CLEAR ALL")),
        post(server, "CLEAR ALL", "application/sparql-update"),
    ]

    assert [reply.status for reply in replies] == [400, 400, 415]


# Characters: https://www.w3.org/TR/sparql11-protocol/#query-via-post-direct


def test_not_utf8(server: Server) -> None:
    """Octets that are no UTF-8 are answered 400, wherever they are; nothing is guessed."""
    latin = "SELECT ('é' AS ?e) {}".encode("latin-1")
    replies = [
        send(server, "GET", f"/sparql?query={quote(latin)}"),
        post(server, b"query=" + quote(latin).encode(), FORM),
        post(server, latin, SPARQL_QUERY),
        post(server, "SELECT ('é' AS ?e) {}".encode("utf-16"), SPARQL_QUERY),
    ]

    assert [reply.status for reply in replies] == [400] * 4
    assert [reply.body.endswith(b" is not UTF-8: encode it as UTF-8.\n") for reply in replies] == [True] * 4


def test_utf8_arrives(server: Server) -> None:
    """Characters beyond ASCII arrive in each of the three ways."""
    query = "SELECT ('关村 é 𝄞' AS ?e) {}"
    replies = [
        get(server, ("query", query), Accept=CSV),
        post(server, urlencode({"query": query}), FORM, Accept=CSV),
        post(server, query, SPARQL_QUERY, Accept=CSV),
    ]

    assert [reply.body.decode() for reply in replies] == ["e\r\n关村 é 𝄞\r\n"] * 3


# Media types of the request


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json", "multipart/form-data; boundary=x"]
)
def test_unsupported_media_type(server: Server, content_type: str) -> None:
    """A body of another type is answered 415 with the types that are read."""
    reply = post(server, ASK, content_type)

    sent = content_type.partition(";")[0]
    assert (reply.status, reply.content_type) == (415, PLAIN)
    assert reply.body.decode() == f"Cannot read '{sent}'. Send one of: {SPARQL_QUERY}, {FORM}.\n"


def test_body_without_media_type(server: Server) -> None:
    """A body without a Content-Type is answered 415."""
    assert send(server, "POST", body=ASK).status == 415


def test_another_charset(server: Server) -> None:
    """UTF-8 is the only character set."""
    assert post(server, ASK, f"{SPARQL_QUERY}; charset=latin1").status == 415


def test_content_too_large(server: Server) -> None:
    """A body over the limit is answered 413 before it is sent."""
    headers = {"Content-Type": SPARQL_QUERY, "Content-Length": str(MAX_BODY + 1)}
    reply = send(server, "POST", **headers)

    assert (reply.status, reply.content_type) == (413, PLAIN)


def test_content_at_the_limit(server: Server) -> None:
    """A body at the limit is read."""
    assert post(server, ASK.ljust(MAX_BODY), SPARQL_QUERY).status == 200


# Media types of the answer: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1


@pytest.mark.parametrize(
    ("query", "default"),
    [(SELECT, JSON), (ASK, JSON), (CONSTRUCT, TURTLE), (DESCRIBE, TURTLE)],
    ids=["select", "ask", "construct", "describe"],
)
def test_default_format(server: Server, query: str, default: str) -> None:
    """The form of the query decides between results and a graph; JSON and Turtle are the defaults."""
    replies = [get(server, ("query", query)), get(server, ("query", query), Accept="*/*")]

    assert [reply.content_type.partition(";")[0] for reply in replies] == [default] * 2


@pytest.mark.parametrize(
    ("query", "format_"),
    [
        *((SELECT, format_) for format_ in RESULT_FORMATS),
        *((ASK, format_) for format_ in RESULT_FORMATS),
        *((CONSTRUCT, format_) for format_ in GRAPH_FORMATS),
        *((DESCRIBE, format_) for format_ in GRAPH_FORMATS),
    ],
    ids=lambda value: value.name if isinstance(value, Format) else "",
)
def test_each_format(server: Server, query: str, format_: Format) -> None:
    """Each format comes by Accept, by `format` and by `output`, with the same bytes."""
    replies = [
        get(server, ("query", query), Accept=format_.media_type),
        get(server, ("query", query), ("format", format_.name)),
        get(server, ("query", query), ("output", format_.media_type)),
    ]

    assert [(reply.status, reply.content_type) for reply in replies] == [(200, format_.content_type)] * 3
    assert len({reply.body for reply in replies}) == 1


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("text/csv;q=0.5, text/tab-separated-values;q=0.6", "text/tab-separated-values"),
        ("text/csv;q=0.5, */*;q=0.4", CSV),
        ("text/*", CSV),
        (f"*/*, {JSON};q=0", "application/sparql-results+xml"),
        ("text/html, text/csv", CSV),
        ("application/rdf+xml, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("application/json", JSON),
        ("TEXT/CSV", CSV),
    ],
)
def test_accept(server: Server, accept: str, answered: str) -> None:
    """Weights, wildcards, exclusions and other families in Accept are understood."""
    reply = get(server, ("query", SELECT), Accept=accept)

    assert (reply.status, reply.content_type.partition(";")[0]) == (200, answered)


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", f"{JSON};q=0", "*/*;q=0"])
def test_not_acceptable(server: Server, accept: str) -> None:
    """An Accept header that excludes everything is answered 406 with the list of what there is."""
    reply = get(server, ("query", SELECT), Accept=accept)

    assert (reply.status, reply.content_type) == (406, PLAIN)
    offered = ", ".join(format_.media_type for format_ in RESULT_FORMATS)
    assert reply.body.decode() == f"Cannot produce {accept!r}. Send one of: {offered}.\n"


def test_format_beats_accept(server: Server) -> None:
    """A wish in the address outdoes a header that the client library sets."""
    assert get(server, ("query", SELECT), ("format", "csv"), Accept="image/png").body == YEARS


def test_format_of_the_other_family(server: Server) -> None:
    """A wish for a graph is passed over where rows are answered, and Accept counts."""
    assert get(server, ("query", SELECT), ("format", "turtle"), Accept=CSV).body == YEARS


def test_unknown_format(server: Server) -> None:
    """A wish for a format that does not exist is answered 400 with the names of those that do."""
    reply = get(server, ("query", SELECT), ("format", "excel"))

    assert reply.status == 400
    assert reply.body == b"There is no format 'excel'. Write one of: json, xml, csv, tsv.\n"


# The dataset: https://www.w3.org/TR/sparql11-protocol/#dataset


def count(server: Server, *parameters: tuple[str, str], query: str = COUNT) -> str:
    """Return the number that a query counts on a dataset."""
    return get(server, ("query", query), *parameters, Accept=CSV).body.decode().split()[1]


def test_default_graph_uri(server: Server) -> None:
    """A graph of the request is the default graph."""
    assert count(server, ("default-graph-uri", f"{GRAPH}curation")) == "1"
    assert count(server, ("default-graph-uri", f"{GRAPH}ontology/core")) == "0"


def test_several_default_graphs_are_merged(server: Server) -> None:
    """A triple that two graphs of the request hold is one triple."""
    graphs = [("default-graph-uri", f"{GRAPH}{name}") for name in ("curation", "entities", "entities")]

    assert count(server, *graphs) == "1"


def test_named_graph_uri(server: Server) -> None:
    """GRAPH reaches the named graphs of the request and no other; the default graph is empty."""
    named = [("named-graph-uri", f"{GRAPH}{name}") for name in ("curation", "ontology/core")]

    assert count(server, *named, query="SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == "2"
    assert count(server, *named) == "0"


def test_unknown_graph_is_empty(server: Server) -> None:
    """A graph that is not there is empty, and is fetched from nowhere."""
    unknown = f"{server.url}id/edition/2021.ttl"

    assert count(server, ("default-graph-uri", unknown)) == "0"
    assert count(server, query=COUNT.replace("{", f"FROM <{unknown}> {{", 1)) == "0"


def test_request_outdoes_the_query(server: Server) -> None:
    """Where both name a dataset, that of the request counts."""
    query = COUNT.replace("{", f"FROM <{GRAPH}ontology/core> {{", 1)

    assert count(server, query=query) == "0"
    assert count(server, ("default-graph-uri", f"{GRAPH}entities"), query=query) == "1"


def test_relative_graph_uri(server: Server) -> None:
    """A graph is named by an absolute IRI."""
    reply = get(server, ("query", ASK), ("default-graph-uri", "entities"))

    assert (reply.status, reply.content_type) == (400, PLAIN)
    assert reply.body.startswith(b"The default-graph-uri 'entities' is not an absolute IRI: ")


def test_service_is_refused(server: Server) -> None:
    """No query makes the server ask another one."""
    reply = get(server, ("query", f"ASK {{ SERVICE <{server.url}sparql> {{ ?s ?p ?o }} }}"))

    assert reply.status == 400
    assert b"SERVICE" in reply.body


# Methods


def test_head(server: Server) -> None:
    """HEAD has the headers of GET and no body."""
    head = get(server, ("query", SELECT), ("format", "csv"), method="HEAD")

    assert (head.status, head.body) == (200, b"")
    assert head.content_type == "text/csv; charset=utf-8"
    assert head.headers["Content-Length"] == str(len(YEARS))


def test_options(server: Server) -> None:
    """OPTIONS names the methods, and needs no query."""
    reply = send(server, "OPTIONS")

    assert reply.status in {200, 204}
    assert reply.tokens("Allow") == {"get", "head", "options", "post"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_method_not_allowed(server: Server, method: str) -> None:
    """Another method is answered 405 with those that are allowed."""
    reply = send(server, method, f"/sparql?{urlencode({'query': ASK})}")

    assert (reply.status, reply.content_type) == (405, PLAIN)
    assert reply.tokens("Allow") == {"get", "head", "options", "post"}


# Other origins: https://fetch.spec.whatwg.org/#http-cors-protocol


def test_preflight(server: Server) -> None:
    """A browser learns that a page of another origin may ask, by which methods and with which headers."""
    reply = send(
        server,
        "OPTIONS",
        Origin="https://example.org",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="content-type",
    )

    assert reply.status in {200, 204}
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert {"get", "head", "post"} <= reply.tokens("Access-Control-Allow-Methods")
    assert {"accept", "content-type"} <= reply.tokens("Access-Control-Allow-Headers")
    assert int(reply.headers["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize(
    ("parameters", "accept", "status"),
    [
        ([("query", ASK)], CSV, 200),
        ([("query", "ASK")], CSV, 400),
        ([("query", ASK)], "image/png", 406),
        ([], TURTLE, 200),
        ([], BROWSER, 200),
    ],
    ids=["answer", "bad query", "not acceptable", "description", "page"],
)
def test_readable_from_other_origins_and_varies(
    server: Server, parameters: list[tuple[str, str]], accept: str, status: int
) -> None:
    """Every reply of the endpoint may be read by a page of any origin, and says that it depends on Accept."""
    reply = get(server, *parameters, Accept=accept, Origin="https://example.org")

    assert reply.status == status
    assert reply.headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert "accept" in reply.tokens("Vary")


# Errors


def test_error_has_its_place(server: Server) -> None:
    """A query that cannot be parsed is answered 400 with line and column, for people to read."""
    reply = get(server, ("query", "SELECT * {\n  ?s ?p }"))

    assert (reply.status, reply.content_type) == (400, PLAIN)
    assert reply.body.startswith(b"line 2, column 9: ")


def test_problem_document(server: Server) -> None:
    """A program that asks for it gets a problem document: https://www.rfc-editor.org/rfc/rfc9457."""
    reply = get(server, ("query", "SELECT * {\n  ?s ?p }"), Accept=f"{JSON}, {PROBLEM}")

    assert (reply.status, reply.content_type) == (400, PROBLEM)
    problem = json.loads(reply.body)
    assert (problem["title"], problem["status"]) == ("Bad Request", 400)
    assert (problem["line"], problem["column"]) == (2, 9)


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/sparql?query=ASK&query=ASK", 400, "Bad Request"),
        ("GET", "/id/nothing", 404, "Not Found"),
        ("GET", "/nowhere", 404, "Not Found"),
        ("PUT", "/sparql", 405, "Method Not Allowed"),
        ("GET", "/sparql?query=ASK%7B%7D", 406, "Not Acceptable"),
        ("POST", "/sparql", 415, "Unsupported Media Type"),
    ],
)
def test_problem_document_for_each_status(
    server: Server, method: str, path: str, status: int, title: str
) -> None:
    """Each refusal has a problem document."""
    reply = send(server, method, path, b"" if method != "GET" else None, Accept=PROBLEM)

    assert (reply.status, reply.content_type) == (status, PROBLEM)
    problem = json.loads(reply.body)
    assert (problem["title"], problem["status"]) == (title, status)


# The service and its things


def test_service_description(server: Server) -> None:
    """A GET without a query is answered with RDF that names the endpoint by its own address."""
    reply = send(server, "GET", Accept="application/n-triples")

    assert (reply.status, reply.content_type) == (200, "application/n-triples")
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert f"<{sd}endpoint> <{server.url}sparql> .".encode() in reply.body


def test_form_for_browsers(server: Server) -> None:
    """A GET without a query from a browser is answered with a page."""
    reply = send(server, "GET", Accept=BROWSER)

    assert (reply.status, reply.content_type) == (200, "text/html; charset=utf-8")


def test_id_over_the_network(server: Server) -> None:
    """A thing redirects, relative to wherever the server is, to its document."""
    thing = send(server, "GET", "/id/edition/2021", Accept=TURTLE)
    document = send(server, "GET", thing.headers["Location"])

    assert (thing.status, thing.headers["Location"]) == (303, "/id/edition/2021.ttl")
    assert thing.tokens("Vary") >= {"accept"}
    assert (document.status, document.content_type) == (200, "text/turtle; charset=utf-8")
    assert f'<{BASE}id/edition/2021>; rel="describes"' in document.headers["Link"]
    assert b"edition:2021 " in document.body


@pytest.mark.parametrize("path", ["/.well-known/void", "/prefixes", "/prefixes.ttl", "/prefixes.json"])
def test_descriptions_over_the_network(server: Server, path: str) -> None:
    """What clients look for is there."""
    assert send(server, "GET", path).status == 200
