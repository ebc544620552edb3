"""Service description, dataset description and prefixes, at the addresses where clients look for them."""

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from forumkg.app.application import create_app
from forumkg.dataset.description import DATASET
from forumkg.dataset.versions import Version
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.namespaces import BASE, GRAPH, PREFIXES, prefix_lines
from forumkg.sparql.parameters import asks_for_description
from forumkg.web.query_service import QueryService

SD = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>\n"
ENDPOINT = "http://localhost/sparql"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def client(small_version: Version, small_service: QueryService) -> FlaskClient:
    """Return a client of an application on the small dataset."""
    return create_app(small_version, small_service).test_client()


def rows(data: bytes, format_: Format, query: str) -> set[tuple[str, ...]]:
    """Return the rows of a query on a document."""
    rdf_format = ox.RdfFormat.from_media_type(format_.media_type)
    assert rdf_format is not None
    store = ox.Store()
    store.load(data, format=rdf_format)
    found = store.query(SD + prefix_lines("dcat", "dcterms", "rdfs", "sh", "void") + query)
    assert isinstance(found, ox.QuerySolutions)
    return {tuple(value.value for value in row if not isinstance(value, ox.Triple)) for row in found}


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_service_description_in_each_format(client: FlaskClient, format_: Format) -> None:
    """A GET without a query is answered with RDF that says where the endpoint is, by Accept or by format."""
    by_accept = client.get("/sparql", headers={"Accept": format_.media_type})
    by_name = client.get("/sparql", query_string={"format": format_.name})

    assert by_accept.status_code == 200
    assert by_accept.headers["Content-Type"] == format_.content_type
    assert by_accept.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in by_accept.headers["Vary"]
    assert by_name.data == by_accept.data
    query = "SELECT ?endpoint { ?service a sd:Service ; sd:endpoint ?endpoint }"
    assert rows(by_accept.data, format_, query) == {(ENDPOINT,)}


def test_service_description_says_what_there_is(client: FlaskClient) -> None:
    """Languages, formats and features are said, and no federation, which is refused."""
    data = client.get("/sparql").data

    def values(name: str) -> set[str]:
        found = rows(data, GRAPH_FORMATS[0], f"SELECT ?value {{ ?service a sd:Service ; sd:{name} ?value }}")
        return {value.rpartition("#")[2].rpartition("/")[2] for (value,) in found}

    assert values("supportedLanguage") == {"SPARQL10Query", "SPARQL11Query"}
    assert values("feature") == {"UnionDefaultGraph"}
    assert values("defaultEntailmentRegime") == {"Simple"}
    assert values("resultFormat") == {
        *(format_.iri.rpartition("/")[2] for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS) if format_.iri),
    }


def test_service_description_counts_as_queries_do(client: FlaskClient, small_version: Version) -> None:
    """The graphs of the description are those of the dataset, with the number of triples of each."""
    described = rows(
        client.get("/sparql").data,
        GRAPH_FORMATS[0],
        """SELECT ?name ?triples {
            ?service sd:defaultDataset/sd:namedGraph ?graph .
            ?graph a sd:NamedGraph ; sd:name ?name ; sd:graph/void:triples ?triples
        }""",
    )
    default = rows(
        client.get("/sparql").data,
        GRAPH_FORMATS[0],
        "SELECT ?dataset ?triples { ?dataset sd:defaultGraph/void:triples ?triples }",
    )

    counted = small_version.store.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert isinstance(counted, ox.QuerySolutions)
    # The shapes are counted too, though the default graph has them not.
    assert described == {tuple(value.value for value in row) for row in counted}
    assert f"{GRAPH}shapes/editions" in {name for name, _ in described}
    assert default == {(DATASET, str(small_version.info.triples))}


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
def test_descriptions_say_which_version_is_served(
    client: FlaskClient, small_version: Version, path: str
) -> None:
    """The digest of the version identifies the dataset, and its IRI leads to the document of the dataset."""
    data = client.get(path, headers={"Accept": GRAPH_FORMATS[0].media_type}).data
    query = f"SELECT ?digest ?iri {{ <{DATASET}> dcterms:identifier ?digest ; dcat:hasVersion ?iri }}"
    digest = small_version.info.digest

    assert rows(data, GRAPH_FORMATS[0], query) == {(digest, f"{DATASET}#version-{digest}")}


def test_service_description_not_acceptable(client: FlaskClient) -> None:
    """A client that takes no RDF gets the list of formats."""
    response = client.get("/sparql", headers={"Accept": "image/png"})

    assert response.status_code == 406
    assert "text/turtle" in response.text


@pytest.mark.parametrize(
    ("method", "query_string", "asks"),
    [
        ("GET", b"", True),
        ("HEAD", b"", True),
        ("GET", b"format=turtle", True),
        ("GET", b"output=xml&format=", True),
        ("GET", b"query=ASK+%7B%7D", False),
        ("GET", b"query=", False),
        ("GET", b"default-graph-uri=http://example.org/", False),
        ("GET", b"something=else", False),
        ("POST", b"", False),
    ],
)
def test_asks_for_description(method: str, query_string: bytes, *, asks: bool) -> None:
    """Only a GET without parameters, or with a wish for a format alone, asks for the description."""
    assert asks_for_description(method, query_string) is asks


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_void(client: FlaskClient, format_: Format) -> None:
    """One document has the counts, the prefixes, the questions, and the address to ask them at."""
    response = client.get("/.well-known/void", headers={"Accept": format_.media_type})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == format_.content_type
    assert response.headers["Vary"] == "Accept"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    dataset = f"SELECT ?n ?address {{ <{DATASET}> void:triples ?n ; void:sparqlEndpoint ?address }}"
    assert {address for _, address in rows(response.data, format_, dataset)} == {ENDPOINT}
    partition = f"""SELECT ?n {{
        <{DATASET}> void:classPartition [ void:class <{BASE}ontology/Edition> ; void:entities ?n ]
    }}"""
    assert rows(response.data, format_, partition) == {("2",)}
    prefixes = "SELECT ?prefix ?base { [] sh:prefix ?prefix ; sh:namespace ?base }"
    assert rows(response.data, format_, prefixes) == set(PREFIXES.items())
    questions = "SELECT ?question { [] a sh:SPARQLExecutable ; rdfs:label ?question }"
    assert rows(response.data, format_, questions) == {("Which editions are there?",)}


def test_void_for_a_browser(client: FlaskClient) -> None:
    """A browser is sent to the page on the dataset."""
    response = client.get("/.well-known/void", headers={"Accept": BROWSER})

    assert (response.status_code, response.headers["Location"]) == (303, "/dataset.html")
    assert client.get("/dataset.html").status_code == 200


@pytest.mark.parametrize(
    ("path", "accept", "content_type"),
    [
        ("/prefixes", "", "application/json"),
        ("/prefixes", "text/turtle", "text/turtle; charset=utf-8"),
        ("/prefixes", BROWSER, "text/html; charset=utf-8"),
        ("/prefixes.json", "text/turtle", "application/json"),
        ("/prefixes.ttl", "", "text/turtle; charset=utf-8"),
        ("/prefixes.html", "", "text/html; charset=utf-8"),
    ],
)
def test_prefixes_format(client: FlaskClient, path: str, accept: str, content_type: str) -> None:
    """The prefixes come as the ending says, or else as Accept says."""
    response = client.get(path, headers={"Accept": accept})

    assert (response.status_code, response.headers["Content-Type"]) == (200, content_type)
    assert response.headers["Vary"] == "Accept"


def test_prefixes_are_complete(client: FlaskClient) -> None:
    """Each format has every prefix."""
    declared = rows(
        client.get("/prefixes.ttl").data,
        GRAPH_FORMATS[0],
        "SELECT ?prefix ?base { ?all sh:declare [ sh:prefix ?prefix ; sh:namespace ?base ] }",
    )
    page = client.get("/prefixes.html").text

    assert client.get("/prefixes.json").json == dict(PREFIXES)
    assert declared == set(PREFIXES.items())
    assert all(f"PREFIX {prefix}: &lt;{base}&gt;\n" in page for prefix, base in PREFIXES.items())


def test_prefixes_unknown_format(client: FlaskClient) -> None:
    """An ending that is no format of ours is answered 404, an Accept header without one 406."""
    assert client.get("/prefixes.pdf").status_code == 404
    assert client.get("/prefixes", headers={"Accept": "image/png"}).status_code == 406
