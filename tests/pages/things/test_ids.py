"""Addresses of things and of the documents about them, through Flask's own client."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_dataset
import turtle_text
from flask.testing import FlaskClient
from graphs import SHIPPED
from strict_turtle import assert_plain_names

from forumkg import resources
from forumkg.app.application import create_app
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, open_version
from forumkg.formats import GRAPH_FORMATS, Format
from forumkg.namespaces import BASE, ID, OA, prefix_lines
from forumkg.pages.things.ids import packaged_withdrawn
from forumkg.sparql.identifiers import DOCUMENTS, HTML, document_links, thing_links
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool

EDITION = f"{ID}edition/2021"
PASSAGE = f"{ID}article/a/char=0,93"
WITHDRAWN = {f"{ID}edition/2019": "It was never held: use edition:2020."}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TURTLE, N_TRIPLES = GRAPH_FORMATS[:2]
PLAIN = "text/plain; charset=utf-8"

FACTS = f"""
<{PASSAGE}> a zgc:Passage ; oa:hasSelector <{PASSAGE}/selector> ; zgc:editorialNote "<script>" ;
    schema:url <javascript:alert(1)> .
<{PASSAGE}/selector> oa:start 0 ; oa:end 93 .
<{ID}example/1> a zgc:Example ; skos:prefLabel "an example"@en, "例子"@zh ;
    zgc:editorialNote "One, \\"two\\"." ; zgc:isAbout edition:2023 .
<{ID}person/张三> skos:prefLabel "张三"@zh .
<{ID}person/%22x%22> skos:prefLabel "x"@en .
<{ID}topic/a.ttl> skos:prefLabel "ends like a document"@en .
<{BASE}dataset> dcterms:title "All"@en .
<{BASE}ontology> dcterms:title "Terms"@en .
<{BASE}shapes> dcterms:title "Shapes"@en .
"""

ON_EDITION = """
    edition:2021 a zgc:Edition ; zgc:year 2021 ; skos:prefLabel "2021 edition"@en, "2021年"@zh ;
        zgc:editorialNote "One, \\"two\\"." .
"""


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Open a version of the small dataset with a passage and with names that are hard to send."""
    folder = tmp_path_factory.mktemp("ids")
    small = _write(folder / "root")
    return open_version(folder / "data", source_files(small.root), ontology_dir=small.ontology_dir)


def _write(root: Path) -> small_dataset.Small:
    small = small_dataset.write(root)
    path = root / "graph" / "articles" / "a.ttl"
    path.parent.mkdir()
    path.write_text(
        prefix_lines("dcterms", "edition", "oa", "schema", "skos", "zgc") + FACTS, encoding="utf-8"
    )
    return small


@pytest.fixture(scope="module")
def pool(version: Version) -> Iterator[Pool]:
    """Run workers on that version."""
    with Pool(version.path / "store") as running:
        yield running


@pytest.fixture
def client(version: Version, pool: Pool) -> FlaskClient:
    """Return a client of an application on that version, with one withdrawn IRI."""
    answering = QueryService(pool, version.info.digest)
    return create_app(version, answering, withdrawn=WITHDRAWN).test_client()


def triples(data: bytes, format_: Format) -> set[ox.Triple]:
    """Return the triples of a document."""
    rdf_format = ox.RdfFormat.from_media_type(format_.media_type)
    assert rdf_format is not None
    return {quad.triple for quad in ox.parse(data, format=rdf_format)}


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        ("", "ttl"),
        ("*/*", "ttl"),
        (BROWSER, "html"),
        ("application/xhtml+xml", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml, text/turtle;q=0.5", "rdf"),
    ],
)
def test_thing_by_accept(client: FlaskClient, accept: str, extension: str) -> None:
    """A thing is no document: 303 to the one that the client likes best, and a list of all."""
    response = client.get("/id/edition/2021", headers={"Accept": accept})

    assert response.status_code == 303
    assert response.headers["Location"] == f"/id/edition/2021.{extension}"
    assert response.headers["Link"] == thing_links(EDITION)
    assert response.headers["Vary"] == "Accept"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_thing_not_acceptable(client: FlaskClient) -> None:
    """Where there is no document of an accepted type, the answer lists those that there are."""
    response = client.get("/id/edition/2021", headers={"Accept": "image/png"})

    assert response.status_code == 406
    assert response.text == (
        "Cannot produce 'image/png'. Send one of: "
        "text/turtle, application/n-triples, application/ld+json, application/rdf+xml, text/html.\n"
    )


@pytest.mark.parametrize("path", ["/id/article/a/char=0,93.ttl", "/graph/articles/a.ttl"])
def test_document_has_plain_names(client: FlaskClient, path: str) -> None:
    """A document has no prefixed name with an escape, which some stores misread."""
    response = client.get(path)

    assert f"<{PASSAGE}>" in response.text
    assert_plain_names(response.text)
    assert triples(response.data, TURTLE) == triples(client.get(path.replace(".ttl", ".nt")).data, N_TRIPLES)


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_document_in_each_format(client: FlaskClient, format_: Format) -> None:
    """A document has the same triples in each format, whatever Accept says."""
    response = client.get(f"/id/edition/2021.{format_.extension}", headers={"Accept": "image/png"})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == format_.content_type
    assert response.headers["Link"] == document_links(EDITION, format_)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found = triples(response.data, format_)
    assert found == triples(client.get("/id/edition/2021.nt").data, GRAPH_FORMATS[1])
    assert set(turtle_text.triples(ON_EDITION)) == found


def test_document_unchanged(client: FlaskClient) -> None:
    """A client that has the document gets a 304."""
    first = client.get("/id/edition/2021.ttl")
    second = client.get("/id/edition/2021.ttl", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("sent", "location"),
    [
        ("/id/article/a/char=0,93", "/id/article/a/char=0,93.ttl"),
        ("/id/article/a/char%3D0%2C93", "/id/article/a/char=0,93.ttl"),
        ("/id/article/a/char=0,93/selector", "/id/article/a/char=0,93/selector.ttl"),
        ("/id/person/%E5%BC%A0%E4%B8%89", "/id/person/%E5%BC%A0%E4%B8%89.ttl"),
        ("/id/person/%22x%22", "/id/person/%22x%22.ttl"),
        ("/id/topic/a.ttl", "/id/topic/a.ttl.ttl"),
        ("/ontology", "/ontology.ttl"),
        ("/ontology/", "/ontology"),
        ("/ontology/Edition", "/ontology/Edition.ttl"),
        ("/shapes/", "/shapes"),
        ("/dataset", "/dataset.ttl"),
        ("/graph/articles/a", "/graph/articles/a.ttl"),
        ("/query/countries-2021", "/query/countries-2021.ttl"),
        ("/shapes/Edition", "/shapes/Edition.ttl"),
    ],
)
def test_every_kind_of_thing(client: FlaskClient, sent: str, location: str) -> None:
    """Each IRI under the base answers, however its path is encoded, and leads to a document."""
    response = client.get(sent)

    assert (response.status_code, response.headers["Location"]) == (303, location)
    assert client.get(location, follow_redirects=True).status_code == 200
    # Not every server passes on what was sent; most things are found by the decoded path too.
    assert client.get(sent, environ_overrides={"REQUEST_URI": ""}).headers["Location"] == location


def test_passage_has_its_selector(client: FlaskClient) -> None:
    """The document about a passage says which characters it is."""
    text = client.get("/id/article/a/char=0,93.nt").text

    assert f'<{PASSAGE}/selector> <{OA}end> "93"^^<http://www.w3.org/2001/XMLSchema#integer> .\n' in text


def test_graph_document(client: FlaskClient) -> None:
    """The document about a named graph is the graph."""
    response = client.get("/graph/shapes/editions.ttl")

    assert response.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert response.headers["Link"] == document_links(f"{BASE}graph/shapes/editions", GRAPH_FORMATS[0])
    assert response.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    found = triples(response.data, GRAPH_FORMATS[0])
    assert found == set(turtle_text.triples("shapes:Edition a sh:NodeShape ; sh:targetClass zgc:Edition ."))


def test_graph_document_unchanged(client: FlaskClient) -> None:
    """A client that has the graph gets a 304."""
    first = client.get("/graph/entities.nt")
    second = client.get("/graph/entities.nt", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, second.status_code, second.data) == (200, 304, b"")


def test_page(client: FlaskClient) -> None:
    """The page has a name, types, facts and what points to it, all as links, and needs no script."""
    response = client.get("/id/example/1.html")

    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<h1 dir="auto">An example</h1>' in response.text
    assert '<a href="/ontology/Example.html">zgc:Example</a>' in response.text
    assert '<bdi lang="zh">例子</bdi>' in response.text
    assert "One, &#34;two&#34;." in response.text
    assert "<script" not in response.text
    assert "style=" not in response.text


def test_page_links_lead_somewhere(client: FlaskClient) -> None:
    """Each link of a page to a thing that is described is answered."""
    text = client.get("/id/example/1.html").text

    links = [
        unescape(link)
        for link in re.findall(r'(?:href|src)="(/[^"]*)"', text.partition("<main")[2].partition("<footer")[0])
    ]
    found = {link: client.get(link, headers={"Accept": BROWSER}) for link in links}
    for response in found.values():
        response.close()
    # The ontology of the small dataset declares one class, and no property.
    dangling = {link for link, response in found.items() if response.status_code == 404}
    assert dangling == {f"/ontology/{name}.html" for name in ("Example", "editorialNote", "isAbout")}
    assert "/id/edition/2023.html" in found


def test_page_has_one_address(client: FlaskClient) -> None:
    """However the path of a page was encoded, the page names one address, encoded once."""
    canonical = '<link rel="canonical" href="http://localhost/id/person/%E5%BC%A0%E4%B8%89.html">'

    assert canonical in client.get("/id/person/%E5%BC%A0%E4%B8%89.html").text
    assert canonical in client.get("/id%2Fperson/张三.html", environ_overrides={"REQUEST_URI": ""}).text


def test_page_of_hostile_values(client: FlaskClient) -> None:
    """A value is text, and an address that is no web address is no link."""
    text = client.get("/id/article/a/char=0,93.html").text

    assert "&lt;script&gt;" in text
    assert 'href="javascript' not in text
    assert "javascript:alert(1)" in text


def test_page_shows_where_it_is_used(client: FlaskClient) -> None:
    """What points to a thing stands on its page, under the property that does."""
    text = client.get("/id/article/a/char=0,93/selector.html").text

    assert "Linked from" in text
    assert '<a href="/id/article/a/char=0,93.html">characters 0 to 93 of a</a>' in text


@pytest.mark.parametrize(
    "path", ["/id/edition/2025", "/id/edition/2025.ttl", "/ontology/Nothing", "/graph/x"]
)
def test_unknown(client: FlaskClient, path: str) -> None:
    """An unknown thing is answered 404, with where to look."""
    response = client.get(path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == PLAIN
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.text == (
        f"There is no <{BASE}{path[1:]}> in version 1 of the dataset. "
        "Look for it by its name at /search, or start at /.\n"
    )


@pytest.mark.parametrize("path", ["/id/edition/2019", "/id/edition/2019.html", "/id/edition%2F2019"])
def test_withdrawn(client: FlaskClient, path: str) -> None:
    """A withdrawn thing and its documents are answered 410 with the reason."""
    response = client.get(path, headers={"Accept": "application/problem+json"})

    assert response.status_code == 410
    assert json.loads(response.data) == {
        "title": "Gone",
        "status": 410,
        "detail": f"<{ID}edition/2019> was withdrawn: It was never held: use edition:2020.",
    }


def test_withdrawn_iris_are_unused() -> None:
    """No IRI that the package withdrew names a thing of the dataset."""
    texts = [file.path.read_text(encoding="utf-8") for file in source_files(SHIPPED)]

    assert [iri for iri in packaged_withdrawn() if any(f"<{iri}>" in text for text in texts)] == []
    assert (resources.ontology_dir() / "withdrawn.txt").is_file()


@pytest.mark.parametrize(
    "path", ["/id/a%0d%0aSet-Cookie:%20a=b", "/id/edition/%3E;%20rel=x", "/id/%FF", "/id/%00"]
)
def test_no_injection(client: FlaskClient, path: str) -> None:
    """An address that tries to break out of a header is answered 404 and has no effect."""
    response = client.get(path)

    assert response.status_code == 404
    assert "Set-Cookie" not in response.headers
    assert "Link" not in response.headers


def test_head(client: FlaskClient) -> None:
    """HEAD has the headers of GET and no body."""
    get = client.get("/id/edition/2021.html")
    head = client.head("/id/edition/2021.html")

    assert head.data == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.headers["ETag"] == get.headers["ETag"]


def test_mounted_under_a_path(client: FlaskClient) -> None:
    """Behind a proxy that mounts the application under a path, all addresses have that path."""
    response = client.get("/id/edition/2021", base_url="http://localhost/kg", headers={"Accept": BROWSER})
    page = client.get("/id/example/1.html", base_url="http://localhost/kg")

    assert response.headers["Location"] == "/kg/id/edition/2021.html"
    assert response.headers["Link"] == thing_links(EDITION, "/kg")
    assert page.headers["Link"] == document_links(f"{ID}example/1", HTML, "/kg")
    assert 'href="/kg/ontology/Example.html"' in page.text


@pytest.mark.slow
def test_every_iri_of_the_shipped_dataset_answers(tmp_path: Path) -> None:
    """Each thing of ours that the shipped dataset has as a subject redirects to a document that is there."""
    shipped = open_version(tmp_path / "data", source_files(SHIPPED))
    with Pool(shipped.path / "store") as pool:
        client = create_app(shipped, QueryService(pool, shipped.info.digest)).test_client()
        _ask_all(client)


def _ask_all(client: FlaskClient) -> None:
    query = f"""SELECT DISTINCT ?thing {{
        GRAPH ?graph {{ ?thing ?property ?value }}
        FILTER (isIRI(?thing) && STRSTARTS(STR(?thing), "{BASE}") && !CONTAINS(STR(?thing), "#"))
    }}"""
    rows = client.get("/sparql", query_string={"query": query, "format": "tsv"}).text.splitlines()[1:]

    assert len(rows) > 1000
    for index, row in enumerate(rows):
        path = "/" + row.strip("<>").removeprefix(BASE)
        location = client.get(path).headers.get("Location", "")
        assert location, path
        format_ = DOCUMENTS[index % len(DOCUMENTS)]
        assert client.get(location.removesuffix("ttl") + format_.extension).status_code == 200, path
