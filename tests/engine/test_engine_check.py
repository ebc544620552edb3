"""The check of an engine: what it finds, what a profile expects, and what it loads."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from scripted_engine import ScriptedAnswer, scripted_engine
from servers import oxigraph_server

from forumkg.dataset.questions import Question
from forumkg.dataset.versions import Version
from forumkg.engine.check import CheckOutcome, EngineCheck, PageSample, load_version
from forumkg.engine.connection import Engine
from forumkg.engine.cutting_proxy import CuttingProxy
from forumkg.engine.failures import failure_cases, limit_cases
from forumkg.engine.loading import dataset_address, graphs_of
from forumkg.engine.profiles import PROFILES
from forumkg.engine.stored import count_triples
from forumkg.errors import StoreError

DIGEST = "0123456789abcdef" * 4
EDITIONS = (
    "# Which?\nPREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n"
    "SELECT ?edition { ?edition a zgc:Edition } ORDER BY ?edition"
)
QUESTION = Question(1, "editions", "Which?", EDITIONS, "SELECT")


def silent(step: str) -> None:
    """Report nothing."""


@pytest.fixture(scope="module")
def engine(small_version: Version) -> Iterator[Engine]:
    """Run an engine with the small dataset."""
    with oxigraph_server() as server:
        found = Engine(PROFILES["oxigraph"], server.url, graphs_of(small_version.store))
        assert load_version(found, small_version.store, small_version.info, silent)
        yield found


def test_loaded(engine: Engine, small_version: Version) -> None:
    """All is stored as it was sent; a second time nothing is sent."""
    check = EngineCheck(engine, small_version.store, small_version.info, silent)

    assert not load_version(engine, small_version.store, small_version.info, silent)
    assert count_triples(engine) == small_version.info.triples
    assert [(test.name, test.outcome) for test in check.loaded()] == [
        ("triples", CheckOutcome.PASSED),
        ("properties", CheckOutcome.PASSED),
        ("graphs", CheckOutcome.PASSED),
    ]


def test_other_answer_is_a_failure_unless_the_profile_expects_it(small_version: Version) -> None:
    """An engine that answers otherwise fails, and passes where its profile says why."""
    profile = PROFILES["oxigraph"]
    known = replace(profile, deviations={"question 01-*": "it is scripted"})
    outcomes = []
    for each in (profile, known):
        with scripted_engine(each) as scripted:
            scripted.answer = ScriptedAnswer(b'{"head":{"vars":["edition"]},"results":{"bindings":[]}}')
            check = EngineCheck(scripted.engine, small_version.store, small_version.info, silent)
            outcomes += [(test.outcome, test.detail) for test in check.questions([QUESTION])]

    assert outcomes == [
        (CheckOutcome.FAILED, "0 rows for 2: 0 too many, 2 too few"),
        (CheckOutcome.EXPECTED, "0 rows for 2: 0 too many, 2 too few (it is scripted)"),
    ]


@pytest.mark.faults
def test_engine_that_does_not_store_what_it_acknowledges(small_version: Version) -> None:
    """A load that was acknowledged is compared: here nothing was stored."""
    with scripted_engine() as scripted:
        scripted.versions = ()
        scripted.answer = ScriptedAnswer(
            b'{"head":{"vars":["value"]},"results":{"bindings":[{"value":{"type":"literal","value":"0"}}]}}'
        )
        check = EngineCheck(scripted.engine, small_version.store, small_version.info, silent)
        assert load_version(scripted.engine, small_version.store, small_version.info, silent)
        first = next(iter(check.loaded()))

    assert (first.name, first.outcome) == ("triples", CheckOutcome.FAILED)
    assert first.detail == f"0 triples for {small_version.info.triples}"


@pytest.mark.faults
def test_cut_answers_are_found(engine: Engine) -> None:
    """An answer that is cut by a proxy is an error in each format."""
    cases = [run for name, run in failure_cases(engine) if "the connection ends" in name]

    assert len(cases) == 8
    assert [run() for run in cases] == [""] * 8


@pytest.mark.faults
def test_limit_that_an_engine_was_started_with(small_version: Version) -> None:
    """A query that is ended at the limit of the engine is an error: before an answer, in rows, in triples."""
    with oxigraph_server("--timeout-s", "1") as server:
        engine = Engine(PROFILES["oxigraph"], server.url, graphs_of(small_version.store))
        load_version(engine, small_version.store, small_version.info, silent)
        cases = {name: run() for name, run in limit_cases(engine)}

    assert cases == {
        "before the first byte, SPARQL results JSON": "",
        "in mid-answer, SPARQL results JSON": "",
        "in mid-answer, RDF/XML": "",
    }


@pytest.mark.faults
def test_limit_of_a_request() -> None:
    """An engine that ends a query at the limit in its request passes, and no other one does."""
    late = ScriptedAnswer(b"", 504, waits=True)
    with scripted_engine("fuseki") as engine:
        engine.answer = late
        name, run = next(limit_cases(engine.engine, 0.5))
        outlived = run()
        _, run = next(limit_cases(engine.engine, 60))
        timer = threading.Timer(1.5, engine.go.set)
        timer.start()
        ended = run()
        timer.join()
        early = {run() for _, run in limit_cases(engine.engine, 60)}
        engine.answer = ScriptedAnswer(b'{"head":{"vars":["rows"]},"results":{"bindings":[]}}')
        answered = run()

    assert (name, outlived) == ("before the first byte, SPARQL results JSON", "it went on for 0.5 s")
    assert (ended, answered) == ("", "it was an answer")
    assert early == {"it failed before its limit of 1 s"}
    assert {path for path, *_ in engine.received} == {"/query?timeout=1"}


def test_proxy_passes_what_it_does_not_cut(engine: Engine, small_version: Version) -> None:
    """Without a bound, an engine behind the proxy answers as it does."""
    with CuttingProxy(engine.url) as proxy:
        assert count_triples(replace(engine, url=proxy.url)) == small_version.info.triples


def test_page_is_compared(engine: Engine, small_version: Version) -> None:
    """A report counts what passed, and says how long the queries of pages took."""
    check = EngineCheck(replace(engine), small_version.store, small_version.info, silent)
    tests = [check._page(PageSample("/editions", EDITIONS), 60)]

    assert [(test.group, test.name, test.outcome) for test in tests] == [
        ("page", "/editions: Which?", CheckOutcome.PASSED)
    ]


@pytest.mark.faults
@pytest.mark.parametrize("profile", ["fuseki", "rdf4j"])
def test_dataset_that_the_engine_does_not_make(small_version: Version, profile: str) -> None:
    """The page of an error is left out of the message, which says what to do instead."""
    with scripted_engine(profile) as scripted:
        scripted.answer = ScriptedAnswer(b"<html><h1>Not Found</h1></html>", 404, "text/html")
        engine = replace(scripted.engine, url=f"{scripted.engine.url}/forum-0123456789ab")
        with pytest.raises(StoreError) as raised:
            load_version(engine, small_version.store, small_version.info, silent)

    assert str(raised.value) == (
        f"The engine does not make the dataset {engine.url} (404 Not Found): no reason was given. "
        "Make an empty dataset there by the means of the engine, and run the command again."
    )


def test_address_of_a_version() -> None:
    """The address of a dataset has the beginning of the digest in it, and must be one of HTTP."""
    assert dataset_address("http://h:1/forum-{version}/", DIGEST) == "http://h:1/forum-0123456789ab"
    for wrong in ("h:1/forum", "http:///x", "http://h/x?y", "http://h/x#y"):
        with pytest.raises(StoreError, match="is not the address of a dataset"):
            dataset_address(wrong, DIGEST)
