"""The headers that every response has.

https://fetch.spec.whatwg.org/#http-cors-protocol and https://www.w3.org/TR/CSP3/
"""

from typing import Final

from flask import Response, request

__all__ = ["SPARQL_PATH", "add"]

SPARQL_PATH: Final = "/sparql"

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# What is read here is public: a page of any origin may ask.
_CORS: Final = {"Access-Control-Allow-Origin": "*"}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Max-Age": "86400",
}


def add(response: Response) -> Response:
    """Add the headers to a response: for safety on all, for other origins and for caches on the endpoint."""
    response.headers.extend(_ALWAYS)
    if request.path == SPARQL_PATH:
        response.headers.extend(_CORS)
        response.vary.add("Accept")
        if request.method == "OPTIONS":
            response.headers.extend(_PREFLIGHT)
    return response
