"""SPARQLWrapper: each format that it knows, each way to send a query, and its exceptions.

https://sparqlwrapper.readthedocs.io/
"""

import json
from http.client import IncompleteRead
from urllib.error import HTTPError
from xml.dom.minidom import Document
from xml.parsers.expat import ExpatError
from xml.sax import SAXParseException

import pytest
import rdflib
from SPARQLWrapper import GET, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper, SPARQLWrapper2
from SPARQLWrapper.SmartWrapper import Bindings
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from answers import boolean, expected, expected_plain, parsed, plain_rows, rows, triples
from clients.asking import (
    CONTRADICTIONS,
    DESCRIBE,
    DESCRIBED,
    EVIDENCE,
    MANY_ROWS,
    MANY_TRIPLES,
    PICTURE_MESSAGE,
    SLOW_TRIPLES,
    THEMES,
    TIMEOUT,
    UNDECLARED,
    UNDECLARED_MESSAGE,
    Refusal,
    each_refusal,
    questions,
)
from forumkg.dataset.questions import Question

pytestmark = [
    pytest.mark.clients,
    pytest.mark.slow,
    # The library makes its graphs by the name that rdflib gives up.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
]

# The name that the library has for a format, and ours for what it makes of the answer.
GRAPHS = {"xml": "ntriples", "rdf+xml": "ntriples", "json-ld": "ntriples", "turtle": "turtle", "n3": "turtle"}


def ask(endpoint: str, query: str, return_format: str) -> bytes:
    """Return a converted answer as bytes again: what was a graph as N-Triples."""
    asking = SPARQLWrapper(endpoint, returnFormat=return_format)
    asking.setQuery(query)
    return written(asking.queryAndConvert())


def written(converted: object) -> bytes:
    """Return what the library makes of an answer as bytes."""
    if isinstance(converted, rdflib.Graph):
        return converted.serialize(format="nt", encoding="utf-8")
    if isinstance(converted, Document):
        return converted.toxml("utf-8")
    if isinstance(converted, dict):
        return json.dumps(converted).encode()
    assert isinstance(converted, bytes)
    return converted


@questions()
def test_sparqlwrapper_question(endpoint: str, question: Question) -> None:
    """Each question has its expected answer: results as JSON, a graph as the library's default."""
    result, ours = ("xml", "ntriples") if question.form == "CONSTRUCT" else ("json", "json")

    assert parsed(question.form, ask(endpoint, question.text, result), ours) == expected(question)


@pytest.mark.parametrize("name", ["json", "xml", "tsv"])
def test_sparqlwrapper_result_format(endpoint: str, name: str) -> None:
    """Rows in each format keep Chinese and its language tags."""
    assert rows(ask(endpoint, THEMES.text, name), name) == expected(THEMES)


def test_sparqlwrapper_csv(endpoint: str) -> None:
    """Rows in CSV are the expected values."""
    assert plain_rows(ask(endpoint, THEMES.text, "csv")) == expected_plain(THEMES)


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_ask(endpoint: str, name: str) -> None:
    """ASK is answered in each format; in CSV and TSV by the bare word."""
    data = ask(endpoint, CONTRADICTIONS.text, name)

    assert boolean(data, "csv" if name == "tsv" else name) == expected(CONTRADICTIONS)


@pytest.mark.parametrize("name", GRAPHS)
def test_sparqlwrapper_graph(endpoint: str, name: str) -> None:
    """CONSTRUCT and DESCRIBE give the expected graph in each format."""
    assert triples(ask(endpoint, EVIDENCE.text, name), GRAPHS[name]) == expected(EVIDENCE)
    assert triples(ask(endpoint, DESCRIBE, name), GRAPHS[name]) == DESCRIBED


@pytest.mark.parametrize(
    ("method", "encoding"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
)
@pytest.mark.parametrize("only_accept", [False, True])
def test_sparqlwrapper_methods(endpoint: str, method: str, encoding: str, only_accept: bool) -> None:
    """GET, a form, and the query as the body are answered alike, with and without `format`."""
    asking = SPARQLWrapper(endpoint, returnFormat="json")
    asking.setMethod(method)
    asking.setRequestMethod(encoding)
    asking.setOnlyConneg(only_accept)
    asking.setQuery(THEMES.text)

    assert rows(written(asking.queryAndConvert()), "json") == expected(THEMES)


def test_sparqlwrapper_dataset(endpoint: str) -> None:
    """The default graph that the library names is the one that is asked."""
    asking = SPARQLWrapper(endpoint, returnFormat="json")
    asking.addDefaultGraph("https://w3id.org/zgc-forum/graph/entities")
    asking.setQuery(DESCRIBE.partition(" FROM")[0])
    asking.setReturnFormat("turtle")

    assert triples(written(asking.queryAndConvert()), "turtle") == DESCRIBED


def test_sparqlwrapper2_bindings(endpoint: str) -> None:
    """The library's own values of a row have text and language."""
    asking = SPARQLWrapper2(endpoint)
    asking.setQuery(THEMES.text)
    answer = asking.query()
    assert isinstance(answer, Bindings)
    chinese = [(row["chinese"].value, row["chinese"].lang) for row in answer.bindings if "chinese" in row]

    assert answer.variables == ["year", "english", "chinese"]
    assert chinese == [(label, "zh") for _, _, label in expected_plain(THEMES)[1:] if label]


def test_sparqlwrapper_wrong_query(endpoint: str) -> None:
    """A wrong query is QueryBadFormed, with the server's message."""
    with pytest.raises(QueryBadFormed) as raised:
        ask(endpoint, UNDECLARED, "json")

    assert str(raised.value).endswith(f"Response:\n{UNDECLARED_MESSAGE.encode()!r}")


def test_sparqlwrapper_not_acceptable(endpoint: str) -> None:
    """A type that is not offered is an HTTPError, whose text lists those that are."""
    asking = SPARQLWrapper(endpoint)
    asking.setOnlyConneg(True)
    asking.addCustomHttpHeader("Accept", "image/png")
    asking.setQuery(THEMES.text)

    with pytest.raises(HTTPError) as raised:
        asking.query()

    with raised.value as response:
        assert (response.code, response.read().decode()) == (406, PICTURE_MESSAGE)


@pytest.mark.parametrize(
    ("query", "name", "error"),
    [
        (MANY_ROWS, "json", IncompleteRead),
        (MANY_ROWS, "xml", ExpatError),
        (MANY_ROWS, "csv", IncompleteRead),
        (MANY_ROWS, "tsv", IncompleteRead),
        (MANY_TRIPLES, "turtle", IncompleteRead),
        (MANY_TRIPLES, "n3", IncompleteRead),
        (MANY_TRIPLES, "json-ld", IncompleteRead),
        (MANY_TRIPLES, "xml", SAXParseException),
    ],
)
def test_sparqlwrapper_cut_answer(cut_endpoint: str, query: str, name: str, error: type[Exception]) -> None:
    """In every format an answer that breaks off is an exception."""
    with pytest.raises(error):
        ask(cut_endpoint, query, name)


@each_refusal
@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_given_up(strict: dict[Refusal, str], refusal: Refusal, name: str) -> None:
    """In every format, rows that the server gives up are an HTTPError with its message."""
    with pytest.raises(HTTPError) as raised:
        ask(strict[refusal], refusal.query, name)

    with raised.value as response:
        assert (response.code, response.read().decode()) == (refusal.status, refusal.message)


@pytest.mark.parametrize("name", GRAPHS)
def test_sparqlwrapper_graph_given_up(strict: dict[Refusal, str], name: str) -> None:
    """In every format a graph that the server gives up is an HTTPError with its message."""
    with pytest.raises(HTTPError) as raised:
        ask(strict[TIMEOUT], SLOW_TRIPLES, name)

    with raised.value as response:
        assert (response.code, response.read().decode()) == (503, TIMEOUT.message)
