"""Read a query before it is sent to an engine: what is wrong with it, what it answers, which graphs it sees.

Engines differ in how they read a text. One that our parser and the grammar read alike, and that has no escape
of a code point, is read in one way by all.
https://www.w3.org/TR/sparql11-query/#codepointEscape
"""

import re
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from forumkg.errors import QueryError
from forumkg.rdf.sparql_tokens import BOM, Form, dataset_clauses, form_token, query_form
from forumkg.sparql.evaluation import with_columns
from forumkg.sparql.query_text import QueryText, needs_reading
from forumkg.sparql.syntax_errors import explain

__all__ = ["EngineQuery", "read_for_engine"]

_ESCAPE: Final = re.compile(r"\\+u[0-9A-Fa-f]{4}|\\+U[0-9A-Fa-f]{8}")
# What may end a string, an IRI or a line, or begin an escape.
_STRUCTURE: Final = frozenset("\"'\\<>{}\r\n#")


class EngineQuery(NamedTuple):
    """A query that may be sent.

    Attributes:
        text: the query, with the columns of `SELECT *` by their names.
        form: its form.
        columns: the columns of its answer; None where only the engine knows them.
        default_graphs: graphs whose merge is the default graph, instead of those that the query names.
        named_graphs: graphs that GRAPH reaches, instead of those that the query names.
        has_dataset: whether request or query name the graphs to look in.
        has_graph: whether the query may have GRAPH.
    """

    text: str
    form: Form
    columns: tuple[str, ...] | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    has_dataset: bool = False
    has_graph: bool = False

    @property
    def is_graph(self) -> bool:
        """Whether its answer is triples."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


def read_for_engine(
    query: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
) -> EngineQuery:
    """Return a query as it is sent to an engine.

    Raises:
        QueryError: the query cannot be parsed, is an update, calls another server, or could be read otherwise
            by the engine.
    """
    query = _without_escapes(query.removeprefix(BOM))
    form = form_token(query)
    if needs_reading(query):
        # Refuses SERVICE, which the parser below must not see.
        QueryText(query)
    text, columns = _parsed(query, form.start)
    for graph in (*default_graphs, *named_graphs):
        _require_iri(graph)
    clauses = dataset_clauses(query)
    return EngineQuery(
        text,
        query_form(query),
        columns,
        tuple(dict.fromkeys(default_graphs)),
        tuple(dict.fromkeys(named_graphs)),
        has_dataset=bool(default_graphs or named_graphs or clauses[0] or clauses[1]),
        has_graph="GRAPH" in query.upper(),
    )


def _parsed(query: str, start: int) -> tuple[str, tuple[str, ...] | None]:
    """Return the text to send, and the columns of its answer if they are known."""
    try:
        # On no data: only the syntax and the columns are of interest.
        answer = ox.Store().query(query)
    except SyntaxError as error:
        raise explain(query, str(error.msg)) from error
    except RuntimeError:
        return query, None  # The text was parsed; it calls a function that only the engine may have.
    if not isinstance(answer, ox.QuerySolutions):
        return query, None
    return with_columns(query, start, tuple(name.value for name in answer.variables))


def _without_escapes(query: str) -> str:
    r"""Return a query with the characters themselves in place of `\uXXXX`.

    Some engines read an escape as the character wherever it stands: one of a quotation mark ends a string.

    Raises:
        QueryError: an escape stands for a character that may end its string or IRI, or some engines do not
            read it as an escape.
    """

    def character(found: re.Match[str]) -> str:
        escape = found[0]
        digits = escape.lstrip("\\")[1:]
        number = int(digits, 16)
        written = chr(number) if number <= sys.maxunicode else ""
        if escape.startswith("\\\\") or not written or written in _STRUCTURE or not written.isprintable():
            line = query.count("\n", 0, found.start()) + 1
            column = found.start() - query.rfind("\n", 0, found.start())
            raise QueryError(
                f"{escape} is not read alike by all engines: write the character itself, or \\n, \\t, \\r, "
                "\\\", \\' or \\\\ where it needs an escape.",
                line=line,
                column=column,
            )
        return written

    return _ESCAPE.sub(character, query) if "\\" in query else query


def _require_iri(graph: str) -> None:
    try:
        ox.NamedNode(graph)
    except ValueError as error:
        raise QueryError(f"A graph is named by an absolute IRI: {error}.") from error
