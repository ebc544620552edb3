"""Answer the query operation of the SPARQL Protocol: from the cache, or by the pool of workers.

https://www.w3.org/TR/sparql11-protocol/#query-operation

It takes a request and gives a reply as plain values, so that any HTTP server can be put in front of it.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from forumkg.errors import (
    BadRequest,
    LimitError,
    NotAcceptable,
    NotFound,
    QueryError,
    QueryOutOfMemory,
    QueryTimeout,
    RequestError,
    ResultTooLarge,
)
from forumkg.formats import Format
from forumkg.rdf.sparql_tokens import query_form
from forumkg.sparql.negotiation import choose
from forumkg.sparql.parameters import QueryRequest, read_query
from forumkg.web.addresses import client_key
from forumkg.web.cache import AnswerCache, is_constant, key_of
from forumkg.web.compression import IDENTITY, coding_for
from forumkg.web.errands import Errand, job_of
from forumkg.web.evaluations import Evaluations
from forumkg.web.query_ids import QUERY_ID, check_query_id, new_query_id
from forumkg.web.query_replies import answered, cached, passing
from forumkg.web.query_requests import Request
from forumkg.web.rate_limits import NO_LIMIT, RateLimiter
from forumkg.web.replies import Reply, read
from forumkg.web.response_cache import CachedResponse
from forumkg.workers.pool import Answer, Job, Pool

__all__ = ["CACHE_SIZE", "MAX_CACHED", "Answering", "Request"]

CACHE_SIZE: Final = 128 * 1024 * 1024
# A longer answer is sent as it comes from the worker: not kept, not compressed, and without a validator.
MAX_CACHED: Final = 4 * 1024 * 1024

# What takes longer to compress, and to digest, than other requests should wait for.
_MUCH_TO_COMPRESS: Final = 8 * 1024
_MUCH: Final = 512 * 1024

# What ends a query each time that it is asked.
_LASTING: Final = (NotAcceptable, QueryError, QueryOutOfMemory, QueryTimeout, ResultTooLarge)


class Answering:
    """The query operation on one version of the dataset. Safe to use from many threads."""

    def __init__(
        self, pool: Pool, version: str, *, cache_size: int = CACHE_SIZE, budgets: RateLimiter | None = None
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
        self._budgets = budgets or RateLimiter(NO_LIMIT, NO_LIMIT)
        self.cache = AnswerCache(cache_size)
        self._evaluations = Evaluations()
        self._owners: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def timeout(self) -> float:
        """The seconds after which a query is stopped."""
        return self._pool.timeout

    def recall(self, request: Request) -> Reply | None:
        """Return the answer to a request that came before, at once; None where there is work to do."""
        key = self.cache.recognize(request.identity)
        kept = key and self.cache.get(key, coding_for(request.accept_encoding))
        return cached(request, kept, key.query) if key and kept else None

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request, whatever becomes of it; that may take as long as a query may."""
        errand = Errand(request)
        try:
            job = self._read(errand)
            kept = self.cache.prepare(errand.key, errand.coding)
            if kept:
                reply = self._recalled(errand, kept)
            else:
                with self._owned(errand.id, request.client):
                    answer = self._pool.run(job)
                reply = self._keep(errand, answer)
        except (QueryError, RequestError) as error:
            reply = errand.refused(error)
        return self._settled(errand, reply)

    async def answer_soon(self, request: Request, when_slow: Callable[[str], None]) -> Reply:
        """Do as `answer` does, without a thread where that is possible.

        Args:
            request: the request.
            when_slow: called with the id of the query, when it is seen that it takes longer than most.
        """
        errand = Errand(request)
        try:
            job = self._read(errand)
            # Others may have an answer that is always the same, and as much time for it.
            shared = errand.key if job.timeout is None and is_constant(errand.query) else None
            kept = await self._prepare(errand) or (shared and await self._follow(errand))
            if kept:
                reply = self._recalled(errand, kept)
            else:
                with self._evaluations.lead(shared):
                    with self._owned(errand.id, request.client):
                        answer = await self._pool.desk.ask(job, lambda: when_slow(errand.id))
                    is_much = answer.length > (_MUCH if errand.coding == IDENTITY else _MUCH_TO_COMPRESS)
                    keep = asyncio.to_thread(self._keep, errand, answer) if is_much else None
                    reply = await keep if keep else self._keep(errand, answer)
        except (QueryError, RequestError) as error:
            reply = errand.refused(error)
        return self._settled(errand, reply)

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
        payer, query_id = client_key(client), new_query_id()
        self._budgets.check(payer, also_errors=False)
        start = time.perf_counter()
        try:
            with self._owned(query_id, client):
                answer = self._pool.run(job_of(asked, format_, payer, query_id))
        except LimitError as error:
            self._budgets.settle(payer, type(error).__name__, time.perf_counter() - start)
            raise
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
        if owner != client or not (self._evaluations.cancel(query_id) or self._pool.cancel(query_id)):
            raise NotFound(f"You have no query {query_id!r} that runs or waits: it may have ended.")

    def stop(self) -> None:
        """Give up every query that runs or waits."""
        with self._lock:
            running = tuple(self._owners)
        # Those who wait for the answer to another one first, or they would begin when that ends.
        for query_id in running:
            self._evaluations.cancel(query_id)
        for query_id in running:
            self._pool.cancel(query_id)

    def _read(self, errand: "Errand") -> Job:
        """Return the query that a request asks.

        Raises:
            QueryError: it is none.
            RequestError: something else is wrong with the request, or its client may not ask now.
        """
        request = errand.request
        self._budgets.check(errand.client)
        check_query_id(errand.id)
        asked = read_query(request.method, request.content_type, request.query_string, request.body)
        errand.query = asked.query
        errand.format = choose(query_form(asked.query), asked.formats, request.accept)
        errand.key = key_of(self._version, asked, errand.format)
        return job_of(asked, errand.format, errand.client, errand.id)

    async def _prepare(self, errand: "Errand") -> CachedResponse | None:
        """Return a kept answer; where it has still to be compressed, other requests go on meanwhile."""
        key, coding = errand.key, errand.coding
        if coding == IDENTITY or self.cache.get(key, coding) or not self.cache.get(key, IDENTITY):
            return self.cache.get(key, coding)
        return await asyncio.to_thread(self.cache.prepare, key, coding)

    async def _follow(self, errand: Errand) -> CachedResponse | None:
        """Return the answer to a query that is evaluated already; None where it has to be evaluated anew.

        Raises:
            QueryError, RequestError: what it would end with again.
        """
        while self._evaluations.runs(errand.key):
            with self._owned(errand.id, errand.request.client):
                error = await self._evaluations.follow(errand.key, errand.id)
            kept = await self._prepare(errand)
            if kept or error is None:
                return kept
            if isinstance(error, _LASTING):
                raise error
        return None

    def _recalled(self, errand: "Errand", kept: CachedResponse) -> Reply:
        self.cache.remember(errand.request.identity, errand.request.length, errand.key)
        return cached(errand.request, kept, errand.key.query)

    def _keep(self, errand: "Errand", answer: Answer) -> Reply:
        """Return the reply that has an answer, which is kept if it is always the same."""
        if not is_constant(errand.query) or answer.length > MAX_CACHED:
            return passing(answer, errand.format, errand.query, errand.id)
        kept = self.cache.put(errand.key, errand.format, answer.read(), errand.coding)
        self.cache.remember(errand.request.identity, errand.request.length, errand.key)
        return answered(errand.request, kept, answer, errand.query, errand.id)

    def _settled(self, errand: "Errand", reply: Reply) -> Reply:
        """Charge the client for a reply."""
        if reply.facts:
            self._budgets.settle(errand.client, reply.facts.outcome, reply.facts.seconds)
        return reply

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
