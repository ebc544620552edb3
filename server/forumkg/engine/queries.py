"""Evaluate SPARQL queries on a store and write the answers.

https://www.w3.org/TR/sparql11-query/
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import pyoxigraph as ox

from forumkg.engine.syntax_errors import explain
from forumkg.errors import NotAcceptable, QueryError
from forumkg.formats import Format
from forumkg.namespaces import PREFIXES
from forumkg.sparql_tokens import dataset_clauses, form_token, refuse_service

__all__ = ["Answer", "Store", "evaluate", "number", "serialize", "serialize_triples"]

Store = ox.Store
Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

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
# The writer of Turtle declares prefixes in an order that nobody would look for.
_PREFIXES: Final = re.compile(rb"\A(?:@prefix [^\n]*\n)+")


def evaluate(
    store: ox.Store, query: str, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()
) -> Answer:
    """Return the answer to a query, not yet read to the end.

    Args:
        store: where to look.
        query: SPARQL of one of the four query forms.
        default_graphs: graphs whose merge is the default graph, in the place of what the query says.
        named_graphs: graphs that GRAPH reaches, in the place of what the query says.

    Raises:
        QueryError: the query cannot be parsed or evaluated, is an update, or calls another server.
    """
    start = form_token(query).start
    refuse_service(query)
    try:
        default, named = tuple(map(ox.NamedNode, default_graphs)), tuple(map(ox.NamedNode, named_graphs))
    except ValueError as error:
        raise QueryError(f"A graph is named by an absolute IRI: {error}.") from error
    if not default and not named:
        default, named = _clauses(query, start)
    with _evaluation_errors(query):
        if not default and not named:
            return store.query(query)
        # Oxigraph counts the triples of a graph as often as the graph is named.
        default, named = tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named))
        if len(default) > 1:
            return _merge(store, default, named).query(
                query, default_graph=ox.DefaultGraph(), named_graphs=[*named]
            )
        return store.query(query, default_graph=[*default], named_graphs=[*named])


def number(store: ox.Store, query: str) -> int:
    """Return the one whole number that a query of ours counts.

    Raises:
        QueryError: the query does not answer one row with one whole number.
    """
    answer = evaluate(store, query)
    rows = [*answer] if isinstance(answer, ox.QuerySolutions) else []
    if len(rows) == 1 and isinstance(rows[0][0], ox.Literal):
        return int(rows[0][0].value)
    raise QueryError(f"The query counts nothing: {query}")


def serialize(answer: Answer, format_: Format) -> bytes:
    """Return an answer as bytes; triples in a stable order, in Turtle with the prefixes of the project.

    Raises:
        NotAcceptable: the format cannot express the answer.
        QueryError: the evaluation fails on the way.
    """
    if isinstance(answer, ox.QueryTriples):
        with _evaluation_errors():
            triples = list(answer)
        return serialize_triples(triples, format_)
    with _evaluation_errors():
        data = answer.serialize(format=_RESULT_WRITERS[format_.name]) or b""
    return _repair_xml(data, format_)


def serialize_triples(
    triples: Iterable[ox.Triple], format_: Format, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    """Return triples as bytes, each once and in a stable order, in Turtle with those prefixes that are used.

    Raises:
        NotAcceptable: the format cannot express the triples.
    """
    # DESCRIBE gives a triple once for each graph that has it.
    triples = sorted(set(triples), key=str)
    _refuse_what_cannot_be_written(triples, format_)
    used = _used_prefixes(triples, prefixes)
    data = ox.serialize(triples, format=_GRAPH_WRITERS[format_.name], prefixes=used) or b""
    data = _PREFIXES.sub(lambda head: b"".join(sorted(head[0].splitlines(keepends=True))), data, count=1)
    return _repair_xml(data, format_)


def _repair_xml(data: bytes, format_: Format) -> bytes:
    if format_.name not in _XML:
        return data
    if _NO_XML.search(data):
        raise NotAcceptable(
            f"{format_.label} cannot hold a control character of the answer: ask for another format."
        )
    # A parser of XML reads a bare carriage return as a line feed: https://www.w3.org/TR/xml/#sec-line-ends
    return data.replace(b"\r", b"&#13;")


def _clauses(query: str, start: int) -> tuple[tuple[ox.NamedNode, ...], tuple[ox.NamedNode, ...]]:
    """Return the graphs of FROM and FROM NAMED."""
    default, named = dataset_clauses(query)
    return _resolve(query[:start], default), _resolve(query[:start], named)


def _resolve(prologue: str, graphs: tuple[str, ...]) -> tuple[ox.NamedNode, ...]:
    """Return the IRIs that names of graphs stand for; none where the query itself cannot be parsed."""
    if not graphs:
        return ()
    try:
        rows = ox.Store().query(f"{prologue} SELECT ?graph {{ VALUES ?graph {{ {' '.join(graphs)} }} }}")
    except SyntaxError:
        return ()
    found = (row["graph"] for row in rows) if isinstance(rows, ox.QuerySolutions) else ()
    return tuple(graph for graph in found if isinstance(graph, ox.NamedNode))


def _merge(store: ox.Store, default: Iterable[ox.NamedNode], named: Iterable[ox.NamedNode]) -> ox.Store:
    """Return a store in memory with the RDF merge of some graphs as its default graph.

    Oxigraph would count a triple that two of them hold twice.
    """
    merge = ox.Store()
    for graph in default:
        merge.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object)
            for quad in store.quads_for_pattern(None, None, None, graph)
        )
    for graph in named:
        merge.extend(store.quads_for_pattern(None, None, None, graph))
    return merge


def _refuse_what_cannot_be_written(triples: Iterable[ox.Triple], format_: Format) -> None:
    """Refuse triple terms in JSON-LD, and in RDF/XML properties that cannot be the name of an element.

    Raises:
        NotAcceptable: a triple cannot be written in the format.
    """
    for triple in triples:
        if format_.name == "jsonld" and isinstance(triple.object, ox.Triple):
            raise NotAcceptable(f"JSON-LD cannot write the triple term {triple.object}: ask for text/turtle.")
        for property_ in (inner.predicate for inner in _with_terms(triple)):
            if format_.name == "rdfxml" and not _ELEMENT_NAME.search(property_.value):
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


def _iris(triple: ox.Triple) -> Iterator[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal) and term.datatype != _STRING:
            yield term.datatype.value


@contextmanager
def _evaluation_errors(query: str | None = None) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise explain(query or "", str(error.msg)) from error
    except RuntimeError as error:
        raise QueryError(f"The query cannot be evaluated: {error}.") from error
