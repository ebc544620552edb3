"""Word the replies to queries: answers, kept ones and others, that a client has one already, and refusals."""

from typing import Final

from forumkg.errors import LimitError, QueryError, RequestError
from forumkg.formats import Format
from forumkg.sparql.problem import Problem, of_query
from forumkg.web.cache import VARY
from forumkg.web.query_requests import Request
from forumkg.web.replies import Body, Facts, File, Headers, Reply, body_of, refuse
from forumkg.web.request_ids import QUERY_ID
from forumkg.web.response_cache import CachedResponse, conditional
from forumkg.web.timing import HEADER as TIMING
from forumkg.web.timing import server_timing
from forumkg.workers.pool import WrittenAnswer

__all__ = ["answered", "cached", "passing", "refusal"]

_NO_STORE: Final = ("Cache-Control", "no-store")
_VARY: Final = ("Vary", "Accept")
_HIT: Final = (TIMING, "cache;desc=hit")
_SAFE: Final = frozenset({"GET", "HEAD"})


def cached(request: Request, kept: CachedResponse, query: str) -> Reply:
    """Return an answer that was kept."""
    return conditional(kept, _validator(request), (_HIT,), Facts("cached", query))


def answered(
    request: Request, kept: CachedResponse, answer: WrittenAnswer, query: str, query_id: str
) -> Reply:
    """Return an answer that is kept from now on."""
    facts = _facts(answer, query, query_id)
    return conditional(kept, _validator(request), _extra(answer, query_id), facts)


def passing(answer: WrittenAnswer, format_: Format, query: str, query_id: str) -> Reply:
    """Return an answer that is not kept."""
    headers = (
        ("Content-Type", format_.content_type),
        ("Content-Length", str(answer.length)),
        _NO_STORE,
        VARY,
        *_extra(answer, query_id),
    )
    return Reply(200, headers, _body(answer), _facts(answer, query, query_id))


def refusal(request: Request, error: QueryError | RequestError, facts: Facts) -> Reply:
    """Return the reply that says why there is no answer."""
    problem = of_query(error) if isinstance(error, QueryError) else Problem(error.status, str(error))
    extra = [_VARY, (TIMING, server_timing(total=facts.seconds))]
    if facts.query:
        extra.append((QUERY_ID, facts.query_id))
    if isinstance(error, LimitError) and error.retry_after is not None:
        extra.append(("Retry-After", str(error.retry_after)))
    return refuse(problem, request.accept, tuple(extra), facts)


def _validator(request: Request) -> str:
    return request.if_none_match if request.method in _SAFE else ""


def _extra(answer: WrittenAnswer, query_id: str) -> Headers:
    timing = server_timing(queue=answer.waited, query=answer.seconds)
    return ((TIMING, timing), (QUERY_ID, query_id))


def _facts(answer: WrittenAnswer, query: str, query_id: str) -> Facts:
    return Facts("answered", query, query_id, answer.rows, answer.waited, answer.seconds)


def _body(answer: WrittenAnswer) -> Body:
    return body_of(answer.body) if isinstance(answer.body, bytes) else File(answer.body, answer.length)
