"""One query operation of the SPARQL Protocol: its request, what is read of it, and its replies.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import time
from collections.abc import Hashable
from typing import Final, NamedTuple

from forumkg.errors import LimitError, QueryError, RequestError
from forumkg.formats import Format
from forumkg.rdf.sparql_tokens import query_form
from forumkg.sparql.negotiation import choose
from forumkg.sparql.parameters import QueryParameters, read_query
from forumkg.sparql.problem import Problem, of_query
from forumkg.web.addresses import client_key
from forumkg.web.headers import QUERY_ID, SERVER_TIMING, check_query_id, new_id, server_timing
from forumkg.web.http.responses import File, Headers, LoggedQuery, Reply, body_of, refuse
from forumkg.web.response_cache import VARY, CachedResponse, Key, coding_for, conditional, key_of
from forumkg.workers.pool import Query, WrittenAnswer

__all__ = ["QueryOperation", "SparqlRequest", "query_of"]

_NO_STORE: Final = ("Cache-Control", "no-store")
_VARY: Final = ("Vary", "Accept")
_HIT: Final = (SERVER_TIMING, "cache;desc=hit")
_SAFE: Final = frozenset({"GET", "HEAD"})


class SparqlRequest(NamedTuple):
    """A request as it came, in which nothing is decoded yet; headers that were not sent are empty.

    Attributes:
        client: the address of the client; the pool keeps a share for each.
        query_id: the name that the client gives to the query, to cancel it by.
        timeout: the seconds that the client gives it, where no parameter does. Fuseki reads the same header,
            and a client that cannot change the address of a query, as Comunica, can send it.
    """

    method: str
    query_string: bytes = b""
    content_type: str = ""
    body: bytes = b""
    accept: str = ""
    accept_encoding: str = ""
    if_none_match: str = ""
    client: str = ""
    query_id: str = ""
    timeout: str = ""

    @property
    def identity(self) -> Hashable:
        """What decides which answer it has, besides the content coding."""
        return (
            self.method == "POST",
            self.query_string,
            self.content_type,
            self.body,
            self.accept,
        )

    @property
    def length(self) -> int:
        """How many bytes that has."""
        return len(self.query_string) + len(self.content_type) + len(self.body) + len(self.accept)


class QueryOperation:
    """A request on its way to its reply.

    Attributes:
        request: the request.
        client: the key of the client for rate limits and scheduling.
        id: the id of the query.
        coding: the content coding of the answer.
        text: the text of the query, once it is read.
        query: what is evaluated, once the request is read.
        key: what decides the answer, once the request is read.
        reply: the reply, once it is known.
    """

    __slots__ = ("_began", "client", "coding", "id", "key", "query", "reply", "request", "text")

    def __init__(self, request: SparqlRequest) -> None:
        self._began = time.perf_counter()
        self.request = request
        self.client = client_key(request.client)
        self.id = request.query_id or new_id()
        self.coding = coding_for(request.accept_encoding)
        self.text = ""
        self.query: Query
        self.key: Key
        self.reply: Reply | None = None

    def read(self, version: str) -> None:
        """Read the request, which asks a version of the dataset.

        Raises:
            QueryError: the query is not one.
            RequestError: something else is wrong with the request.
        """
        request = self.request
        check_query_id(self.id)
        asked = read_query(
            request.method, request.content_type, request.query_string, request.body, request.timeout
        )
        self.text = asked.query
        format_ = choose(query_form(asked.query), asked.formats, request.accept)
        self.key = key_of(version, asked, format_)
        self.query = query_of(asked, format_, self.client, self.id)

    def replied(self) -> Reply:
        """Return the reply.

        Raises:
            RuntimeError: there is none yet.
        """
        if self.reply is None:
            raise RuntimeError(f"The query {self.id} has no reply yet.")
        return self.reply

    def cached(self, kept: CachedResponse, query: str) -> Reply:
        """Return an answer to a query from the cache as the reply."""
        return conditional(kept, self._validator, (_HIT,), LoggedQuery("cached", query))

    def answered(self, kept: CachedResponse, answer: WrittenAnswer) -> Reply:
        """Return an answer that is cached from now on as the reply."""
        return conditional(kept, self._validator, self._extra(answer), self._logged(answer))

    def passing(self, answer: WrittenAnswer) -> Reply:
        """Return an answer that is not cached as the reply."""
        headers = (
            ("Content-Type", self.query.format.content_type),
            ("Content-Length", str(answer.length)),
            _NO_STORE,
            VARY,
            *self._extra(answer),
        )
        body = body_of(answer.body) if isinstance(answer.body, bytes) else File(answer.body, answer.length)
        return Reply(200, headers, body, self._logged(answer))

    def refused(self, error: QueryError | RequestError) -> Reply:
        """Return the reply that says why there is no answer."""
        seconds = time.perf_counter() - self._began
        problem = of_query(error) if isinstance(error, QueryError) else Problem(error.status, str(error))
        extra = [_VARY, (SERVER_TIMING, server_timing(total=seconds))]
        if self.text:
            extra.append((QUERY_ID, self.id))
        if isinstance(error, LimitError) and error.retry_after is not None:
            extra.append(("Retry-After", str(error.retry_after)))
        logged = LoggedQuery(type(error).__name__, self.text, self.id, seconds=seconds)
        return refuse(problem, self.request.accept, tuple(extra), logged)

    @property
    def _validator(self) -> str:
        return self.request.if_none_match if self.request.method in _SAFE else ""

    def _extra(self, answer: WrittenAnswer) -> Headers:
        timing = server_timing(queue=answer.waited, query=answer.seconds)
        return ((SERVER_TIMING, timing), (QUERY_ID, self.id))

    def _logged(self, answer: WrittenAnswer) -> LoggedQuery:
        return LoggedQuery("answered", self.text, self.id, answer.rows, answer.waited, answer.seconds)


def query_of(asked: QueryParameters, format_: Format, client: str, query_id: str) -> Query:
    """Return what is evaluated for a request."""
    return Query(
        asked.query,
        format_,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        timeout=asked.timeout,
        client=client,
        id=query_id,
    )
