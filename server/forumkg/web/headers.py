"""The header fields of our own: for safety and other origins on every response, ids, version and timing.

https://fetch.spec.whatwg.org/#http-cors-protocol, https://www.w3.org/TR/CSP3/ and
https://www.w3.org/TR/server-timing/

A request id joins the response, our log and the log of the client or of a proxy, which may bring its own. A
query id lets its client cancel the query, so other clients must not guess it.
"""

import os
import re
from typing import Final

from flask import Response, request

from forumkg.errors import BadRequest
from forumkg.web.paths import QUERIES_PATH, SPARQL_PATH

__all__ = [
    "CORS",
    "PREFLIGHT",
    "QUERY_HEADERS",
    "QUERY_ID",
    "REQUEST_ID",
    "SAFETY",
    "SERVER_TIMING",
    "VERSION",
    "add",
    "check_query_id",
    "choose_request_id",
    "new_id",
    "server_timing",
]

# The version of the dataset that a response is from: its number, which counts up in one data directory, and
# the digest of its files, which is the same on all servers that serve them.
VERSION: Final = "Forumkg-Version"

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# What a browser shall not do with any answer: https://owasp.org/www-project-secure-headers/
SAFETY: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    # What is read here is public, also to pages that ask for more safety than usual.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# What is read here is public: a page of any origin may ask, and read what it needs of the reply.
CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Forumkg-Version, Link, Retry-After, Server-Timing, X-Query-Id, X-Request-Id"
    ),
    "Timing-Allow-Origin": "*",
}
PREFLIGHT: Final = {
    # Any header, as no credentials are sent. The star does not stand for Authorization, which nothing here
    # reads; browsers before 2020 know no star.
    "Access-Control-Allow-Headers": (
        "*, Accept, Authorization, Content-Type, If-None-Match, X-Query-Id, X-Request-Id"
    ),
    "Access-Control-Allow-Methods": "GET, HEAD, POST, DELETE, OPTIONS",
    "Access-Control-Max-Age": "86400",
}

# The headers of each reply to a query.
QUERY_HEADERS: Final = (*SAFETY.items(), *CORS.items())


def add(response: Response) -> Response:
    """Add the headers to a response: for safety on all, for other origins and for caches on the endpoint.

    Whatever pages of other origins may read answers the request that their browser sends before.
    """
    response.headers.extend(SAFETY)
    if request.path == SPARQL_PATH or request.path.startswith(QUERIES_PATH):
        response.headers.extend(CORS)
        response.vary.add("Accept")
    if request.method == "OPTIONS" and "Access-Control-Allow-Origin" in response.headers:
        response.headers.extend(PREFLIGHT)
    return response


def close_to_others(response: Response) -> Response:
    """Keep pages of other sites, which the reader's browser may show too, from reading a page.

    Pages that show article texts are closed so: the texts are not ours to publish.
    """
    if response.mimetype == "text/html":
        for name in CORS:
            response.headers.pop(name, None)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


# The headers of requests and responses.
REQUEST_ID: Final = "X-Request-Id"
QUERY_ID: Final = "X-Query-Id"

# Every form that generators of ids use (UUID, ULID, hexadecimal, base64, Amazon's Root=1-...), and nothing
# that has a meaning in a header, a log or a terminal.
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")
# 128 random bits cannot be guessed: 22 characters of base64, the 36 of a UUID, or 32 hexadecimal digits.
_QUERY_ID: Final = re.compile(r"[A-Za-z0-9_-]{22,128}")

_LENGTH: Final = 16
# Bytes are taken from the system for many ids at once: at each call this thread may lose its turn.
_MANY: Final = 256
_ready: Final[list[str]] = []


def new_id() -> str:
    """Return 128 random bits as hexadecimal digits. Safe to use from many threads."""
    try:
        return _ready.pop()
    except IndexError:
        fresh = os.urandom(_LENGTH * _MANY).hex()
        width = 2 * _LENGTH
        _ready.extend(fresh[at : at + width] for at in range(width, len(fresh), width))
        return fresh[:width]


def choose_request_id(sent: str | None) -> str:
    """Return the id that the client sent if it is a safe one, else a new one."""
    return sent if sent is not None and _REQUEST_ID.fullmatch(sent) else new_id()


def check_query_id(query_id: str) -> None:
    """Refuse an id that others could guess.

    Raises:
        BadRequest: it is too short, or has other characters.
    """
    if not _QUERY_ID.fullmatch(query_id):
        raise BadRequest(
            f"The {QUERY_ID} {query_id!r} can be guessed: send 22 to 128 random letters, digits, _ or -, "
            "for instance a UUID."
        )


SERVER_TIMING: Final = "Server-Timing"


def server_timing(**seconds: float) -> str:
    """Return the value of the header: the named durations in milliseconds, in the order given.

    >>> server_timing(queue=0.0004, query=0.0123)
    'queue;dur=0.4, query;dur=12.3'
    """
    return ", ".join([f"{name};dur={duration * 1000:.1f}" for name, duration in seconds.items()])
