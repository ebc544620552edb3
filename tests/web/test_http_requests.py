"""The head of a request: what is read of it, and what is refused."""

from collections.abc import Callable

import pytest
from http_heads import PEER, SERVER, read
from hypothesis import example, given
from hypothesis import strategies as st

from forumkg.errors import BadRequest, HttpError, MisdirectedRequest, RequestError
from forumkg.web.addresses import parse_networks
from forumkg.web.http.limits import ServerLimits
from forumkg.web.http.request import check_framing, check_host, check_start, read_head

ANY: frozenset[str] = frozenset()
OURS = frozenset({"example.org", "127.0.0.1", "[::1]"})
LIMITS = ServerLimits()


def refused(head: bytes) -> int:
    """Return the status by which a head is refused; 0 where it is not."""
    return status_of(lambda: check_framing(read_head(head, PEER, SERVER, ()), LIMITS))


def status_of(check: Callable[[], None]) -> int:
    """Return the status by which a check refuses; 0 where it does not."""
    try:
        check()
    except RequestError as error:
        return error.status
    return 0


# The target


@pytest.mark.parametrize(
    ("target", "raw_path", "path", "query"),
    [
        ("/", "/", "/", b""),
        ("/a?b=c?d", "/a", "/a", b"b=c?d"),
        ("/search%3Fq=x", "/search%3Fq=x", "/search?q=x", b""),
        ("/search?q=x", "/search", "/search", b"q=x"),
        ("/%E5%8C%97", "/%E5%8C%97", "/\u5317", b""),
        ("/\u5317?q=\u4eac", "/%E5%8C%97", "/\u5317", b"q=%E4%BA%AC"),
        ("/%ff%", "/%ff%", "/\ufffd%", b""),
        ("http://example.org/a?b", "/a", "/a", b"b"),
        ("HTTPS://example.org?b", "/", "/", b"b"),
        ("//evil.example/..", "//evil.example/..", "//evil.example/..", b""),
        ("/sparql?query=ASK{}|\\^`", "/sparql", "/sparql", b"query=ASK{}|\\^`"),
    ],
)
def test_target(target: str, raw_path: str, path: str, query: bytes) -> None:
    """A target is a path and a query, each as it was sent; what is not ASCII is percent-encoded."""
    request = read(target=target)

    assert (request.raw_path, request.path, request.query) == (raw_path, path, query)
    assert request.target == raw_path + (f"?{query.decode()}" if query else "")


@pytest.mark.parametrize("target", ["example.org", "*", "?a", "ftp://example.org/", "a/b"])
def test_target_is_none(target: str) -> None:
    """What is not a path is refused."""
    with pytest.raises(HttpError, match=r"^The target is .*: send a path that begins with /\.$"):
        read(target=target)


@pytest.mark.parametrize(("character", "encoded"), [("<", "%3C"), (">", "%3E"), ('"', "%22"), ("#", "%23")])
def test_target_with_unencoded_character(character: str, encoded: str) -> None:
    """A character that has to be encoded is named, with its code and another way."""
    with pytest.raises(HttpError) as raised:
        read(target=f"/sparql?query=ASK{{{character}urn:a}}")

    assert raised.value.status == 400
    assert str(raised.value) == (
        f"The address has {character!r} in it: write {encoded} there, or send the query by POST, in the body."
    )


def test_target_of_the_server() -> None:
    """OPTIONS may ask about the server itself."""
    assert read(target="*", method="OPTIONS").raw_path == "*"


# Methods and versions


@pytest.mark.parametrize("method", ["get", "Get", "post", "head", "FOO", "CONNECT", "PROPFIND", "PRI", "G_T"])
def test_method_is_unknown(method: str) -> None:
    """Methods are case-sensitive: https://www.rfc-editor.org/rfc/rfc9110#section-9.1."""
    with pytest.raises(HttpError, match=r"^The method .* is unknown here") as raised:
        read(method=method)

    assert raised.value.status == 501


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0", "9.9"])
def test_version_is_unknown(version: str) -> None:
    """Only HTTP/1.0 and HTTP/1.1 are spoken."""
    with pytest.raises(HttpError) as raised:
        read(version=version)

    assert raised.value.status == 505


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [
        ("1.1", "", True),
        ("1.1", "close", False),
        ("1.1", "Keep-Alive, CLOSE", False),
        ("1.0", "", False),
        ("1.0", "Keep-Alive", True),
    ],
)
def test_keep_alive(version: str, connection: str, keeps: bool) -> None:
    """A connection goes on by default since HTTP/1.1."""
    assert read(f"Connection: {connection}", version=version).keep_alive is keeps


# Header fields


def test_fields_of_one_name_are_one_list() -> None:
    """https://www.rfc-editor.org/rfc/rfc9110#section-5.3."""
    request = read("Accept: a", "ACCEPT:b \t", "If-None-Match:", "X-Forwarded-For: 1", "X-Forwarded-For: 2")

    assert request.header("accept") == "a, b"
    assert request.header("if-none-match") == ""
    assert request.header("x-forwarded-for") == "1, 2"


NAMES = st.sampled_from(["Accept", "accept", "ACCEPT-Encoding", "If-None-Match", "X-A"])
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=20))
def test_any_fields(fields: list[tuple[str, str]]) -> None:
    """Whatever fields come in whatever order, each has all its values, in their order."""
    request = read(*(f"{name}: {value}" for name, value in fields))

    for name in {name.lower() for name, _ in fields}:
        values = [value.strip(" ") for key, value in fields if key.lower() == name]
        assert request.header(name) == ", ".join(values)


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        (["X: a"] * 101, "The request has more than 100 header fields: send fewer."),
        (["X: " + "a" * 16_385], "A header field is longer than 16,384 bytes: send less in 'X'."),
    ],
)
def test_fields_are_bounded(fields: list[str], advice: str) -> None:
    """Many fields, and long ones, are refused before they are read by others."""
    with pytest.raises(HttpError) as raised:
        read(*fields)

    assert (raised.value.status, str(raised.value)) == (431, advice)
    assert len(read(*["X: a"] * 98, "Y: " + "a" * 16_384).header("y")) == 16_384


@pytest.mark.parametrize("second", ["Host: x", "host: localhost", "HOST:", "Content-Type: a"])
def test_second_field_that_is_no_list(second: str) -> None:
    """A second Host or Content-Type is refused, also if it says the same."""
    with pytest.raises(HttpError, match=r"^The request has two (host|content-type) fields: send one\.$"):
        read("Content-Type: a", second)


# The host


@pytest.mark.parametrize(
    "host", ["example.org", "EXAMPLE.org:8000", "example.org.", "127.0.0.1:65535", "[::1]", "[::1]:8000"]
)
def test_host_is_ours(host: str) -> None:
    """A name of ours is let in with any port, in any case."""
    check_host(read(host=host).host, OURS)
    check_host(read(host=host).host, ANY)


@pytest.mark.parametrize(
    "host",
    [
        *("", "a b", "example.org/", "a@example.org", "example.org:http", "a,b", "<script>", "[::1"),
        *("127.0.0.1:65536", "127.0.0.1:99999", "example.org:", "example.org:\u0661"),
    ],
)
def test_host_is_none(host: str) -> None:
    """Something else in the place of a host is refused."""
    with pytest.raises(BadRequest, match=r"^The Host header is .*: send the name of the server"):
        read(host=host)


def test_host_is_missing() -> None:
    """HTTP/1.1 has to name a host, HTTP/1.0 need not."""
    with pytest.raises(BadRequest, match=r"^There is no Host header: send the name"):
        read(host=None)
    assert read(host=None, version="1.0").host == ""


def test_host_of_an_absolute_target() -> None:
    """The host of the target counts, everywhere: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2."""
    request = read(target="http://example.com:80/", host="example.org")

    assert request.host == request.header("host") == "example.com:80"
    with pytest.raises(BadRequest, match=r"^The Host header is 'a%20b'"):
        read(target="http://a%20b/")


@pytest.mark.parametrize("host", ["example.com", "evil.example.org", "127.0.0.2:8000"])
def test_host_is_another(host: str) -> None:
    """Another name is refused where ours are known, and let in where they are not."""
    check_host(host, ANY)
    with pytest.raises(MisdirectedRequest, match=r"ask 127\.0\.0\.1 or \[::1\] or example\.org\.$"):
        check_host(host, OURS)


# The client


def test_client_and_scheme() -> None:
    """Proxies that are trusted say who asks, and by which scheme; others do not."""
    fields = ("X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https")

    believed = read(*fields, trusted=parse_networks("192.0.2.1"))
    stranger = read(*fields)

    assert (believed.client, believed.scheme) == ("203.0.113.7", "https")
    assert (stranger.client, stranger.scheme) == ("192.0.2.1", "http")


# Framing

START = b"POST / HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (b"Content-Length: 5\r\nContent-Length: 5\r\n", 400),
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", 400),
        (b"Content-Length: 5, 5\r\n", 400),
        (b"Content-Length: +5\r\n", 400),
        (b"Content-Length: -5\r\n", 400),
        (b"Content-Length: 0x5\r\n", 400),
        (b"Content-Length: 5a\r\n", 400),
        (b"Content-Length: \r\n", 400),
        (b"Content-Length: \xc2\xb2\r\n", 400),
        (b"Content-Length: 99999999999999999999999\r\n", 400),
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400),
        (b"Transfer-Encoding: chunked\r\n", 411),
        (b"Transfer-Encoding: Chunked\r\n", 411),
        (b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", 411),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"Transfer-Encoding: chunked, identity\r\n", 400),
        (b"Transfer-Encoding: gzip, chunked\r\n", 411),
        (b"Transfer-Encoding: xchunked\r\n", 400),
        (b"Transfer-Encoding : chunked\r\n", 400),
        (b"Transfer-Encoding:\x0bchunked\r\n", 400),
        (b"Transfer-Encoding:\r\n chunked\r\n", 400),
        (b" Transfer-Encoding: chunked\r\n", 400),
        (b"X: a\r\n b\r\n", 400),
        (b"X: a\r\n\tb\r\n", 400),
        (b"X: a\nContent-Length: 5\r\n", 400),
        (b"X: a\rContent-Length: 5\r\n", 400),
        (b"X: a\x00b\r\n", 400),
        (b"X\x00: a\r\n", 400),
        (b": a\r\n", 400),
        (b"X\xe9: a\r\n", 400),
        (b"X a\r\n", 400),
        (b"Content-Encoding: gzip\r\nContent-Length: 5\r\n", 415),
        (b"Content-Encoding: identity, gzip\r\nContent-Length: 5\r\n", 415),
        (b"Expect: 200-ok\r\nContent-Length: 5\r\n", 417),
        (b"Content-Length: 1048577\r\n", 413),
        (b"Content-Length: 1048576\r\n", 0),
        (b"Content-Encoding: identity\r\nContent-Length: 5\r\n", 0),
        (b"Expect: 100-continue\r\nContent-Length: 5\r\n", 0),
        (b"Content-Length: 5 \t\r\n", 0),
        (b"Content_Length: 7\r\nContent-Length: 5\r\n", 0),
    ],
)
def test_framing(fields: bytes, status: int) -> None:
    """Nothing that two servers may read in two ways is read, and no body without its length."""
    assert refused(START + fields + b"\r\n") == status


@pytest.mark.parametrize(
    "line",
    [
        *(
            b"GET  / HTTP/1.1",
            b"GET /  HTTP/1.1",
            b"GET / HTTP/1.1 ",
            b" GET / HTTP/1.1",
            b"GET\t/\tHTTP/1.1",
        ),
        *(
            b"GET / http/1.1",
            b"GET / HTTP/1",
            b"GET / HTTP/1.1.1",
            b"GET /",
            b"GET",
            b"GET / a HTTP/1.1",
            b"",
        ),
        *(b"GET /\x00 HTTP/1.1", b"GET /\x7f HTTP/1.1", b"G\xe9T / HTTP/1.1", b"GET / HTTP/1.\xb2"),
    ],
)
def test_request_line_is_none(line: bytes) -> None:
    """A line that is not METHOD, one space, target, one space, version is refused."""
    assert refused(line + b"\r\nHost: a\r\n\r\n") == 400


def test_content_encoding_says_what_is_read() -> None:
    """A compressed body is refused, with what is read instead: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16."""
    with pytest.raises(HttpError) as raised:
        check_framing(read("Content-Encoding: gzip", "Content-Length: 5", method="POST"), LIMITS)

    assert raised.value.headers == (("Accept-Encoding", "identity"),)


@pytest.mark.parametrize(
    ("start", "status"),
    [
        (b"G", 0),
        (b"GET /\r\nHost: a\r", 0),
        (b"GET /" + b"a" * 90, 0),
        (b"GET /" + b"a" * 100, 414),
        (b"GET / HTTP/1.1\r\n" + b"a" * 100, 431),
        (b"\x16\x03\x01\x02\x00", 400),
        (b"<html>", 400),
        (b"GET / HTTP/1.1\nHost: a\n", 400),
        (b"a" * 65, 400),
    ],
)
def test_start_of_a_head(start: bytes, status: int) -> None:
    """What cannot become a head is refused before its end."""
    assert status_of(lambda: check_start(start, longest=100)) == status


LINES = st.lists(
    st.binary(max_size=40).filter(lambda line: b"\r\n" not in line)
    | st.builds(
        lambda name, value: name + b": " + value,
        st.sampled_from([b"Host", b"Content-Length", b"Transfer-Encoding", b"Connection", b"Accept", b"X_Y"]),
        st.sampled_from([b"a", b"5", b"chunked", b"close", b"", b"\xff"]) | st.binary(max_size=10),
    ),
    max_size=6,
)
REQUEST_LINES = st.builds(
    lambda method, target, version: method + b" " + target + b" HTTP/" + version,
    st.sampled_from([b"GET", b"POST", b"OPTIONS", b"get"]) | st.binary(max_size=5),
    st.binary(max_size=20).map(lambda data: b"/" + data) | st.binary(max_size=10),
    st.sampled_from([b"1.1", b"1.0"]),
)


def test_fields_that_came_before() -> None:
    """Fields that are sent again are read in the same way, whatever stands in the line above them."""
    fields = b"Host: example.org\r\nAccept: text/csv\r\n\r\n"
    lines = {
        b"GET /a HTTP/1.1": ("example.org", True),
        b"GET /a HTTP/1.0": ("example.org", False),
        b"GET http://other.example/a HTTP/1.1": ("other.example", True),
        b"POST /a HTTP/1.1": ("example.org", True),
    }
    for line, expected in [*lines.items()] * 2:
        request = read_head(line + b"\r\n" + fields, PEER, SERVER, ())

        assert (request.host, request.keep_alive) == expected
        assert request.headers == {"host": expected[0], "accept": "text/csv"}


@pytest.mark.parametrize("fields", [b"Accept: a\r\n\r\n", b"Host: a\r\nHost: b\r\n\r\n", b"Host: a\n\r\n"])
def test_wrong_fields_that_came_before(fields: bytes) -> None:
    """Fields that are refused are refused again."""
    assert [refused(b"GET / HTTP/1.1\r\n" + fields) for _ in range(3)] == [400, 400, 400]


@given(REQUEST_LINES | st.binary(max_size=40), LINES)
@example(b"GET / HTTP/1.1", [b"Host: a", b"Upgrade: h2c", b"Connection: Upgrade"])
def test_any_head(line: bytes, fields: list[bytes]) -> None:
    """Whatever bytes come for a head, they are a request whose parts are clean, or are refused."""
    head = b"\r\n".join([line, *fields, b"", b""])
    status = refused(head)
    assert status in {0, 400, 411, 413, 415, 417, 431, 501, 505}
    if status:
        return
    request = read_head(head, PEER, SERVER, ())
    assert request.raw_path.isascii()
    assert request.raw_path.startswith(("/", "*"))
    assert request.query.isascii()
    assert not any(character in request.target for character in ' \r\n"<>#')
    assert not any(character in value for value in request.headers.values() for character in "\r\n\0")
    assert request.content_length == int(request.header("content-length") or 0)
