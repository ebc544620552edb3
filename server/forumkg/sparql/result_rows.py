"""Rows of results: readable, and counted."""

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from forumkg.formats import Format
from forumkg.namespaces import shorten
from forumkg.sparql.evaluation import Answer

__all__ = ["columns", "count_rows", "read_json", "readable_rows"]

# Quoted text is not structure.
_JSON_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_NOT_PLAIN: Final = (b"\\", b'"value":"}},{"', b'"type":"triple"', b"{}")
_CSV_STRING: Final = re.compile(rb'"[^"]*+"')

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None


def columns(answer: Answer) -> tuple[str, ...]:
    """Return the names of the columns: triples have three, the truth value of an ASK has one."""
    if isinstance(answer, ox.QuerySolutions):
        return tuple(variable.value for variable in answer.variables)
    return ("subject", "predicate", "object") if isinstance(answer, ox.QueryTriples) else ("answer",)


def count_rows(data: bytes, format_: Format) -> int | None:
    """Count the rows or truth values of results that Oxigraph wrote; return None for triples."""
    if data in (b"true", b"false"):
        return 1
    match format_.name:
        case "json":
            return _count_json_rows(data)
        case "xml":
            return data.count(b"<result>") + data.count(b"<boolean>")
        case "csv":
            return _CSV_STRING.sub(b"", data).count(b"\n") - 1
        case "tsv":
            return data.count(b"\n") - 1
        case _:
            return None


def _count_json_rows(data: bytes) -> int:
    # Cutting the strings out takes as long as many a query. Without a backslash no string has a quote in it,
    # so that each `"}},{"` ends a row and begins the next one, but where it is a string itself; and only
    # rows without a value, and those that end with a triple, end in another way.
    is_plain = not any(part in data for part in _NOT_PLAIN)
    structure = data if is_plain else _JSON_STRING.sub(b"", data)
    if structure.endswith(b"[]}}"):
        return 0
    # In a row a name follows the comma.
    return structure.count(b'"}},{"' if is_plain else b"},{") + 1


def read_json(data: bytes) -> Answer:
    """Return the answer that is written in SPARQL Query Results JSON."""
    return ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)


def readable_rows(answer: Answer) -> Iterator[tuple[str, ...]]:
    """Yield the rows with shortened IRIs."""
    for row in _rows(answer):
        yield tuple(shorten(term.value) if isinstance(term, ox.NamedNode) else _plain(term) for term in row)


def _rows(answer: Answer) -> Iterator[tuple[_Term, ...]]:
    if isinstance(answer, ox.QueryBoolean):
        yield (ox.Literal(bool(answer)),)
    elif isinstance(answer, ox.QueryTriples):
        yield from ((triple.subject, triple.predicate, triple.object) for triple in answer)
    else:
        names = columns(answer)
        yield from (tuple(row[name] for name in names) for row in answer)


def _plain(term: _Term) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
