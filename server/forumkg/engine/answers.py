"""Read the answer of an engine to its end, and write it in the format of the client.

The formats that engines are asked for are closed by themselves: one that is cut, empty or followed by
something cannot be read, and is an error.
"""

import json
import re
import traceback
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO, Final, cast
from xml.parsers import expat

import pyoxigraph as ox

from forumkg.engine.connection import EngineBody, EngineConnection
from forumkg.engine.json_depth import DepthLimited
from forumkg.engine.queries import EngineQuery, read_for_engine
from forumkg.errors import EngineError, QueryError
from forumkg.formats import JSON, Format
from forumkg.rdf.xml_depth import limit_depth
from forumkg.sparql.result_writers import Output, write, write_triples

__all__ = ["answer_by_engine", "ask_engine", "write_answer"]

_READERS: Final = {"jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML}
# Where the head comes first, the parser reads to the last bracket; else it does not notice a missing one.
_HEAD_FIRST: Final = re.compile(rb'\s*\{\s*"head"')
_TRUE: Final = frozenset({"1", "true"})
_NO_TRUTH: Final = "The engine of this endpoint answered an ASK without a truth value."


def ask_engine(
    connection: EngineConnection,
    query: str,
    format_: Format = JSON,
    *,
    seconds: float,
    graphs: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> bytes:
    """Return the answer to a query as bytes; see `answer_by_engine`."""
    output = BytesIO()
    read = read_for_engine(query, *graphs)
    answer_by_engine(connection, read, format_, output, seconds=seconds)
    return output.getvalue()


def answer_by_engine(  # noqa: PLR0913 (what an answer needs)
    connection: EngineConnection,
    query: EngineQuery,
    format_: Format,
    output: Output,
    *,
    seconds: float,
    limit: float | None = None,
) -> None:
    """Have an engine answer a query, and write its whole answer.

    What was written before an error is worthless.

    Args:
        connection: to the engine.
        query: the query.
        format_: how to write the answer.
        output: where to.
        seconds: how long the answer may take.
        limit: the seconds after which the engine ends the query; by default some more than ours.

    Raises:
        QueryError: the engine refuses the query.
        NotAcceptable: the format cannot express the answer.
        LimitError: the answer did not come in time, or is not one; its subclasses say why.
    """
    body = connection.ask(query, seconds, limit)
    try:
        write_answer(query, body, connection, format_, output)
    except BaseException as error:
        connection.close()  # The rest of the answer may be under way.
        _release_frames(error)
        raise


def write_answer(
    query: EngineQuery, body: EngineBody, connection: EngineConnection, format_: Format, output: Output
) -> None:
    """Write the answer in the body of a response in another format; raise what `answer_by_engine` does."""
    if not body.peek().strip():
        raise EngineError("The engine of this endpoint sent an empty answer.")
    try:
        if query.is_graph:
            write_triples(_triples(body, connection), format_, output)
        elif query.form == "ASK":
            write(_truth(body.read(), connection.engine.profile.ask_column), format_, output)
        else:
            write(_rows(body, query.columns, connection.engine.profile.blank_prefix), format_, output)
    except (QueryError, SyntaxError, ValueError, RecursionError) as error:
        # Nothing is evaluated here: what cannot be read is the answer.
        raise EngineError(
            "The engine of this endpoint sent an answer that cannot be read to its end."
        ) from error
    body.finish()


def _release_frames(error: BaseException | None) -> None:
    """Clear the frames of an error: rows of pyoxigraph must be dropped by the thread that has read them."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _rows(body: EngineBody, columns: tuple[str, ...] | None, blank_prefix: str) -> ox.QuerySolutions:
    """Return the rows in a body, which are read while they are written."""
    limited = DepthLimited(body)
    labelled = _Labelled(limited, blank_prefix) if blank_prefix else limited
    source: IO[bytes] | bytes = cast("IO[bytes]", labelled)
    if not _HEAD_FIRST.match(body.peek()):
        source = labelled.read()
        json.loads(source)
    answer = ox.parse_query_results(source, format=ox.QueryResultsFormat.JSON)
    if not isinstance(answer, ox.QuerySolutions):
        raise EngineError("The engine of this endpoint answered a SELECT with a truth value.")
    found = tuple(variable.value for variable in answer.variables)
    if columns is not None and found != columns:
        raise EngineError(
            f"The engine of this endpoint answered with the columns {', '.join(found) or 'none'}, "
            f"and not with {', '.join(columns)}."
        )
    return answer


def _truth(data: bytes, column: str) -> ox.QueryBoolean:
    """Return the truth value in a document; an engine may answer a table with one column in its place."""
    match json.loads(data):
        case {"boolean": bool(value)}:
            pass
        case {"head": {"vars": [name]}, "results": {"bindings": [*rows]}} if column and name == column:
            value = any(_cell(row, column) in _TRUE for row in rows)
        case _:
            raise EngineError(_NO_TRUTH)
    answer = ox.parse_query_results(
        json.dumps({"head": {}, "boolean": value}), format=ox.QueryResultsFormat.JSON
    )
    return cast("ox.QueryBoolean", answer)


def _cell(row: object, column: str) -> str:
    match row.get(column) if isinstance(row, dict) else None:
        case {"value": value}:
            return str(value)
    raise EngineError(_NO_TRUTH)


def _triples(body: EngineBody, connection: EngineConnection) -> Iterator[ox.Triple]:
    reader = _READERS[connection.engine.profile.graphs.name]
    source = _WellFormed(body) if reader == ox.RdfFormat.RDF_XML else DepthLimited(body)
    for quad in ox.parse(cast("IO[bytes]", source), format=reader):
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            raise EngineError("The engine of this endpoint answered with named graphs, and not with triples.")
        yield quad.triple


class _Labelled:
    """A body in SPARQL JSON, with labels of blank nodes that a reader of SPARQL takes."""

    def __init__(self, body: DepthLimited, prefix: str) -> None:
        self._body = body
        self._rest = b""
        self._blank = re.compile(
            rb'(\{\s*"type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")' + re.escape(prefix.encode()) + rb"(\w+\")"
        )

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, more or fewer than `size`, or all; none only at the end."""
        if size < 0:
            return self._blank.sub(rb"\1\2", self._rest + self._body.read())
        while piece := self._body.read(size):
            text = self._rest + piece
            # A term is between braces, and the last one may not be whole.
            end = max(text.rfind(b"{"), 0)
            self._rest = text[end:]
            if end:
                return self._blank.sub(rb"\1\2", text[:end])
        rest, self._rest = self._rest, b""
        return self._blank.sub(rb"\1\2", rest)


class _WellFormed:
    """A body in XML, of which each element is closed at its end; the reader of RDF/XML does not notice."""

    def __init__(self, body: EngineBody) -> None:
        self._body = body
        self._parser = expat.ParserCreate()
        limit_depth(self._parser)

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes.

        Raises:
            ValueError: the body is not well-formed, has ended within an element, or is nested too deep.
        """
        piece = self._body.read(size)
        try:
            self._parser.Parse(piece, not piece)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from error
        return piece
