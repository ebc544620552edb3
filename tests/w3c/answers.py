"""Read answers back from the formats of SPARQL results, without the help of the engine that wrote them.

JSON https://www.w3.org/TR/sparql12-results-json/, XML https://www.w3.org/TR/sparql12-results-xml/,
CSV and TSV https://www.w3.org/TR/sparql12-results-csv-tsv/.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

import pyoxigraph as ox

from w3c.terms import Row, Term

__all__ = ["READERS", "Answer", "Rows", "Triples", "read_graph", "table"]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of an answer: a term, or None, for each of the variables, which are sorted."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    is_ordered: bool = False


Triples = frozenset[ox.Triple]
Answer = Rows | bool | Triples

_SPARQL: Final = "{http://www.w3.org/2005/sparql-results#}"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_ITS: Final = "{http://www.w3.org/2005/11/its}"


def table(
    variables: Iterable[str], rows: Iterable[Mapping[str, Term | None]], *, is_ordered: bool = False
) -> Rows:
    """Return rows that are given as variables and terms."""
    names = tuple(sorted(variables))
    return Rows(names, tuple(tuple(row.get(name) for name in names) for row in rows), is_ordered)


def read_json(data: bytes) -> Answer:
    """Read SPARQL results JSON."""
    document = json.loads(data)
    if "boolean" in document:
        return bool(document["boolean"])
    return table(
        document["head"]["vars"],
        ({name: _json_term(term) for name, term in row.items()} for row in document["results"]["bindings"]),
    )


def read_xml(data: bytes) -> Answer:
    """Read SPARQL results XML."""
    root = ElementTree.fromstring(data)  # noqa: S314 (our own answer, or a file of the suites)
    boolean = root.find(f"{_SPARQL}boolean")
    if boolean is not None:
        return boolean.text == "true"
    return table(
        (element.attrib["name"] for element in root.iter(f"{_SPARQL}variable")),
        (
            {binding.attrib["name"]: _xml_term(binding[0]) for binding in result}
            for result in root.iter(f"{_SPARQL}result")
        ),
    )


def read_tsv(data: bytes) -> Answer:
    """Read SPARQL results TSV: each cell is a term as Turtle writes it."""
    head, *lines = data.decode().removesuffix("\n").split("\n")
    return _read_lines(
        [head.replace("?", "").split("\t"), *(line.split("\t") for line in lines)], _turtle_term
    )


def read_csv(data: bytes) -> Answer:
    """Read SPARQL results CSV, where all but blank nodes are plain text, and unbound is the empty text."""
    # The reader of Python sees no cell in an empty line.
    lines = (line or [""] for line in csv.reader(io.StringIO(data.decode(), newline="")))
    return _read_lines([*lines], _csv_term)


READERS: Final[dict[str, Callable[[bytes], Answer]]] = {
    "csv": read_csv,
    "json": read_json,
    "tsv": read_tsv,
    "xml": read_xml,
}


def read_graph(data: bytes, extension: str, base: str | None = None) -> Triples:
    """Read a graph in the format of a file ending such as `ttl`."""
    format_ = ox.RdfFormat.from_extension(extension)
    return frozenset(quad.triple for quad in ox.parse(data, format_, base_iri=base))


def _read_lines(lines: list[list[str]], read: Callable[[str], Term | None]) -> Answer:
    """Return what cells say; a lone empty cell in the head means that there are no variables."""
    head, *rows = lines
    if head in (["true"], ["false"]):
        return head == ["true"]
    names = [] if head == [""] else head
    return table(names, ({name: read(cell) for name, cell in zip(head, row, strict=True)} for row in rows))


def _csv_term(cell: str) -> Term:
    return ox.BlankNode(cell[2:]) if re.fullmatch(r"_:\w+", cell) else ox.Literal(cell)


def _turtle_term(cell: str) -> Term | None:
    if not cell:
        return None
    if cell.startswith("_:"):
        return ox.BlankNode(cell[2:])
    (triple,) = read_graph(f"<a:> <a:> {cell} .".encode(), "ttl")
    return triple.object


def _json_term(term: dict[str, Any]) -> Term:
    value = term["value"]
    if term["type"] == "uri":
        return ox.NamedNode(value)
    if term["type"] == "bnode":
        return ox.BlankNode(value)
    if term["type"] == "triple":
        return _triple(*(_json_term(value[part]) for part in ("subject", "predicate", "object")))
    return _literal(value, term.get("datatype"), term.get("xml:lang"), term.get("its:dir"))


def _xml_term(element: ElementTree.Element) -> Term:
    kind, text = element.tag.removeprefix(_SPARQL), element.text or ""
    if kind == "uri":
        return ox.NamedNode(text)
    if kind == "bnode":
        return ox.BlankNode(text)
    if kind == "triple":
        return _triple(*(_xml_term(part[0]) for part in element))
    return _literal(text, *(element.get(name) for name in ("datatype", f"{_XML}lang", f"{_ITS}dir")))


def _triple(subject: Term, predicate: Term, object_: Term) -> ox.Triple:
    if not isinstance(subject, ox.NamedNode | ox.BlankNode) or not isinstance(predicate, ox.NamedNode):
        raise TypeError(f"No triple: {subject} {predicate} {object_}")
    return ox.Triple(subject, predicate, object_)


def _literal(value: str, datatype: str | None, language: str | None, direction: str | None) -> ox.Literal:
    if language:
        base = ox.BaseDirection(direction) if direction else None
        return ox.Literal(value, language=language, direction=base)
    return ox.Literal(value, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(value)
