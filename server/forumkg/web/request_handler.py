"""Answer requests: known answers at once, queries by the query service, all else by the WSGI application.

The event loop runs this, so nothing in here may take long.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from forumkg.dataset.version_info import VersionInfo
from forumkg.errors import HttpError, LimitError, RequestError
from forumkg.sparql.negotiation import asks_for_page
from forumkg.sparql.parameters import asks_for_description
from forumkg.sparql.problem import Problem
from forumkg.web.access_log import AccessLog
from forumkg.web.addresses import Network, normalized_address
from forumkg.web.headers import (
    QUERY_HEADERS,
    SAFETY,
    VERSION,
)
from forumkg.web.health import live_reply
from forumkg.web.http.logged import LoggedQuery, LoggedRequest
from forumkg.web.http.request import SAFE_METHODS, HttpRequest, SocketAddress, accept_in, check_host
from forumkg.web.http.responses import (
    SERVER_TIMING,
    Headers,
    Later,
    ProblemPage,
    Reply,
    has_body,
    header_lines,
    refuse,
    server_timing,
)
from forumkg.web.ids import REQUEST_ID, new_id
from forumkg.web.loop_watchdog import LoopWatchdog
from forumkg.web.metrics import Traffic
from forumkg.web.page_cache import PageCache, PageRequest
from forumkg.web.paths import (
    LIVE_PATH,
    MAP_PATH,
    OPERATOR_PATHS,
    QUERIES_PATH,
    SPARQL_PATH,
    VALIDATE_PATH,
    without_language,
)
from forumkg.web.query_operation import SparqlRequest
from forumkg.web.query_service import QueryService
from forumkg.web.shared_threads import SharedThreads
from forumkg.web.wsgi_bridge import call, environ

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from forumkg.web.http.connections import Connections

__all__ = ["RequestHandler"]

_logger: Final = logging.getLogger(__name__)

_VARY: Final = ("Vary", "Accept")
_PAGE_CACHE: Final = 64 * 1024 * 1024
# Pages have threads of their own, so that they do not wait behind queries.
_PAGE_THREADS: Final = 8
# Those of one client: each thread of a page takes the interpreter from the event loop and from other pages.
_PAGES_OF_A_CLIENT: Final = 1
_PAGES_WAITING: Final = 256
# So do validations, which wait for their processes for up to a minute: pages do not wait behind them.
_VALIDATION_THREADS: Final = 8
_VALIDATIONS_OF_A_CLIENT: Final = 4
# So do health, metrics and cancelling, so that they do not wait behind pages.
_OPERATOR_THREADS: Final = 2
_OPERATORS_WAITING: Final = 64
# A longer body takes too long to look up in the event loop.
_BRIEF_BODY: Final = 16 * 1024
# What is cached is for all: whether the client has it already is seen afterwards.
_VALIDATOR: Final = frozenset({"if-none-match"})
# What is answered in a process of its own, and takes seconds.
_VALIDATIONS: Final = frozenset({VALIDATE_PATH, MAP_PATH})
_SERVER_OPTIONS: Final = Reply(204, (("Allow", "GET, HEAD, POST, DELETE, OPTIONS"),))
# The client closed the connection before the response: the number that nginx logs too.
_HUNG_UP: Final = 499


class RequestHandler:
    """Answers the requests of one server. For the thread of one event loop, except `close`.

    Attributes:
        trusted: the proxies whose word on the client counts.
        watchdog: measures the stalls of the event loop.
        connections: those of the server, once it runs.
    """

    def __init__(  # noqa: PLR0913 (what answers need)
        self,
        queries: QueryService,
        pages: "WSGIApplication",
        *,
        version: VersionInfo,
        access_log: AccessLog,
        trusted: tuple[Network, ...] = (),
        hosts: frozenset[str] = frozenset(),
        watchdog: LoopWatchdog | None = None,
        problem_page: Callable[[str], ProblemPage] | None = None,
    ) -> None:
        """Answer by an application.

        Args:
            queries: answers queries.
            pages: answers all other requests.
            version: the version of the dataset that both answer from.
            access_log: logs and counts requests.
            trusted: the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
            hosts: the names that a request may call this server by, in lower case; none means any.
            watchdog: measures the stalls of the event loop.
            problem_page: returns, for a path, what makes the page that says to a browser why it is refused.
        """
        self.trusted = trusted
        self.watchdog = watchdog or LoopWatchdog()
        self.connections: Connections | None = None
        self._queries = queries
        self._pages = pages
        # The header lines of all replies, of those for operators, and of those to queries.
        self.version: Final = version
        self._lines = header_lines(((VERSION, version.label),))
        self._operator_lines = header_lines((*SAFETY.items(),)) + self._lines
        self._query_lines = header_lines(QUERY_HEADERS) + self._lines
        self._access_log = access_log
        self._hosts = hosts
        self._problem_page = problem_page
        self._cache = PageCache(_PAGE_CACHE)
        self._page_threads = SharedThreads("page", _PAGE_THREADS, _PAGES_WAITING, share=_PAGES_OF_A_CLIENT)
        self._validation_threads = SharedThreads(
            "validation", _VALIDATION_THREADS, _PAGES_WAITING, share=_VALIDATIONS_OF_A_CLIENT
        )
        self._operator_threads = SharedThreads("operator", _OPERATOR_THREADS, _OPERATORS_WAITING, share=1)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Dispatch queries in the event loop that requests are answered in; to be called before the first."""
        self._queries.attach(loop)

    def traffic(self) -> Traffic:
        """Return what is under way; for any thread."""
        waiting = len(self._page_threads) + len(self._operator_threads) + len(self._validation_threads)
        cached = self._cache.size
        if self.connections is None:
            return Traffic(waiting_pages=waiting, page_cache_bytes=cached)
        body_bytes = self.connections.admission.bodies_bytes
        return Traffic(self.connections.count_by_state(), body_bytes, waiting, cached)

    def respond(self, request: HttpRequest) -> Reply | Later:
        """Return the response to a request if it is known at once, else a coroutine function for it.

        If that is cancelled, its work is given up.
        """
        try:
            known = self._known(request)
            if known is not None:
                return self._finish(request, *known)
            if not _is_query(request):
                return self._begin_page(request)
            reply = self._queries.begin(_query_request(request))
            if isinstance(reply, Reply):
                return self._finish(request, reply, self._query_lines)
        except RequestError as error:
            return self._finish(request, self._refusal(error, request), self._query_lines)
        except Exception as error:  # noqa: BLE001 (logged, and answered 500 with the id of the request)
            return self._finish(request, self._mistake(error, request), self._query_lines)
        return partial(self._respond, request, reply, self._query_lines)

    async def _respond(self, request: HttpRequest, later: Later, lines: bytes) -> Reply:
        # `lines` are those of a reply that `later` makes: Flask has added the rest to a page. An error is
        # answered here, by the HTTP server, and needs all of them.
        try:
            return self._finish(request, await later(), lines)
        except asyncio.CancelledError:
            self._log(request, Reply(_HUNG_UP, ()))
            raise
        except RequestError as error:
            return self._finish(request, self._refusal(error, request), self._query_lines)
        except Exception as error:  # noqa: BLE001 (logged, and answered 500 with the id of the request)
            return self._finish(request, self._mistake(error, request), self._query_lines)

    def refuse(self, error: RequestError, request: HttpRequest | bytes, peer: SocketAddress) -> Reply:
        """Return the response that says why a request is refused.

        Args:
            error: the reason.
            request: the request; what has come of it where it cannot be read.
            peer: the other end of the connection.
        """
        if isinstance(request, HttpRequest):
            return self._finish(request, self._refusal(error, request), self._query_lines)
        id_, client = new_id(), normalized_address(peer[0])
        problem, extra = Problem(error.status, str(error)), (*_extra(error), _VARY)
        reply = refuse(problem, accept_in(request), extra, page=self._page_at(""))
        unread = LoggedRequest(id_, client, "", "", time.perf_counter())
        self._access_log.record(unread, reply.status, len(reply.body))
        return reply._replace(headers=(*reply.headers, (REQUEST_ID, id_)), lines=self._query_lines)

    def close(self) -> None:
        """Begin nothing more, and give up the queries that run."""
        self._queries.stop()
        self._page_threads.close()
        self._validation_threads.close()
        self._operator_threads.close()

    def _known(self, request: HttpRequest) -> tuple[Reply, bytes] | None:
        """Return a reply that needs no look-up with its further header lines; None for other requests.

        Raises:
            MisdirectedRequest: the request is for another server.
        """
        if request.path == LIVE_PATH and request.method in SAFE_METHODS:
            return live_reply(), self._operator_lines
        if self._hosts and request.path not in OPERATOR_PATHS:
            check_host(request.host, self._hosts)
        return (_SERVER_OPTIONS, self._query_lines) if request.raw_path == "*" else None

    def _begin_page(self, request: HttpRequest) -> Reply | Later:
        """Return a cached page, else a coroutine function for it."""
        page_request = _page_request(request) if len(request.body) <= _BRIEF_BODY else None
        page = self._cache.recall(page_request) if page_request else None
        if page:
            return self._finish(request, page, self._lines)
        return partial(self._respond, request, partial(self._page, request), self._lines)

    async def _page(self, request: HttpRequest) -> Reply:
        """Return the response of the application."""
        gone = threading.Event()
        try:
            return await self._threads_for(request).run(request.client, lambda: self._call(request, gone))
        except asyncio.CancelledError:
            gone.set()
            raise

    def _threads_for(self, request: HttpRequest) -> SharedThreads:
        """Return the threads that a request is answered in."""
        if request.path in OPERATOR_PATHS or request.path.startswith(QUERIES_PATH):
            return self._operator_threads
        if request.method == "POST" and without_language(request.path)[1] in _VALIDATIONS:
            return self._validation_threads
        return self._page_threads

    def _call(self, request: HttpRequest, gone: threading.Event) -> Reply:
        """Call the application, and cache what may be cached. In a thread."""
        began = time.perf_counter()
        page_request = _page_request(request)
        without = _VALIDATOR if page_request else frozenset[str]()
        reply = call(self._pages, environ(request, gone, without=without))
        if page_request:
            reply = self._cache.keep(page_request, reply)
        timing = (SERVER_TIMING, server_timing(page=time.perf_counter() - began))
        return reply._replace(headers=(*reply.headers, timing))

    def _refusal(self, error: RequestError, request: HttpRequest) -> Reply:
        """Return the response that says why a request is refused."""
        problem, extra = Problem(error.status, str(error)), (*_extra(error), _VARY)
        return refuse(problem, request.header("accept"), extra, page=self._page_at(request.path))

    def _page_at(self, path: str) -> ProblemPage | None:
        """Return the function that makes error pages in the language of a path; None without pages."""
        return self._problem_page(path) if self._problem_page else None

    def _mistake(self, error: Exception, request: HttpRequest) -> Reply:
        """Log an unforeseen error, and return the response that names its id."""
        _logger.error("unforeseen error", exc_info=error, extra={"fields": {"id": request.id}})
        problem = Problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            f"This is a fault of the server. Report it with the id {request.id}.",
        )
        logged = LoggedQuery(type(error).__name__)
        return refuse(problem, request.header("accept"), (_VARY,), logged, page=self._page_at(request.path))

    def _finish(self, request: HttpRequest, reply: Reply, lines: bytes) -> Reply:
        """Log a response, and return it with the headers that it has besides."""
        self._log(request, reply)
        status, headers, body, logged, reason, _ = reply
        return Reply(status, (*headers, (REQUEST_ID, request.id)), body, logged, reason, lines)

    def _log(self, request: HttpRequest, reply: Reply) -> None:
        length = len(reply.body) if has_body(request.method, reply.status) else 0
        self._access_log.record(request, reply.status, length, reply.logged)


def _is_query(request: HttpRequest) -> bool:
    """Whether a request is one of the query operation."""
    if request.path != SPARQL_PATH:
        return False
    if request.method in SAFE_METHODS:
        is_page = asks_for_page(request.method, request.query, request.header("accept"))
        return not (is_page or asks_for_description(request.method, request.query))
    return request.method == "POST"


def _query_request(request: HttpRequest) -> SparqlRequest:
    header = request.headers.get
    return SparqlRequest(
        request.method,
        request.query,
        header("content-type", ""),
        request.body,
        header("accept", ""),
        header("accept-encoding", ""),
        header("if-none-match", ""),
        request.client,
        header("x-query-id", ""),
        header("timeout", ""),
    )


def _page_request(request: HttpRequest) -> PageRequest | None:
    return PageRequest.of(request.method, request.scheme, request.target, request.headers.get)


def _extra(error: RequestError) -> Headers:
    """Return the headers that belong to a refusal."""
    if isinstance(error, HttpError):
        return error.headers
    if isinstance(error, LimitError) and error.retry_after is not None:
        return (("Retry-After", str(error.retry_after)),)
    return ()
