"""The headers that every response has.

https://fetch.spec.whatwg.org/#http-cors-protocol and https://www.w3.org/TR/CSP3/
"""

from typing import Final

from flask import Response, request

__all__ = [
    "CORS",
    "MAP_PATH",
    "PREFLIGHT",
    "QUERIES_PATH",
    "QUERY_HEADERS",
    "SAFETY",
    "SPARQL_PATH",
    "VALIDATE_PATH",
    "VERSION",
    "add",
]

SPARQL_PATH: Final = "/sparql"
VALIDATE_PATH: Final = "/validate"
MAP_PATH: Final = "/map"
# The version of the dataset that a response is from: its number, which counts up in one data directory, and
# the digest of its files, which is the same on all servers that serve them.
VERSION: Final = "Forumkg-Version"
# The address of each query that runs begins with it, and ends with the id by which it can be cancelled.
QUERIES_PATH: Final = "/sparql/queries/"

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
