"""Stand between the network and the applications: known answers at once, the rest by threads.

An application for the server granian, whose event loop it runs in: nothing in here may take long.
https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from forumkg.errors import NotFound, RequestError
from forumkg.sparql.problem import Problem
from forumkg.web.answering import Answering, Request
from forumkg.web.bodies import BodyLimits, read_body
from forumkg.web.headers import QUERY_HEADERS, SAFETY
from forumkg.web.hosts import check_host
from forumkg.web.operations import LIVE, PATHS, live_reply
from forumkg.web.page_cache import PageCache, PageRequest
from forumkg.web.replies import Facts, File, Headers, Reply, refuse
from forumkg.web.request_ids import HEADER as REQUEST_ID
from forumkg.web.scopes import SAFE, is_query, query_request
from forumkg.web.timing import HEADER as TIMING
from forumkg.web.timing import server_timing
from forumkg.web.watch import Visit, Watch
from forumkg.web.wsgi_bridge import GONE, call, environ

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

__all__ = ["Edge"]

_logger: Final = logging.getLogger(__name__)

_SAFETY: Final = (*SAFETY.items(),)
_WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
# What is left of the body stands in the way of the next request.
_CLOSE: Final = ("Connection", "close")
_PAGE_CACHE: Final = 64 * 1024 * 1024
# Pages have threads of their own, so that they do not wait behind queries.
_PAGE_THREADS: Final = 8
# Seconds in which the server has opened a file that it was told to send.
_OPENED: Final = 30.0


class Edge:
    """The RSGI application: queries go to `answering`, everything else to a WSGI application."""

    def __init__(
        self,
        answering: Answering,
        pages: "WSGIApplication",
        *,
        watch: Watch,
        hosts: frozenset[str] = frozenset(),
        body_limits: BodyLimits | None = None,
    ) -> None:
        """Make the application.

        Args:
            answering: answers queries.
            pages: answers all other requests.
            watch: logs and counts requests.
            hosts: the names that a request may call this server by, in lower case; none means any.
            body_limits: how much is read of the body of a request.
        """
        self._answering = answering
        self._pages = pages
        self._watch = watch
        self._hosts = hosts
        self._body_limits = body_limits or BodyLimits()
        self._kept = PageCache(_PAGE_CACHE)
        self._page_threads = ThreadPoolExecutor(_PAGE_THREADS, "page")

    async def __call__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer a request."""
        visit = self._arrive(scope)
        try:
            reply, headers = await self._reply(scope, protocol, visit)
        except Exception as error:
            # What nobody foresaw is a mistake of ours: answered, logged and counted like the rest.
            _logger.exception("unforeseen error", extra={"fields": {"id": visit.id}})
            problem = Problem(500, f"Something went wrong here, not with you. Tell us the id {visit.id}.")
            reply = refuse(problem, scope.headers.get("accept", ""), (), Facts(type(error).__name__))
            headers = _SAFETY
        length = _send(scope, protocol, reply, (*headers, (REQUEST_ID, visit.id)))
        self._watch.leave(visit, reply.status, length, reply.facts)

    def close(self) -> None:
        """Begin nothing more, and give up the queries that run."""
        self._answering.stop()
        self._page_threads.shutdown(wait=False, cancel_futures=True)

    def _arrive(self, scope: Scope) -> Visit:
        headers = scope.headers
        forwarded = []
        if "x-forwarded-for" in headers:
            forwarded = [value for name, value in headers.items() if name == "x-forwarded-for"]
        return self._watch.arrive(
            scope.method,
            scope.path,
            scope.client,
            scheme=scope.scheme,
            forwarded_for=",".join(forwarded),
            forwarded_proto=headers.get("x-forwarded-proto", ""),
            request_id=headers.get("x-request-id"),
        )

    async def _reply(self, scope: Scope, protocol: HTTPProtocol, visit: Visit) -> tuple[Reply, Headers]:
        """Return the reply, and the headers that it has besides, as others of its kind."""
        asks = is_query(scope)
        ours = QUERY_HEADERS if asks else _SAFETY
        if scope.path == LIVE and scope.method in SAFE:
            return live_reply(), ours
        try:
            if scope.path not in PATHS:
                check_host(scope.headers.get("host"), self._hosts)
            body = await self._body(scope, protocol)
        except RequestError as error:
            problem = Problem(error.status, str(error))
            reply = refuse(problem, scope.headers.get("accept", ""), (_CLOSE, ("Vary", "Accept")))
            return reply, ours
        if asks:
            return await self._query(protocol, query_request(scope, body, visit.client)), ours
        return await self._page(scope, protocol, body, visit), ()

    async def _body(self, scope: Scope, protocol: HTTPProtocol) -> bytes:
        if scope.method in SAFE:
            return b""
        return await read_body(protocol, scope.headers.get("content-length"), self._body_limits)

    async def _query(self, protocol: HTTPProtocol, request: Request) -> Reply:
        known = self._answering.recall(request)
        if known:
            return known
        # Nearly every query is quick; for the others it pays to watch whether the client is still there.
        watched: list[asyncio.Task[None]] = []

        def watch(query_id: str) -> None:
            end = self._end_without_client(protocol, query_id, request.client)
            watched.append(asyncio.ensure_future(end))

        try:
            return await self._answering.answer_soon(request, watch)
        finally:
            for task in watched:
                task.cancel()

    async def _end_without_client(self, protocol: HTTPProtocol, query_id: str, client: str) -> None:
        """Give up a query when its client goes away."""
        await protocol.client_disconnect()
        with suppress(NotFound):
            self._answering.cancel(query_id, client)

    async def _page(self, scope: Scope, protocol: HTTPProtocol, body: bytes, visit: Visit) -> Reply:
        target = f"{scope.path}?{scope.query_string}"
        request = PageRequest.of(scope.method, visit.scheme, target, scope.headers.get)
        known = request and self._kept.recall(request)
        if known:
            return known
        variables = environ(
            method=scope.method,
            path=scope.path,
            query_string=scope.query_string,
            # What is kept is for all: whether the client has it already is seen afterwards.
            headers=(each for each in scope.headers.items() if not request or each[0] != "if-none-match"),
            body=body,
            scheme=visit.scheme,
            version=scope.http_version,
            server=scope.server,
            client=visit.client,
        )
        loop = asyncio.get_running_loop()
        variables[GONE] = gone = threading.Event()
        work = loop.run_in_executor(self._page_threads, self._call, variables, request)
        if scope.method in SAFE:
            return await work
        # What is sent may be much to work at: nobody needs the result when its client goes away.
        watching = asyncio.ensure_future(_note_leaving(protocol, gone))
        try:
            return await work
        finally:
            watching.cancel()

    def _call(self, variables: "WSGIEnvironment", request: PageRequest | None) -> Reply:
        """Have the application answer, and keep what may be kept."""
        start = time.perf_counter()
        reply = call(self._pages, variables)
        timing = (TIMING, server_timing(page=time.perf_counter() - start))
        kept = self._kept.keep(request, reply) if request else reply
        return replace(kept, headers=(*kept.headers, timing))


async def _note_leaving(protocol: HTTPProtocol, gone: threading.Event) -> None:
    await protocol.client_disconnect()
    gone.set()


def _send(scope: Scope, protocol: HTTPProtocol, reply: Reply, extra: Headers) -> int:
    """Send a reply, and return the length of the body that is sent."""
    headers = [*reply.headers, *extra]
    if scope.method == "HEAD" or reply.status in _WITHOUT_BODY:
        protocol.response_empty(reply.status, headers)
        return 0
    if isinstance(reply.body, File):
        protocol.response_file(reply.status, headers, reply.body.path)
        _hold(reply.body)
    else:
        protocol.response_bytes(reply.status, headers, reply.body)
    return len(reply.body)


def _hold(file: File) -> None:
    """Keep a file open until the server has opened it too.

    Two waits, one after the other: of a process that was stopped for long, no two end at once.
    """
    loop = asyncio.get_running_loop()
    loop.call_later(_OPENED, loop.call_later, _OPENED, _let_go, file)


def _let_go(_: File) -> None:
    """Do nothing: whoever calls this forgets the file."""
