"""The header fields of our own: for safety and other origins on every response, and the version.

https://fetch.spec.whatwg.org/#http-cors-protocol and https://www.w3.org/TR/CSP3/

An answer goes one of two ways out: from Flask, which adds them in `web/response_headers.py`, or from the HTTP
server itself, which adds them in `web/request_handler.py`.
"""

from typing import Final

from forumkg.web.ids import QUERY_ID, REQUEST_ID

__all__ = [
    "CORS",
    "PREFLIGHT",
    "QUERY_HEADERS",
    "SAFETY",
    "VERSION",
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
        f"ETag, {VERSION}, Link, Retry-After, Server-Timing, {QUERY_ID}, {REQUEST_ID}"
    ),
    "Timing-Allow-Origin": "*",
}
PREFLIGHT: Final = {
    # Any header, as no credentials are sent. The star does not stand for Authorization, which nothing here
    # reads; browsers before 2020 know no star.
    "Access-Control-Allow-Headers": (
        f"*, Accept, Authorization, Content-Type, If-None-Match, {QUERY_ID}, {REQUEST_ID}"
    ),
    "Access-Control-Allow-Methods": "GET, HEAD, POST, DELETE, OPTIONS",
    "Access-Control-Max-Age": "86400",
}

# The headers of each reply to a query.
QUERY_HEADERS: Final = (*SAFETY.items(), *CORS.items())
