"""The answer to a query as a table: resources by their names, numbers formatted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from forumkg.pages.answer_headings import heading_of
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import DEFAULT, gettext, language, pgettext
from forumkg.pages.names import Name, names_of, thing_name
from forumkg.pages.quantities import number_words
from forumkg.pages.shown_terms import ShownTerm, shown_term
from forumkg.pages.stances import CODES, stance_words
from forumkg.pages.translated_text import TranslatedText, plain, width_in_letters

__all__ = ["Answer", "AnswerColumn", "answer"]

# A year is written without a comma.
_YEARS: Final = frozenset({"year", "founded", "missing", "more", "fewer"})
_YEAR: Final = re.compile(r"[12]\d{3}")
# Columns of stances, shown by the labels of `stances`.
_STANCES: Final = frozenset({"stance", "moreStance", "fewerStance"})
# A column of labels takes the heading of the resource that it names.
_LABELS: Final = frozenset({"label", "name"})
# A column of values of so many characters at most is not wrapped.
_SHORT: Final = 16
# The hedge of a number that is printed as it is.
_EXACTLY: Final = "exactly"
# How many triples a page shows; the download has all.
_TRIPLES: Final = 200


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column.

    Attributes:
        name: of its variable.
        heading: in words.
        is_number: whether all its values are numbers.
        is_short: whether all its values fit on a line.
        language: of the heading.
    """

    name: str
    heading: str
    is_number: bool = False
    is_short: bool = False
    language: str = DEFAULT


@dataclass(frozen=True, slots=True)
class Answer:
    """The truth value of an ASK, or the rows shown and the total number of rows."""

    columns: tuple[AnswerColumn, ...] = ()
    rows: tuple[tuple[ShownTerm, ...], ...] = ()
    total: int = 0
    truth: bool | None = None


def answer(graph: Graph, query: str, form: str) -> Answer:
    """Return the answer to a query.

    Args:
        graph: the graph to query.
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


def _variables(query: str) -> tuple[str, ...]:
    """Return the variables of a SELECT in order; a row lacks the variables that it leaves unbound."""
    found = ox.Store().query(query)
    return tuple(each.value for each in found.variables) if isinstance(found, ox.QuerySolutions) else ()


def _row_of(triple: ox.Triple) -> Row:
    return Row({"subject": triple.subject, "property": triple.predicate, "value": triple.object})


def _table(graph: Graph, variables: Sequence[str], rows: Sequence[Row]) -> Answer:
    found = names_of(graph, (row.iri(name) for row in rows for name in variables))
    names = {iri: name if name.language else thing_name(name) for iri, name in found.items()}
    columns = {name: [_cell(name, row, names) for row in rows] for name in variables}
    headings = {name: heading_of(name) for name in variables}
    if {"hedge", "number"} <= columns.keys() and not any(cell.iri for cell in columns["hedge"]):
        del columns["hedge"]
        columns["number"] = [
            _hedged(row.text("hedge"), cell) for row, cell in zip(rows, columns["number"], strict=True)
        ]
        headings["number"] = gettext("Figure"), language()
    for name, other in _pairs(columns):
        things = columns.pop(other)
        columns[name] = [
            replace(cell, iri=thing.iri) for cell, thing in zip(columns[name], things, strict=True)
        ]
        if name in _LABELS:
            headings[name] = headings[other]
    kept = [
        AnswerColumn(name, heading, _is_number(cells), _is_short(cells), tag)
        for name, cells in columns.items()
        for heading, tag in (headings[name],)
    ]
    return Answer(tuple(kept), tuple(zip(*columns.values(), strict=True)), len(rows))


def _pairs(columns: Mapping[str, Sequence[ShownTerm]]) -> list[tuple[str, str]]:
    """Return each column of labels with the column of the resources that have them, each column once."""
    found: list[tuple[str, str]] = []
    for name, cells in columns.items():
        for other, things in columns.items():
            taken = {each for pair in found for each in pair}
            if not {name, other} & taken and _names_it(cells, things):
                found.append((name, other))
    return found


def _names_it(cells: Sequence[ShownTerm], things: Sequence[ShownTerm]) -> bool:
    return bool(cells) and all(
        not cell.iri and thing.iri and cell.text == thing.text and cell.number is None
        for cell, thing in zip(cells, things, strict=True)
    )


def _cell(variable: str, row: Row, names: Mapping[str, Name]) -> ShownTerm:
    """Return the term of a cell: truth values and numbers as words, a year as it is written."""
    cell = shown_term(row.get(variable), names)
    text = row.text(variable)
    if variable in _STANCES and (code := cell.iri.removeprefix(CODES) or text):
        return replace(cell, text=stance_words(code), language=language())
    if isinstance(text, TranslatedText) and text.translation:
        return replace(cell, text=text.translation, language=language())
    if cell.datatype == "xsd:boolean":
        return replace(
            cell,
            text=pgettext("truth value", "yes")
            if cell.text in {"true", "1"}
            else pgettext("truth value", "no"),
        )
    if cell.number is None:
        return cell
    if variable in _YEARS and _YEAR.fullmatch(cell.text):
        return replace(cell, number=None)
    return replace(cell, text=number_words(cell.number))


def _hedged(hedge: str, number: ShownTerm) -> ShownTerm:
    """Return a number with its hedge, as a figure is written on all pages: `more than 500`."""
    if hedge in {"", _EXACTLY} or not number.text:
        return replace(number, number=None)
    words = gettext("%(hedge)s %(amount)s") % {"hedge": plain(hedge), "amount": number.text}
    return replace(number, text=words, number=None, language=language())


def _is_short(cells: Iterable[ShownTerm]) -> bool:
    return all(width_in_letters(cell.text) <= _SHORT for cell in cells)


def _is_number(cells: Iterable[ShownTerm]) -> bool:
    bound = [cell for cell in cells if cell.text]
    return bool(bound) and all(cell.number is not None for cell in bound)
