"""Read the start of an answer, as far as a page shows it, however long the answer is.

https://www.w3.org/TR/sparql11-results-json/ and https://www.w3.org/TR/n-triples/
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

import pyoxigraph as ox

from forumkg.namespaces import ID, shorten
from forumkg.pages.graph import Term

__all__ = ["MOST_ROWS", "Cell", "Excerpt", "read_graph", "read_results"]

MOST_ROWS: Final = 100
_LONGEST: Final = 400

_PLAIN: Final = "http://www.w3.org/2001/XMLSchema#string"
_TEXT: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_UNMARKED: Final = frozenset({_PLAIN, _TEXT})
_NUMBERS: Final = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float")
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A term as a table shows it.

    Attributes:
        text: the words, or a short name of an IRI, up to some length.
        iri: where it is one.
        language: the language tag of a literal.
        datatype: the short name of the datatype of a literal other than plain text.
        is_number: whether that is a number.
        length: of the whole text, where more was cut off than is shown; else 0.
    """

    text: str = ""
    iri: str = ""
    language: str = ""
    datatype: str = ""
    is_number: bool = False
    length: int = 0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The start of an answer.

    Attributes:
        columns: the names of the variables.
        rows: the first of the rows.
        is_whole: whether there are no more rows.
        truth: the answer to an ASK, which has neither columns nor rows.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    is_whole: bool = True
    truth: bool | None = None

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column whether it holds numbers and nothing else."""
        bound = [[cell for cell in column if cell != Cell()] for column in zip(*self.rows, strict=True)]
        return tuple(bool(column) and all(cell.is_number for cell in column) for column in bound)


def read_results(data: BinaryIO, most: int = MOST_ROWS) -> Excerpt:
    """Return the start of results in JSON."""
    results = ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QueryBoolean):
        return Excerpt(truth=bool(results))
    if not isinstance(results, ox.QuerySolutions):
        raise TypeError(f"Not the results of a query: {results!r}.")
    columns = tuple(variable.value for variable in results.variables)
    return _excerpt(columns, (tuple(solution) for solution in results), most)


def read_graph(data: BinaryIO, most: int = MOST_ROWS) -> Excerpt:
    """Return the start of a graph in N-Triples."""
    quads = ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
    columns = ("subject", "predicate", "object")
    return _excerpt(columns, ((quad.subject, quad.predicate, quad.object) for quad in quads), most)


def _excerpt(columns: tuple[str, ...], found: Iterable[Sequence[Term | None]], most: int) -> Excerpt:
    rows = tuple(tuple(_cells(row)) for row in islice(found, most + 1))
    return Excerpt(columns, rows[:most], is_whole=len(rows) <= most)


def _cells(row: Sequence[Term | None]) -> Iterator[Cell]:
    for term in row:
        yield Cell() if term is None else _cell(term)


def _cell(term: Term) -> Cell:
    if isinstance(term, ox.NamedNode):
        short = shorten(term.value)
        name = term.value.removeprefix(ID) if short.startswith("<") else short
        return _cut(name, iri=term.value)
    if not isinstance(term, ox.Literal):
        return _cut(str(term))
    datatype = term.datatype.value
    return _cut(
        term.value,
        language=term.language or "",
        datatype="" if datatype in _UNMARKED else shorten(datatype),
        is_number=datatype in _NUMBERS,
    )


def _cut(
    text: str, *, iri: str = "", language: str = "", datatype: str = "", is_number: bool = False
) -> Cell:
    length = len(text) if len(text) > _LONGEST else 0
    return Cell(text[:_LONGEST], iri, language, datatype, is_number, length)
