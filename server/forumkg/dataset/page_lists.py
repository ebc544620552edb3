"""The ordered lists behind pages, in a file of the version: which things, in which order, and how many.

A page of a long list needs the n-th things of an order over all, and how many there are. A query for that
costs what the list holds, not what the page shows; so the order is computed once, when the version is built,
by the queries in `lists/`. Each list has *parts*: all of it, and what belongs to one forum or one edition.
https://www.sqlite.org/withoutrowid.html
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from forumkg.errors import StoreError

__all__ = ["PAGE_LISTS", "ListItem", "PageLists"]

# The name of the file in the folder of a version.
PAGE_LISTS: Final = "lists.sqlite"

ListItem = tuple[str, ...]

_MARKS: Final = (
    "SELECT list.id, mark.row, mark.number FROM list LEFT JOIN mark ON mark.list = list.id"
    " WHERE name = ? AND part = ? ORDER BY mark.row"
)
_ITEMS: Final = (
    "SELECT first, second, third FROM"
    " (SELECT row FROM item WHERE list = ? AND row >= ? ORDER BY row LIMIT ? OFFSET ?) AS shown"
    " JOIN row ON row.id = shown.row ORDER BY row.id"
)


@dataclass(frozen=True, slots=True)
class PageLists:
    """The lists of a version, in a file that no longer changes."""

    path: Path

    def count(self, name: str, part: str = "") -> int:
        """Return how many items a list, or a part of it, has; 0 for an unknown one.

        Args:
            name: of the list, such as `editions`.
            part: the IRI of a forum or an edition; empty for all.
        """
        return self._total("number", name, part)

    def weight(self, name: str, part: str = "") -> int:
        """Return the sum of the weights of the items, where each stands for several things."""
        return self._total("weight", name, part)

    def items(self, name: str, part: str = "", *, start: int = 0, number: int = 100) -> tuple[ListItem, ...]:
        """Return some items of a list, in its order, each as the IRIs that the query of the list selects.

        Args:
            name: of the list.
            part: the IRI of a forum or an edition; empty for all.
            start: the place of the first, from 0.
            number: how many at the most.
        """
        # From the last mark before the first item on: the items between two marks, at most, are passed over.
        marks = self._rows(_MARKS, (name, part))
        list_, origin = marks[0][0] if marks else None, 0
        for _, row, before in marks:
            if row is None or before > start:
                break
            origin, start = row, start - before
        rows = self._rows(_ITEMS, (list_, origin, number, start))
        return tuple(tuple(term for term in row if term is not None) for row in rows)

    def things(self, name: str, part: str = "", *, start: int = 0, number: int = 100) -> tuple[str, ...]:
        """Return some items of a list of single things."""
        return tuple(item[0] for item in self.items(name, part, start=start, number=number))

    def counts(self, name: str, parts: Iterable[str]) -> dict[str, int]:
        """Return how many items of a list belong to each of some forums or editions, if any do."""
        return self._numbers("name", name, "part", parts)

    def numbers(self, names: Iterable[str], part: str = "") -> dict[str, int]:
        """Return how many items each of some lists has in a part, if it has any."""
        return self._numbers("part", part, "name", names)

    def _numbers(self, fixed: str, value: str, column: str, wanted: Iterable[str]) -> dict[str, int]:
        keys = tuple(wanted)
        marks = ", ".join("?" * len(keys))
        rows = self._rows(
            f"SELECT {column}, number FROM list WHERE {fixed} = ? AND {column} IN ({marks})",  # noqa: S608 (columns, marks)
            (value, *keys),
        )
        return {key: int(number) for key, number in rows}

    def _total(self, column: str, name: str, part: str) -> int:
        rows = self._rows(
            f"SELECT {column} FROM list WHERE name = ? AND part = ?",  # noqa: S608 (one of two columns)
            (name, part),
        )
        return int(rows[0][0]) if rows else 0

    def _rows(self, query: str, values: tuple[str | int | None, ...]) -> list[tuple[Any, ...]]:
        try:
            with closing(_read_only(self.path)) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"Cannot read {self.path}: {error}. Delete the data directory.") from error


def _read_only(path: Path) -> sqlite3.Connection:
    # Nothing changes the file of a version: SQLite need not lock it.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
