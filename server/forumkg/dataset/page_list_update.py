"""Change the lists behind pages as the dataset has changed, at the cost of the items that may have changed.

New rows go between those that stay, by their ids. Where two rows have no id left between them, the list is
written anew.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.list_changes import affected_items, narrowed
from forumkg.dataset.list_queries import COLUMNS, INDICATORS, ListQuery, list_queries, list_query_texts
from forumkg.dataset.page_list_writer import (
    DRAFT,
    GAP,
    LISTS_OF_NAME,
    ROWS_OF_LIST,
    fill_draft,
    ids_of,
    members,
    write_list,
)
from forumkg.errors import StoreError, WholeBuildError
from forumkg.reasoning.rederivation import Changes, iris_of

__all__ = ["update_page_lists"]

_COLUMNS: Final = ", ".join(COLUMNS)
# Of the ids between two rows, new rows take one in so many: what is added to them later finds room, too.
_SPARSE: Final = 16
_TEMPORARY: Final = f"""
{DRAFT}
CREATE INDEX temp.draft_first ON draft (first);
CREATE TEMP TABLE affected (first TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE member_before (name TEXT, part TEXT, row INTEGER, weight INTEGER);
CREATE TEMP TABLE change (name TEXT, part TEXT, row INTEGER, weight INTEGER, number INTEGER);
"""
_AFFECTED: Final = "row.name = :name AND row.first IN (SELECT first FROM affected)"
_SAME: Final = " AND ".join(f"draft.{column} IS row.{column}" for column in COLUMNS)
# What items have come, and with -1, what have gone.
_CHANGE: Final = """
DELETE FROM change;
INSERT INTO change SELECT *, -1 FROM (SELECT * FROM member_before EXCEPT SELECT * FROM member);
INSERT INTO change SELECT *, 1 FROM (SELECT * FROM member EXCEPT SELECT * FROM member_before);
INSERT OR IGNORE INTO list (name, part, number, weight) SELECT name, part, 0, 0 FROM change;
DELETE FROM item WHERE (list, row) IN (
    SELECT list.id, row FROM change JOIN list USING (name, part) WHERE change.number < 0
);
INSERT INTO item SELECT list.id, row FROM change JOIN list USING (name, part) WHERE change.number > 0;
"""


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
    if changes.subjects(iris_of(list_query_texts()[INDICATORS])):
        raise WholeBuildError("the hierarchy of indicators has changed")
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TEMPORARY}")
            for query in list_queries():
                if items := affected_items(query, before, store, changes):
                    _exchange(connection, query, store, items)
            connection.commit()
    except sqlite3.Error as error:
        raise StoreError(f"Cannot write {path}: {error}. Name another data directory.") from error


def _exchange(
    connection: sqlite3.Connection, query: ListQuery, store: ox.Store, items: Iterable[ox.NamedNode]
) -> None:
    """Replace the rows of some items by those that they have now."""
    name = {"name": query.name}
    connection.executescript("DELETE FROM affected; DELETE FROM member_before; DELETE FROM member;")
    connection.executemany("INSERT INTO affected VALUES (?)", ((item.value,) for item in items))
    connection.execute(f"INSERT INTO member_before {members(query, _AFFECTED)}", name)
    fill_draft(connection, narrowed(query, items), store)
    connection.execute(
        f"DELETE FROM row WHERE {_AFFECTED} AND NOT EXISTS (SELECT 1 FROM draft WHERE {_SAME})",  # noqa: S608
        name,
    )
    connection.execute(
        f"DELETE FROM draft WHERE EXISTS (SELECT 1 FROM row WHERE row.name = :name AND {_SAME})",  # noqa: S608
        name,
    )
    places = _places(connection, query)
    if places is None:
        _write_anew(connection, query)
        return
    connection.executemany(
        f"INSERT INTO row (id, name, {_COLUMNS}) SELECT ?, ?, {_COLUMNS} FROM draft WHERE rowid = ?",  # noqa: S608
        ((id_, query.name, draft) for draft, id_ in places.items()),
    )
    connection.execute(f"INSERT INTO member {members(query, _AFFECTED)}", name)
    _change_items(connection)


def _change_items(connection: sqlite3.Connection) -> None:
    """Change the items of lists, and what is counted of them, from `member_before` to `member`."""
    connection.executescript(_CHANGE)
    counts = connection.execute(
        "SELECT list.id, SUM(change.number), SUM(change.number * change.weight)"
        " FROM change JOIN list USING (name, part) GROUP BY list.id"
    ).fetchall()
    connection.executemany("UPDATE list SET number = number + ?2, weight = weight + ?3 WHERE id = ?1", counts)
    rows = connection.execute(
        "SELECT list.id, row, change.number FROM change JOIN list USING (name, part)"
    ).fetchall()
    connection.executemany(
        "UPDATE mark SET number = number + ?3 WHERE list = ?1 AND row ="
        " (SELECT MIN(row) FROM mark WHERE list = ?1 AND row > ?2)",
        rows,
    )
    lists = [(list_,) for list_, *_ in counts]
    connection.executemany("DELETE FROM list WHERE id = ? AND number = 0", lists)
    connection.execute("DELETE FROM mark WHERE list NOT IN (SELECT id FROM list)")


def _write_anew(connection: sqlite3.Connection, query: ListQuery) -> None:
    """Write a list with the rows that it has and those of the draft."""
    ids, name = ids_of(query), {"name": query.name}
    connection.execute(
        f"INSERT INTO draft SELECT {_COLUMNS} FROM row WHERE {ROWS_OF_LIST}",  # noqa: S608 (columns alone)
        ids,
    )
    connection.execute(f"DELETE FROM row WHERE {ROWS_OF_LIST}", ids)  # noqa: S608 (see there)
    for table in ("item", "mark"):
        connection.execute(
            f"DELETE FROM {table} WHERE list IN (SELECT id FROM list WHERE {LISTS_OF_NAME})",  # noqa: S608
            name,
        )
    connection.execute(f"DELETE FROM list WHERE {LISTS_OF_NAME}", name)  # noqa: S608 (see there)
    write_list(connection, query)


def _places(connection: sqlite3.Connection, query: ListQuery) -> dict[int, int] | None:
    """Return an id for each row of the draft, in the order of the list; None where there is none left."""
    waiting: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    drafts = connection.execute(f"SELECT rowid FROM draft ORDER BY {query.order}").fetchall()  # noqa: S608
    for (draft,) in drafts:
        waiting[_neighbours(connection, query, draft)].append(draft)
    places: dict[int, int] = {}
    ends = ids_of(query)
    for (below, above), group in waiting.items():
        ids = _between(below, above, len(group), ends)
        if ids is None:
            return None
        places |= dict(zip(group, ids, strict=True))
    return places


def _neighbours(connection: sqlite3.Connection, query: ListQuery, draft: int) -> tuple[int, int]:
    """Return the ids of the rows between which a row of the draft belongs, or ends of the ids of the list."""
    low, high = below, above = tuple(ids_of(query).values())
    while high - low > 1:
        middle = (low + high) // 2
        row = connection.execute(
            "SELECT id FROM row WHERE id >= ? AND id < ? ORDER BY id LIMIT 1", (middle, high)
        ).fetchone()
        if row is None:
            high = middle
        elif _is_before(connection, query, draft, row[0]):
            above, high = row[0], middle
        else:
            below = low = row[0]
    return below, above


def _is_before(connection: sqlite3.Connection, query: ListQuery, draft: int, id_: int) -> bool:
    (first,) = connection.execute(
        f"SELECT id FROM (SELECT id, {_COLUMNS} FROM row WHERE id = ? UNION ALL"  # noqa: S608 (columns alone)
        f" SELECT NULL, {_COLUMNS} FROM draft WHERE rowid = ?) ORDER BY {query.order} LIMIT 1",
        (id_, draft),
    ).fetchone()
    return first is None


def _between(below: int, above: int, number: int, ends: dict[str, int]) -> Sequence[int] | None:
    """Return ids between two rows, near the middle; None if there are too few."""
    if below == ends["low"] and above == ends["high"]:
        below = (below + above) // 2
    if above == ends["high"]:
        above = min(above, below + GAP * (number + 1))
    elif below == ends["low"]:
        below = max(below, above - GAP * (number + 1))
    room = above - below
    step = min(room // (number + 1), max(1, room // (number * _SPARSE)))
    if step == 0:
        return None
    start = below + (room - step * (number - 1)) // 2
    return range(start, start + step * number, step)
