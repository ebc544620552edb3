"""A whole server over an engine that misbehaves: what its clients get."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from scripted_engine import ScriptedAnswer, ScriptedEngine, scripted_engine
from servers import SCRIPTS, Server, forumkg_server

from forumkg.dataset.versions import Version
from forumkg.engine.marks import MARKS, mark_loaded
from forumkg.formats import GRAPH_FORMATS, JSON, RESULT_FORMATS, Format

SELECT = "SELECT ?s { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:x:a"}}]}}'
RDF_XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:">'
    b'<rdf:Description rdf:about="urn:x:a"><x:b>1</x:b></rdf:Description></rdf:RDF>'
)
FORMATS = [*RESULT_FORMATS, *GRAPH_FORMATS]
PLAIN = "text/plain; charset=utf-8"


@contextmanager
def front(version: Version, *options: str) -> Iterator[tuple[Server, ScriptedEngine]]:
    """Serve a version by a scripted engine that says it holds it."""
    data = version.path.parent.parent
    # A profile of which the triples are not counted at the start.
    with scripted_engine("halyard") as engine:
        engine.versions = (version.info.digest,)
        mark_loaded(data, engine.engine, version.info)
        words = ["serve", "--no-build", "--port", "0", "--data", str(data), "--client-errors", "0"]
        words += ["--workers", "16", "--engine", engine.engine.url, "--profile", "halyard", *options]
        try:
            with forumkg_server([str(SCRIPTS / "forumkg"), *words]) as server:
                yield server, engine
        finally:
            (data / MARKS).unlink()


def answer_of(format_: Format, **changed: Any) -> ScriptedAnswer:  # noqa: ANN401 (fields of any type)
    """Return what an engine answers to the query for a format, with some fields changed."""
    if format_ in GRAPH_FORMATS:
        return replace(ScriptedAnswer(RDF_XML, content_type="application/rdf+xml"), **changed)
    return replace(ScriptedAnswer(ROWS), **changed)


def asked(server: Server, format_: Format, number: int, **parameters: str) -> tuple[int, str, str]:
    """Return status, Content-Type and text of the response to a query that no cache has."""
    query = f"{CONSTRUCT if format_ in GRAPH_FORMATS else SELECT} # {number}"
    sent = {"query": query, "format": format_.name, **parameters}
    status, content_type, body = server.request("GET", f"/sparql?{urlencode(sent)}")
    return status, content_type, body.decode(errors="replace")


@pytest.mark.faults
def test_engine_that_drips(small_version: Version) -> None:
    """An answer that comes byte by byte ends at the deadline of its query, in every format and on pages."""
    with front(small_version, "--timeout", "1") as (server, engine):
        for number, format_ in enumerate(FORMATS):
            engine.answer = answer_of(format_, drips="head" if number % 2 else "body")
            status, content_type, text = asked(server, format_, number, timeout="0.2")

            assert (status, content_type) == (503, PLAIN)
            assert "in time" in text or "0.2 seconds" in text
        engine.answer = answer_of(JSON, drips="body")
        page = server.request("GET", "/editions", accept="text/html")
        ready = server.request("GET", "/readyz")
        live = server.request("GET", "/livez")

        engine.answer = answer_of(JSON)
        again = asked(server, JSON, -1)

    assert page[:2] == (503, "text/html; charset=utf-8")
    reason = b"not ready: The engine did not answer a query for nothing within 2 seconds.\n"
    assert (ready[0], ready[2]) == (503, reason)
    assert live[0] == again[0] == 200


@pytest.mark.faults
def test_engine_that_breaks_off(small_version: Version) -> None:
    """An answer that is cut, empty or followed by an error text is a 502, in every format."""
    with front(small_version) as (server, engine):
        for number, format_ in enumerate(FORMATS):
            body = answer_of(format_).body
            for answer in (
                answer_of(format_, cut=len(body) - 1),
                answer_of(format_, cut=len(body) // 2, framing="chunked"),
                answer_of(format_, body=b""),
                answer_of(format_, body=body + b"\n##  Query timed out  ##"),
            ):
                engine.answer = answer
                assert asked(server, format_, number)[:2] == (502, PLAIN)
            engine.answer = answer_of(format_)
            assert asked(server, format_, number)[0] == 200
