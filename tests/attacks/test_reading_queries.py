"""Requests that take long to read, and queries that hide a call of another server from the filter."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest
from attackers import ask, head
from servers import SCRIPTS, Server, forumkg_server

pytestmark = pytest.mark.faults

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory, small_root: object) -> Iterator[Server]:
    """Run one server for all attacks, which leave nothing behind."""
    data = tmp_path_factory.mktemp("reading") / "data"
    options = ("--port", "0", "--root", str(small_root), "--data", str(data), "--log-level", "error")
    with forumkg_server([str(SCRIPTS / "forumkg"), "serve", *options]) as server:
        yield server


def longest_stall(server: Server) -> float:
    """Return the longest stall of the event loop since the start, in seconds of its processor time."""
    text = ask(server.port, head("GET", "/metrics"), "127.0.0.1").body.decode()
    pattern = r'^forumkg_event_loop_stall_seconds\{clock="processor",since="start"\} (\S+)$'
    found = re.search(pattern, text, re.MULTILINE)
    assert found
    return float(found[1])


@pytest.mark.parametrize("piece", ["BASE.", 'PREFIX\\"""', "PREFIX a:<>", "a.", '"\\"', "1", "# \n", "NOW "])
def test_get_query_that_takes_long_to_read(reading: Server, piece: str) -> None:
    """A GET of 60 kB is answered without a stall of the event loop."""
    address = "/sparql?query=" + quote(piece, safe="") * (55_000 // len(quote(piece, safe="")))

    response = ask(reading.port, head("GET", address))

    assert response.status in {400, 414, 429}
    assert longest_stall(reading) < 0.1


@pytest.mark.parametrize(
    ("media_type", "start", "piece"),
    [
        (QUERY, "", "BASE."),
        (QUERY, "", 'PREFIX\\"""'),
        (QUERY, "ASK {} #", "NOW "),
        (FORM, "query=ASK{}", "&a"),
        (FORM, "query=ASK{}", "&default-graph-uri=a:"),
        (FORM, "query=", "%41"),
        (FORM, "query=", "%"),
        (FORM, "query=ASK{}&format=", ","),
    ],
)
def test_post_body_that_takes_long_to_read(reading: Server, media_type: str, start: str, piece: str) -> None:
    """A body of a megabyte is answered without a stall of the event loop."""
    body = (start + piece * (MIB // len(piece)))[: MIB - 1].encode()

    for _ in range(3):
        response = ask(reading.port, head("POST", "/sparql", len(body), Content_Type=media_type) + body)

    assert response.status in {200, 400, 429}
    assert longest_stall(reading) < 0.1


@pytest.mark.parametrize(
    ("media_type", "body", "message"),
    [
        (FORM, "query=ASK{}" + "&a" * 524_000, "The form has 524,001 parameters: send at most 250"),
        (QUERY, "BASE." * 200_000, "line 1, column 5: BASE needs an IRI between < and >"),
        (QUERY, "PREFIX a:<u:>" * 1_001, "line 1, column 13001: The query has more than 1,000"),
        (FORM, "query=ASK{}" + "&named-graph-uri=a:" * 101, "101 times named-graph-uri: name at most 100"),
        (FORM, "query=ASK{}&named-graph-uri=a:" + "x" * 3_000, "The named-graph-uri 'a:xxx"),
    ],
)
def test_post_more_than_is_read(reading: Server, media_type: str, body: str, message: str) -> None:
    """What is too much is refused, with what to send instead."""
    response = ask(reading.port, head("POST", "/sparql", len(body), Content_Type=media_type) + body.encode())

    assert response.status == 400
    assert response.body.decode().startswith(message)


_HIDDEN = (
    "SELECT * {{ VALUES (?x ?y) {{ (1 2) }} FILTER(?x<?y)SERVICE#>\n{0}<{1}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER(1<2)SERVICE#>\n{0}<{1}>{{}} }}",
    "SELECT * {{ ?s ?p ?o FILTER(?s<?o)#>'''\n SERVICE {0}<{1}> {{}} #'''\n}}",
    "SELECT * {{ SERVICE {0}<{1}> {{}} }}",
)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Listen on a free port; the test ends with an error if anybody connects."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening
        listening.settimeout(0.05)
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize("query", _HIDDEN)
@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_post_hidden_service(reading: Server, listener: socket.socket, query: str, silent: str) -> None:
    """SERVICE behind a comparison is refused before a worker comes to it, and no server is called."""
    text = query.format(silent, f"http://127.0.0.1:{listener.getsockname()[1]}/leak")

    response = ask(reading.port, head("POST", "/sparql", len(text), Content_Type=QUERY) + text.encode())

    assert response.status == 400


@pytest.mark.parametrize("query", _HIDDEN)
def test_query_command_with_hidden_service(small_root: object, listener: socket.socket, query: str) -> None:
    """The command refuses SERVICE too, and calls no server."""
    text = query.format("", f"http://127.0.0.1:{listener.getsockname()[1]}/leak")

    done = subprocess.run(
        [str(SCRIPTS / "forumkg"), "query", "--data", str(small_root), text],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert "Error: line" in done.stderr
