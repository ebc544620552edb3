"""Read a query from an HTTP request: GET, POST of a form, POST of the query itself.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import re
from binascii import a2b_qp
from email.message import Message
from typing import Final, NamedTuple

from forumkg.errors import BadRequest, UnsupportedMediaType
from forumkg.rdf.sparql_tokens import BOM

__all__ = [
    "FORM",
    "MAX_GRAPHS",
    "MAX_GRAPH_BYTES",
    "MAX_PARAMETERS",
    "SPARQL_QUERY",
    "QueryParameters",
    "asks_for_description",
    "read_query",
]

FORM: Final = "application/x-www-form-urlencoded"
SPARQL_QUERY: Final = "application/sparql-query"

# A request is read in the event loop, and what it names is kept with its answer.
MAX_PARAMETERS: Final = 250
MAX_GRAPHS: Final = 100
MAX_GRAPH_BYTES: Final = 2_048
_MAX_FORMAT_BYTES: Final = 1_024
_QUOTED: Final = 80

# https://www.rfc-editor.org/rfc/rfc3987#section-2.2, as far as needed to find mistakes.
_ABSOLUTE_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_NO_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_FORMATS_ALONE: Final = re.compile(rb"(?:&|(?:format|output)(?:=[^&]*+)?+(?:&|\Z))*+")
_SECONDS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class QueryParameters(NamedTuple):
    """The query of a client, the dataset where it names one, and the formats that it prefers.

    Attributes:
        query: the SPARQL query as it was sent, without a byte order mark.
        default_graphs: the IRIs that `default-graph-uri` names.
        named_graphs: the IRIs that `named-graph-uri` names.
        formats: the values of `format`, then of `output`.
        timeout: the seconds that the client allows; None if it names none.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    timeout: float | None = None


def read_query(
    method: str, content_type: str, query_string: bytes, body: bytes, timeout: str = ""
) -> QueryParameters:
    """Return the query of a request.

    Args:
        method: the HTTP method; all but POST are read as GET.
        content_type: the Content-Type header, empty where there is none.
        query_string: what follows the `?` of the address, still percent-encoded.
        body: the bytes of the body.
        timeout: the Timeout header, in seconds, which counts where there is no such parameter; empty where
            there is none.

    Raises:
        BadRequest: there is no query or more than one, a graph is not an absolute IRI, the timeout is not a
            number, bytes are not UTF-8, or there are too many parameters or graphs.
        UnsupportedMediaType: the body is neither a form nor a query.
    """
    parameters = _pairs(query_string, "The address")
    if method == "POST":
        parameters += _body_parameters(content_type, body)
    asked = _request(parameters)
    if not timeout or asked.timeout is not None:
        return asked
    return asked._replace(timeout=_seconds([timeout]))


def asks_for_description(method: str, query_string: bytes) -> bool:
    """Whether a request is for the service description: a GET without parameters but those of the format.

    https://www.w3.org/TR/sparql11-service-description/#accessing
    """
    return method in {"GET", "HEAD"} and _FORMATS_ALONE.fullmatch(query_string) is not None


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
    """Return names and values: https://url.spec.whatwg.org/#urlencoded-parsing, in UTF-8 only."""
    count = encoded.count(b"&") + 1
    if count > MAX_PARAMETERS:
        raise BadRequest(
            f"{place} has {count:,} parameters: send at most {MAX_PARAMETERS}, "
            f"or the query itself as the body of a POST with Content-Type: {SPARQL_QUERY}."
        )
    found = []
    for pair in encoded.replace(b"+", b" ").split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            if b"%" in name:
                name = _unquoted(name)
            if b"%" in value:
                value = _unquoted(value)
            found.append((_utf8(name, place), _utf8(value, place)))
    return found


def _unquoted(encoded: bytes) -> bytes:
    """Return bytes without percent-encoding; a percent sign without two digits behind it stays.

    With = in place of %, percent-encoding is quoted-printable, which is decoded thirty times as fast as by
    `urllib.parse.unquote_to_bytes`: a form of a megabyte may consist of nothing else.
    """
    escaped = _NO_ESCAPE.sub(b"%25", encoded).replace(b"=", b"%3D")
    return a2b_qp(escaped.replace(b"%", b"="))


def _utf8(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{place} is not UTF-8: encode it as UTF-8.") from error


def _request(parameters: list[tuple[str, str]]) -> QueryParameters:
    # The common case.
    if len(parameters) == 1 and parameters[0][0] == "query":
        return QueryParameters(_query([parameters[0][1]]))
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise BadRequest(
            "The parameter 'update' is for a SPARQL update, and this address answers queries: use 'query'."
        )
    return QueryParameters(
        query=_query(values.get("query", [])),
        default_graphs=_iris("default-graph-uri", values.get("default-graph-uri", [])),
        named_graphs=_iris("named-graph-uri", values.get("named-graph-uri", [])),
        formats=(*_formats("format", values), *_formats("output", values)),
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
    query = queries[0].removeprefix(BOM)
    if not query.strip():
        raise BadRequest("The query is empty: write one, as in SELECT * { ?s ?p ?o } LIMIT 10.")
    return query


def _iris(name: str, iris: list[str]) -> tuple[str, ...]:
    if len(iris) > MAX_GRAPHS:
        raise BadRequest(
            f"{len(iris)} times {name}: name at most {MAX_GRAPHS} graphs, "
            "or none, which asks all of them together."
        )
    for iri in iris:
        size = len(iri.encode())
        if size > MAX_GRAPH_BYTES:
            raise BadRequest(
                f"The {name} {iri[:_QUOTED]!r}… has {size:,} bytes: name a graph by an IRI of "
                f"at most {MAX_GRAPH_BYTES:,} bytes."
            )
        if not _ABSOLUTE_IRI.fullmatch(iri):
            raise BadRequest(
                f"The {name} {iri!r} is not an absolute IRI: write it in full, as in https://example.org/graph."
            )
    return tuple(iris)


def _formats(name: str, values: dict[str, list[str]]) -> list[str]:
    formats = values.get(name, [])
    for written in formats:
        if len(written.encode()) > _MAX_FORMAT_BYTES:
            raise BadRequest(
                f"The {name} {written[:_QUOTED]!r}… is longer than {_MAX_FORMAT_BYTES:,} bytes: "
                "write the name of one format, as in format=json."
            )
    return formats


def _seconds(values: list[str]) -> float | None:
    if not values:
        return None
    if len(values) > 1 or not _SECONDS.fullmatch(values[0]) or float(values[0]) <= 0:
        written = " and ".join(values)[:_QUOTED]
        raise BadRequest(f"The timeout is {written!r}: give one number of seconds, as in timeout=2.5.")
    return float(values[0])
