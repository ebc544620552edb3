"""rdflib with an endpoint as the store of a graph.

https://rdflib.readthedocs.io/en/stable/apidocs/rdflib.plugins.stores.sparqlstore/
"""

from decimal import Decimal
from http.client import IncompleteRead
from typing import Literal
from urllib.error import HTTPError

import pytest
import rdflib
from rdflib.namespace import RDF, SKOS
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from answers import comparable, expected, expected_plain, from_graph
from clients.asking import (
    CONTRADICTIONS,
    DESCRIBE,
    DESCRIBED,
    EVIDENCE,
    MANY_ROWS,
    MANY_TRIPLES,
    THEME,
    THEMES,
    TIMEOUT,
    UNDECLARED,
    UNDECLARED_MESSAGE,
    Refusal,
    each_refusal,
    questions,
)
from forumkg.dataset.questions import Question

pytestmark = [pytest.mark.clients, pytest.mark.slow]

Method = Literal["GET", "POST", "POST_FORM"]

ZGC = rdflib.Namespace("https://w3id.org/zgc-forum/ontology/")
ENTITIES = rdflib.URIRef("https://w3id.org/zgc-forum/graph/entities")

each_method = pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])


def http_error(error: BaseException | None) -> HTTPError:
    """Return an error that must be one of HTTP."""
    assert isinstance(error, HTTPError)
    return error


def remote(endpoint: str, name: str = "xml", method: Method = "GET") -> rdflib.Graph:
    """Return a graph that has the endpoint as its store."""
    # Without the prefixes that rdflib would put in front, the lines in messages are those of the query.
    return rdflib.Graph(SPARQLStore(endpoint, returnFormat=name, method=method), bind_namespaces="none")


@questions()
def test_store_question(endpoint: str, question: Question) -> None:
    """Each question to the store has its expected answer."""
    assert from_graph(remote(endpoint), question.form, question.text) == expected(question)


@each_method
@pytest.mark.parametrize("name", ["xml", "json", "tsv"])
def test_store_result_format(endpoint: str, name: str, method: Method) -> None:
    """Rows in each format, sent in each way, keep Chinese and its language tags."""
    assert from_graph(remote(endpoint, name, method), "SELECT", THEMES.text) == expected(THEMES)


def test_store_csv(endpoint: str) -> None:
    """Rows in CSV have the expected values, as far as CSV keeps them."""
    result = remote(endpoint, "csv").query(THEMES.text)

    assert [tuple(map(str, row)) for row in result if isinstance(row, tuple)] == expected_plain(THEMES)[1:]


@pytest.mark.parametrize("name", ["xml", "json"])
def test_store_ask(endpoint: str, name: str) -> None:
    """ASK is answered in both formats that have a truth value."""
    assert from_graph(remote(endpoint, name), "ASK", CONTRADICTIONS.text) == expected(CONTRADICTIONS)


@each_method
def test_store_graphs(endpoint: str, method: Method) -> None:
    """CONSTRUCT and DESCRIBE give graphs, sent in each way."""
    graph = remote(endpoint, method=method)

    assert from_graph(graph, "CONSTRUCT", EVIDENCE.text) == expected(EVIDENCE)
    assert from_graph(graph, "DESCRIBE", DESCRIBE) == DESCRIBED


def test_store_triples(endpoint: str) -> None:
    """The graph can be walked like one in memory: patterns, single values, and whether it holds a triple."""
    graph = rdflib.Graph(SPARQLStore(endpoint), identifier=ENTITIES)
    theme = rdflib.URIRef(THEME)
    label = rdflib.Literal("合作创新·共迎挑战", lang="zh")

    assert {tuple(map(comparable, triple)) for triple in graph.triples((theme, None, None))} == DESCRIBED
    assert graph.value(predicate=SKOS.prefLabel, object=label) == theme
    assert (theme, RDF.type, ZGC.Theme) in graph
    assert (theme, RDF.type, ZGC.Place) not in graph


def test_store_paging(endpoint: str) -> None:
    """Pages of three cover every edition once, in order."""
    graph = remote(endpoint)
    whole = sorted(map(str, graph.subjects(RDF.type, ZGC.Edition)))
    pages: list[list[str]] = []
    for offset in range(0, len(whole), 3):
        # The store reads the page from attributes that no graph declares.
        vars(graph).update(LIMIT=3, OFFSET=offset)
        pages.append([str(subject) for subject, _, _ in graph.triples((None, RDF.type, ZGC.Edition))])

    assert [subject for page in pages for subject in page] == whole
    assert len(pages[0]) == 3


def test_store_named_graphs(endpoint: str) -> None:
    """The store lists the named graphs, and each holds a part of the whole."""
    store = SPARQLStore(endpoint)
    whole, part = rdflib.Graph(store), rdflib.Graph(store, ENTITIES)
    count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{ENTITIES}> {{ ?s ?p ?o }} }}"

    assert ENTITIES in set(store.contexts())
    assert from_graph(whole, "SELECT", count) == [(Decimal(len(part)),)]
    assert 0 < len(part) < len(whole)


# rdflib asks for the default graph of a dataset by the name that it gives up.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
def test_store_dataset(endpoint: str) -> None:
    """A dataset on the store is asked like a graph, as a union: else rdflib names a graph of its own."""
    dataset = rdflib.Dataset(SPARQLStore(endpoint), default_union=True)

    assert from_graph(dataset, "SELECT", THEMES.text) == expected(THEMES)
    assert from_graph(rdflib.Dataset(SPARQLStore(endpoint)), "SELECT", THEMES.text) == []


def test_store_wrong_query_get(endpoint: str) -> None:
    """A wrong query by GET is a ValueError, whose context has the server's message."""
    with pytest.raises(ValueError, match="You did something wrong") as raised:
        remote(endpoint).query(UNDECLARED)

    with http_error(raised.value.__context__) as response:
        assert (response.code, response.read().decode()) == (400, UNDECLARED_MESSAGE)


def test_store_wrong_query_post(endpoint: str) -> None:
    """A wrong query by POST gives status and message in the place of a result, and nothing like rows."""
    # The library promises a Result and returns this tuple.
    result: object = SPARQLStore(endpoint, method="POST").query(UNDECLARED)

    assert result == (400, f"HTTP Error 400: Bad Request: {UNDECLARED_MESSAGE.strip()}", None)


def test_store_not_acceptable(endpoint: str) -> None:
    """A store for JSON asks for a graph in a format that graphs do not have, and gets the reason."""
    with pytest.raises(ValueError, match="You did something wrong") as raised:
        remote(endpoint, "json").query(DESCRIBE)

    with http_error(raised.value.__context__) as response:
        assert response.code == 406
        assert response.read().endswith(
            b"Send one of: text/turtle, application/n-triples, application/ld+json, application/rdf+xml.\n"
        )


@each_method
@pytest.mark.parametrize("name", ["xml", "json", "csv", "tsv"])
def test_store_cut_answer(cut_endpoint: str, name: str, method: Method) -> None:
    """In every format an answer that breaks off is an exception."""
    with pytest.raises(IncompleteRead):
        remote(cut_endpoint, name, method).query(MANY_ROWS)


@each_method
def test_store_cut_graph(cut_endpoint: str, method: Method) -> None:
    """A graph that breaks off is an exception."""
    with pytest.raises(IncompleteRead):
        remote(cut_endpoint, method=method).query(MANY_TRIPLES)


@each_refusal
@pytest.mark.parametrize("name", ["xml", "json", "csv", "tsv"])
def test_store_given_up(strict: dict[Refusal, str], refusal: Refusal, name: str) -> None:
    """In every format, rows that the server gives up are a ValueError, whose context has its message."""
    with pytest.raises(ValueError, match="You did something wrong") as raised:
        remote(strict[refusal], name).query(refusal.query)

    with http_error(raised.value.__context__) as response:
        assert (response.code, response.read().decode()) == (refusal.status, refusal.message)


@pytest.mark.parametrize("method", ["POST", "POST_FORM"])
def test_store_given_up_post(strict: dict[Refusal, str], method: Method) -> None:
    """By POST they are status and message in the place of a result."""
    result: object = SPARQLStore(strict[TIMEOUT], method=method).query(TIMEOUT.query)

    assert result == (503, f"HTTP Error 503: Service Unavailable: {TIMEOUT.message.strip()}", None)
