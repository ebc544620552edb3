"""Connections of the HTTP server: many requests on one, half-closed ones, old clients, and any bytes."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import quote

import pytest
import small_dataset
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from pools import ENDLESS
from servers import SCRIPTS, Server, forumkg_server

HEAD = b"GET /livez HTTP/1.1\r\nHost: a\r\n"
ASK = b"/sparql?query=ASK%7B%7D"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the small dataset by the command."""
    folder = tmp_path_factory.mktemp("connections")
    root = small_dataset.write(folder / "root").root
    command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--root", str(root), "--client-errors", "0"]
    with forumkg_server([*command, "--data", str(folder / "data"), "--log-level", "error"]) as running:
        yield running


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    """Open a connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        yield connection


def rest(connection: socket.socket) -> bytes:
    """Return what comes until the other side ends the connection."""
    received = bytearray()
    while chunk := connection.recv(1 << 16):
        received += chunk
    return bytes(received)


def exchange(server: Server, sent: bytes) -> bytes:
    """Send bytes, end this direction, and return what comes."""
    with connected(server) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return rest(connection)


def responses(
    stream: IO[bytes], without_body: int | None = None
) -> Iterator[tuple[int, dict[str, str], bytes]]:
    """Yield status, headers and body of each response, up to the end of the stream.

    Args:
        stream: what the server sends.
        without_body: the number of the response that is one to HEAD.
    """
    number = 0
    while line := stream.readline():
        status = re.fullmatch(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [ -~]+\r\n", line)
        assert status is not None, line
        headers: dict[str, str] = {}
        while (field := stream.readline()) != b"\r\n":
            name, _, value = field.decode("latin-1").rstrip("\r\n").partition(": ")
            assert name.lower() not in headers
            headers[name.lower()] = value
        length = 0 if number == without_body else int(headers.get("content-length", "0"))
        body = stream.read(length)
        assert len(body) == length
        yield int(status[1]), headers, body
        number += 1


def read_all(
    server: Server, sent: bytes, without_body: int | None = None
) -> list[tuple[int, dict[str, str], bytes]]:
    """Send bytes, end this direction, and return all responses."""
    with connected(server) as connection, connection.makefile("rb") as stream:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return [*responses(stream, without_body)]


# Several requests


def test_pipelining(server: Server) -> None:
    """Three hundred requests that are sent at once are answered in their order, whatever answers them."""
    bodies = [f"ASK{{}} # {number}".encode() for number in range(300)]
    kinds = [
        lambda number: (
            b"GET /sparql?query=%s&n=%d HTTP/1.1\r\nHost: a\r\nX-Request-Id: %d\r\n\r\n"
            % (quote(f"ASK{{}}#{number % 7}").encode(), number, number)
        ),
        lambda number: (
            b"GET /search?q=%d HTTP/1.1\r\nHost: a\r\nX-Request-Id: %d\r\n\r\n" % (number % 5, number)
        ),
        lambda number: HEAD + b"X-Request-Id: %d\r\n\r\n" % number,
        lambda number: (
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
            b"X-Request-Id: %d\r\nContent-Length: %d\r\n\r\n%s"
            % (number, len(bodies[number]), bodies[number])
        ),
    ]

    found = read_all(server, b"".join(kinds[number % 4](number) for number in range(300)))

    assert [(status, headers["x-request-id"]) for status, headers, _ in found] == [
        (200, str(number)) for number in range(300)
    ]


def test_many_known_answers_at_once(server: Server) -> None:
    """Thousands of requests in one go are all answered, and other clients do not wait until they are."""
    number = 5000
    with connected(server) as connection, connection.makefile("rb") as stream:
        connection.sendall((HEAD + b"\r\n") * number)
        assert server.request("GET", "/livez")[0] == 200
        connection.shutdown(socket.SHUT_WR)
        assert sum(status == 200 for status, _, _ in responses(stream)) == number


def test_body_is_no_request(server: Server) -> None:
    """What stands in a body is never read as a request, whatever method the request has."""
    inner = b"GET /evil HTTP/1.1\r\nHost: a\r\n\r\n"
    sent = b"".join(
        b"%s /livez HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (method, len(inner), inner)
        for method in (b"GET", b"HEAD", b"OPTIONS", b"DELETE", b"PUT")
    )

    found = read_all(server, sent + HEAD + b"\r\n", without_body=1)

    assert [status for status, _, _ in found] == [200, 200, 200, 405, 405, 200]


def test_empty_lines_before_a_request(server: Server) -> None:
    """https://www.rfc-editor.org/rfc/rfc9112#section-2.2 has old clients send an empty line after a body."""
    found = read_all(server, b"\r\n\r\n" + HEAD + b"\r\n\r\n" + HEAD + b"\r\n")

    assert [status for status, _, _ in found] == [200, 200]


def test_head_in_pieces(server: Server) -> None:
    """A head may be cut anywhere."""
    head = HEAD + b"Accept: a\r\n\r\n"
    for at in range(1, len(head)):
        with connected(server) as connection:
            connection.sendall(head[:at])
            connection.sendall(head[at:])
            assert connection.recv(12) == b"HTTP/1.1 200"


# Clients of other kinds


@pytest.mark.parametrize("path", [b"/livez", ASK, b"/readyz", b"/search?q=forum", b"/id/edition/2021.ttl"])
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_half_closed(server: Server, path: bytes, version: bytes) -> None:
    """A client that ends its own direction after its request is answered."""
    received = exchange(server, b"GET %s HTTP/%s\r\nHost: a\r\n\r\n" % (path, version))

    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.count(b"HTTP/1.1") == 1


def test_half_closed_while_a_query_runs(server: Server) -> None:
    """It is sent an interim response, which every client skips, and then the answer."""
    path = f"/sparql?query={quote(ENDLESS)}&timeout=2"

    found = read_all(server, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())

    assert [status for status, _, _ in found] == [100, 503]


def test_http_1_0(server: Server) -> None:
    """HTTP/1.0 needs no Host, and its connection ends with the answer unless the client wants it open."""
    with connected(server) as connection:
        connection.sendall(b"GET %s HTTP/1.0\r\n\r\n" % ASK)
        alone = rest(connection)
    with connected(server) as connection, connection.makefile("rb") as stream:
        for _ in range(2):
            connection.sendall(b"GET %s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" % ASK)
            status, headers, _ = next(responses(stream))
            assert (status, headers["connection"]) == (200, "keep-alive")

    assert alone.endswith(b'{"head":{},"boolean":true}')
    assert b"\r\nConnection: close\r\n" in alone


def test_options_of_the_server(server: Server) -> None:
    """OPTIONS * is answered: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7."""
    ((status, headers, body),) = read_all(server, b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")

    assert (status, body) == (204, b"")
    assert "GET" in headers["allow"]
    assert "content-length" not in headers


def test_expect_continue(server: Server) -> None:
    """A client that waits before it sends its body is asked for it, or refused at once."""
    head = (
        "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        "Expect: 100-continue\r\nContent-Length: {}\r\n\r\n"
    )
    with connected(server) as connection:
        connection.sendall(head.format(6).encode())
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK {}")
        assert connection.recv(12) == b"HTTP/1.1 200"
    with connected(server) as connection:
        connection.sendall(head.format(5_000_000).encode())
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_upgrade_is_passed_over(server: Server) -> None:
    """A client that would like HTTP/2 is answered in HTTP/1.1."""
    head = HEAD + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"

    assert [status for status, _, _ in read_all(server, head + HEAD + b"\r\n")] == [200, 200]


def test_address_as_curl_sends_it(server: Server) -> None:
    """Text that is not ASCII may stand in an address as it is."""
    (raw,) = read_all(server, "GET /search?q=北京 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    (encoded,) = read_all(server, f"GET /search?q={quote('北京')} HTTP/1.1\r\nHost: a\r\n\r\n".encode())

    assert raw[0] == 200
    assert raw[2] == encoded[2]


@pytest.mark.parametrize(
    ("sent", "status", "advice"),
    [
        (b"GET /sparql?query=" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n", 414, b"send a long query by POST"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 65_536 + b"\r\n\r\n", 431, b"send less"),
        (b"GET /sparql?query=ASK{<urn:a>+?p+?o} HTTP/1.1\r\nHost: a\r\n\r\n", 400, b"write %3C there"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, b"send one"),
        (b"post /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nASK {}", 501, b"in capitals"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, b"This is not HTTP"),
    ],
)
def test_refusal_says_what_to_do(server: Server, sent: bytes, status: int, advice: bytes) -> None:
    """What the HTTP layer refuses has a body with advice, and pages of other origins may read it."""
    ((found, headers, body),) = read_all(server, sent)

    assert (found, headers["access-control-allow-origin"], headers["connection"]) == (status, "*", "close")
    assert advice in body


CHROME = b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8\r\n"
TEXT = "text/plain; charset=utf-8"
PAGE = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("start", "end", "status", "title"),
    [
        (b"GET /#a HTTP/1.1\r\nHost: a\r\n", b"\r\n", 400, "This request cannot be read"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", b"\r\n", 400, "This request cannot be read"),
        (b"BREW / HTTP/1.1\r\nHost: a\r\n", b"\r\n", 501, "Not Implemented"),
        (b"PUT /about HTTP/1.1\r\nHost: a\r\n", b"\r\n", 405, "This page accepts no submissions"),
        (
            b"POST /validate HTTP/1.1\r\nHost: a\r\n",
            b"Transfer-Encoding: chunked\r\n\r\n",
            411,
            "The length is missing",
        ),
        (
            b"POST /validate HTTP/1.1\r\nHost: a\r\n",
            b"Content-Length: 9999999\r\n\r\n",
            413,
            "This request is too long",
        ),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\n",
            b"X: " + b"a" * 65_536 + b"\r\n\r\n",
            431,
            "The header of this request is too long",
        ),
    ],
)
def test_refusal_is_a_page_for_a_browser(
    server: Server, start: bytes, end: bytes, status: int, title: str
) -> None:
    """A browser reads the message on a page of the site, and a program reads the same message as text."""
    ((found, headers, page),) = read_all(server, start + CHROME + end)
    ((program, text_headers, text),) = read_all(server, start + end)

    assert (found, headers["content-type"], headers["vary"]) == (status, PAGE, "Accept")
    assert (program, text_headers["content-type"]) == (status, TEXT)
    assert f"<h1>{title}</h1>" in page.decode()
    assert f'<p class="lead">{escape(text.decode().rstrip())}</p>' in page.decode()
    assert b'href="/compare"' in page


def test_refusals_of_one_status_differ(server: Server) -> None:
    """A page has nothing of an earlier request in it, and no text of a request becomes markup."""
    ((_, _, one),) = read_all(server, b"GET / HTTP/1.1\r\nHost: <b>one\r\n" + CHROME + b"\r\n")
    ((_, _, two),) = read_all(server, b"GET / HTTP/1.1\r\nHost: <b>two\r\n" + CHROME + b"\r\n")

    assert (b"&lt;b&gt;one" in one, b"&lt;b&gt;two" in one) == (True, False)
    assert (b"&lt;b&gt;one" in two, b"&lt;b&gt;two" in two) == (False, True)
    assert b"<b>" not in one + two


# Two readings of one request


@pytest.mark.parametrize("first", ["Accept: text/html", "Accept: text/html;q=1, x/y;q=0.1"])
def test_fields_of_one_name_have_one_cache_entry(server: Server, first: str) -> None:
    """Two Accept lines are the list of both, for the cache as for the application."""
    path = "/prefixes?two"
    second = "Accept: text/turtle"

    def get(*fields: str) -> str:
        sent = "\r\n".join([f"GET {path} HTTP/1.1", "Host: a", *fields, "", ""]).encode()
        ((_, headers, _),) = read_all(server, sent)
        return headers["content-type"]

    joined = get(f"{first}, {second.removeprefix('Accept: ')}")

    assert get(first, second) == joined
    assert get(first) == "text/html; charset=utf-8"
    assert get(first, second) == joined


def test_encoded_question_mark_is_another_address(server: Server) -> None:
    """`/search%3Fq=x` is not `/search?q=x`, in the cache neither."""
    statuses = [
        server.request("GET", path)[0]
        for path in ("/search%3Fq=collide", "/search?q=collide?", "/search?q=collide", "/search%3Fq=collide")
    ]

    assert statuses == [404, 200, 200, 404]


# Anything

TARGETS = st.builds(
    lambda start, rest: start + rest,
    st.sampled_from([b"/", b"/id/", b"/ontology/", b"/graph/", b"/shapes/", b"/query/", b"/dataset."])
    | st.sampled_from([b"/search?q=", b"/why?s=", b"/sparql?query=", b"/data/", b"/questions/", b"*", b""]),
    st.binary(max_size=12) | st.binary(max_size=12).map(lambda data: quote(data).encode()),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TARGETS)
@example(b"/id/%ff")
@example(b"/id/[x]")
@example(b"/graph/a%C2%9Bb.ttl")
@example(b"/ontology/%EF%BF%BE")
@example(b"/dataset.%5D")
@example("/why?s=北".encode())
def test_any_address(server: Server, target: bytes) -> None:
    """No address is a mistake of ours, whatever bytes it has."""
    found = read_all(server, b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n")

    assert all(status < 500 or status == 501 for status, _, _ in found)


LINES = st.sampled_from(
    [
        *(b"GET / HTTP/1.1", b"POST /sparql HTTP/1.1", b"GET /livez HTTP/1.0", b"OPTIONS * HTTP/1.1"),
        *(b"Host: a", b"Content-Length: 3", b"Content-Length: 0", b"Transfer-Encoding: chunked"),
        *(b"Connection: close", b"Expect: 100-continue", b"Content-Type: application/sparql-query"),
        *(b"", b"", b"ASK {}", b"5", b"0"),
    ]
)
STREAMS = st.lists(LINES | st.binary(max_size=30), max_size=12).map(b"\r\n".join) | st.binary(max_size=200)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(STREAMS)
def test_any_bytes(server: Server, sent: bytes) -> None:
    """Whatever a client sends, what comes are whole responses, none a mistake of ours, and the end."""
    with connected(server) as connection, connection.makefile("rb") as stream:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        for status, _, _ in responses(stream):
            assert status < 500 or status in {501, 505}
    assert server.process.poll() is None
