"""An answer of an engine is whole, or it is an error: the ways in which engines were seen to fail."""

import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from scripted_engine import ScriptedAnswer, scripted_engine

from forumkg.engine.answers import answer_by_engine, ask_engine
from forumkg.engine.connection import EngineConnection
from forumkg.engine.profiles import PROFILES
from forumkg.engine.queries import read_for_engine
from forumkg.errors import EngineError, ForumKgError, PoolBusy, QueryError, QueryTimeout
from forumkg.formats import CSV, GRAPH_FORMATS, JSON, N_TRIPLES, RESULT_FORMATS, TSV, Format

SELECT = "SELECT ?s ?n { ?s <urn:x:n> ?n }"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
ROWS = (
    b'{"head":{"vars":["s","n"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:x:a"},'
    b'"n":{"type":"literal","value":"1","datatype":"http://www.w3.org/2001/XMLSchema#integer"}},'
    b'{"s":{"type":"bnode","value":"b0"}}]}}'
)
ROWS_WITH_THE_HEAD_LAST = (
    b'{"results":{"bindings":[{"s":{"type":"uri","value":"urn:x:a"}}]},"head":{"vars":["s","n"]}}'
)
NO_ROWS = b'{"head":{"vars":["s","n"]},"results":{"bindings":[]}}'
TRUE = b'{"head":{},"boolean":true}'
RDF_XML = (
    b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:">'
    b'<rdf:Description rdf:about="urn:x:a"><x:b>1</x:b></rdf:Description></rdf:RDF>'
)
JSON_LD = b'[{"@id":"urn:x:a","urn:x:b":[{"@value":"1"}]}]'
JSON_LD_PROFILE = replace(PROFILES["oxigraph"], graphs=next(f for f in GRAPH_FORMATS if f.name == "jsonld"))
XML_TYPE = "application/rdf+xml"
JSON_LD_TYPE = "application/ld+json"


def ask(
    query: str,
    answer: ScriptedAnswer,
    format_: Format = JSON,
    *,
    profile: str = "oxigraph",
    seconds: float = 60,
) -> bytes:
    """Ask an engine that answers so."""
    with scripted_engine(JSON_LD_PROFILE if profile == "json-ld" else profile) as engine:
        engine.answer = answer
        with EngineConnection(engine.engine, 60) as connection:
            return ask_engine(connection, query, format_, seconds=seconds)


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_rows_in_the_format_of_the_client(framing: str) -> None:
    """A whole answer is written in each format, however its end is marked."""
    answer = ScriptedAnswer(ROWS, framing=framing)

    assert ask(SELECT, answer, CSV) == b"s,n\r\nurn:x:a,1\r\n_:b0,\r\n"
    assert ask(SELECT, answer, TSV) == b"?s\t?n\n<urn:x:a>\t1\n_:b0\t\n"
    assert json.loads(ask(SELECT, answer, JSON)) == json.loads(ROWS)


def test_other_answers_in_the_format_of_the_client() -> None:
    """Truth values, no rows and triples are written as well."""
    triple = b'<urn:x:a> <urn:x:b> "1" .\n'

    assert ask(ASK, ScriptedAnswer(TRUE), CSV) == b"true"
    assert ask(SELECT, ScriptedAnswer(NO_ROWS), CSV) == b"s,n\r\n"
    assert ask(SELECT, ScriptedAnswer(ROWS_WITH_THE_HEAD_LAST), CSV) == b"s,n\r\nurn:x:a,\r\n"
    assert ask(CONSTRUCT, ScriptedAnswer(RDF_XML, content_type=XML_TYPE), N_TRIPLES) == triple
    json_ld = ScriptedAnswer(JSON_LD, content_type=JSON_LD_TYPE)
    assert ask(CONSTRUCT, json_ld, N_TRIPLES, profile="json-ld") == triple


DOCUMENTS = [
    pytest.param(SELECT, ScriptedAnswer(ROWS), "oxigraph", id="rows"),
    pytest.param(SELECT, ScriptedAnswer(ROWS_WITH_THE_HEAD_LAST), "oxigraph", id="head-last"),
    pytest.param(SELECT, ScriptedAnswer(NO_ROWS), "oxigraph", id="no-rows"),
    pytest.param(ASK, ScriptedAnswer(TRUE), "oxigraph", id="truth"),
    pytest.param(CONSTRUCT, ScriptedAnswer(RDF_XML, content_type=XML_TYPE), "oxigraph", id="rdf-xml"),
    pytest.param(CONSTRUCT, ScriptedAnswer(JSON_LD, content_type=JSON_LD_TYPE), "json-ld", id="json-ld"),
]


@pytest.mark.faults
@pytest.mark.parametrize(("query", "answer", "profile"), DOCUMENTS)
def test_cut_at_each_byte(query: str, answer: ScriptedAnswer, profile: str) -> None:
    """An answer that ends too early is an error, wherever that is and although nothing says so."""
    formats = GRAPH_FORMATS if query == CONSTRUCT else RESULT_FORMATS
    with scripted_engine(JSON_LD_PROFILE if profile == "json-ld" else profile) as engine:
        for end in range(len(answer.body)):
            engine.answer = replace(answer, body=answer.body[:end], framing="close")
            format_ = formats[end % len(formats)]
            with EngineConnection(engine.engine, 60) as connection, pytest.raises(EngineError):
                ask_engine(connection, query, format_, seconds=60)


@pytest.mark.faults
@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize(("query", "answer", "profile"), DOCUMENTS)
def test_connection_ends_before_the_body(
    query: str, answer: ScriptedAnswer, profile: str, framing: str
) -> None:
    """An engine that dies in mid-answer is an error in every format."""
    for format_ in GRAPH_FORMATS if query == CONSTRUCT else RESULT_FORMATS:
        for cut in (0, len(answer.body) // 2, len(answer.body) - 1):
            with pytest.raises(EngineError):
                ask(query, replace(answer, framing=framing, cut=cut), format_, profile=profile)


@pytest.mark.faults
@pytest.mark.parametrize(("query", "answer", "profile"), DOCUMENTS)
def test_text_behind_the_answer(query: str, answer: ScriptedAnswer, profile: str) -> None:
    """An error text behind a whole answer is an error; white space is not."""
    with pytest.raises(EngineError):
        ask(
            query,
            replace(answer, body=answer.body + b"\n# Query timed out"),
            profile=profile,
            format_=first(query),
        )

    assert ask(query, replace(answer, body=answer.body + b"\r\n"), profile=profile, format_=first(query))


def first(query: str) -> Format:
    """Return a format for the answer of a query."""
    return N_TRIPLES if query == CONSTRUCT else JSON


NOT_ANSWERS = [
    pytest.param(ScriptedAnswer(b""), EngineError, "an empty answer", id="nothing"),
    pytest.param(ScriptedAnswer(b"  \n"), EngineError, "an empty answer", id="space"),
    pytest.param(ScriptedAnswer(TRUE), EngineError, "a truth value", id="truth"),
    pytest.param(
        ScriptedAnswer(b'{"head":{"vars":["error"]},"results":{"bindings":[]}}'),
        EngineError,
        "with the columns error, and not with s, n",
        id="columns",
    ),
    pytest.param(
        ScriptedAnswer(b"<html>It works</html>", content_type="text/html"),
        EngineError,
        "sent text/html, and not application/sparql-results+json",
        id="html",
    ),
    pytest.param(ScriptedAnswer(b"{}"), EngineError, "cannot be read", id="object"),
    pytest.param(
        ScriptedAnswer(b"MALFORMED QUERY: no", 400, "text/plain"),
        QueryError,
        "refuses the query: MALFORMED QUERY: no",
        id="400",
    ),
    pytest.param(ScriptedAnswer(b"<p>", 400, "text/html"), QueryError, "no reason was given", id="400-html"),
    pytest.param(ScriptedAnswer(b"", 408), QueryTimeout, "gave up the query", id="408"),
    pytest.param(ScriptedAnswer(b"", 504), QueryTimeout, "gave up the query", id="504"),
    pytest.param(ScriptedAnswer(b"", 429), PoolBusy, "is busy", id="429"),
    pytest.param(ScriptedAnswer(b"", 503), PoolBusy, "is busy", id="503"),
    pytest.param(ScriptedAnswer(ROWS, 500), EngineError, "status 500", id="500"),
    pytest.param(ScriptedAnswer(b"", 401), EngineError, "refuses our credentials (401)", id="401"),
    pytest.param(ScriptedAnswer(b"", 403), EngineError, "refuses our credentials (403)", id="403"),
    pytest.param(ScriptedAnswer(b"", 404), EngineError, "status 404", id="404"),
    pytest.param(
        ScriptedAnswer(b"", 302, headers={"Location": "http://127.0.0.1:9/"}),
        EngineError,
        "status 302",
        id="302",
    ),
    pytest.param(ScriptedAnswer(ROWS, 206), EngineError, "status 206", id="206"),
]


@pytest.mark.faults
@pytest.mark.parametrize(("answer", "kind", "message"), NOT_ANSWERS)
def test_no_answer(answer: ScriptedAnswer, kind: type[ForumKgError], message: str) -> None:
    """Each other response is an error of its kind."""
    with pytest.raises(kind, match=re.escape(message)) as raised:
        ask(SELECT, answer)

    assert type(raised.value) is kind


@pytest.mark.faults
def test_count_of_zero_with_a_state_of_failure() -> None:
    """A well-formed count of 0 is an error where a header field says that the query failed."""
    count = b'{"head":{"link":[],"vars":["n"]},"results":{"bindings":[{"n":{"type":"typed-literal",\
"datatype":"http://www.w3.org/2001/XMLSchema#integer","value":"0"}}]}}'
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    assert ask(query, ScriptedAnswer(count), CSV, profile="virtuoso") == b"n\r\n0\r\n"
    with pytest.raises(QueryTimeout):
        ask(query, ScriptedAnswer(count, headers={"X-SQL-State": "S1TAT"}), profile="virtuoso")
    with pytest.raises(EngineError, match="X-SPARQL-MaxRows: 1"):
        ask(query, ScriptedAnswer(count, headers={"X-SPARQL-MaxRows": "1"}), profile="virtuoso")
    with pytest.raises(EngineError, match="42000"):
        ask(query, ScriptedAnswer(count, headers={"X-SQL-State": "42000"}), profile="virtuoso")


@pytest.mark.faults
def test_error_text_of_a_timeout() -> None:
    """A status of 500 is a timeout where its text says so by a code of the profile, and else a failure."""
    late = ScriptedAnswer(b"Virtuoso S1T00 Error SR171: Transaction timed out", 500, "text/plain")
    with pytest.raises(QueryTimeout, match="gave up the query"):
        ask(SELECT, late, profile="virtuoso")
    with pytest.raises(EngineError, match="status 500"):
        ask(SELECT, replace(late, body=b"Virtuoso 37000 Error"), profile="virtuoso")
    with pytest.raises(EngineError, match="status 500"):
        ask(SELECT, late, profile="oxigraph")


@pytest.mark.faults
@pytest.mark.parametrize("part", ["head", "body"])
@pytest.mark.parametrize("framing", ["length", "close"])
def test_answer_that_drips(part: str, framing: str) -> None:
    """Bytes that come one by one do not prolong the time of a query, in any part of the response."""
    answer = ScriptedAnswer(ROWS + b" " * 10_000, drips=part, framing=framing)
    with scripted_engine() as engine:
        engine.answer = answer
        with pytest.raises(QueryTimeout, match="did not answer in time"):
            ask_engine(engine.open_connection(), SELECT, seconds=0.5)


@pytest.mark.faults
@pytest.mark.parametrize("depth", [20_000, 200_000])
def test_answer_that_is_nested_too_deep(depth: int) -> None:
    """A document at which a reader would exhaust the stack of the process is an error."""
    quoted = (
        b'{"type":"triple","value":{"subject":{"type":"uri","value":"urn:x:a"},'
        b'"predicate":{"type":"uri","value":"urn:x:p"},"object":'
    )
    term = quoted * depth + b'{"type":"uri","value":"urn:x:o"}' + b"}}" * depth
    head, results = b'"head":{"vars":["s","n"]}', b'"results":{"bindings":[{"s":' + term + b"}]}"
    json_ld = b'{"@id":"urn:x:a","urn:x:p":' * depth + b'"x"' + b"}" * depth

    for query, body in (
        (SELECT, b"{" + head + b"," + results + b"}"),
        (SELECT, b"{" + results + b"," + head + b"}"),
        (ASK, b'{"boolean":' + b"[" * depth),
    ):
        with pytest.raises(EngineError, match="cannot be read to its end"):
            ask(query, ScriptedAnswer(body))
    with pytest.raises(EngineError, match="cannot be read to its end"):
        ask(CONSTRUCT, ScriptedAnswer(json_ld, content_type=JSON_LD_TYPE), N_TRIPLES, profile="json-ld")


@pytest.mark.faults
@pytest.mark.parametrize(("depth", "is_read"), [(2_000, True), (100_000, False)])
def test_triples_that_are_nested_too_deep(depth: int, is_read: bool) -> None:
    """RDF/XML in which blank nodes are written within each other is read, unless that would take minutes."""
    head = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:">'
    opened, closed = b"<rdf:Description><x:p>" * depth, b"</x:p></rdf:Description>" * depth
    answer = ScriptedAnswer(head + opened + b"end" + closed + b"</rdf:RDF>", content_type=XML_TYPE)

    if is_read:
        assert ask(CONSTRUCT, answer, N_TRIPLES).count(b"\n") == depth
    else:
        with pytest.raises(EngineError, match="cannot be read to its end"):
            ask(CONSTRUCT, answer, N_TRIPLES)


def test_truth_value_as_a_table() -> None:
    """A table with one column of the profile is read as a truth value, and no other table is."""
    table = '{"head":{"vars":["%s"]},"results":{"bindings":[%s]}}'
    row = '{"__ASK_RETVAL":{"type":"typed-literal","value":"1"}}'

    assert (
        ask(ASK, ScriptedAnswer((table % ("__ASK_RETVAL", row)).encode()), CSV, profile="virtuoso") == b"true"
    )
    assert (
        ask(ASK, ScriptedAnswer((table % ("__ASK_RETVAL", "")).encode()), CSV, profile="virtuoso") == b"false"
    )
    for profile, column in (("virtuoso", "x"), ("oxigraph", "__ASK_RETVAL")):
        with pytest.raises(EngineError):
            ask(ASK, ScriptedAnswer((table % (column, "")).encode()), profile=profile)


@pytest.mark.faults
@pytest.mark.parametrize("profile", ["oxigraph", "virtuoso"])
@pytest.mark.parametrize(
    "body",
    [
        *(b"[true]", b"{}", b'{"boolean":1}', b'{"head":null,"results":null}', b'{"head":[1],"results":[1]}'),
        b'{"head":{"vars":["__ASK_RETVAL"]},"results":null}',
        b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[{}]}}',
        b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[1]}}',
        b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[{"__ASK_RETVAL":"1"}]}}',
        b'{"boolean":true,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=lambda body: body[:60].decode(),
)
def test_document_without_a_truth_value(body: bytes, profile: str) -> None:
    """A document of any other structure is an error of the engine."""
    with pytest.raises(EngineError):
        ask(ASK, ScriptedAnswer(body), profile=profile)


@pytest.mark.faults
def test_reason_has_no_control_characters() -> None:
    """What an engine says of a query is one line that a terminal can show."""
    answer = ScriptedAnswer(b"\x1b[31mbad\x00\r\n\xc2\x9bquery", status=400, content_type="text/plain")

    with pytest.raises(QueryError) as raised:
        ask(SELECT, answer)
    assert str(raised.value).endswith("refuses the query: [31mbad query")


def test_blank_nodes_with_addresses_as_labels() -> None:
    """Labels of blank nodes of the profile are read, wherever the pieces of the answer end."""
    row = '{"s":{ "type": "bnode", "value": "nodeID://b%d" }, "n":{"type":"literal","value":"nodeID://b1"}}'
    rows = ",".join(row % number for number in range(5000))
    body = f'{{"head":{{"link":[],"vars":["s","n"]}},"results":{{"bindings":[{rows}]}}}}'.encode()
    expected = "".join(f"_:b{number},nodeID://b1\r\n" for number in range(5000))

    assert ask(SELECT, ScriptedAnswer(body), CSV, profile="virtuoso") == f"s,n\r\n{expected}".encode()
    last = f'{{"results":{{"bindings":[{row % 7}]}},"head":{{"vars":["s","n"]}}}}'.encode()
    assert ask(SELECT, ScriptedAnswer(last), CSV, profile="virtuoso") == b"s,n\r\n_:b7,nodeID://b1\r\n"
    with pytest.raises(EngineError):
        ask(SELECT, ScriptedAnswer(body), CSV)


@pytest.mark.faults
def test_late_answer() -> None:
    """An engine that does not answer in time is given up."""
    with pytest.raises(QueryTimeout):
        ask(SELECT, ScriptedAnswer(ROWS, waits=True), seconds=0.2)


@pytest.mark.faults
def test_no_engine() -> None:
    """An engine that does not listen is an error that says when to try again."""
    with scripted_engine() as engine:
        pass
    with pytest.raises(EngineError, match="cannot be reached") as raised:
        EngineConnection(engine.engine, 60)

    assert raised.value.status == 502
    assert raised.value.retry_after


def test_connection_is_used_again() -> None:
    """Several queries are sent on one connection; after an error it is closed, and not opened again."""
    with scripted_engine() as engine:
        engine.answer = ScriptedAnswer(ROWS)
        connection = engine.open_connection()
        for _ in range(3):
            ask_engine(connection, SELECT, seconds=60)
            assert connection.is_open
        engine.answer = ScriptedAnswer(ROWS + b"x")
        with pytest.raises(EngineError):
            ask_engine(connection, SELECT, seconds=60)
        assert not connection.is_open


@pytest.mark.faults
def test_long_answer_is_passed_on_in_pieces() -> None:
    """A long answer is written as it comes, and is never in memory as a whole."""
    row = b'{"s":{"type":"uri","value":"urn:x:a"}}'
    body = b'{"head":{"vars":["s","n"]},"results":{"bindings":[' + b",".join([row] * 50_000) + b"]}}"

    class Output(BytesIO):
        longest = 0

        def write(self, data: bytes, /) -> int:  # type: ignore[override]
            Output.longest = max(Output.longest, len(data))
            return super().write(data)

    output = Output()
    with scripted_engine() as engine:
        engine.answer = ScriptedAnswer(body)
        connection = engine.open_connection()
        answer_by_engine(connection, read_for_engine(SELECT), CSV, output, seconds=60)

    assert output.getvalue().count(b"urn:x:a") == 50_000
    assert Output.longest < len(body) // 4
