"""The answer to a question as a table that people read: things by their names, numbers set as numbers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from forumkg.pages.graph import Graph, Row, Term
from forumkg.pages.names import Name, names_of
from forumkg.pages.quantities import number_words
from forumkg.rdf.terms import named

__all__ = ["Answer", "Cell", "Column", "answer", "words_of"]

_NUMBERS: Final = frozenset(map(named, ("xsd:integer", "xsd:decimal", "xsd:double", "xsd:float")))
_BOOLEAN: Final = named("xsd:boolean")
_DATE: Final = named("xsd:date")
_DIGEST: Final = re.compile(r"[0-9a-f]{40,}")
# A year is a name that consists of digits: nobody writes 2,021.
_YEARS: Final = frozenset({"year", "founded", "missing", "more", "fewer"})
_YEAR: Final = re.compile(r"[12]\d{3}")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
# A column of these stands for the thing beside it, whose name is the better heading.
_LABELS: Final = frozenset({"label", "name"})
# So many triples of a graph are shown; the rest is a download.
_TRIPLES: Final = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is shown.

    Attributes:
        text: the words, empty where nothing is bound.
        iri: where it leads.
        language: of the words.
        day: the day, where it is one.
        number: the number, where it is one.
        is_code: whether it is for machines, such as a digest.
    """

    text: str = ""
    iri: str = ""
    language: str = ""
    day: date | None = None
    number: Decimal | None = None
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its variable, its heading, and whether all that it holds are numbers."""

    name: str
    heading: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: the truth value of an ASK, or rows; `total` is how many rows there are, shown or not."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int = 0
    truth: bool | None = None


def answer(graph: Graph, query: str, form: str) -> Answer:
    """Return the answer to a query.

    Args:
        graph: who answers.
        query: SPARQL.
        form: `SELECT`, `ASK` or `CONSTRUCT`.
    """
    if form == "ASK":
        return Answer(truth=graph.ask(query))
    if form == "CONSTRUCT":
        triples = sorted(graph.construct(query), key=str)
        rows = [_row_of(triple) for triple in triples[:_TRIPLES]]
        return replace(_table(graph, ("subject", "property", "value"), rows), total=len(triples))
    return _table(graph, _variables(query), graph.select(query))


def words_of(name: str) -> str:
    """Return the words of the name of a variable: `firstDay` gives `First day`."""
    return _HUMP.sub(" ", name).replace("_", " ").capitalize()


def _variables(query: str) -> tuple[str, ...]:
    """Return the variables of a SELECT in order; rows do not know of those that they leave unbound."""
    found = ox.Store().query(query)
    return tuple(each.value for each in found.variables) if isinstance(found, ox.QuerySolutions) else ()


def _row_of(triple: ox.Triple) -> Row:
    return Row({"subject": triple.subject, "property": triple.predicate, "value": triple.object})


def _table(graph: Graph, variables: Sequence[str], rows: Sequence[Row]) -> Answer:
    names = names_of(graph, (row.iri(name) for row in rows for name in variables))
    columns = {name: [_cell(name, row.get(name), names) for row in rows] for name in variables}
    headings = {name: words_of(name) for name in variables}
    for name, other in _pairs(columns):
        things = columns.pop(other)
        columns[name] = [
            replace(cell, iri=thing.iri) for cell, thing in zip(columns[name], things, strict=True)
        ]
        if name in _LABELS:
            headings[name] = headings[other]
    kept = [Column(name, headings[name], _is_number(cells)) for name, cells in columns.items()]
    return Answer(tuple(kept), tuple(zip(*columns.values(), strict=True)), len(rows))


def _pairs(columns: Mapping[str, Sequence[Cell]]) -> list[tuple[str, str]]:
    """Return each column of words beside the column of the things that are called so, each once."""
    found: list[tuple[str, str]] = []
    for name, cells in columns.items():
        for other, things in columns.items():
            taken = {each for pair in found for each in pair}
            if not {name, other} & taken and _names_it(cells, things):
                found.append((name, other))
    return found


def _names_it(cells: Sequence[Cell], things: Sequence[Cell]) -> bool:
    return bool(cells) and all(
        not cell.iri and thing.iri and cell.text == thing.text and cell.number is None
        for cell, thing in zip(cells, things, strict=True)
    )


def _cell(name: str, term: Term | None, names: Mapping[str, Name]) -> Cell:
    match term:
        case ox.NamedNode():
            called = names[term.value]
            return Cell(called.text, iri=term.value, language=called.language)
        case ox.Literal():
            return _literal(name, term)
    return Cell("" if term is None else str(term), is_code=term is not None)


def _literal(name: str, literal: ox.Literal) -> Cell:
    if literal.datatype in _NUMBERS:
        if name in _YEARS and _YEAR.fullmatch(literal.value):
            return Cell(literal.value)
        number = Row({name: literal}).number(name)
        return Cell(literal.value if number is None else number_words(number), number=number)
    if literal.datatype == _DATE:
        return Cell(literal.value, day=Row({name: literal}).date(name))
    if literal.datatype == _BOOLEAN:
        return Cell("yes" if literal.value in {"true", "1"} else "no")
    is_code = bool(_DIGEST.fullmatch(literal.value))
    return Cell(literal.value, language=literal.language or "", is_code=is_code)


def _is_number(cells: Iterable[Cell]) -> bool:
    bound = [cell for cell in cells if cell.text]
    return bool(bound) and all(cell.number is not None for cell in bound)
