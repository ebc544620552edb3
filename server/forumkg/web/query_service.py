"""Answer the query operation of the SPARQL Protocol, from the cache or by the pool of workers.

https://www.w3.org/TR/sparql11-protocol/#query-operation

A request and its reply are plain values, so that any HTTP server can be put in front of the service.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

from forumkg.errors import (
    BadRequest,
    LimitError,
    NotAcceptable,
    NotFound,
    QueryCancelled,
    QueryError,
    QueryOutOfMemory,
    QueryTimeout,
    ResultTooLarge,
)
from forumkg.formats import Format
from forumkg.sparql.lookups import LookupStore
from forumkg.sparql.parameters import QueryParameters
from forumkg.web.backoff import Backoff, CallLater
from forumkg.web.http.responses import Later, Reply, read
from forumkg.web.ids import QUERY_ID, new_id
from forumkg.web.query_operation import ErrorAsReply, QueryOperation, SparqlRequest, query_of
from forumkg.web.rate_limits import NO_LIMIT, RateLimiter
from forumkg.web.response_cache import IDENTITY, AnswerCache, CachedResponse, is_constant, key_of
from forumkg.web.shared_threads import SharedThreads
from forumkg.web.single_flight import SingleFlight
from forumkg.workers.pool import Charge, Pool, WrittenAnswer

__all__ = ["MAX_CACHED", "QueryService"]

# Bytes of cached answers.
_CACHE_SIZE: Final = 128 * 1024 * 1024
# A longer answer is sent as it comes from the worker: not cached, not compressed, and without a validator.
MAX_CACHED: Final = 4 * 1024 * 1024

# Bytes that take longer to parse, to compress and to digest than the event loop may stand still.
_LONG_REQUEST: Final = 16 * 1024
_LONG_TO_COMPRESS: Final = 8 * 1024
_LONG_ANSWER: Final = 512 * 1024
# Threads for what is long, and requests that wait for one of them.
_THREADS: Final = 4
_WAITING: Final = 256

# Seconds between two looks at whether the evaluation that a query follows has lost its worker.
_POLL: Final = 0.25

# Errors that the same query ends with each time.
_LASTING: Final = (NotAcceptable, QueryError, QueryOutOfMemory, QueryTimeout, ResultTooLarge)

_Result = TypeVar("_Result")


class QueryService:
    """The query operation on one version of the dataset.

    Each query is one coroutine in the event loop of the pool, which owns everything that changes; any thread
    and any event loop may use the public methods.
    """

    def __init__(
        self,
        pool: Pool,
        version: str,
        *,
        limiter: RateLimiter | None = None,
        call_later: CallLater | None = None,
        lookups: LookupStore | None = None,
    ) -> None:
        """Answer by the workers of a pool.

        Args:
            pool: the workers.
            version: the digest of the version of the dataset that they have open.
            limiter: the rate limits of clients; by default none.
            call_later: takes the place of the timers of the event loop.
            lookups: answers look-ups in this process; by default workers answer them too.
        """
        self.cache: Final = AnswerCache(_CACHE_SIZE)
        self._pool = pool
        self._version = version
        self._limiter = limiter or RateLimiter(NO_LIMIT, NO_LIMIT)
        self._lookups = lookups
        self._flights = SingleFlight()
        # A query that is given up while it runs costs its worker.
        self._backoff = Backoff(call_later=call_later)
        self._threads = SharedThreads("query", _THREADS, _WAITING, share=_THREADS // 2)
        self._owners: dict[str, str] = {}

    @property
    def timeout(self) -> float:
        """The seconds after which a query is given up."""
        return self._pool.timeout

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Work in the event loop of a server; to be called once, in its thread, before the first request."""
        self._pool.attach(loop)

    def recall(self, request: SparqlRequest) -> Reply | None:
        """Return the answer to a request from the cache, at once; None if it is not cached."""
        return self._cached_as_sent(QueryOperation(request))

    def begin(self, request: SparqlRequest) -> Reply | Later:
        """Return the reply to a request if it is known or a look-up, else a coroutine function for it.

        For the thread of the loop that was attached; to cancel the coroutine cancels the query.
        """
        operation = QueryOperation(request)
        # An error in here ends the block: `operation.reply` is then the refusal, which is returned below.
        with ErrorAsReply(operation, self._limiter):
            if operation.length > _LONG_REQUEST:
                return partial(self._reply_to_long, operation)
            operation.reply = self._cached_as_sent(operation) or self._reply_without_worker(operation)
        return operation.reply or partial(self._reply_by_worker, operation)

    async def answer(self, request: SparqlRequest) -> Reply:
        """Return the reply to a request, whatever becomes of it; to cancel this cancels the query."""
        return await self._pool.within(self._reply_to(request))

    def wait_for_answer(self, request: SparqlRequest) -> Reply:
        """Do as `answer` does, for a thread without an event loop."""
        return self._pool.wait_for(self._reply_to(request))

    def fetch(self, query: str, format_: Format, client: str) -> bytes:
        """Return the answer to a query of a page, for which its client is charged; for any thread.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
            LimitError: the query was given up or not begun, or the client has reached its rate limit.
        """
        asked = QueryParameters(query)
        key = key_of(self._version, asked, format_)
        kept = self.cache.get(key, IDENTITY)
        if kept:
            return read(kept.body)
        self._limiter.check(client, also_errors=False)
        evaluated = query_of(asked, format_, client, new_id())
        try:
            answer = self._pool.run(evaluated, self._charge(client))
        except LimitError as error:
            self._limiter.settle(client, type(error).__name__, 0.0)
            raise
        data = answer.read()
        if is_constant(query):
            self.cache.put(key, format_, data, IDENTITY)
        return data

    def cancel(self, query_id: str, client: str) -> None:
        """Cancel a query that runs or waits, for the client that asked it.

        Raises:
            NotFound: this client has no such query.
        """

        def cancel() -> bool:
            is_owner = self._owners.get(query_id) == client
            return is_owner and (self._flights.cancel(query_id) or self._pool.cancel(query_id))

        if not self._pool.call(cancel):
            raise NotFound(f"You have no query {query_id!r} that runs or waits: it may have ended.")

    def stop(self) -> None:
        """Cancel every query that runs or waits."""

        def stop() -> None:
            # The followers first: they would begin anew when the evaluation that they wait for ends.
            self._flights.cancel_all()
            self._pool.cancel_all()

        self._pool.call(stop)
        if self._lookups:
            self._lookups.close()

    async def _reply_to(self, request: SparqlRequest) -> Reply:
        begun = self.begin(request)
        return begun if isinstance(begun, Reply) else await begun()

    def _cached_as_sent(self, operation: QueryOperation) -> Reply | None:
        """Return the cached answer to the same request, of which nothing is decoded yet."""
        key = self.cache.recognize(operation.identity)
        kept = key and self.cache.get(key, operation.coding)
        return operation.cached(kept, key.query) if key and kept else None

    def _reply_without_worker(self, operation: QueryOperation) -> Reply | None:
        """Return the reply to a request if another one asked the same before, or if it is a look-up."""
        self._read(operation)
        kept = self.cache.get(operation.key, operation.coding)
        return self._reply_from_cache(operation, kept) if kept else self._look_up(operation)

    async def _reply_by_worker(self, operation: QueryOperation) -> Reply:
        with ErrorAsReply(operation, self._limiter):
            operation.reply = await self._evaluate(operation)
        return operation.replied()

    async def _reply_to_long(self, operation: QueryOperation) -> Reply:
        """Answer a request that takes longer to read than the event loop may stand still."""
        with ErrorAsReply(operation, self._limiter):
            self._limiter.check(operation.client)
            await self._in_thread(operation.client, lambda: self._read(operation))
            operation.reply = await self._evaluate(operation)
        return operation.replied()

    def _look_up(self, operation: QueryOperation) -> Reply | None:
        """Return the reply to a look-up; None if a worker has to evaluate the query."""
        lookups, lookup = self._lookups, operation.lookup
        if lookup is None or lookups is None or not lookups.is_filled:
            return None
        self._require_new_id(operation.id)
        start = time.perf_counter()
        body = lookups.answer(lookup, operation.format)
        if body is None or _is_long(operation, len(body)):
            return None
        seconds = time.perf_counter() - start
        self._limiter.charge(operation.client, seconds=seconds)
        kept = self.cache.put(operation.key, operation.format, body, operation.coding)
        self.cache.remember(operation.identity, operation.length, operation.key)
        return operation.looked_up(kept, body, seconds)

    async def _evaluate(self, operation: QueryOperation) -> Reply:
        """Return the reply to a query: cached, shared with another request, or evaluated now."""
        is_shared = not operation.has_own_timeout and is_constant(operation.text)
        shared = operation.key if is_shared else None
        kept = await self._cached(operation) or (shared and await self._follow(operation))
        if kept:
            return self._reply_from_cache(operation, kept)
        await self._backoff.wait(operation.client)
        is_raced = shared is not None and self._flights.is_under_way(shared)
        with self._flights.lead(shared, operation.client, operation.id):
            with self._owned(operation):
                evaluation = self._pool.evaluate(operation.query, self._charge(operation.client))
                try:
                    answer = await (self._race(operation, evaluation) if is_raced else evaluation)
                except (asyncio.CancelledError, QueryCancelled):
                    self._backoff.note_abandoned(operation.client)
                    raise
                self._backoff.note_answered(operation.client)
            if isinstance(answer, CachedResponse):
                return self._reply_from_cache(operation, answer)
            reply = await self._cache_in_thread_if_long(operation, answer)
            self._flights.announce(shared if is_raced else None)
            return reply

    async def _cache_in_thread_if_long(self, operation: QueryOperation, answer: WrittenAnswer) -> Reply:
        """Do as `_cache_answer` does, without stopping the event loop for long."""
        if not _is_long(operation, answer.length):
            return self._cache_answer(operation, answer)
        return await self._in_thread(operation.client, lambda: self._cache_answer(operation, answer))

    async def _in_thread(self, client: str, work: Callable[[], _Result]) -> _Result:
        """Do what takes long while the event loop goes on, and charge the client its processor time."""

        def charged() -> _Result:
            with self._limiter.charging(client):
                return work()

        return await self._threads.run(client, charged)

    def _read(self, operation: QueryOperation) -> None:
        """Read a request.

        Raises:
            QueryError: the query has no query form.
            RequestError: something else is wrong with the request, or its client has reached its rate limit.
        """
        self._limiter.check(operation.client)
        operation.read(self._version)

    def _charge(self, client: str) -> Charge:
        return lambda seconds: self._limiter.charge(client, seconds=seconds)

    async def _cached(self, operation: QueryOperation) -> CachedResponse | None:
        """Return a cached answer; one that has still to be compressed is so in a thread."""
        key, coding = operation.key, operation.coding
        kept = self.cache.get(key, coding)
        if kept or coding == IDENTITY or not self.cache.get(key, IDENTITY):
            return kept
        return await self._threads.run(operation.client, lambda: self.cache.prepare(key, coding))

    async def _follow(self, operation: QueryOperation) -> CachedResponse | None:
        """Return the answer of an evaluation under way; None if the query has to be evaluated anew.

        One of another client is only followed while a worker evaluates it: where it waits, it waits for the
        turn of that client, who may have filled the queue.

        Raises:
            QueryError, RequestError: what it would end with again.
        """
        while leader := self._flights.leader(operation.key):
            client, query_id = leader
            with self._owned(operation), self._flights.follow(operation.key, operation.id) as outcome:
                while not outcome.done():
                    if client != operation.client and not self._pool.is_working(query_id):
                        return None
                    await asyncio.wait({outcome}, timeout=_POLL)
                error = outcome.result()
            kept = await self._cached(operation)
            if kept or error is None:
                return kept
            if isinstance(error, _LASTING):
                raise error
        return None

    async def _race(
        self, operation: QueryOperation, evaluation: Coroutine[Any, Any, WrittenAnswer]
    ) -> WrittenAnswer | CachedResponse:
        """Return the answer of an evaluation, or that of the one of another client if it is there before."""
        own = asyncio.ensure_future(evaluation)
        try:
            with self._flights.follow(operation.key, operation.id) as outcome:
                ends: set[asyncio.Future[Any]] = {own, outcome}
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                kept = None
                if not own.done() and outcome.result() is None:
                    kept = await self._cached(operation)
            if kept is None:
                return await own
            own.add_done_callback(_close)
            return kept
        finally:
            own.cancel()

    def _reply_from_cache(self, operation: QueryOperation, kept: CachedResponse) -> Reply:
        """Return the reply with a cached answer, and remember the request as it was sent."""
        self.cache.remember(operation.identity, operation.length, operation.key)
        return operation.cached(kept, operation.key.query)

    def _cache_answer(self, operation: QueryOperation, answer: WrittenAnswer) -> Reply:
        """Return the reply with an answer, which is cached unless it differs each time."""
        if not is_constant(operation.text) or answer.length > MAX_CACHED:
            return operation.passing(answer)
        kept = self.cache.put(operation.key, operation.format, answer.read(), operation.coding)
        self.cache.remember(operation.identity, operation.length, operation.key)
        return operation.answered(kept, answer)

    @contextmanager
    def _owned(self, operation: QueryOperation) -> Iterator[None]:
        """Remember the client of a query as long as it runs or waits."""
        self._require_new_id(operation.id)
        self._owners[operation.id] = operation.client
        try:
            yield
        finally:
            del self._owners[operation.id]

    def _require_new_id(self, query_id: str) -> None:
        if query_id in self._owners:
            raise BadRequest(f"The {QUERY_ID} {query_id!r} names another query that runs: choose a new one.")


def _is_long(operation: QueryOperation, length: int) -> bool:
    """Whether an answer takes longer to digest and to compress than the event loop may stand still."""
    return length > (_LONG_ANSWER if operation.coding == IDENTITY else _LONG_TO_COMPRESS)


def _close(evaluation: "asyncio.Future[WrittenAnswer]") -> None:
    """Close the answer of an evaluation that nothing waits for."""
    if not evaluation.cancelled() and not evaluation.exception():
        evaluation.result().close()
