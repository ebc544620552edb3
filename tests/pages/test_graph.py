"""Asking for pages: cells as pages read them, in this process and by workers."""

from datetime import date
from decimal import Decimal

import pyoxigraph as ox
import pytest
from pools import ENDLESS
from small_dataset import PREFIXES

from forumkg.dataset.versions import Version
from forumkg.errors import QueryError, QueryTimeout
from forumkg.pages.graph import Graph, Row, StoreGraph
from forumkg.pages.worker_graph import WorkerGraph
from forumkg.rdf.terms import named
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Limits, Pool

ROW = Row(
    {
        "iri": named("zgc:Edition"),
        "text": ox.Literal("论坛", language="zh"),
        "whole": ox.Literal(2021),
        "decimal": ox.Literal("0.5", datatype=named("xsd:decimal")),
        "flag": ox.Literal(True),
        "day": ox.Literal("2021-09-24", datatype=named("xsd:date")),
        "blank": ox.BlankNode("b"),
    }
)


@pytest.fixture(params=["store", "workers"])
def graph(request: pytest.FixtureRequest, small_version: Version, small_pool: Pool) -> Graph:
    """Ask the small dataset, in each way that there is."""
    if request.param == "store":
        return StoreGraph(small_version.store)
    return WorkerGraph(QueryService(small_pool, small_version.info.digest), "127.0.0.1")


def test_row_bound() -> None:
    """A cell is read as what it is."""
    assert ROW.iri("iri") == ROW.text("iri") == "https://w3id.org/zgc-forum/ontology/Edition"
    assert (ROW.text("text"), ROW.language("text")) == ("论坛", "zh")
    assert (ROW.number("whole"), ROW.number("decimal")) == (Decimal(2021), Decimal("0.5"))
    assert ROW.count("whole") == 2021
    assert ROW.flag("flag")
    assert ROW.date("day") == date(2021, 9, 24)
    assert ROW.text("blank") == "_:b"


def test_row_unbound_or_other() -> None:
    """What is not bound, or something else, reads as nothing."""
    assert "none" not in ROW
    assert (ROW.iri("none"), ROW.iri("text"), ROW.iri("blank")) == ("", "", "")
    assert (ROW.text("none"), ROW.language("iri"), ROW.number("none"), ROW.count("none")) == ("", "", None, 0)
    assert (ROW.flag("none"), ROW.date("none"), ROW.date("text")) == (False, None, None)


@pytest.mark.parametrize("text", ["many", "", "INF", "-INF", "NaN", "1 000"])
def test_row_number_that_is_none(text: str) -> None:
    """A literal that is no number reads as nothing, whatever its type says, so that its page is shown."""
    row = Row({"n": ox.Literal(text, datatype=named("xsd:integer"))})

    assert (row.number("n"), row.count("n")) == (None, 0)


@pytest.mark.parametrize("text", ["2021-09-24Z", "2021-02-30", "-0044-03-15", "12021-01-01", "soon"])
def test_row_date_that_is_none(text: str) -> None:
    """A day that the calendar of Python does not have reads as nothing."""
    assert Row({"day": ox.Literal(text, datatype=named("xsd:date"))}).date("day") is None


def test_rows(graph: Graph) -> None:
    """A SELECT gives its solutions in order, without what they leave unbound."""
    rows = graph.select(PREFIXES + "SELECT ?year ?none { ?edition zgc:year ?year } ORDER BY ?year")

    assert [{**row} for row in rows] == [{"year": ox.Literal(2021)}, {"year": ox.Literal(2023)}]


def test_holds(graph: Graph) -> None:
    """An ASK gives its truth value."""
    assert graph.ask(PREFIXES + "ASK { edition:2021 zgc:year 2021 }")
    assert not graph.ask(PREFIXES + "ASK { edition:2021 zgc:year 2022 }")


def test_triples(graph: Graph) -> None:
    """A CONSTRUCT gives its triples, each once."""
    query = PREFIXES + "CONSTRUCT { zgc:a zgc:b 1 , ?year } { edition:2021 zgc:year ?year }"

    assert {*graph.construct(query)} == {
        ox.Triple(named("zgc:a"), named("zgc:b"), ox.Literal(1)),
        ox.Triple(named("zgc:a"), named("zgc:b"), ox.Literal(2021)),
    }
    assert len(graph.construct(query)) == 2


@pytest.mark.parametrize("query", ["SELECT", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"])
def test_rows_of_no_query(graph: Graph, query: str) -> None:
    """A query that cannot be evaluated is an error, not an empty page."""
    with pytest.raises(QueryError):
        graph.select(query)


def test_asked_by_another_form(graph: Graph) -> None:
    """A query of another form than the page expects is an error."""
    with pytest.raises(QueryError, match=r"The query is not a SELECT\."):
        graph.select("ASK {}")
    with pytest.raises(QueryError, match=r"The query is not an ASK\."):
        graph.ask("SELECT * {}")


def test_workers_are_asked_once(small_version: Version, small_pool: Pool) -> None:
    """What one page has asked, another has from the cache of answers."""
    answering = QueryService(small_pool, small_version.info.digest)
    before = small_pool.statistics().outcomes.get("answered", 0)

    for _ in range(3):
        WorkerGraph(answering, "127.0.0.1").ask("ASK { ?s ?p 'a question of its own' }")
    assert small_pool.statistics().outcomes["answered"] == before + 1


def test_page_query_that_takes_too_long(small_version: Version) -> None:
    """Readers of a page wrote no query: its error does not advise them to change one."""
    with Pool(small_version.path / "store", Limits(timeout=0.5)) as pool:
        graph = WorkerGraph(QueryService(pool, small_version.info.digest), "127.0.0.1")
        with pytest.raises(QueryTimeout) as error:
            graph.select(ENDLESS)

    assert str(error.value) == "A query behind this page takes more time than the server allows."
