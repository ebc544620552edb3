"""The failures of an engine, provoked: each has to be an error in every format, and never an answer."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from forumkg.engine.answers import answer_by_engine
from forumkg.engine.connection import Engine, EngineConnection
from forumkg.engine.cutting_proxy import CuttingProxy
from forumkg.engine.queries import read_for_engine
from forumkg.errors import ForumKgError, LimitError, QueryError
from forumkg.formats import GRAPH_FORMATS, JSON, RESULT_FORMATS, Format

__all__ = ["Case", "failure_cases", "limit_cases"]

# Returns an empty text, or what was wrong.
Case = tuple[str, Callable[[], str]]

_CONNECT: Final = 10.0
_PATIENCE: Final = 120.0
# Our own time for a query that takes longer, and the engine's where it has to end a query itself.
_SHORT: Final = 1.0
# After so many seconds a query has outlived a limit of `_SHORT`.
_OUTLIVED: Final = 30.0
# Things of each side of a join without a condition. An engine without a timeout in its requests goes on
# with a query that is over for us, so it is given fewer.
_MANY: Final = 10_000
_FEW: Final = 3_000
# Three sides of 10,000 things end in no engine before its own limit.
_TWO_SIDES: Final = "ab"
_THREE_SIDES: Final = "abc"
_SIDE: Final = "{ SELECT ?%s { ?%s ?property ?value } LIMIT %d }"
_LATE: Final = "SELECT (COUNT(*) AS ?rows) { %s FILTER (?a != ?b) }"
_ROWS: Final = "SELECT ?a ?b { %s FILTER (?a != ?b) }"
_TRIPLES: Final = "CONSTRUCT { ?a <urn:x-forumkg:with> ?b } WHERE { %s }"
# The end of a body in chunks, and the last bytes of what is in it: https://www.rfc-editor.org/rfc/rfc9112#section-7.1
_END: Final = 16
_SHORT_ROWS: Final = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 3000"
_SHORT_TRIPLES: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3000"
_REFUSED: Final = {
    "a syntax error": "SELECT * { ?s ?p }",
    "an update": "DELETE WHERE { ?s ?p ?o }",
    "a SERVICE": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
}


def failure_cases(engine: Engine) -> Iterator[Case]:
    """Yield the failures to provoke; each opens connections of its own."""
    for name, query in _REFUSED.items():
        yield f"{name} is refused", partial(_refused, query)
    # An engine goes on with a query without a timeout of its own.
    for when, query, format_ in _timed(_MANY if engine.profile.timeout else _FEW, _TWO_SIDES):
        name = f"our time is over {when}, {format_.label}"
        yield name, partial(_outcome, engine, query, format_, _SHORT)
    for query, formats in ((_SHORT_ROWS, RESULT_FORMATS), (_SHORT_TRIPLES, GRAPH_FORMATS)):
        for format_ in formats:
            name = f"the connection ends in mid-answer, {format_.label}"
            yield name, partial(_cut, engine, query, format_)


def limit_cases(engine: Engine, seconds: float | None = None) -> Iterator[Case]:
    """Yield queries that the engine has to end at its own limit, which is an error, too.

    The limit is a parameter of the request, or that of the engine's start: then each case takes as long, so
    there is one for each format that an engine is asked for.

    Args:
        engine: the engine.
        seconds: after how many a query has outlived the limit; by default 30 for a limit of 1 second in the
            request, and 120 for that of the engine's start.
    """
    if engine.profile.timeout is not None:
        for when, query, format_ in _timed(_MANY, _TWO_SIDES):
            run = partial(_ended, engine, query, format_, seconds or _OUTLIVED, limit=_SHORT)
            yield f"{when}, {format_.label}", run
        return
    for when, query, format_ in _timed(_MANY, _THREE_SIDES):
        if format_ in {JSON, engine.profile.graphs}:
            yield f"{when}, {format_.label}", partial(_ended, engine, query, format_, seconds or _PATIENCE)


def _timed(size: int, names: str) -> Iterator[tuple[str, str, Format]]:
    """Yield when the time of a query is over, the query, and the format that is asked for."""
    sides = " ".join(_SIDE % (name, name, size) for name in names)
    yield "before the first byte", _LATE % sides, JSON
    yield from (("in mid-answer", _ROWS % sides, format_) for format_ in RESULT_FORMATS)
    yield from (("in mid-answer", _TRIPLES % sides, format_) for format_ in GRAPH_FORMATS)


class _Nothing:
    """An output that keeps nothing."""

    def write(self, data: bytes, /) -> int:
        return len(data)

    def flush(self) -> None:
        """Do nothing."""


def _refused(query: str) -> str:
    try:
        read_for_engine(query)
    except QueryError:
        return ""
    return "it would have been sent"


def _cut(engine: Engine, query: str, format_: Format) -> str:
    """Cut an answer in its middle, and again just before its end."""
    with CuttingProxy(engine.url) as whole:
        error = _outcome(replace(engine, url=whole.url), query, format_, _PATIENCE)
    if error != _ANSWERED:
        return f"the whole answer was expected, not: {error or 'an error'}"
    for most in (whole.passed // 2, whole.passed - _END):
        with CuttingProxy(engine.url, most) as proxy:
            if error := _outcome(replace(engine, url=proxy.url), query, format_, _PATIENCE):
                return f"{error}, cut after {most:,} of {whole.passed:,} bytes"
    return ""


def _ended(engine: Engine, query: str, format_: Format, seconds: float, *, limit: float | None = None) -> str:
    """Return an empty text where the engine ends a query with an error, after its limit and before ours."""
    begun = time.monotonic()
    error = _outcome(engine, query, format_, seconds, limit=limit)
    lasted = time.monotonic() - begun
    if not error and lasted >= seconds:
        return f"it went on for {seconds:g} s"
    if not error and lasted < (limit or 0):
        return f"it failed before its limit of {limit:g} s"
    return error


_ANSWERED: Final = "it was an answer"


def _outcome(
    engine: Engine, query: str, format_: Format, seconds: float, *, limit: float | None = None
) -> str:
    """Return an empty text where a query ends with the error of a limit or of the engine."""
    read = read_for_engine(query)
    try:
        with EngineConnection(engine, _CONNECT) as connection:
            answer_by_engine(connection, read, format_, _Nothing(), seconds=seconds, limit=limit)
    except LimitError:
        return ""
    except ForumKgError as error:
        return f"{type(error).__name__}: {error}"
    return _ANSWERED
