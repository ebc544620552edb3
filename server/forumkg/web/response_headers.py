"""Add the headers that every response has to those of Flask."""

from flask import Response, request

from forumkg.web.headers import CORS, PREFLIGHT, SAFETY
from forumkg.web.paths import QUERIES_PATH, SPARQL_PATH

__all__ = ["add", "close_to_others"]


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
