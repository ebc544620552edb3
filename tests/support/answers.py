"""The expected answers in `tests/questions/`, and answers of any library in a form that can be compared.

The files stand there under the names of the questions: rows as TSV, graphs as Turtle, and what an ASK answers
as a word.
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import rdflib

from forumkg.dataset.questions import Question
from forumkg.rdf.sparql_tokens import Form

EXPECTED = Path(__file__).parents[1] / "questions"

# A term that can be compared, whichever library made it: numbers by their value, as the digits of a quotient
# are an engine's own affair: https://www.w3.org/TR/xpath-functions/#op.numeric
Term = tuple[str, ...] | Decimal | None
Rows = list[tuple[Term, ...]]
Triples = set[tuple[Term, ...]]
Answer = bool | Rows | Triples
PlainRows = list[tuple[str, ...]]

XSD = "http://www.w3.org/2001/XMLSchema#"
NUMERIC = {f"{XSD}integer", f"{XSD}decimal"}

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


def file_of(question: Question, folder: Path = EXPECTED) -> Path:
    """Return the file with the expected answer of a question."""
    ending = {"SELECT": "tsv", "ASK": "txt"}.get(question.form, "ttl")
    return folder / f"{question.number:02d}-{question.slug}.{ending}"


def expected(question: Question, folder: Path = EXPECTED) -> Answer:
    """Return the expected answer of a question, of another graph where a folder of its answers is named."""
    data = file_of(question, folder).read_bytes()
    if question.form == "ASK":
        return {b"true": True, b"false": False}[data.strip()]
    return rows(data, "tsv") if question.form == "SELECT" else triples(data, "turtle")


def expected_plain(question: Question) -> PlainRows:
    """Return the expected rows of a SELECT with their header, as CSV has them: values without their types."""
    solutions = _solutions(file_of(question).read_bytes(), "tsv")
    header = tuple(variable.value for variable in solutions.variables)
    return [header, *(tuple(value.value if value else "" for value in row) for row in solutions)]


def comparable(term: object) -> Term:
    """Return a term of pyoxigraph or rdflib in a form that can be compared."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode | rdflib.URIRef):
        return iri(term.value if isinstance(term, ox.NamedNode) else str(term))
    if isinstance(term, ox.Literal):
        return literal(term.value, term.datatype.value, term.language)
    if isinstance(term, rdflib.Literal):
        return literal(str(term), str(term.datatype or f"{XSD}string"), term.language)
    raise TypeError(f"Neither an IRI nor a literal: {term!r}")


def iri(value: str) -> Term:
    """Return an IRI in a form that can be compared."""
    return ("IRI", value)


def literal(lexical: str, datatype: str, language: str | None) -> Term:
    """Return a literal in a form that can be compared."""
    if datatype in NUMERIC:
        return Decimal(lexical)
    return ("literal", lexical, language) if language else ("literal", lexical, datatype)


def rows(data: bytes, format_name: str) -> Rows:
    """Return the rows of a SELECT from TSV, JSON or XML."""
    return [tuple(comparable(value) for value in row) for row in _solutions(data, format_name)]


def plain_rows(data: bytes) -> PlainRows:
    """Return the rows of CSV with their header."""
    return [tuple(row) for row in csv.reader(io.StringIO(data.decode(), newline=""))]


def boolean(data: bytes, format_name: str) -> bool:
    """Return what an ASK answers, from any format; CSV and TSV hold the bare word."""
    if format_name == "csv":
        return {b"true": True, b"false": False}[data.strip()]
    result = ox.parse_query_results(data, format=RESULTS[format_name])
    assert isinstance(result, ox.QueryBoolean)
    return bool(result)


def triples(data: bytes, format_name: str) -> Triples:
    """Return the triples of a graph from any format."""
    return {
        tuple(comparable(term) for term in quad.triple) for quad in ox.parse(data, format=GRAPHS[format_name])
    }


def parsed(form: Form, data: bytes, format_name: str) -> Answer:
    """Return the answer to a query of a form from any format that keeps the types of values."""
    if form == "SELECT":
        return rows(data, format_name)
    return boolean(data, format_name) if form == "ASK" else triples(data, format_name)


def from_rdflib(result: Iterable[object]) -> Rows:
    """Return the rows of a result or the triples of a graph; the type of a result allows more than tuples."""
    return [tuple(map(comparable, row)) for row in result if isinstance(row, tuple)]


def from_graph(graph: rdflib.Graph, form: Form, query: str) -> Answer:
    """Return the answer of a graph of rdflib to a query of a form."""
    result = graph.query(query)
    if form == "ASK":
        return bool(result.askAnswer)
    found = from_rdflib(result)
    return found if form == "SELECT" else set(found)


def _solutions(data: bytes, format_name: str) -> ox.QuerySolutions:
    result = ox.parse_query_results(data, format=RESULTS[format_name])
    assert isinstance(result, ox.QuerySolutions)
    return result
