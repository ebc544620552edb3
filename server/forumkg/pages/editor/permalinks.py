"""Answer a query on the page of the editor, for whoever follows a link to it: without a script, and in time.

The address of the page is that of the answer: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import io
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, Final
from urllib.parse import parse_qsl, urlencode

from forumkg.errors import QueryTimeout
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS
from forumkg.pages.editor.excerpts import Excerpt, read_graph, read_results
from forumkg.sparql.problem import PROBLEM
from forumkg.web.answering import Answering, Request
from forumkg.web.replies import Body, Reply

__all__ = ["SECONDS", "Outcome", "follow"]

# Pages share a few threads, which a slow query must not keep from others; a script or a download gets more.
SECONDS: Final = 2.0

_JSON: Final = RESULT_FORMATS[0].media_type
_N_TRIPLES: Final = GRAPH_FORMATS[1].media_type
# The same formats as the script of the page asks for, so that it gets what is kept by then.
_ACCEPT: Final = f"{_JSON}, {_N_TRIPLES}, {PROBLEM}"
# What to call a refusal; what was wrong and what to do about it is its detail.
_TITLES: Final = {
    400: "The query is not right",
    413: "The answer is too large",
    429: "You have asked too much for now",
    503: "The server gave the query up",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a query.

    Attributes:
        status: the HTTP status.
        excerpt: the start of the answer, where there is one.
        title: what to call a refusal.
        detail: what was wrong, and what to do about it.
        line: where the query is wrong, from 1, if the place is known; else 0.
        column: likewise, in characters.
        is_slow: whether it took longer than a page waits.
        retry_after: the seconds after which it is worth to ask again, where waiting helps.
    """

    status: int = 200
    excerpt: Excerpt | None = None
    title: str = ""
    detail: str = ""
    line: int = 0
    column: int = 0
    is_slow: bool = False
    retry_after: str = ""


def follow(answering: Answering, query_string: bytes, client: str) -> Outcome:
    """Return what becomes of the query of an address.

    Args:
        answering: answers queries.
        query_string: what follows the `?` of the address, still percent-encoded.
        client: the address of who asks.
    """
    reply = answering.answer(
        Request("GET", _in_time(query_string), accept=_ACCEPT, client=client),
    )
    if reply.status != HTTPStatus.OK:
        return _refusal(reply)
    read = read_graph if dict(reply.headers)["Content-Type"].startswith(_N_TRIPLES) else read_results
    with _opened(reply.body) as data:
        return Outcome(excerpt=read(data))


def _in_time(query_string: bytes) -> bytes:
    """Return the parameters with a timeout that a page can wait for, where they have none or a longer one."""
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return query_string  # It is refused as it is.
    wished = [value for name, value in pairs if name == "timeout"]
    if wished and not _is_long(wished[0]):
        return query_string
    return urlencode(
        [*(pair for pair in pairs if pair[0] != "timeout"), ("timeout", f"{SECONDS:g}")]
    ).encode()


def _is_long(timeout: str) -> bool:
    try:
        return float(timeout) > SECONDS
    except ValueError:
        return False  # It is refused as it is.


def _opened(body: Body) -> BinaryIO:
    return io.BytesIO(body) if isinstance(body, bytes) else open(body.path, "rb")  # noqa: PTH123 (no file system; with)


def _refusal(reply: Reply) -> Outcome:
    headers = dict(reply.headers)
    document = json.loads(reply.body if isinstance(reply.body, bytes) else b"".join(reply.body))
    return Outcome(
        status=reply.status,
        title=_TITLES.get(reply.status, document["title"]),
        detail=document["detail"],
        line=document.get("line", 0),
        column=document.get("column", 0),
        is_slow=reply.facts is not None and reply.facts.outcome == QueryTimeout.__name__,
        retry_after=headers.get("Retry-After", ""),
    )
