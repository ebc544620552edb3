"""Requests as the server reads them."""

from forumkg.web.addresses import Network
from forumkg.web.http.request import HttpRequest, read_head

PEER = ("192.0.2.1", 4711)
SERVER = ("127.0.0.1", 8000)


def read(
    *fields: str,
    target: str = "/",
    method: str = "GET",
    version: str = "1.1",
    host: str | None = "localhost",
    trusted: tuple[Network, ...] = (),
) -> HttpRequest:
    """Return the request with these header fields."""
    hosts = () if host is None else (f"Host: {host}",)
    lines = (f"{method} {target} HTTP/{version}", *hosts, *fields, "", "")
    return read_head("\r\n".join(lines).encode(), PEER, SERVER, trusted)
