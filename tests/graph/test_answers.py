"""Each question gives the expected rows: in the store, over HTTP, in rdflib, and in Oxigraph's server."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from servers import SCRIPTS, Server, forumkg_server, oxigraph_server

from answers import EXPECTED, Answer, expected, file_of, from_graph, parsed
from forumkg.dataset.export import export
from forumkg.dataset.files import source_files
from forumkg.dataset.questions import Question, load_questions
from forumkg.dataset.versions import in_memory
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from forumkg.sparql.evaluation import evaluate, serialize

QUESTIONS = load_questions()


def format_of(question: Question) -> Format:
    """Return the format in which a question is asked over HTTP."""
    name = {"SELECT": "tsv", "ASK": "json"}.get(question.form, "ntriples")
    found = by_name(name, RESULT_FORMATS + GRAPH_FORMATS)
    assert found is not None
    return found


def read(question: Question, data: bytes) -> Answer:
    """Return an answer from its serialisation in the format of the question."""
    return parsed(question.form, data, format_of(question).name)


@cache
def store() -> ox.Store:
    """Return the shipped dataset as it is built for a server."""
    return in_memory(source_files())


def from_store(question: Question) -> Answer:
    """Ask the embedded store."""
    return read(question, serialize(evaluate(store(), question.text), format_of(question)))


def from_server(server: Server, path: str, question: Question) -> Answer:
    """Ask a server by the SPARQL Protocol."""
    accept = format_of(question).media_type
    status, _, body = server.request(
        "POST", path, question.text.encode(), Content_Type="application/sparql-query", Accept=accept
    )
    assert status == 200, body
    return read(question, body)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export the shipped dataset."""
    folder = tmp_path_factory.mktemp("export")
    export(store(), folder)
    return folder


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the shipped dataset by the command that users start."""
    data = str(tmp_path_factory.mktemp("data"))
    with forumkg_server([str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", data]) as server:
        yield server


@pytest.fixture(scope="module")
def oxigraph(exported: Path) -> Iterator[Server]:
    """Run Oxigraph's own server on the exported graph."""
    with oxigraph_server() as server:
        data = (exported / "full.nt").read_bytes()
        status, _, body = server.request("POST", "/store?default", data, Content_Type="application/n-triples")
        assert status < 300, body
        yield server


@pytest.fixture(scope="module")
def graph(exported: Path) -> rdflib.Graph:
    """Load the exported Turtle into a plain graph of rdflib."""
    return rdflib.Graph().parse(exported / "full.ttl")


each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)


@each_question
def test_answer_store(question: Question) -> None:
    """The embedded store gives the expected answer."""
    assert from_store(question) == expected(question)


@each_question
def test_answer_endpoint(question: Question, endpoint: Server) -> None:
    """The endpoint gives the expected answer over HTTP."""
    assert from_server(endpoint, "/sparql", question) == expected(question)


@pytest.mark.slow
@each_question
def test_answer_rdflib(question: Question, graph: rdflib.Graph) -> None:
    """A plain graph of rdflib with the exported Turtle gives the expected answer."""
    assert from_graph(graph, question.form, question.text) == expected(question)


@pytest.mark.slow
@each_question
def test_answer_oxigraph(question: Question, oxigraph: Server) -> None:
    """Oxigraph's own server with the exported triples gives the expected answer."""
    assert from_server(oxigraph, "/query", question) == expected(question)


def test_answers_no_stray_file() -> None:
    """Each question has its expected answer, and no file is left over from a question that is gone."""
    assert {path.name for path in EXPECTED.iterdir()} == {file_of(question).name for question in QUESTIONS}
