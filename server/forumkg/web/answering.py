"""Answer the query operation of the SPARQL Protocol: from the cache, or by the pool of workers.

https://www.w3.org/TR/sparql11-protocol/#query-operation

It takes a request and gives a reply as plain values, so that any HTTP server can be put in front of it.
"""

import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from werkzeug.http import parse_etags

from forumkg.engine.pool import Answer, Job, Pool
from forumkg.errors import BadRequest, LimitError, NotFound, QueryError, RequestError
from forumkg.formats import Format
from forumkg.protocol.negotiation import choose
from forumkg.protocol.parameters import QueryRequest, read_query
from forumkg.protocol.problem import Problem, of_query
from forumkg.sparql_tokens import query_form
from forumkg.web.addresses import client_key
from forumkg.web.budgets import NO_LIMIT, Budgets
from forumkg.web.cache import VARY, AnswerCache, Kept, Key, is_constant, key_of
from forumkg.web.compression import IDENTITY, coding_for
from forumkg.web.query_ids import QUERY_ID, check_query_id, new_query_id
from forumkg.web.replies import Body, Facts, File, Headers, Reply, body_of, read, refuse
from forumkg.web.timing import HEADER as TIMING
from forumkg.web.timing import server_timing

__all__ = ["CACHE_SIZE", "MAX_CACHED", "Answering", "Request"]

CACHE_SIZE: Final = 128 * 1024 * 1024
# A longer answer is sent as it comes from the worker: not kept, not compressed, and without a validator.
MAX_CACHED: Final = 4 * 1024 * 1024

_NO_STORE: Final = ("Cache-Control", "no-store")
_VARY: Final = ("Vary", "Accept")
_HIT: Final = (TIMING, "cache;desc=hit")
# What https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 wants in a 304.
_UNCHANGED: Final = frozenset({"Cache-Control", "ETag", "Vary"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came, in which nothing is decoded yet; headers that were not sent are empty.

    Attributes:
        client: the address of who asks; the pool keeps a share for each.
        query_id: the name that the client gives to the query, to cancel it by.
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


class Answering:
    """The query operation on one version of the dataset. Safe to use from many threads."""

    def __init__(
        self, pool: Pool, version: str, *, cache_size: int = CACHE_SIZE, budgets: Budgets | None = None
    ) -> None:
        """Answer by the workers of a pool.

        Args:
            pool: the workers.
            version: the digest of the version of the dataset that they have open.
            cache_size: the bytes of answers that are kept.
            budgets: what each client may use; by default as much as it wants.
        """
        self._pool = pool
        self._version = version
        self._budgets = budgets or Budgets(NO_LIMIT, NO_LIMIT)
        self.cache = AnswerCache(cache_size)
        self._owners: dict[str, str] = {}
        self._lock = threading.Lock()

    def recall(self, request: Request) -> Reply | None:
        """Return the answer to a request that came before, at once; None where there is work to do."""
        key = self.cache.recognize(_identity(request))
        kept = key and self.cache.get(key, coding_for(request.accept_encoding))
        return _cached(request, key, kept) if key and kept else None

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request, whatever becomes of it; that may take as long as a query may."""
        client = client_key(request.client)
        reply = self._reply(request, client)
        if reply.facts:
            self._budgets.settle(client, reply.facts.outcome, reply.facts.seconds)
        return reply

    def _reply(self, request: Request, client: str) -> Reply:
        start = time.perf_counter()
        query_id = request.query_id or new_query_id()
        query = ""
        try:
            self._budgets.check(client)
            check_query_id(query_id)
            asked = read_query(request.method, request.content_type, request.query_string, request.body)
            query = asked.query
            format_ = choose(query_form(query), asked.formats, request.accept)
            return self._answer(request, asked, format_, query_id)
        except (QueryError, RequestError) as error:
            facts = Facts(type(error).__name__, query, query_id, seconds=time.perf_counter() - start)
            return _refusal(request, error, facts)

    def fetch(self, query: str, format_: Format, client: str) -> bytes:
        """Return the answer to a query that the server asks itself for a client, who is charged for it.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
            LimitError: the query was given up or not begun, or the client has used up what it may use.
        """
        asked = QueryRequest(query)
        key = key_of(self._version, asked, format_)
        kept = self.cache.get(key, IDENTITY)
        if kept:
            return read(kept.body)
        payer = client_key(client)
        self._budgets.check(payer)
        answer = self._run(asked, format_, new_query_id(), client)
        self._budgets.settle(payer, "answered", answer.seconds)
        data = answer.read()
        if is_constant(query):
            self.cache.put(key, format_, data, IDENTITY)
        return data

    def cancel(self, query_id: str, client: str) -> None:
        """Give up a query that runs or waits; whoever asked it is told that it was cancelled.

        Raises:
            NotFound: this client has no such query.
        """
        with self._lock:
            owner = self._owners.get(query_id)
        if owner != client or not self._pool.cancel(query_id):
            raise NotFound(f"You have no query {query_id!r} that runs or waits: it may have ended.")

    def stop(self) -> None:
        """Give up every query that runs or waits."""
        with self._lock:
            running = tuple(self._owners)
        for query_id in running:
            self._pool.cancel(query_id)

    def _answer(self, request: Request, asked: QueryRequest, format_: Format, query_id: str) -> Reply:
        key = key_of(self._version, asked, format_)
        coding = coding_for(request.accept_encoding)
        kept = self.cache.prepare(key, coding)
        if kept:
            self.cache.remember(_identity(request), _length(request), key)
            return _cached(request, key, kept)
        answer = self._run(asked, format_, query_id, request.client)
        facts = Facts("answered", asked.query, query_id, answer.rows, answer.waited, answer.seconds)
        extra = (
            (TIMING, server_timing(queue=answer.waited, query=answer.seconds)),
            (QUERY_ID, query_id),
        )
        if is_constant(asked.query) and answer.length <= MAX_CACHED:
            kept = self.cache.put(key, format_, answer.read(), coding)
            self.cache.remember(_identity(request), _length(request), key)
            return _conditional(request, kept, extra, facts)
        return Reply(200, (*_passing(format_, answer.length), *extra), _body(answer), facts)

    def _run(self, asked: QueryRequest, format_: Format, query_id: str, client: str) -> Answer:
        job = Job(
            query=asked.query,
            format=format_,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            timeout=asked.timeout,
            client=client_key(client),
            id=query_id,
        )
        with self._owned(query_id, client):
            return self._pool.run(job)

    @contextmanager
    def _owned(self, query_id: str, client: str) -> Iterator[None]:
        """Remember whose query it is, as long as it runs or waits."""
        with self._lock:
            if query_id in self._owners:
                raise BadRequest(
                    f"The {QUERY_ID} {query_id!r} names another query that runs: choose a new one."
                )
            self._owners[query_id] = client
        try:
            yield
        finally:
            with self._lock:
                del self._owners[query_id]


def _identity(request: Request) -> Hashable:
    return (
        request.method == "POST",
        request.query_string,
        request.content_type,
        request.body,
        request.accept,
    )


def _length(request: Request) -> int:
    return sum(map(len, (request.query_string, request.content_type, request.body, request.accept)))


def _cached(request: Request, key: Key, kept: Kept) -> Reply:
    return _conditional(request, kept, (_HIT,), Facts("cached", key.query))


def _conditional(request: Request, kept: Kept, extra: Headers, facts: Facts) -> Reply:
    """Return an answer, or that the client has it already.

    https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
    """
    known = request.if_none_match and request.method in {"GET", "HEAD"}
    if known and parse_etags(request.if_none_match).contains_weak(kept.etag):
        headers = tuple(header for header in kept.headers if header[0] in _UNCHANGED)
        return Reply(304, headers + extra, b"", replace(facts, outcome="unchanged"))
    return Reply(200, kept.headers + extra, kept.body, facts)


def _passing(format_: Format, length: int) -> Headers:
    """Return the headers of an answer that is not kept."""
    return (("Content-Type", format_.content_type), ("Content-Length", str(length)), _NO_STORE, VARY)


def _body(answer: Answer) -> Body:
    return body_of(answer.body) if isinstance(answer.body, bytes) else File(answer.body, answer.length)


def _refusal(request: Request, error: QueryError | RequestError, facts: Facts) -> Reply:
    problem = of_query(error) if isinstance(error, QueryError) else Problem(error.status, str(error))
    extra = [_VARY, (TIMING, server_timing(total=facts.seconds))]
    if facts.query:
        extra.append((QUERY_ID, facts.query_id))
    if isinstance(error, LimitError) and error.retry_after is not None:
        extra.append(("Retry-After", str(error.retry_after)))
    return refuse(problem, request.accept, tuple(extra), facts)
