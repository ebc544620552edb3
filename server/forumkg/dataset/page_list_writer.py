"""Write the lists behind pages: the rows of their queries in order, and the items of each part.

The rows stay in the file, with the keys of their order, so that a later version can exchange some of them
(`page_list_update`). https://www.sqlite.org/windowfunctions.html
"""

import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.list_queries import COLUMNS, INDICATORS, ListQuery, list_queries, list_query_texts
from forumkg.errors import StoreError
from forumkg.rdf.terms import select

__all__ = [
    "DRAFT",
    "GAP",
    "LISTS_OF_NAME",
    "ROWS_OF_LIST",
    "fill_draft",
    "ids_of",
    "members",
    "write_list",
    "write_page_lists",
]

# Between the ids of two rows: later versions put others between them.
GAP: Final = 2**24
# Ids for the rows of a list, of which the first is in the middle: later versions add at both ends.
_IDS: Final = 2**56
# Items from one mark of a long list to the next.
_MARKED: Final = 1000
_FIGURES: Final = "figures"
# By what statements are narrowed, in SQL: a source, a stance and a judgement, each or none.
_SOURCES: Final = ("within", *(f"'{each} ' || {each}" for each in ("publisher", "carrier", "speaker")))
_CHOICES: Final = (("", *_SOURCES), ("", "stance"), ("", "judgement"))
# The names of the lists that are narrower than one, in SQL, without its own name.
_NARROWER: Final = {
    "statements": tuple(
        "'/' || " + " || ' ' || ".join(filter(None, chosen)) for chosen in product(*_CHOICES) if any(chosen)
    )
}
# The ids of the rows of a list ascend in its order. A mark has the number of items before its row, from the
# mark before it on, so that a change within a long list changes one number.
_SCHEMA: Final = f"""
CREATE TABLE list (
    id INTEGER PRIMARY KEY, name TEXT, part TEXT, number INTEGER, weight INTEGER, UNIQUE (name, part)
);
CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT, {", ".join(COLUMNS)});
CREATE TABLE item (list INTEGER, row INTEGER, PRIMARY KEY (list, row)) WITHOUT ROWID;
CREATE TABLE mark (list INTEGER, row INTEGER, number INTEGER, PRIMARY KEY (list, row)) WITHOUT ROWID;
CREATE TABLE above (indicator TEXT, above TEXT, PRIMARY KEY (indicator, above)) WITHOUT ROWID;
"""
# By which later versions find the rows of the things that have changed; rows are added faster without it.
_INDEX: Final = "CREATE INDEX row_first ON row (name, first)"
# Belong to one connection: rows of one list, and the lists and parts to which their items belong.
DRAFT: Final = f"""
CREATE TEMP TABLE draft ({", ".join(COLUMNS)});
CREATE TEMP TABLE member (name TEXT, part TEXT, row INTEGER, weight INTEGER);
"""
# The rows of a list, in SQL with the values of `ids_of`; the list itself and narrower ones, with its name.
ROWS_OF_LIST: Final = "id >= :low AND id < :high"
LISTS_OF_NAME: Final = "(name = :name OR name GLOB :name || '/*')"


def write_page_lists(store: ox.Store, path: Path) -> None:
    """Write the lists of a store into a new file; the same store gives the same bytes.

    Raises:
        StoreError: the file cannot be written.
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA} {DRAFT}"
            )
            connection.executemany(
                "INSERT INTO above VALUES (?, ?)",
                (
                    (row["indicator"].value, row["above"].value)
                    for row in select(store, list_query_texts()[INDICATORS])
                ),
            )
            for query in list_queries():
                fill_draft(connection, query, store)
                write_list(connection, query)
            connection.execute(_INDEX)
            connection.commit()
    except sqlite3.Error as error:
        raise StoreError(f"Cannot write {path}: {error}. Name another data directory.") from error


def ids_of(query: ListQuery) -> dict[str, int]:
    """Return `low` and `high`: the ids of the rows of a list are at least the one, and below the other."""
    return {"low": query.number * _IDS, "high": (query.number + 1) * _IDS}


def fill_draft(connection: sqlite3.Connection, query: ListQuery, store: ox.Store) -> None:
    """Write the rows of a list into the draft, which is emptied before."""
    connection.execute("DELETE FROM draft")
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"INSERT INTO draft VALUES ({marks})", query.rows(store))  # noqa: S608 (marks alone)


def write_list(connection: sqlite3.Connection, query: ListQuery) -> None:
    """Write the rows of the draft and their items into a list that has none."""
    ids = ids_of(query)
    columns = ", ".join(COLUMNS)
    connection.execute(
        f"INSERT INTO row (id, name, {columns})"  # noqa: S608 (columns alone)
        f" SELECT ? + ? * ROW_NUMBER() OVER (ORDER BY {query.order}), ?, {columns} FROM draft ORDER BY 1",
        (ids["low"] + _IDS // 2, GAP, query.name),
    )
    connection.execute("DELETE FROM member")
    connection.execute(f"INSERT INTO member {members(query, ROWS_OF_LIST)}", ids)
    connection.execute(
        "INSERT INTO list (name, part, number, weight)"
        " SELECT name, part, COUNT(*), SUM(weight) FROM member GROUP BY name, part ORDER BY name, part"
    )
    connection.execute(
        "INSERT INTO item SELECT list.id, row FROM member JOIN list USING (name, part) ORDER BY 1, 2"
    )
    connection.execute(
        "INSERT INTO mark SELECT list, row, :marked FROM ("  # noqa: S608 (see there)
        "SELECT list, row, ROW_NUMBER() OVER (PARTITION BY list ORDER BY row) AS place FROM item"
        f" WHERE list IN (SELECT id FROM list WHERE {LISTS_OF_NAME} AND number > :marked)"
        ") WHERE place > 1 AND place % :marked = 1",
        {"name": query.name, "marked": _MARKED},
    )


def members(query: ListQuery, where: str) -> str:
    """Return a query for the items of some rows of a list: name of a list, part, first row, weight.

    Args:
        query: of the list.
        where: a condition in SQL for the rows; it holds for all rows of an item or for none.
    """
    parts = " UNION ALL ".join(
        f"SELECT {part} AS part, * FROM numbered WHERE {part} IS NOT NULL"  # noqa: S608 (columns alone)
        for part in ("''", "forum", "edition")
    )
    # In a group with MIN, SQLite takes the other columns from the row that has the minimum. It compares
    # the numbers of items first, which are shorter than names.
    queries = [f"SELECT '{query.name}', part, MIN(id), weight FROM each_part GROUP BY item, part"]  # noqa: S608
    queries += (
        f"SELECT '{query.name}' || {name}, part, MIN(id), weight FROM each_part"  # noqa: S608 (see there)
        f" WHERE {name} IS NOT NULL GROUP BY item, part, {name}"
        for name in _NARROWER.get(query.name, ())
    )
    if query.name == _FIGURES:
        queries.append(
            f"SELECT '{query.name}/' || above, part, MIN(id), weight"  # noqa: S608
            " FROM each_part JOIN above USING (indicator) GROUP BY item, part, above"
        )
    numbered = (
        "SELECT id, MIN(id) OVER (PARTITION BY first, second, third) AS item, forum, edition,"  # noqa: S608 (see there)
        " indicator, within, stance, judgement, publisher, carrier, speaker, coalesce(weight, 1) AS weight"
        f" FROM row WHERE {where}"
    )
    return f"WITH numbered AS ({numbered}), each_part AS ({parts}) {' UNION ALL '.join(queries)}"
