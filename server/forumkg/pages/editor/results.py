"""Results of the query in the address of the editor, for a page without scripts.

The page shows the first rows; downloads have all:
https://www.w3.org/TR/sparql11-protocol/#query-operation and https://www.w3.org/TR/sparql11-results-json/
"""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import BinaryIO, Final
from urllib.parse import parse_qsl, urlencode

import pyoxigraph as ox

from forumkg.errors import QueryTimeout
from forumkg.formats import JSON, N_TRIPLES
from forumkg.pages.graph import Term
from forumkg.pages.languages import gettext as _
from forumkg.pages.shown_terms import ShownTerm, shown_term
from forumkg.sparql.problem import PROBLEM
from forumkg.web.http.responses import Body, Reply
from forumkg.web.query_operation import SparqlRequest
from forumkg.web.query_service import QueryService

__all__ = ["MOST_ROWS", "SECONDS", "Excerpt", "Outcome", "follow", "read_graph", "read_results"]

MOST_ROWS: Final = 100
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The start of an answer.

    Attributes:
        columns: the names of the variables.
        rows: the first of the rows.
        is_whole: whether there are no more rows.
        truth: the answer to an ASK, which has neither columns nor rows.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[ShownTerm, ...], ...] = ()
    is_whole: bool = True
    truth: bool | None = None

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column whether it holds numbers and nothing else."""
        bound = [[cell for cell in column if cell != ShownTerm()] for column in zip(*self.rows, strict=True)]
        return tuple(bool(column) and all(cell.is_number for cell in column) for column in bound)


def read_results(data: BinaryIO, most: int = MOST_ROWS) -> Excerpt:
    """Return the start of results in JSON."""
    results = ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QueryBoolean):
        return Excerpt(truth=bool(results))
    if not isinstance(results, ox.QuerySolutions):
        raise TypeError(f"Not the results of a query: {results!r}.")
    columns = tuple(variable.value for variable in results.variables)
    return _excerpt(columns, (tuple(solution) for solution in results), most)


def read_graph(data: BinaryIO, most: int = MOST_ROWS) -> Excerpt:
    """Return the start of a graph in N-Triples."""
    quads = ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
    columns = ("subject", "predicate", "object")
    return _excerpt(columns, ((quad.subject, quad.predicate, quad.object) for quad in quads), most)


def _excerpt(columns: tuple[str, ...], found: Iterable[Sequence[Term | None]], most: int) -> Excerpt:
    rows = tuple(tuple(shown_term(term, longest=_LONGEST) for term in row) for row in islice(found, most + 1))
    return Excerpt(columns, rows[:most], is_whole=len(rows) <= most)


# Pages share a few threads, which slow queries must not occupy; a script or a download has the full time.
SECONDS: Final = 2.0

_JSON: Final = JSON.media_type
_N_TRIPLES: Final = N_TRIPLES.media_type
# The formats that the script of the page requests too, so that it finds the answer in the cache.
_ACCEPT: Final = f"{_JSON}, {_N_TRIPLES}, {PROBLEM}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a query.

    Attributes:
        status: the HTTP status.
        excerpt: the start of the answer, if there is one.
        title: the title of a refusal.
        detail: what was wrong, and what to do about it.
        line: the 1-based line of a syntax error, if it is known; else 0.
        column: its 1-based column, in characters.
        is_slow: whether it took longer than a page waits.
        retry_after: the seconds to wait before another attempt, where waiting helps.
    """

    status: int = 200
    excerpt: Excerpt | None = None
    title: str = ""
    detail: str = ""
    line: int = 0
    column: int = 0
    is_slow: bool = False
    retry_after: str = ""


def follow(service: QueryService, query_string: bytes, client: str) -> Outcome:
    """Return the outcome of the query of an address.

    Args:
        service: answers queries.
        query_string: what follows the `?` of the address, still percent-encoded.
        client: the name of the client: see `client_key`.
    """
    reply = service.wait_for_answer(
        SparqlRequest("GET", _in_time(query_string), accept=_ACCEPT, client=client),
    )
    if reply.status != HTTPStatus.OK:
        return _refusal(reply)
    read = read_graph if dict(reply.headers)["Content-Type"].startswith(_N_TRIPLES) else read_results
    with _opened(reply.body) as data:
        return Outcome(excerpt=read(data))


def _in_time(query_string: bytes) -> bytes:
    """Return the parameters with a timeout that a page can wait for, unless they have a shorter one."""
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return query_string  # refused as it is
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
        return False  # refused as it is


def _opened(body: Body) -> BinaryIO:
    return io.BytesIO(body) if isinstance(body, bytes) else open(body.path, "rb")  # noqa: PTH123 (no file system; with)


def _refusal(reply: Reply) -> Outcome:
    headers = dict(reply.headers)
    document = json.loads(reply.body if isinstance(reply.body, bytes) else b"".join(reply.body))
    return Outcome(
        status=reply.status,
        title=_title(reply.status, is_temporary="Retry-After" in headers, is_placed="line" in document),
        detail=document["detail"],
        line=document.get("line", 0),
        column=document.get("column", 0),
        is_slow=reply.logged is not None and reply.logged.outcome == QueryTimeout.__name__,
        retry_after=headers.get("Retry-After", ""),
    )


def _title(status: int, *, is_temporary: bool, is_placed: bool) -> str:
    """Return the title of a refusal: whether the server says when to try again, and where an error is."""
    match status:
        case HTTPStatus.BAD_REQUEST:
            return _("Syntax error") if is_placed else _("Invalid query")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _("Answer too large")
        case HTTPStatus.TOO_MANY_REQUESTS:
            return _("Too many queries")
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return _("Server busy") if is_temporary else _("Query stopped")
        case _:
            return _("Error %(status)s") % {"status": status}
