"""Each question gives the expected rows: in the store, over HTTP, in rdflib, and in Oxigraph's server.

The expected answers stand in `tests/questions/` under the names of the questions: rows as TSV, graphs as
Turtle, and what an ASK answers as a word.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from forumkg.engine.queries import evaluate, serialize
from forumkg.engine.versions import in_memory
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from forumkg.model.export import export
from forumkg.model.files import source_files
from forumkg.model.questions import Question, load_questions
from servers import SCRIPTS, Server, forumkg_server, oxigraph_server

EXPECTED = Path(__file__).with_name("questions")
QUESTIONS = load_questions()

# A term that can be compared, whichever library made it: numbers by their value, as the digits of a quotient
# are an engine's own affair: https://www.w3.org/TR/xpath-functions/#op.numeric
Term = tuple[str, ...] | Decimal | None
Answer = bool | list[tuple[Term, ...]] | set[tuple[Term, ...]]

XSD = "http://www.w3.org/2001/XMLSchema#"
NUMERIC = {f"{XSD}integer", f"{XSD}decimal"}


def file_of(question: Question) -> Path:
    """Return the file with the expected answer of a question."""
    ending = {"SELECT": "tsv", "ASK": "txt"}.get(question.form, "ttl")
    return EXPECTED / f"{question.number:02d}-{question.slug}.{ending}"


def format_of(question: Question) -> Format:
    """Return the format in which a question is asked over HTTP."""
    name = {"SELECT": "tsv", "ASK": "json"}.get(question.form, "ntriples")
    found = by_name(name, RESULT_FORMATS + GRAPH_FORMATS)
    assert found is not None
    return found


def comparable(term: object) -> Term:
    """Return a term of pyoxigraph or rdflib in a form that can be compared."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode | rdflib.URIRef):
        return ("IRI", term.value if isinstance(term, ox.NamedNode) else str(term))
    if isinstance(term, ox.Literal):
        lexical, datatype, language = term.value, term.datatype.value, term.language
    elif isinstance(term, rdflib.Literal):
        lexical, datatype, language = str(term), str(term.datatype or f"{XSD}string"), term.language
    else:
        raise TypeError(f"Neither an IRI nor a literal: {term!r}")
    if datatype in NUMERIC:
        return Decimal(lexical)
    return ("literal", lexical, language) if language else ("literal", lexical, datatype)


def parsed(question: Question, data: bytes) -> Answer:
    """Return an answer from its serialisation: TSV, N-Triples or Turtle, or JSON of an ASK."""
    if question.form == "ASK":
        result = ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
        assert isinstance(result, ox.QueryBoolean)
        return bool(result)
    if question.form == "SELECT":
        result = ox.parse_query_results(data, format=ox.QueryResultsFormat.TSV)
        assert isinstance(result, ox.QuerySolutions)
        return [tuple(comparable(value) for value in row) for row in result]
    quads = ox.parse(data, format=ox.RdfFormat.TURTLE)
    return {tuple(comparable(term) for term in quad.triple) for quad in quads}


def expected(question: Question) -> Answer:
    """Return the expected answer of a question."""
    data = file_of(question).read_bytes()
    return (
        {b"true": True, b"false": False}[data.strip()] if question.form == "ASK" else parsed(question, data)
    )


@cache
def store() -> ox.Store:
    """Return the shipped dataset as it is built for a server."""
    return in_memory(source_files())


def from_store(question: Question) -> Answer:
    """Ask the embedded store."""
    return parsed(question, serialize(evaluate(store(), question.text), format_of(question)))


def from_server(server: Server, path: str, question: Question) -> Answer:
    """Ask a server by the SPARQL Protocol."""
    accept = format_of(question).media_type
    status, _, body = server.request(
        "POST", path, question.text.encode(), Content_Type="application/sparql-query", Accept=accept
    )
    assert status == 200, body
    return parsed(question, body)


def from_rdflib(graph: rdflib.Graph, question: Question) -> Answer:
    """Ask a graph of rdflib."""
    result = graph.query(question.text)
    if question.form == "ASK":
        return bool(result.askAnswer)
    if question.form == "SELECT":
        return [tuple(map(comparable, row)) for row in tuples(result)]
    return {tuple(map(comparable, triple)) for triple in tuples(result)}


def tuples(result: rdflib.query.Result) -> Iterable[tuple[object, ...]]:
    """Return the rows or triples of a result, of which the type says only that it may also be a bool."""
    return [row for row in result if isinstance(row, tuple)]


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
    assert from_rdflib(graph, question) == expected(question)


@pytest.mark.slow
@each_question
def test_answer_oxigraph(question: Question, oxigraph: Server) -> None:
    """Oxigraph's own server with the exported triples gives the expected answer."""
    assert from_server(oxigraph, "/query", question) == expected(question)


def test_answers_no_stray_file() -> None:
    """Each question has its expected answer, and no file is left over from a question that is gone."""
    assert {path.name for path in EXPECTED.iterdir()} == {file_of(question).name for question in QUESTIONS}
