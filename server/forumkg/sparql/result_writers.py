"""Write results of queries piece by piece, so that no long result is in memory as a whole; count their rows.

https://www.w3.org/TR/sparql11-results-json/, https://www.w3.org/TR/rdf-sparql-XMLres/,
https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from itertools import chain, islice
from typing import IO, Final, Protocol, cast

import pyoxigraph as ox

from forumkg.errors import NotAcceptable
from forumkg.formats import Format
from forumkg.namespaces import PREFIXES, shorten
from forumkg.rdf.turtle.full_names import FullNames
from forumkg.sparql.syntax_errors import evaluation_errors

__all__ = [
    "SORTED_TRIPLES",
    "Answer",
    "Output",
    "columns",
    "count_rows",
    "read_json",
    "readable_rows",
    "serialize",
    "serialize_rows",
    "serialize_triples",
    "write",
    "write_triples",
]

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

# Up to so many triples are sorted before they are written.
SORTED_TRIPLES: Final = 50_000

# So many triples of a longer answer show which prefixes would need escapes.
_SAMPLE: Final = 5_000

_RESULT_WRITERS: Final = {
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
_GRAPH_WRITERS: Final = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "turtle": ox.RdfFormat.TURTLE,
}
_STRING: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
_XML: Final = frozenset({"xml", "rdfxml"})

# What XML cannot hold, in UTF-8: https://www.w3.org/TR/xml/#charsets
_NO_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# A property must end in a name to become an element: https://www.w3.org/TR/rdf-syntax-grammar/#section-Namespace
_ELEMENT_NAME: Final = re.compile(r"[^\W\d][\w.-]*$")
# An IRI in one of our namespaces with a local name that Turtle writes with an escape.
_ODD_NAME: Final = re.compile(
    rf"({'|'.join(map(re.escape, PREFIXES.values()))})(?![\w:](?:[\w.:-]*[\w:-])?\Z)(?=.)"
)
# The writer of Turtle declares prefixes in no particular order.
_PREFIXES: Final = re.compile(rb"\A(?:@prefix [^\n]*\n)+")

# Quoted text, which is not structure.
_JSON_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_NOT_PLAIN: Final = (b"\\", b'"value":"}},{"', b'"type":"triple"', b"{}")
_CSV_STRING: Final = re.compile(rb'"[^"]*+"')

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None


class Output(Protocol):
    """A file or a file-like object to write results to."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""

    def flush(self) -> None:
        """Flush what is buffered."""


def serialize(answer: Answer, format_: Format) -> bytes:
    """Return an answer as bytes; see `write`."""
    output = BytesIO()
    write(answer, format_, output)
    return output.getvalue()


def write(answer: Answer, format_: Format, output: Output) -> None:
    """Write an answer; triples in Turtle with our prefixes, and in a stable order unless they are many.

    Raises:
        NotAcceptable: the format cannot express the answer.
        QueryError: the evaluation fails on the way.
    """
    if isinstance(answer, ox.QueryTriples):
        write_triples(answer, format_, output)
    else:
        _write_rows(answer, format_, output)


def serialize_triples(
    triples: Iterable[ox.Triple], format_: Format, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    """Return triples as bytes, each once and in a stable order, in Turtle with those prefixes that are used.

    Raises:
        NotAcceptable: the format cannot express the triples.
    """
    # DESCRIBE gives a triple once for each graph that has it.
    triples = list(_writable(sorted(set(triples), key=str), format_))
    used = _used_prefixes(triples, prefixes)
    data = ox.serialize(triples, format=_GRAPH_WRITERS[format_.name], prefixes=used) or b""
    if format_.name == "turtle":
        data = _PREFIXES.sub(lambda head: b"".join(sorted(head[0].splitlines(keepends=True))), data, count=1)
    output = BytesIO()
    with _repaired(output, format_, used) as target:
        target.write(data)
    return output.getvalue()


def serialize_rows(answer: ox.QuerySolutions, format_: Format) -> bytes:
    """Return rows whose evaluation cannot fail as the bytes that `write` would write.

    Raises:
        NotAcceptable: the format cannot express the answer.
    """
    writer = _RESULT_WRITERS[format_.name]
    if format_.name not in _XML:
        return answer.serialize(format=writer) or b""
    output = BytesIO()
    with _repaired(output, format_) as target:
        answer.serialize(target, writer)
    return output.getvalue()


def _write_rows(answer: ox.QuerySolutions | ox.QueryBoolean, format_: Format, output: Output) -> None:
    writer = _RESULT_WRITERS[format_.name]
    with _repaired(output, format_) as target, evaluation_errors():
        answer.serialize(target, writer)


def write_triples(answer: Iterable[ox.Triple], format_: Format, output: Output) -> None:
    """Write triples, of an answer or others; those of an answer are evaluated meanwhile. See `write`."""
    rest = iter(answer)
    with evaluation_errors():
        first = list(islice(rest, SORTED_TRIPLES + 1))
    if len(first) <= SORTED_TRIPLES:
        output.write(serialize_triples(first, format_))
        return
    triples = _writable(chain(first, rest), format_)
    # Expanding a name afterwards is slower than serializing it without its prefix.
    prefixes = _without_escapes(first[:_SAMPLE])
    with _repaired(output, format_, prefixes) as target, evaluation_errors():
        ox.serialize(triples, target, format=_GRAPH_WRITERS[format_.name], prefixes=prefixes)


@contextmanager
def _repaired(output: Output, format_: Format, prefixes: Mapping[str, str] = PREFIXES) -> Iterator[IO[bytes]]:
    """Yield a writer whose output every reader of the format reads unchanged.

    XML is well-formed, and Turtle has no prefixed name with an escape.
    """
    repair: _XmlRepair | FullNames | None = None
    if format_.name in _XML:
        repair = _XmlRepair(output, format_)
    elif format_.name == "turtle":
        repair = FullNames(output, prefixes)
    # Oxigraph declares a file, and calls only the methods of an Output.
    yield cast("IO[bytes]", repair or output)
    if repair:
        repair.finish()


class _XmlRepair:
    """Refuse characters that XML cannot hold, and escape those that its readers would change."""

    def __init__(self, output: Output, format_: Format) -> None:
        self._output = output
        self._format = format_
        self._rest = b""

    def write(self, data: bytes, /) -> int:
        text = self._rest + data
        # What XML cannot hold has up to three bytes, and the end of the piece may part them.
        parted = text.rfind(b"\xef", -2)
        end = len(text) if parted < 0 else parted
        self._rest = text[end:]
        self._pass_on(text[:end])
        return len(data)

    def flush(self) -> None:
        """Do nothing: a piece may end within a character until `finish`."""

    def finish(self) -> None:
        self._pass_on(self._rest)

    def _pass_on(self, text: bytes) -> None:
        if _NO_XML.search(text):
            raise NotAcceptable(
                f"{self._format.label} cannot hold a control character of the answer: ask for another format."
            )
        # A parser of XML reads a bare carriage return as a line feed: https://www.w3.org/TR/xml/#sec-line-ends
        self._output.write(text.replace(b"\r", b"&#13;"))


def _writable(triples: Iterable[ox.Triple], format_: Format) -> Iterator[ox.Triple]:
    """Yield the triples; refuse triple terms in JSON-LD, in RDF/XML properties that cannot name an element.

    Raises:
        NotAcceptable: a triple cannot be written in the format.
    """
    for triple in triples:
        if format_.name == "jsonld" and isinstance(triple.object, ox.Triple):
            raise NotAcceptable(f"JSON-LD cannot write the triple term {triple.object}: ask for text/turtle.")
        if format_.name == "rdfxml":
            _refuse_odd_properties(triple)
        yield triple


def _refuse_odd_properties(triple: ox.Triple) -> None:
    for property_ in (inner.predicate for inner in _with_terms(triple)):
        if not _ELEMENT_NAME.search(property_.value):
            raise NotAcceptable(f"RDF/XML cannot write the property {property_}: ask for text/turtle.")


def _with_terms(triple: ox.Triple) -> Iterator[ox.Triple]:
    """Yield a triple, then the triple that is its object, and so on."""
    yield triple
    while isinstance(triple.object, ox.Triple):
        triple = triple.object
        yield triple


def _used_prefixes(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    used = {iri for triple in triples for inner in _with_terms(triple) for iri in _iris(inner)}
    return {
        prefix: base
        for prefix, base in prefixes.items()
        if any(iri.startswith(base) and iri != base for iri in used)
    }


def _without_escapes(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Return our prefixes less those of names among the triples that would need an escape."""
    used = {iri for triple in triples for inner in _with_terms(triple) for iri in _iris(inner)}
    odd = {match[1] for iri in used if (match := _ODD_NAME.match(iri))}
    return {prefix: base for prefix, base in PREFIXES.items() if base not in odd}


def _iris(triple: ox.Triple) -> Iterator[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal) and term.datatype != _STRING:
            yield term.datatype.value


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
    # Removing the strings takes as long as evaluating many a query. Without a backslash no string has a quote
    # in it, so each `"}},{"` ends a row and begins the next one, unless it is a string itself; only rows
    # without a value, and those that end with a triple, end differently.
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
