"""Read what the HTTP server tells of a request to the endpoint.

https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

from typing import Final

from granian.rsgi import Scope

from forumkg.sparql.browsers import asks_for_page
from forumkg.sparql.parameters import asks_for_description
from forumkg.web.headers import SPARQL_PATH
from forumkg.web.query_requests import Request

__all__ = ["SAFE", "is_query", "query_request"]

SAFE: Final = frozenset({"GET", "HEAD"})


def is_query(scope: Scope) -> bool:
    """Whether a request is one of the query operation."""
    if scope.path != SPARQL_PATH:
        return False
    if scope.method in SAFE:
        asked = scope.query_string.encode()
        is_page = asks_for_page(scope.method, asked, scope.headers.get("accept", ""))
        return not (is_page or asks_for_description(scope.method, asked))
    return scope.method == "POST"


def query_request(scope: Scope, body: bytes, client: str) -> Request:
    """Return the request of a query as it came, for the address of a client."""
    header = scope.headers.get
    return Request(
        scope.method,
        scope.query_string.encode(),
        header("content-type", ""),
        body,
        header("accept", ""),
        header("accept-encoding", ""),
        header("if-none-match", ""),
        client,
        header("x-query-id", ""),
    )
