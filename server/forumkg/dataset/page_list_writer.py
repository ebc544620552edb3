"""Write the lists behind pages: the rows of their queries, and the place of each item in each part.

The rows stay in the file, with the keys of their order, so that a later version can exchange some of them.
https://www.sqlite.org/windowfunctions.html
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.list_changes import affected_items, narrowed
from forumkg.dataset.list_queries import COLUMNS, ListQuery, list_queries, list_query_texts
from forumkg.errors import StoreError, WholeBuildError
from forumkg.rdf.terms import select
from forumkg.reasoning.rederivation import Changes, iris_of

__all__ = ["update_page_lists", "write_page_lists"]

_INDICATORS: Final = "indicators"
_FIGURES: Final = "figures"
# The names of the lists that are narrower than one, in SQL, without its own name.
_NARROWER: Final = {
    "statements": (
        "'/' || stance",
        *(
            f"'/{name}' || {column}{stance}"
            for name, column in (("", "within"), ("publisher ", "publisher"), ("speaker ", "speaker"))
            for stance in ("", " || ' ' || stance")
        ),
    )
}
_SCHEMA: Final = f"""
CREATE TABLE list (
    id INTEGER PRIMARY KEY, name TEXT, part TEXT, number INTEGER, weight INTEGER, UNIQUE (name, part)
);
CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT, {", ".join(COLUMNS)});
CREATE TABLE item (list INTEGER, place INTEGER, row INTEGER, PRIMARY KEY (list, place)) WITHOUT ROWID;
CREATE TABLE above (indicator TEXT, above TEXT, PRIMARY KEY (indicator, above)) WITHOUT ROWID;
"""
# By which later versions find the rows of the things that have changed; rows are added faster without it.
_INDEX: Final = "CREATE INDEX row_first ON row (name, first)"
# Belongs to one connection: the rows of one list with their order, and to which lists and parts they belong.
_DRAFT: Final = """
CREATE TEMP TABLE ranked (
    row INTEGER, place INTEGER, item TEXT, forum, edition, indicator, within, stance, publisher, speaker,
    weight INTEGER
);
CREATE TEMP TABLE member (name TEXT, part TEXT, row INTEGER, place INTEGER, weight INTEGER);
CREATE TEMP TABLE affected (first TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE touched (part TEXT PRIMARY KEY) WITHOUT ROWID;
"""
# The parts of the rows of affected items; all of a list is touched where any of its rows is.
_TOUCH: Final = """
    INSERT OR IGNORE INTO touched
    WITH affected_row AS (
        SELECT forum, edition FROM row WHERE name = :name AND first IN (SELECT first FROM affected)
    )
    SELECT '' FROM affected_row
    UNION SELECT forum FROM affected_row WHERE forum IS NOT NULL
    UNION SELECT edition FROM affected_row WHERE edition IS NOT NULL
"""
_PARTS: Final = """
    SELECT '' AS part, * FROM ranked
    UNION ALL SELECT forum, * FROM ranked WHERE forum IS NOT NULL
    UNION ALL SELECT edition, * FROM ranked WHERE edition IS NOT NULL
"""


def write_page_lists(store: ox.Store, path: Path) -> None:
    """Write the lists of a store into a new file; the same store gives the same bytes.

    Raises:
        StoreError: the file cannot be written.
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA} {_DRAFT}"
            )
            connection.executemany(
                "INSERT INTO above VALUES (?, ?)",
                (
                    (row["indicator"].value, row["above"].value)
                    for row in select(store, list_query_texts()[_INDICATORS])
                ),
            )
            for query in list_queries():
                _insert(connection, query, store)
                _place(connection, query)
            connection.execute(_INDEX)
            connection.commit()
    except sqlite3.Error as error:
        raise StoreError(f"Cannot write {path}: {error}. Name another data directory.") from error


def _insert(connection: sqlite3.Connection, query: ListQuery, store: ox.Store) -> None:
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(
        f"INSERT INTO row (name, {', '.join(COLUMNS)}) VALUES (?, {marks})",  # noqa: S608 (columns alone)
        ((query.name, *row) for row in query.rows(store)),
    )


def update_page_lists(before: ox.Store, store: ox.Store, path: Path, changes: Changes) -> None:
    """Change the lists of the previous version as its default graph has changed.

    Args:
        before: The previous version.
        store: The version now.
        path: A copy of the lists of the previous version.
        changes: Of the default graph.

    Raises:
        StoreError: the file cannot be written.
        WholeBuildError: the change cannot be followed.
    """
    if changes.subjects(iris_of(list_query_texts()[_INDICATORS])):
        raise WholeBuildError("the hierarchy of indicators has changed")
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_DRAFT}")
            for query in list_queries():
                if items := affected_items(query, before, store, changes):
                    _exchange(connection, query, store, items)
            connection.commit()
    except sqlite3.Error as error:
        raise StoreError(f"Cannot write {path}: {error}. Name another data directory.") from error


def _exchange(
    connection: sqlite3.Connection, query: ListQuery, store: ox.Store, items: Iterable[ox.NamedNode]
) -> None:
    """Replace the rows of some items, and place all items anew in the parts that have or had them."""
    connection.executescript("DELETE FROM affected; DELETE FROM touched;")
    connection.executemany("INSERT INTO affected VALUES (?)", ((item.value,) for item in items))
    connection.execute(_TOUCH, {"name": query.name})
    connection.execute(
        "DELETE FROM row WHERE name = ? AND first IN (SELECT first FROM affected)", (query.name,)
    )
    _insert(connection, narrowed(query, items), store)
    connection.execute(_TOUCH, {"name": query.name})
    if connection.execute("SELECT 1 FROM touched").fetchone() is None:
        return
    connection.execute(
        "DELETE FROM item WHERE list IN (SELECT id FROM list JOIN touched USING (part)"
        " WHERE name = :name OR name GLOB :name || '/*')",
        {"name": query.name},
    )
    connection.execute(
        "DELETE FROM list WHERE (name = :name OR name GLOB :name || '/*')"
        " AND part IN (SELECT part FROM touched)",
        {"name": query.name},
    )
    _place(connection, query, " WHERE part IN (SELECT part FROM touched)")


def _place(connection: sqlite3.Connection, query: ListQuery, where: str = "") -> None:
    """Write the places of the items of a list, each once in each part, where its first row is.

    Args:
        connection: to the file.
        query: of the list.
        where: a WHERE clause for the parts that are written; without one, all are.
    """
    connection.executescript("DELETE FROM ranked; DELETE FROM member;")
    connection.execute(
        "INSERT INTO ranked SELECT id, ROW_NUMBER() OVER (ORDER BY " + query.order + "),"  # noqa: S608 (see there)
        " first || coalesce(' ' || second, '') || coalesce(' ' || third, ''),"
        " forum, edition, indicator, within, stance, publisher, speaker, coalesce(weight, 1)"
        " FROM row WHERE name = ?",
        (query.name,),
    )
    # In a group with MIN, SQLite takes the other columns from the row that has the minimum.
    connection.execute(
        "INSERT INTO member SELECT ?, part, row, MIN(place), weight"  # noqa: S608
        f" FROM ({_PARTS}){where} GROUP BY part, item",
        (query.name,),
    )
    for name in _NARROWER.get(query.name, ()):
        connection.execute(
            f"INSERT INTO member SELECT ? || {name}, part, row, MIN(place), weight"  # noqa: S608 (see there)
            f" FROM ({_PARTS}){where} GROUP BY {name}, part, item HAVING {name} IS NOT NULL",
            (query.name,),
        )
    if query.name == _FIGURES:
        connection.execute(
            "INSERT INTO member SELECT ? || '/' || above, part, row, MIN(place), weight"  # noqa: S608
            f" FROM ({_PARTS}) JOIN above USING (indicator){where} GROUP BY above, part, item",
            (query.name,),
        )
    connection.execute(
        "INSERT INTO list (name, part, number, weight)"
        " SELECT name, part, COUNT(*), SUM(weight) FROM member GROUP BY name, part ORDER BY name, part"
    )
    connection.execute(
        "INSERT INTO item SELECT list.id, ROW_NUMBER() OVER (PARTITION BY list.id ORDER BY place) - 1, row"
        " FROM member JOIN list USING (name, part) ORDER BY list.id, place"
    )
