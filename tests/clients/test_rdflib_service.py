"""rdflib that asks us by SERVICE in a query of its own, or parses the address of a query.

https://www.w3.org/TR/sparql11-federated-query/
"""

from http.client import IncompleteRead
from urllib.error import HTTPError
from urllib.parse import urlencode
from xml.sax import SAXParseException

import pytest
import rdflib
from rdflib.namespace import RDFS

from answers import expected, from_graph, from_rdflib
from clients.asking import (
    EVIDENCE,
    MANY,
    MANY_TRIPLES,
    SLOW_TRIPLES,
    THEME,
    TIMEOUT,
    UNDECLARED,
    UNDECLARED_MESSAGE,
    Refusal,
    each_refusal,
    federated,
    questions,
)
from forumkg.dataset.questions import Question
from forumkg.formats import GRAPH_FORMATS

pytestmark = [pytest.mark.clients, pytest.mark.slow]

ZGC = "https://w3id.org/zgc-forum/ontology/"
GRAPHS = [format_.name for format_ in GRAPH_FORMATS]


@questions()
def test_service_question(endpoint: str, question: Question) -> None:
    """Each question whose pattern a query of rdflib leaves to us by SERVICE has its expected answer."""
    assert from_graph(rdflib.Graph(), question.form, federated(question, endpoint)) == expected(question)


def test_service_joins_local_data(endpoint: str) -> None:
    """SERVICE adds what the endpoint knows of things that a local graph names."""
    local = rdflib.Graph().add((rdflib.URIRef(THEME), RDFS.seeAlso, rdflib.URIRef("https://example.org/")))
    query = f"""
        SELECT ?page ?label {{
            ?theme rdfs:seeAlso ?page
            SERVICE <{endpoint}> {{ ?theme skos:prefLabel ?label FILTER (lang(?label) = "zh") }}
        }}
    """

    assert from_graph(local, "SELECT", query) == [
        (("IRI", "https://example.org/"), ("literal", "合作创新·共迎挑战", "zh"))
    ]


def test_service_error(endpoint: str) -> None:
    """A subquery is sent without its prefixes, which is an HTTPError that has the server's message."""
    query = f"PREFIX zgc: <{ZGC}> SELECT * {{ SERVICE <{endpoint}> {{ {UNDECLARED} }} }}"

    with pytest.raises(HTTPError) as raised:
        list(rdflib.Graph().query(query))

    with raised.value as response:
        assert (response.code, response.read().decode()) == (400, UNDECLARED_MESSAGE.replace("30", "31"))


@each_refusal
def test_service_given_up(strict: dict[Refusal, str], refusal: Refusal) -> None:
    """What the server gives up is an HTTPError with its message."""
    with pytest.raises(HTTPError) as raised:
        list(rdflib.Graph().query(f"SELECT * {{ SERVICE <{strict[refusal]}> {{ {refusal.pattern} }} }}"))

    with raised.value as response:
        assert (response.code, response.read().decode()) == (refusal.status, refusal.message)


def test_service_cut_answer(cut_endpoint: str) -> None:
    """An answer to SERVICE that breaks off is an exception."""
    query = f"SELECT * {{ SERVICE <{cut_endpoint}> {{ ?thing skos:prefLabel ?label }} }}"

    with pytest.raises(IncompleteRead):
        list(rdflib.Graph().query(query))


# rdflib reads JSON-LD into a graph by the name that it gives up.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("name", GRAPHS)
def test_parse_address(endpoint: str, name: str) -> None:
    """The address of a CONSTRUCT can be parsed like that of a file, in each format."""
    address = f"{endpoint}?{urlencode({'query': EVIDENCE.text, 'format': name})}"

    assert set(from_rdflib(rdflib.Graph().parse(address))) == expected(EVIDENCE)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize(
    ("name", "error"),
    [("turtle", IncompleteRead), ("jsonld", IncompleteRead), ("rdfxml", SAXParseException)],
)
def test_parse_cut_address(cut_endpoint: str, name: str, error: type[Exception]) -> None:
    """A graph at an address that breaks off is an exception."""
    with pytest.raises(error):
        rdflib.Graph().parse(f"{cut_endpoint}?{urlencode({'query': MANY_TRIPLES, 'format': name})}")


def test_parse_cut_ntriples(cut_endpoint: str) -> None:
    """Only of N-Triples does rdflib not notice the break: it reads in pieces and asks no length."""
    graph = rdflib.Graph().parse(
        f"{cut_endpoint}?{urlencode({'query': MANY_TRIPLES, 'format': 'ntriples'})}", format="nt"
    )

    assert len(graph) == MANY - 1


def test_parse_given_up(strict: dict[Refusal, str]) -> None:
    """A graph that the server gives up is an HTTPError with its message."""
    with pytest.raises(HTTPError) as raised:
        rdflib.Graph().parse(f"{strict[TIMEOUT]}?{urlencode({'query': SLOW_TRIPLES})}")

    with raised.value as response:
        assert (response.code, response.read().decode()) == (503, TIMEOUT.message)
