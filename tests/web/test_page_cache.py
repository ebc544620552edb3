"""The cache of pages: what is kept, for whom, and in which content coding."""

import gzip

import pytest

from forumkg.web.http.responses import IN_MEMORY, Headers, Reply, read
from forumkg.web.page_cache import PageCache, PageRequest

HTML = b"<p>" + b"word " * 1000
HEADERS: Headers = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("ETag", '"abc"'),
    ("Cache-Control", "no-cache"),
    ("Vary", "Accept"),
    ("Content-Length", str(len(HTML))),
)
PAGE = Reply(200, HEADERS, HTML)


def request(
    method: str = "GET", target: str = "/compare?", scheme: str = "http", **headers: str
) -> PageRequest:
    """Return a request that may be kept."""
    sent = {name.replace("_", "-"): value for name, value in {"host": "example.org", **headers}.items()}
    found = PageRequest.of(method, scheme, target, sent.get)
    assert found is not None
    return found


def test_keep_and_recall_identity() -> None:
    """A client that takes no coding gets the page as it is, then from the cache."""
    cache = PageCache(1_000_000)
    sent = (*HEADERS[:3], HEADERS[4], ("Vary", "Accept, Accept-Encoding"))

    assert cache.recall(request()) is None
    assert cache.keep(request(), PAGE) == Reply(200, sent, HTML)
    assert cache.recall(request()) == Reply(200, (*sent, ("Server-Timing", "cache;desc=hit")), HTML)


def test_keep_gzip() -> None:
    """A compressed page is a representation with a validator and a length of its own."""
    reply = PageCache(1_000_000).keep(request(accept_encoding="gzip"), PAGE)
    body = read(reply.body)

    assert gzip.decompress(body) == HTML
    assert reply.headers == (
        HEADERS[0],
        HEADERS[2],
        ("Vary", "Accept, Accept-Encoding"),
        ("ETag", '"abc-gzip"'),
        ("Content-Encoding", "gzip"),
        ("Content-Length", str(len(body))),
    )


@pytest.mark.parametrize(
    "other",
    [
        request(target="/compare?q=1"),
        request(scheme="https"),
        request(host="example.com"),
        request(accept="text/html"),
        request(accept_encoding="gzip"),
    ],
)
def test_recall_other_request(other: PageRequest) -> None:
    """Another address, host, scheme, wish or coding is another reply."""
    cache = PageCache(1_000_000)
    cache.keep(request(), PAGE)

    assert cache.recall(other) is None


@pytest.mark.parametrize("part", ["target", "host", "accept"])
def test_size_counts_what_clients_choose(part: str) -> None:
    """However long a client makes what decides a page, the cache holds no more bytes than it may."""
    cache = PageCache(20_000)
    cache.keep(request(**{part: "x" * 30_000}), PAGE)

    assert cache.size == 0


def test_if_none_match() -> None:
    """A client that has the page gets 304, at the first and at each other time."""
    cache = PageCache(1_000_000)
    known = request(if_none_match='W/"abc", "other"')
    unchanged = (HEADERS[1], HEADERS[2], ("Vary", "Accept, Accept-Encoding"))

    assert cache.keep(known, PAGE) == Reply(304, unchanged)
    assert cache.recall(known) == Reply(304, unchanged)
    assert cache.recall(request(if_none_match='"other"')) is not None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, HEADERS, HTML),
        Reply(200, HEADERS[:1], HTML),
        Reply(200, HEADERS, b"0" * 5_000_000),
        Reply(200, (*HEADERS, ("Content-Encoding", "gzip")), HTML),
    ],
    ids=["other status", "no validator", "long", "coded already"],
)
def test_not_kept(reply: Reply) -> None:
    """A response without a validator, or too long, is passed on as it is."""
    cache = PageCache(100_000_000)

    assert cache.keep(request(), reply) == reply
    assert cache.recall(request()) is None
    assert cache.size == 0


def test_head_is_answered_from_a_page_and_keeps_none() -> None:
    """A reply to HEAD has no body to keep; one to GET serves both."""
    cache = PageCache(1_000_000)

    cache.keep(request("HEAD"), Reply(200, HEADERS))
    assert cache.recall(request("HEAD")) is None
    cache.keep(request(), PAGE)
    assert cache.recall(request("HEAD")) is not None


@pytest.mark.parametrize(
    ("method", "header"),
    [("POST", "accept"), *(("GET", name) for name in ("authorization", "cookie", "range"))],
)
def test_requests_that_are_answered_anew(method: str, header: str) -> None:
    """Only what anybody may have is kept."""
    assert PageRequest.of(method, "http", "/", {header: "x"}.get) is None


def test_long_page_is_held_in_a_file() -> None:
    """A page beyond the bound for memory is sent from a file, as answers are."""
    data = bytes(range(256)) * (IN_MEMORY // 128)
    reply = PageCache(10_000_000).keep(request(), Reply(200, HEADERS, data))

    assert not isinstance(reply.body, bytes)
    assert read(reply.body) == data
