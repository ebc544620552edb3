"""Sections of the page of a thing: a table, or statements with their evidence, each by one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import language, translate
from forumkg.pages.names import Name, cut, names_of, thing_name
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.shown_terms import ShownTerm, shown_term
from forumkg.pages.stances import CODES, stance_words
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.translated_text import plain, tag_of

__all__ = ["Column", "Section", "ShownSection", "StatementSection", "Table", "read_sections"]

# Limits of a section, which then links to the query for all. A statement has its evidence, and weighs a kB.
_ROWS: Final = 200
_STATEMENTS: Final = 60
_CARDS: Final = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        variable: of the query.
        heading: what stands above it.
        because: the property by which the thing of the page leads to what the cell shows, where that is
            entailed; with a leading `^` where it leads from there to the thing.
    """

    variable: str
    heading: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section to be read: a table where it has columns, else statements.

    Attributes:
        title: its heading.
        query: the name of its query, which asks for the `$thing` of the page where the page has one.
        columns: of the table.
        lead: a sentence below the heading.
        keep_empty: what to say where there is nothing; empty to leave the section out.
        listed: the list of the things whose `$things` its query is narrowed to, on a page of several.
    """

    title: str
    query: str
    columns: tuple[Column, ...] = ()
    lead: str = ""
    keep_empty: str = ""
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a query; `is_whole` if none are left out."""

    section: Section
    query: PageQuery
    rows: tuple[tuple[ShownTerm, ...], ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class StatementSection:
    """Statements of a query with their evidence: the first as cards, some more in brief."""

    section: Section
    query: PageQuery
    statements: tuple[Statement, ...]
    more: tuple[Statement, ...] = ()
    is_whole: bool = True


ShownSection = Table | StatementSection


def read_sections(
    graph: Graph,
    iri: str,
    sections: Iterable[Section],
    narrowed: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> tuple[ShownSection, ...]:
    """Return the sections of a page, without empty ones.

    Args:
        graph: the graph to query.
        iri: of the thing of the page; empty where the queries ask for no `$thing`.
        sections: what to read.
        narrowed: the things to which a section is narrowed, by the name of their list.
    """
    found = [
        (section, query, graph.select(query.first(_most(section) + 1)))
        for section in sections
        for query in (_query(section, iri, narrowed),)
    ]
    cells = [row for section, _, rows in found if section.columns for row in rows]
    names = names_of(graph, (link for row in cells for name in row if (link := row.iri(name))))
    statements = read_statements(
        graph,
        (
            row.iri("statement")
            for section, _, rows in found
            if not section.columns
            for row in rows[:_STATEMENTS]
        ),
    )
    by_iri = {statement.iri: statement for statement in statements}
    return tuple(
        _table(section, query, rows, names) if section.columns else _statements(section, query, rows, by_iri)
        for section, query, rows in found
        if rows or section.keep_empty
    )


def _most(section: Section) -> int:
    return _ROWS if section.columns else _STATEMENTS


def _query(section: Section, iri: str, narrowed: Mapping[str, Iterable[str]]) -> PageQuery:
    terms = {"thing": iri} if iri else {}
    if section.listed in narrowed:
        terms["things"] = iris(narrowed[section.listed])
    return page_query(section.query, **terms)


def _table(section: Section, query: PageQuery, rows: Sequence[Row], names: Mapping[str, Name]) -> Table:
    shown = tuple(
        tuple(_cell(row, column.variable, names) for column in section.columns) for row in rows[:_ROWS]
    )
    return Table(section, query, tuple(dict.fromkeys(shown)), len(rows) <= _ROWS)


def _cell(row: Row, variable: str, names: Mapping[str, Name]) -> ShownTerm:
    cell = shown_term(row.get(variable), names)
    if cell.iri and variable == "stance":
        return replace(cell, text=stance_words(cell.iri.removeprefix(CODES)), language=language())
    if cell.iri:
        name = thing_name(names[cell.iri], brief=True)
        return replace(cell, text=name.text, language=name.language)
    words = row.text(variable)
    if cell.language and not tag_of(words):
        return replace(cell, text=cut(plain(words)), language=language())
    return replace(cell, text=cut(cell.text if cell.language else translate(cell.text)))


def _statements(
    section: Section, query: PageQuery, rows: Sequence[Row], statements: Mapping[str, Statement]
) -> StatementSection:
    asked = (row.iri("statement") for row in rows[:_STATEMENTS])
    found = [statements[iri] for iri in asked if iri in statements]
    is_whole = len(rows) <= _STATEMENTS
    return StatementSection(section, query, tuple(found[:_CARDS]), tuple(found[_CARDS:]), is_whole)
