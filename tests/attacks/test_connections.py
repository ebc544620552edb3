"""One client takes all that it can get of the HTTP server, and another one is answered all the same."""

import re
import resource
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

import pytest
import small_dataset
from processes import resident, until
from servers import SCRIPTS, Server, forumkg_server

pytestmark = pytest.mark.faults

MIB = 1024 * 1024
ATTACKER, OTHER = "127.0.0.66", "127.0.0.77"
# More than one client may have, which is 1,024.
MANY = 1300


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the small dataset by the command, with no limit on what a client may ask."""
    folder = tmp_path_factory.mktemp("attacks")
    root = small_dataset.write(folder / "root").root
    limits = ["--client-errors", "0", "--client-seconds", "0", "--log-level", "error"]
    command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--root", str(root), *limits]
    with forumkg_server([*command, "--data", str(folder / "data")]) as running:
        yield running


@pytest.fixture(autouse=True)
def _many_files() -> Iterator[None]:
    """Let this process open as many connections as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def attackers(server: Server, number: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
    """Open connections from one address, and send the same on each."""
    with ExitStack() as stack:
        connections = []
        for _ in range(number):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.bind((ATTACKER, 0))
            connection.settimeout(60)
            connection.connect(("127.0.0.1", server.port))
            try:
                connection.sendall(sent)
            except OSError:  # It was refused meanwhile.
                continue
            connections.append(connection)
        yield connections


def get(server: Server, path: str, source: str = OTHER) -> tuple[HTTPResponse, bytes]:
    """Ask as another client."""
    with closing(
        HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(source, 0))
    ) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response, response.read()


def lookup(number: int) -> str:
    """Return the path of a query that was not asked before."""
    return "/sparql?" + urlencode({"query": f"ASK {{ ?s ?p {number} }}", "format": "csv"})


def measured(server: Server, name: str) -> float:
    """Return a metric, summed up over its labels."""
    _, text = get(server, "/metrics")
    found = re.findall(rb"^%s(?:\{[^}]*\})? (\S+)$" % name.encode(), text, re.MULTILINE)
    assert found
    return sum(map(float, found))


UNFINISHED = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /livez HTTP/1.1\r\nHost: a\r\nX: ", UNFINISHED + b"Content-Length: 1000\r\n\r\nASK"],
    ids=["idle", "head", "body"],
)
def test_connections_of_one_client(server: Server, sent: bytes) -> None:
    """A client that opens more connections than its share takes none from others, whatever it does."""
    with attackers(server, MANY, sent):
        for number in range(5):
            assert get(server, "/livez")[0].status == 200
            assert get(server, lookup(number))[0].status == 200
        assert measured(server, "forumkg_connections") < 1024 + 50

    until(lambda: measured(server, "forumkg_connections") < 50)


def test_few_files(command: list[str]) -> None:
    """Where the system allows few open files, connections take half of them, and others are answered."""
    limited = ["sh", "-c", 'ulimit -n 512 && exec "$@"', "sh", *command]
    with forumkg_server(limited) as server, attackers(server, 600):
        for number in range(3):
            assert get(server, lookup(number))[0].status == 200
        assert measured(server, "forumkg_connections") <= 256


def test_unfinished_bodies(server: Server) -> None:
    """Bodies that are not sent to their end take no more memory than one client may have."""
    before = resident(server.process.pid)
    body = b"#" * (MIB - 1)

    with attackers(server, 300, UNFINISHED + b"Content-Length: %d\r\n\r\n" % MIB + body):
        assert measured(server, "forumkg_body_bytes") <= 16 * MIB
        assert resident(server.process.pid) - before < 200 * MIB
        answered = server.request("POST", "/sparql", b"ASK {}", Content_Type="application/sparql-query")
        assert answered[0] == 200

    until(lambda: measured(server, "forumkg_body_bytes") == 0)


def long_path(length: int) -> str:
    """Return the path of an answer that is a bit longer than this."""
    steps = length.bit_length()
    doubling = "".join(f"BIND (CONCAT(?s{n}, ?s{n}) AS ?s{n + 1}) " for n in range(steps))
    query = f'SELECT (SUBSTR(?s{steps}, 1, {length}) AS ?s) {{ BIND ("0" AS ?s0) {doubling}}}'
    return "/sparql?" + urlencode({"query": query, "format": "csv"})


@pytest.mark.parametrize("length", [200_000, 3_000_000], ids=["in memory", "in a file"])
def test_readers_that_do_not_read(server: Server, length: int) -> None:
    """Many that ask for one cached answer and do not read it share its bytes."""
    path = long_path(length)
    assert get(server, path)[0].status == 200
    before = resident(server.process.pid)

    with attackers(server, 500, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()) as readers:
        assert all(reader.recv(12) == b"HTTP/1.1 200" for reader in readers)
        for number in range(5):
            assert get(server, lookup(100 + number))[0].status == 200
        assert resident(server.process.pid) - before < 100 * MIB

    until(lambda: measured(server, "forumkg_connections") < 50)


def test_long_answer_counts_until_it_is_read(server: Server) -> None:
    """An answer in a file counts as long as its connection, and no longer."""
    length = 24 * MIB
    with attackers(server, 1, f"GET {long_path(length)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()) as (reader,):
        assert reader.recv(12) == b"HTTP/1.1 200"
        assert measured(server, "forumkg_spooled_bytes") >= length

    until(lambda: measured(server, "forumkg_spooled_bytes") == 0)


def test_pages_of_clients_that_hang_up(server: Server) -> None:
    """A thousand pages whose client hangs up at once hold up no other page and no health check."""
    for number in range(1000):
        with attackers(server, 1, b"GET /search?q=forum+%d HTTP/1.1\r\nHost: a\r\n\r\n" % number) as (gone,):
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert measured(server, "forumkg_page_queue_length") <= 64
    for path in ("/search?q=other", "/readyz", "/livez", lookup(200)):
        assert get(server, path)[0].status == 200
    until(lambda: measured(server, "forumkg_page_queue_length") == 0)


def test_pages_of_one_client(server: Server) -> None:
    """A client that asks for more pages at once than may wait is refused some; another one has its page."""
    heads = [
        b"GET /search?q=many+%d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % n for n in range(300)
    ]
    with attackers(server, 300) as connections:
        for connection, head in zip(connections, heads, strict=True):
            connection.sendall(head)
        assert get(server, "/search?q=one")[0].status == 200
        assert get(server, "/readyz")[0].status == 200
        statuses = []
        for connection in connections:
            response = HTTPResponse(connection)
            response.begin()
            statuses.append(response.status)
            assert response.status == 200 or response.getheader("Retry-After")

    assert set(statuses) <= {200, 503}
    assert 200 in statuses


def test_event_loop_was_never_held_up(server: Server) -> None:
    """Through all of these, nothing took the event loop a tenth of a second of work."""
    _, text = get(server, "/metrics")
    found = re.search(
        rb'^forumkg_event_loop_stall_seconds\{clock="processor",since="start"\} (\S+)$', text, re.MULTILINE
    )

    assert found is not None
    assert float(found[1]) < 0.1
