"""A front over a real engine, Oxigraph's own server: loaded, checked and served as an operator does it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from servers import SCRIPTS, Server, forumkg_server, oxigraph_server

from answers import expected, parsed
from forumkg.dataset.questions import Question, load_questions
from forumkg.dataset.versions import Version
from forumkg.engine.marks import MARKS
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.sparql.evaluation import evaluate, serialize

FORUMKG = str(SCRIPTS / "forumkg")


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run our command."""
    return subprocess.run([FORUMKG, *words], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def data(shipped_version: Version) -> Path:
    """Return the data directory of the shipped version."""
    return shipped_version.path.parent.parent


@pytest.fixture(scope="module")
def engine(data: Path) -> Iterator[Server]:
    """Run an engine with the version."""
    with oxigraph_server() as server:
        done = run("engine", "load", server.url, "--profile", "oxigraph", "--data", str(data))
        assert done.returncode == 0, done.stderr
        yield server
    (data / MARKS).unlink()


@pytest.fixture(scope="module")
def front(engine: Server, data: Path) -> Iterator[Server]:
    """Serve the version by the engine."""
    # Queries that are given up keep their places for a while.
    words = [
        "serve",
        "--port",
        "0",
        "--data",
        str(data),
        "--no-build",
        "--client-errors",
        "0",
        "--workers",
        "16",
    ]
    with forumkg_server([FORUMKG, *words, "--engine", engine.url, "--profile", "oxigraph"]) as server:
        yield server


def asked(front: Server, query: str, format_name: str) -> tuple[int, bytes]:
    """Return status and body of the answer to a query."""
    status, _, body = front.request("GET", f"/sparql?{urlencode({'query': query, 'format': format_name})}")
    return status, body


@pytest.mark.parametrize("question", load_questions(), ids=lambda question: question.slug)
def test_question(front: Server, question: Question) -> None:
    """Each question has its expected answer."""
    name = "turtle" if question.form == "CONSTRUCT" else "json"
    status, body = asked(front, question.text, name)

    assert status == 200
    assert parsed(question.form, body, name) == expected(question)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (
            "SELECT * { ?s ?p ?o FILTER (isIRI(?s) && isIRI(?o)) } ORDER BY ?s ?p ?o LIMIT 50",
            [each.name for each in RESULT_FORMATS],
        ),
        ("ASK { ?s ?p ?o }", [each.name for each in RESULT_FORMATS]),
        (
            "CONSTRUCT WHERE { <https://w3id.org/zgc-forum/id/edition/2021> ?p ?o }",
            [each.name for each in GRAPH_FORMATS],
        ),
    ],
)
def test_bytes_of_each_format(front: Server, shipped_version: Version, query: str, names: list[str]) -> None:
    """An answer by the engine is that of our own store to the byte, in each format."""
    for format_ in (each for each in (*RESULT_FORMATS, *GRAPH_FORMATS) if each.name in names):
        local = serialize(evaluate(shipped_version.store, query), format_)

        assert asked(front, query, format_.name) == (200, local)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/editions",
        "/compare",
        "/disagreements",
        "/articles",
        "/gaps",
        "/data",
        "/questions",
        "/search?q=theme",
    ],
)
def test_page(front: Server, path: str) -> None:
    """Pages ask the engine, too."""
    status, content_type, body = front.request("GET", path, accept="text/html")

    assert (status, content_type) == (200, "text/html; charset=utf-8")
    assert b"</html>" in body


@pytest.mark.parametrize("path", ["/id/edition/2021.ttl", "/.well-known/void", "/sparql", "/data/full.ttl"])
def test_document(front: Server, path: str) -> None:
    """Documents about things and about the service are there as without an engine."""
    status, content_type, body = front.request("GET", path, accept="text/turtle")

    assert (status, content_type) == (200, "text/turtle; charset=utf-8")
    assert body


@pytest.mark.faults
def test_refusals(front: Server) -> None:
    """A syntax error has its place, and another server is not called."""
    assert asked(front, "SELECT * { ?s ?p }", "json")[0] == 400
    assert b"line 1, column 18" in asked(front, "SELECT * { ?s ?p }", "json")[1]
    assert b"SERVICE is refused" in asked(front, "SELECT * { SERVICE <urn:x:y> { ?s ?p ?o } }", "json")[1]


@pytest.mark.faults
@pytest.mark.parametrize("format_", [*RESULT_FORMATS, *GRAPH_FORMATS], ids=lambda each: each.name)
def test_time_is_over(front: Server, format_: Format) -> None:
    """A query that takes too long is an error in every format."""
    sides = "{ SELECT ?a { ?a ?b ?c } LIMIT 2000 } { SELECT ?d { ?d ?e ?f } LIMIT 2000 }"
    form = "CONSTRUCT { ?a <urn:x:with> ?d }" if format_ in GRAPH_FORMATS else "SELECT *"
    sent = {"query": f"{form} {{ {sides} FILTER (?a != ?d) }}", "timeout": "0.2", "format": format_.name}
    status, content_type, body = front.request("GET", f"/sparql?{urlencode(sent)}")

    assert (status, content_type) == (503, "text/plain; charset=utf-8")
    assert body


@pytest.mark.faults
def test_engine_that_was_not_verified(engine: Server, data: Path) -> None:
    """A server refuses an engine that was not loaded by us, and one that lacks something."""
    with oxigraph_server() as other:
        words = ("--profile", "oxigraph", "--data", str(data))
        unknown = run("serve", "--port", "0", "--engine", other.url, *words)
        marks = json.loads((data / MARKS).read_text())
        (digest,) = marks
        (data / MARKS).write_text(json.dumps({digest: [*marks[digest], other.url]}))
        empty = run("serve", "--port", "0", "--engine", other.url, *words)
        triple = ox.serialize([ox.Triple(*[ox.NamedNode("urn:x:a")] * 3)], format=ox.RdfFormat.N_TRIPLES)
        other.request("POST", "/store?default", triple, Content_Type="application/n-triples")
        partly = run("engine", "load", other.url, *words)

    assert (unknown.returncode, empty.returncode, partly.returncode) == (1, 1, 1)
    assert "was not verified to have version 1" in unknown.stderr
    assert "holds no version of this graph in 0 triples, and version 1 of" in empty.stderr
    assert f"is version {digest[:12]} in " in empty.stderr
    assert f"holds no version of this graph in 1 triples, and not version {digest[:12]}" in partly.stderr
    assert "never replaced" in partly.stderr
    assert engine.url in marks[digest]


def test_loaded_again(engine: Server, data: Path) -> None:
    """An engine that has the version is verified, and nothing is sent to it."""
    done = run("engine", "load", engine.url, "--profile", "oxigraph", "--data", str(data))

    assert done.returncode == 0
    assert done.stdout.startswith("Verified version 1: ")


def test_dump(shipped_version: Version, data: Path) -> None:
    """What an engine is to hold is printed for tools that load it: the default graph, and each named one."""
    done = run("engine", "dump", "--data", str(data))

    assert done.returncode == 0
    assert {*ox.parse(done.stdout.encode(), format=ox.RdfFormat.N_QUADS)} == {*shipped_version.store}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://127.0.0.1/", "is not the address of a dataset"),
        ("http://127.0.0.1:1/?x=y", "is not the address of a dataset"),
        ("http://user:secret@127.0.0.1:1/", "FORUMKG_ENGINE_AUTHORIZATION"),
        ("http://127.0.0.1:1/", "cannot be reached"),
        ("http://127.0.0.1:1/", "Its address is http://127.0.0.1:1."),
    ],
)
def test_address_that_is_none(data: Path, url: str, message: str) -> None:
    """A wrong address is said to be one before anything is sent."""
    done = run("engine", "load", url, "--profile", "oxigraph", "--data", str(data))

    assert done.returncode == 1
    assert message in done.stderr


@pytest.mark.slow
@pytest.mark.faults
def test_check(data: Path) -> None:
    """Oxigraph's server passes the whole check, except that its limit ends no rows that are being sent."""
    options = ("--data", str(data), "--limit-seconds", "40", "--json")
    with oxigraph_server("--timeout-s", "5") as server:
        done = run("engine", "check", server.url, "--profile", "oxigraph", *options)
    report = json.loads(done.stdout)

    others = [(test["group"], test["name"]) for test in report["tests"] if test["outcome"] != "passed"]
    known = ["in mid-answer, SPARQL results JSON", "in mid-answer, RDF/XML"]
    assert others == [("limit", name) for name in known]
    assert (done.returncode, report["passed"]) == (0, True)
    assert {test["group"] for test in report["tests"]} == {"load", "question", "page", "failure", "limit"}
