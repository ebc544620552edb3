"""The server between network and workers: its cache, clients that misbehave, and how it ends."""

import gzip
import os
import re
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest
import small_dataset
import zstandard
from pools import ENDLESS
from processes import descriptors, exists, killed_at_the_end, resident, tree, until
from servers import Server, forumkg_server
from small_dataset import PREFIXES

SELECT = PREFIXES + "SELECT ?year { ?edition zgc:year ?year } ORDER BY ?year"
CSV = b"year\r\n2021\r\n2023\r\n"
# Some megabytes more than the buffers of two sockets hold.
LENGTH = 24 * 1024 * 1024
PROGRAM = str(Path(__file__).parents[1].joinpath("support", "serve_impatiently.py"))


def address(query: str, **parameters: str) -> str:
    """Return the path that asks a query."""
    return f"/sparql?{urlencode({'query': query, **parameters})}"


def long_answer(length: int = LENGTH) -> str:
    """Return the path of an answer of a length, and a few bytes more."""
    steps = length.bit_length()
    doubling = "".join(f"BIND (CONCAT(?s{n}, ?s{n}) AS ?s{n + 1}) " for n in range(steps))
    query = f'SELECT (SUBSTR(?s{steps}, 1, {length}) AS ?s) {{ BIND ("0" AS ?s0) {doubling}}}'
    return address(query, format="csv")


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    """Open a connection to a server, with a receive buffer that is soon full."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", server.port))
        yield connection


def head(method: str, path: str, *headers: str) -> bytes:
    """Return the head of a request."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def rest(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes the connection."""
    received = bytearray()
    try:
        while chunk := connection.recv(1 << 16):
            received += chunk
    except ConnectionResetError:
        pass
    return bytes(received)


def get(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    """Return a response, and its body."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command that serves the small dataset on a free port and does not wait for slow clients."""
    folder = tmp_path_factory.mktemp("edge")
    dataset = small_dataset.write(folder / "root")
    return [sys.executable, PROGRAM, str(dataset.root), str(folder / "data"), "20"]


@pytest.fixture(scope="module")
def server(command: list[str]) -> Iterator[Server]:
    """Run a server for all tests that leave it as it was."""
    with forumkg_server(command) as started:
        yield started


def running(server: Server) -> int:
    """Return how many queries run."""
    _, body = get(server, "/metrics")
    states = re.findall(rb'^forumkg_workers\{state="(\w+)"\} (\d+)', body, re.MULTILINE)
    assert states
    return sum(int(count) for state, count in states if state != b"idle")


def test_known_answer(server: Server) -> None:
    """A known answer comes from the cache, whole, by its length alone, compressed, or not at all."""
    path = address(SELECT, format="csv")
    get(server, path)

    again, body = get(server, path)
    by_head, nothing = get(server, path, "HEAD")
    unchanged, empty = get(server, path, If_None_Match=again.headers["ETag"])

    assert (again.status, body, again.headers["Server-Timing"]) == (200, CSV, "cache;desc=hit")
    assert (by_head.status, nothing) == (200, b"")
    varying = {"date", "x-request-id"}
    assert {name: value for name, value in by_head.headers.items() if name.lower() not in varying} == {
        name: value for name, value in again.headers.items() if name.lower() not in varying
    }
    assert (unchanged.status, empty, unchanged.headers["ETag"]) == (304, b"", again.headers["ETag"])
    assert again.headers["X-Content-Type-Options"] == "nosniff"
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert again.headers["X-Request-Id"] != by_head.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", address(SELECT), 200),
        ("HEAD", address(SELECT), 200),
        ("GET", address("ASK {"), 400),
        ("GET", "/", 200),
        ("GET", "/no", 404),
        ("GET", "/livez", 200),
        ("OPTIONS", "*", 204),
        ("BREW", "/", 501),
    ],
)
def test_version_of_every_response(server: Server, method: str, path: str, status: int) -> None:
    """Each response, a refusal too, names the version that it is from once: its number and the digest."""
    response, _ = get(server, path, method)

    assert response.status == status
    (version,) = response.headers.get_all("Forumkg-Version", [])
    assert re.fullmatch("1; [0-9a-f]{64}", version)


@pytest.mark.parametrize("length", [2_000, 300_000])
def test_codings(server: Server, length: int) -> None:
    """An answer, in memory or in a file, comes as it was asked for, the first and the second time."""
    path = long_answer(length)
    plain = b"s\r\n" + b"0" * length + b"\r\n"

    for _ in range(2):
        assert get(server, path)[1] == plain
        assert gzip.decompress(get(server, path, Accept_Encoding="gzip")[1]) == plain
        assert zstandard.decompress(get(server, path, Accept_Encoding="zstd")[1]) == plain
        assert get(server, path, "HEAD")[0].headers["Content-Length"] == str(len(plain))


def test_long_answer(server: Server) -> None:
    """An answer that is too long to be kept comes whole."""
    response, body = get(server, long_answer())

    assert response.headers["Content-Length"] == str(LENGTH + 5)
    assert body == b"s\r\n" + b"0" * LENGTH + b"\r\n"


def test_hang_up(server: Server) -> None:
    """A query ends when its client goes away, also on a connection that had long queries before."""
    with connected(server) as connection:
        for _ in range(2):
            connection.sendall(head("GET", address(ENDLESS, timeout="0.2")))
            response = HTTPResponse(connection)
            response.begin()
            assert (response.status, response.read()[:23]) == (503, b"The query was given up ")
        connection.sendall(head("GET", address(ENDLESS)))
        until(lambda: running(server))

    until(lambda: not running(server))


def test_cancel(server: Server) -> None:
    """A query is cancelled at its address, by its own client."""
    query_id = str(uuid.uuid4())
    path = f"/sparql/queries/{query_id}"
    with ThreadPoolExecutor() as threads:
        found = threads.submit(get, server, address(ENDLESS), X_Query_Id=query_id)
        until(lambda: running(server))
        stranger = HTTPConnection("127.0.0.1", server.port, source_address=("127.0.0.2", 0))
        stranger.request("DELETE", path)
        refused = stranger.getresponse().status
        stranger.close()
        cancelled, _ = get(server, path, "DELETE")
        response, body = found.result()

    assert (refused, cancelled.status) == (404, 204)
    assert (response.status, response.headers["X-Query-Id"]) == (503, query_id)
    assert body.startswith(b"The query was cancelled")
    assert get(server, path, "DELETE")[0].status == 404


@pytest.mark.parametrize("start", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: local"])
def test_slow_head(server: Server, start: bytes) -> None:
    """Connections that never send a whole head are closed, and hold up no other client until then."""
    connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]
    for connection in connections:
        connection.sendall(start)

    assert get(server, address(SELECT, format="csv"))[1] == CSV
    for connection in connections:
        connection.settimeout(30)
        assert rest(connection) == b""
        connection.close()


@pytest.mark.parametrize("start", [b"", b"ASK"])
def test_slow_body(server: Server, start: bytes) -> None:
    """A body that does not come is answered 408, and the connection is closed."""
    with connected(server) as connection:
        length = "Content-Length: 100"
        connection.sendall(head("POST", "/sparql", "Content-Type: application/sparql-query", length) + start)
        received = rest(connection)

    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"The body of the request did not come within 1 seconds: send it faster.\n" in received


def test_half_a_body(server: Server) -> None:
    """A body that ends too early is no query, even where its half is one."""
    with connected(server) as connection:
        length = "Content-Length: 100"
        connection.sendall(
            head("POST", "/sparql", "Content-Type: application/sparql-query", length) + b"ASK {}"
        )
        connection.shutdown(socket.SHUT_WR)
        received = rest(connection)

    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"The body ended after 6 of 100 bytes: send it again.\n" in received


@pytest.mark.parametrize("chunks", [b"", b"a\r\nASK {     }\r\n0\r\n\r\n", b"6\r\nASK {}\r\nZZ\r\n"])
def test_chunked_body(server: Server, chunks: bytes) -> None:
    """A body in chunks is answered 411 whatever they are, so that a broken end is never taken for the end."""
    with connected(server) as connection:
        chunked = "Transfer-Encoding: chunked"
        connection.sendall(
            head("POST", "/sparql", "Content-Type: application/sparql-query", chunked) + chunks
        )
        received = rest(connection)

    assert received.startswith(b"HTTP/1.1 411 ")
    assert received.endswith(b"The body comes in chunks: send it with a Content-Length.\n")


@pytest.mark.parametrize("sent", [0, 1_048_577, 8_000_000])
def test_too_long_body(server: Server, sent: int) -> None:
    """A body over the bound is answered 413 before it is read, which a client reads that is still sending."""
    with connected(server) as connection:
        length = f"Content-Length: {sent or 10_000_000}"
        connection.sendall(head("POST", "/sparql", "Content-Type: application/sparql-query", length))
        connection.sendall(b" " * max(0, sent - 1))
        received = rest(connection)

    assert received.startswith(b"HTTP/1.1 413 ")
    assert b"The body is longer than 1,048,576 bytes: send less.\n" in received


@pytest.mark.parametrize(
    ("start", "status"),
    [
        (head("GET", "/?" + "a" * 70_000), 414),
        (head("GET", "/", *["X: a"] * 300), 431),
        (head("GET", "/", "X: " + "a" * 1_000_000), 431),
        (head("GET", "/", "X: \x00"), 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET /sparql?query=\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ],
)
def test_bad_head(server: Server, start: bytes, status: int) -> None:
    """A head that is too long, or none, is refused, and the connection is closed."""
    with connected(server) as connection, ThreadPoolExecutor() as threads:
        sending = threads.submit(connection.sendall, start)
        received = rest(connection)
        assert isinstance(sending.exception(), OSError | None)

    assert received.startswith(b"HTTP/1.1 %d " % status)


def test_slow_readers(server: Server) -> None:
    """Clients that do not read hold up no other one, take little memory, and are cut off in the end."""
    before = open_connections(server)
    with ExitStack() as stack:
        connections = []
        for _ in range(6):
            connection = stack.enter_context(connected(server))
            connection.sendall(head("GET", long_answer()))
            assert connection.recv(12) == b"HTTP/1.1 200"
            connections.append(connection)
        assert get(server, address(SELECT, format="csv"))[1] == CSV
        assert resident(server.process.pid) < 250 * 1024 * 1024
        until(lambda: open_connections(server) <= before)

        assert all(len(rest(connection)) < LENGTH for connection in connections)


def open_connections(server: Server) -> int:
    """Return how many sockets a server has open."""
    return sum(name.startswith("socket:") for name in descriptors(server.process.pid))


@contextmanager
def stalled_curl(server: Server) -> Iterator["subprocess.Popen[bytes]"]:
    """Run curl until it has a part of a long answer, and have it wait with the rest."""
    url = server.url.rstrip("/") + long_answer()
    command = ["curl", "--silent", url]
    with killed_at_the_end(subprocess.Popen(command, stdout=subprocess.PIPE)) as curl:
        assert curl.stdout is not None
        assert curl.stdout.read(3) == b"s\r\n"
        yield curl


def test_shortened_file(server: Server) -> None:
    """An answer whose file loses its end on the way is an error for curl."""
    with stalled_curl(server) as curl:
        for path in Path(f"/proc/{server.process.pid}/fd").iterdir():
            if path.exists() and path.stat().st_size == LENGTH + 5:
                os.truncate(path, LENGTH // 2)
        received, _ = curl.communicate(timeout=30)

        assert (curl.returncode, len(received) < LENGTH) == (18, True)


def test_killed_while_it_sends(command: list[str]) -> None:
    """An answer of a server that is killed on the way is an error for curl, and no process is left."""
    with forumkg_server(command) as server, stalled_curl(server) as curl:
        family = tree(server.process.pid)
        server.process.kill()
        received, _ = curl.communicate(timeout=30)

        assert curl.returncode in {18, 56}
        assert len(received) < LENGTH
        assert family
        until(lambda: not any(map(exists, family)))


@pytest.mark.parametrize(
    ("timeout", "grace", "message"),
    [("3", "20", b"The query was given up after 3 seconds"), ("50", "0.5", b"The query was cancelled")],
)
def test_stop(command: list[str], timeout: str, grace: str, message: bytes) -> None:
    """SIGTERM refuses new clients, answers those that wait within a grace period, and leaves nothing."""
    with forumkg_server([*command[:-1], grace]) as server, ThreadPoolExecutor() as threads:
        family = tree(server.process.pid)
        found = threads.submit(get, server, address(ENDLESS, timeout=timeout))
        until(lambda: running(server))
        with connected(server), connected(server) as half:
            half.sendall(b"GET / HTTP/1.1\r\n")
            server.process.send_signal(signal.SIGTERM)
            until(lambda: is_refused(server))
            response, body = found.result()

            assert (response.status, body[: len(message)]) == (503, message)
            assert server.process.wait(30) == 0
        until(lambda: not any(map(exists, family)))


def is_refused(server: Server) -> bool:
    """Whether a server takes no connections."""
    try:
        with socket.create_connection(("127.0.0.1", server.port)):
            return False
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # It stopped listening just now.
        return False


@pytest.mark.slow
def test_many_requests_leave_nothing_open(command: list[str]) -> None:
    """After ten thousand requests of every kind, the server has hardly more open than before."""
    kinds = [
        ("GET", address(SELECT, format="csv"), 200),
        ("HEAD", address(SELECT, format="csv"), 200),
        ("GET", address(SELECT.replace("?year", "?y{0}"), format="csv"), 200),
        ("GET", address("ASK {{ {0}"), 400),
        ("POST", "/sparql", 415),
        ("GET", long_answer(300_000) + "&n={0}", 200),
        ("GET", "/", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/livez", 200),
        ("GET", "/static/style.css", 200),
    ]

    def ask(server: Server, thread: int, rounds: int) -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        for number in range(rounds):
            for method, path, status in kinds:
                connection.request(method, path.replace("%7B0%7D", f"{thread}_{number}"))
                response = connection.getresponse()
                response.read()
                assert response.status == status
        connection.close()

    with forumkg_server(command) as server, ThreadPoolExecutor(4) as threads:
        before = len(descriptors(server.process.pid))
        [*threads.map(ask, [server] * 4, range(1, 5), [250] * 4)]

        # The long answer that is kept, once for each thread that asked before it was, and files of workers.
        until(lambda: len(descriptors(server.process.pid)) <= before + 20)
