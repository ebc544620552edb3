"""How a WSGI application is called."""

import errno
import os
import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from http_heads import read

from forumkg.errors import PoolBusy
from forumkg.web.http.responses import IN_MEMORY, File, body_of
from forumkg.web.http.responses import read as read_body
from forumkg.web.wsgi_bridge import GONE, REQUEST_ID_VARIABLE, call, environ

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment


def variables(*fields: str, target: str = "/", method: str = "GET") -> "WSGIEnvironment":
    """Return the environment of a request."""
    return environ(read(*fields, target=target, method=method), threading.Event())


def application(
    *chunks: bytes, status: str = "200 OK", headers: Iterable[tuple[str, str]] = ()
) -> Callable[..., Iterable[bytes]]:
    """Return an application that answers with these bytes."""

    def answer(_: "WSGIEnvironment", start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response(status, list(headers))
        yield from chunks

    return answer


def test_environ_headers() -> None:
    """Headers become variables; one with an underscore in its name does not pass for another one."""
    found = variables("If-None-Match: a", "If_None_Match: b", "Accept: c", "Accept: d")

    assert {name: value for name, value in found.items() if name.startswith("HTTP_")} == {
        "HTTP_HOST": "localhost",
        "HTTP_IF_NONE_MATCH": "a",
        "HTTP_ACCEPT": "c, d",
    }


def test_environ_target() -> None:
    """The path is decoded into the bytes that PEP 3333 wants; what was sent is there as well."""
    found = variables(target="/a%2Fb%3F/\u5317?q=\u4eac&%E4")

    assert found["PATH_INFO"].encode("latin-1").decode() == "/a/b?/\u5317"
    assert found["QUERY_STRING"] == "q=%E4%BA%AC&%E4"
    assert found["REQUEST_URI"] == "/a%2Fb%3F/%E5%8C%97?q=%E4%BA%AC&%E4"
    assert found[REQUEST_ID_VARIABLE]
    assert not found[GONE].is_set()


def test_call_length() -> None:
    """A response has the length of its body, whatever the application says, and no date of its own."""
    headers = [("Content-Length", "9"), ("Date", "yesterday"), ("ETag", '"a"')]

    reply = call(application(b"ab", b"c", headers=headers), variables())

    assert (reply.status, reply.headers, reply.body) == (
        200,
        (("ETag", '"a"'), ("Content-Length", "3")),
        b"abc",
    )


def test_call_head() -> None:
    """The length of a response to HEAD is what the application says."""
    reply = call(application(headers=[("Content-Length", "9")]), variables(method="HEAD"))

    assert (reply.headers, reply.body) == ((("Content-Length", "9"),), b"")


def test_call_long_body() -> None:
    """A long body lies in a file; one that lies in a file already is sent from there."""
    data = bytes(range(256)) * (IN_MEMORY // 256 + 1)
    file = body_of(data)

    copied = call(application(data[:1000], data[1000:]), variables()).body

    def passing(_: "WSGIEnvironment", start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", [])
        assert isinstance(file, File)
        return file

    assert isinstance(copied, File)
    assert read_body(copied) == data
    assert call(passing, variables()).body is file


def test_call_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that the disk has no room for is refused for now, not a mistake of ours."""

    class _Full(BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", lambda _: _Full())

    with pytest.raises(PoolBusy, match=r"^The disk of the server is full: try again later\.$"):
        call(application(b"a"), variables())
