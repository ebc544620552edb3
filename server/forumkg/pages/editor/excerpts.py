"""Read the start of an answer, as far as a page shows it, however long the answer is.

https://www.w3.org/TR/sparql11-results-json/ and https://www.w3.org/TR/n-triples/
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

import pyoxigraph as ox

from forumkg.pages.graph import Term
from forumkg.pages.shown_terms import ShownTerm, shown_term

__all__ = ["MOST_ROWS", "Excerpt", "read_graph", "read_results"]

MOST_ROWS: Final = 100
_LONGEST: Final = 400


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
    rows: tuple[tuple[ShownTerm, ...], ...] = ()
    is_whole: bool = True
    truth: bool | None = None

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column whether it holds numbers and nothing else."""
        bound = [[cell for cell in column if cell != ShownTerm()] for column in zip(*self.rows, strict=True)]
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
    rows = tuple(tuple(shown_term(term, longest=_LONGEST) for term in row) for row in islice(found, most + 1))
    return Excerpt(columns, rows[:most], is_whole=len(rows) <= most)
