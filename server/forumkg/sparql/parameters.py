"""Read a query from an HTTP request: GET, POST of a form, POST of the query itself.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import re
from email.message import Message
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from forumkg.errors import BadRequest, UnsupportedMediaType

__all__ = ["FORM", "SPARQL_QUERY", "QueryRequest", "asks_for_description", "read_query"]

FORM: Final = "application/x-www-form-urlencoded"
SPARQL_QUERY: Final = "application/sparql-query"

# https://www.rfc-editor.org/rfc/rfc3987#section-2.2, as far as a client's slip is told from an IRI.
_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_SECONDS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class QueryRequest(NamedTuple):
    """What a client asks: the query, the dataset where it names one, and the formats that it would like best.

    Attributes:
        query: the SPARQL query as it was sent.
        default_graphs: the IRIs that `default-graph-uri` names.
        named_graphs: the IRIs that `named-graph-uri` names.
        formats: the values of `format`, then of `output`.
        timeout: the seconds that the client gives the query, if it does.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    timeout: float | None = None


def read_query(method: str, content_type: str, query_string: bytes, body: bytes) -> QueryRequest:
    """Return the query that a request asks.

    Args:
        method: the HTTP method; all but POST are read as GET.
        content_type: the Content-Type header, empty where there is none.
        query_string: what follows the `?` of the address, still percent-encoded.
        body: the bytes of the body.

    Raises:
        BadRequest: there is no query or more than one, a graph is no absolute IRI, the timeout is no number,
            or bytes are no UTF-8.
        UnsupportedMediaType: the body is neither a form nor a query.
    """
    parameters = _pairs(query_string, "The address")
    if method == "POST":
        parameters += _body_parameters(content_type, body)
    return _request(parameters)


def asks_for_description(method: str, query_string: bytes) -> bool:
    """Whether a request asks what the service is: a GET that asks nothing else, but may wish for a format.

    https://www.w3.org/TR/sparql11-service-description/#accessing
    """
    names = {pair.partition(b"=")[0] for pair in query_string.split(b"&") if pair}
    return method in {"GET", "HEAD"} and names <= {b"format", b"output"}


def _body_parameters(content_type: str, body: bytes) -> list[tuple[str, str]]:
    header = Message()
    header["Content-Type"] = content_type
    # Without a header, the library would answer text/plain.
    media_type = header.get_content_type() if content_type else ""
    charset = header.get_content_charset("utf-8")
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMediaType(f"Cannot read the charset {charset!r}: send UTF-8.")
    if media_type == FORM:
        return _pairs(body, "The form")
    if media_type == SPARQL_QUERY:
        return [("query", _utf8(body, "The query"))]
    sent = repr(media_type) if media_type else "a body without Content-Type"
    raise UnsupportedMediaType(f"Cannot read {sent}. Send one of: {SPARQL_QUERY}, {FORM}.")


def _pairs(encoded: bytes, place: str) -> list[tuple[str, str]]:
    """https://url.spec.whatwg.org/#urlencoded-parsing, but for what is no UTF-8."""
    found = []
    for pair in encoded.replace(b"+", b" ").split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            found.append((_utf8(unquote_to_bytes(name), place), _utf8(unquote_to_bytes(value), place)))
    return found


def _utf8(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(place) from error


def _not_utf8(place: str) -> BadRequest:
    return BadRequest(f"{place} is not UTF-8: encode it as UTF-8.")


def _request(parameters: list[tuple[str, str]]) -> QueryRequest:
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise BadRequest(
            "The parameter 'update' is for a SPARQL update, and this address answers queries: use 'query'."
        )
    return QueryRequest(
        query=_query(values.get("query", [])),
        default_graphs=_iris("default-graph-uri", values.get("default-graph-uri", [])),
        named_graphs=_iris("named-graph-uri", values.get("named-graph-uri", [])),
        formats=(*values.get("format", []), *values.get("output", [])),
        timeout=_seconds(values.get("timeout", [])),
    )


def _query(queries: list[str]) -> str:
    if not queries:
        raise BadRequest(
            "No query: give one in the parameter 'query', as in ?query=SELECT+*+{+?s+?p+?o+}+LIMIT+10."
        )
    if len(queries) > 1:
        raise BadRequest(
            f"{len(queries)} queries in one request: send one, either in the address or in the body."
        )
    if not queries[0].strip():
        raise BadRequest("The query is empty: write one, as in SELECT * { ?s ?p ?o } LIMIT 10.")
    return queries[0]


def _iris(name: str, iris: list[str]) -> tuple[str, ...]:
    for iri in iris:
        if not _ABSOLUTE_IRI.fullmatch(iri):
            raise BadRequest(
                f"The {name} {iri!r} is no absolute IRI: write it in full, as in https://example.org/graph."
            )
    return tuple(iris)


def _seconds(values: list[str]) -> float | None:
    if not values:
        return None
    if len(values) > 1 or not _SECONDS.fullmatch(values[0]) or float(values[0]) <= 0:
        raise BadRequest(
            f"The timeout is {' and '.join(values)!r}: give one number of seconds, as in timeout=2.5."
        )
    return float(values[0])
