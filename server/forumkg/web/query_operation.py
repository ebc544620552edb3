"""One query operation of the SPARQL Protocol: its request, what is read of it, and its replies.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import time
import traceback
from functools import partial
from types import TracebackType
from typing import Final, NamedTuple

from forumkg.errors import LimitError, QueryError, RequestError
from forumkg.formats import Format
from forumkg.rdf.sparql_tokens import Form, query_form
from forumkg.sparql.lookups import Lookup, read_lookup
from forumkg.sparql.negotiation import choose
from forumkg.sparql.parameters import QueryParameters, read_query
from forumkg.sparql.problem import Problem, of_query
from forumkg.sparql.result_writers import count_rows
from forumkg.web.http.logged import LoggedQuery
from forumkg.web.http.responses import (
    SERVER_TIMING,
    File,
    Headers,
    Reply,
    body_of,
    refuse,
    server_timing,
)
from forumkg.web.ids import QUERY_ID, check_query_id, new_id
from forumkg.web.rate_limits import RateLimiter
from forumkg.web.response_cache import VARY, CachedResponse, Key, coding_for, conditional, key_of
from forumkg.workers.pool import Query, WrittenAnswer

__all__ = ["ErrorAsReply", "QueryOperation", "SparqlRequest", "query_of"]

_NO_STORE: Final = ("Cache-Control", "no-store")
_VARY: Final = ("Vary", "Accept")
_HIT: Final = (SERVER_TIMING, "cache;desc=hit")
_SAFE: Final = frozenset({"GET", "HEAD"})


class SparqlRequest(NamedTuple):
    """A request as it came, in which nothing is decoded yet; headers that were not sent are empty.

    Attributes:
        client: the name of the client, by which its rate limits and shares are kept: see `client_key`.
        query_id: the name that the client gives to the query, to cancel it by.
        timeout: the Timeout header, which counts where no parameter gives a timeout. Fuseki reads the same
            header, and a client that cannot change the address of a query, as Comunica, can send it.
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


class QueryOperation:
    """A request on its way to its reply.

    Attributes:
        request: the request.
        identity: what decides which answer it has, besides the content coding.
        client: the name of the client.
        id: the id of the query.
        coding: the content coding of the answer.
        text: the text of the query, once it is read.
        lookup: the look-up that the query is, once it is read; None for any other query.
        format: the format of the answer, once the request is read.
        key: what decides the answer, once the request is read.
        reply: the reply, once it is known.
    """

    __slots__ = (
        "_asked",
        "_began",
        "client",
        "coding",
        "format",
        "id",
        "identity",
        "key",
        "lookup",
        "reply",
        "request",
        "text",
    )

    def __init__(self, request: SparqlRequest) -> None:
        self._began = time.perf_counter()
        self.request = request
        method, query_string, content_type, body, accept, *_ = request
        self.identity = (method == "POST", query_string, content_type, body, accept)
        self.client = request.client
        self.id = request.query_id or new_id()
        self.coding = coding_for(request.accept_encoding)
        self.text = ""
        self.lookup: Lookup | None = None
        self.format: Format
        self.key: Key
        self.reply: Reply | None = None
        self._asked: QueryParameters

    @property
    def length(self) -> int:
        """How many bytes decide which answer it has."""
        _, query_string, content_type, body, accept = self.identity
        return len(query_string) + len(content_type) + len(body) + len(accept)

    def read(self, version: str) -> None:
        """Read the request, which asks a version of the dataset.

        Raises:
            QueryError: the query has no query form.
            RequestError: something else is wrong with the request.
        """
        request = self.request
        if request.query_id:
            check_query_id(request.query_id)
        self._asked = asked = read_query(
            request.method, request.content_type, request.query_string, request.body, request.timeout
        )
        self.text = text = asked.query
        if not (asked.default_graphs or asked.named_graphs):
            self.lookup = read_lookup(text)
        form: Form = "SELECT" if self.lookup else query_form(text)
        self.format = choose(form, asked.formats, request.accept)
        self.key = key_of(version, asked, self.format)

    @property
    def query(self) -> Query:
        """What a worker evaluates, once the request is read."""
        return query_of(self._asked, self.format, self.client, self.id)

    @property
    def has_own_timeout(self) -> bool:
        """Whether the client has given the query a timeout, once the request is read."""
        return self._asked.timeout is not None

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

    def looked_up(self, kept: CachedResponse, body: bytes, seconds: float) -> Reply:
        """Return the answer to a look-up, cached from now on, as the reply.

        Args:
            kept: the answer in the content coding of the client.
            body: the answer without one.
            seconds: what its evaluation took.
        """
        rows = partial(count_rows, body, self.format)
        headers = ((SERVER_TIMING, server_timing(queue=0.0, query=seconds)), (QUERY_ID, self.id))
        logged = LoggedQuery("answered", self.text, self.id, rows, 0.0, seconds)
        return conditional(kept, self._validator, headers, logged)

    def passing(self, answer: WrittenAnswer) -> Reply:
        """Return an answer that is not cached as the reply."""
        headers = (
            ("Content-Type", self.format.content_type),
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


class ErrorAsReply:
    """Within the context, an error ends the block and becomes the reply, for which the client is charged.

    Other exceptions than QueryError and RequestError pass on. A class costs a query less than a generator.

    What workers have spent on a query is charged already.
    """

    __slots__ = ("_limiter", "_operation")

    def __init__(self, operation: QueryOperation, limiter: RateLimiter) -> None:
        self._operation = operation
        self._limiter = limiter

    def __enter__(self) -> None:
        """Enter the context."""

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> bool:
        """Charge the client; return whether the error has become a reply."""
        operation = self._operation
        if error is not None:
            if not isinstance(error, (QueryError, RequestError)):
                if isinstance(error, Exception):
                    # A fault of the server, answered 500: a client that repeats the request is refused too.
                    self._limiter.charge(operation.client, errors=1)
                return False
            operation.reply = operation.refused(error)
            _release_frames(error)
        reply = operation.reply
        if reply is not None and reply.logged is not None:
            self._limiter.settle(operation.client, reply.logged.outcome, 0.0)
        return True


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


def _release_frames(error: BaseException | None) -> None:
    """Clear the frames of an error that was handled, and those of the errors behind it.

    Futures on its way hold the error, and its frames hold the futures: as a cycle they would stay in memory,
    with all that the client has sent, until the garbage collector finds them.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
