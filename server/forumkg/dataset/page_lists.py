"""The ordered lists behind pages, in a file of the version: which things, in which order, and how many.

A page of a long list needs the n-th things of an order over all, and how many there are. A query for that
costs what the list holds, not what the page shows; so the order is computed once, when the version is built,
by the queries in `lists/`. Each list has *parts*: all of it, and what belongs to one forum or one edition.
https://www.sqlite.org/withoutrowid.html
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.errors import StoreError

__all__ = ["PAGE_LISTS", "ListItem", "PageLists", "list_query_texts", "write_page_lists"]

# The name of the file in the folder of a version.
PAGE_LISTS: Final = "lists.sqlite"

_QUERIES: Final = resources.files(__package__) / "lists"
# The variables that name the parts to which an item belongs.
_PARTS: Final = ("forum", "edition")
# A number beside each item: of `apparent-conflicts` how many pairs it stands for.
_WEIGHT: Final = "weight"
# Not a list: which indicators are above which.
_INDICATORS: Final = "indicators"
_FIGURES: Final = "figures"

_SCHEMA: Final = """
CREATE TABLE list (
    id INTEGER PRIMARY KEY, name TEXT, part TEXT, number INTEGER, weight INTEGER, UNIQUE (name, part)
);
CREATE TABLE entry (id INTEGER PRIMARY KEY, first TEXT, second TEXT, third TEXT);
CREATE TABLE item (list INTEGER, place INTEGER, entry INTEGER, PRIMARY KEY (list, place)) WITHOUT ROWID;
"""

ListItem = tuple[str, ...]


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
        rows = self._rows(
            "SELECT first, second, third FROM list JOIN item ON item.list = list.id"
            " JOIN entry ON entry.id = entry"
            " WHERE name = ? AND part = ? AND place >= ? AND place < ? ORDER BY place",
            (name, part, start, start + number),
        )
        return tuple(tuple(term for term in row if term is not None) for row in rows)

    def things(self, name: str, part: str = "", *, start: int = 0, number: int = 100) -> tuple[str, ...]:
        """Return some items of a list of single things."""
        return tuple(item[0] for item in self.items(name, part, start=start, number=number))

    def counts(self, name: str, parts: Iterable[str]) -> dict[str, int]:
        """Return how many items of a list belong to each of some forums or editions, if any do."""
        wanted = tuple(parts)
        marks = ", ".join("?" * len(wanted))
        rows = self._rows(
            f"SELECT part, number FROM list WHERE name = ? AND part IN ({marks})",  # noqa: S608 (marks alone)
            (name, *wanted),
        )
        return {part: int(number) for part, number in rows}

    def _total(self, column: str, name: str, part: str) -> int:
        rows = self._rows(
            f"SELECT {column} FROM list WHERE name = ? AND part = ?",  # noqa: S608 (one of two columns)
            (name, part),
        )
        return int(rows[0][0]) if rows else 0

    def _rows(self, query: str, values: tuple[str | int, ...]) -> list[tuple[str, ...]]:
        try:
            with closing(_read_only(self.path)) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"Cannot read {self.path}: {error}. Delete the data directory.") from error


def list_query_texts() -> dict[str, str]:
    """Return the queries of the lists by the names of their files, without the ending."""
    return {
        file.name.removesuffix(".rq"): file.read_text(encoding="utf-8")
        for file in _QUERIES.iterdir()
        if file.name.endswith(".rq")
    }


def write_page_lists(store: ox.Store, path: Path) -> None:
    """Write the lists of a store into a new file; the same store gives the same bytes.

    Raises:
        StoreError: the file cannot be written.
    """
    queries = list_query_texts()
    above = _indicators_above(store, queries.pop(_INDICATORS))
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
            writer = _Writer(connection)
            for name, query in sorted(queries.items()):
                writer.write(name, _solutions(store, query), above if name == _FIGURES else {})
            connection.commit()
    except sqlite3.Error as error:
        raise StoreError(f"Cannot write {path}: {error}. Name another data directory.") from error


def _read_only(path: Path) -> sqlite3.Connection:
    # Nothing changes the file of a version: SQLite need not lock it.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


class _Writer:
    """Writes lists, each item once in every part that it belongs to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def write(
        self, name: str, rows: Iterable[Mapping[str, str]], above: Mapping[str, tuple[str, ...]]
    ) -> None:
        """Write a list, and one more for each indicator whose figures it has: `figures/<IRI>`."""
        entries: dict[ListItem, int] = {}
        numbers: defaultdict[tuple[str, str], int] = defaultdict(int)
        weights: defaultdict[tuple[str, str], int] = defaultdict(int)
        lists: dict[tuple[str, str], int] = {}
        placed: set[tuple[int, int]] = set()
        for row in rows:
            item = tuple(value for key, value in row.items() if key not in {*_PARTS, _WEIGHT, "indicator"})
            if item not in entries:
                entries[item] = self._entry(item)
            names = (name, *(f"{name}/{indicator}" for indicator in above.get(row.get("indicator", ""), ())))
            for key in ((each, part) for each in names for part in _parts_of(row)):
                if key not in lists:
                    lists[key] = self._list(*key)
                if (lists[key], entries[item]) in placed:
                    continue
                placed.add((lists[key], entries[item]))
                self._connection.execute(
                    "INSERT INTO item VALUES (?, ?, ?)", (lists[key], numbers[key], entries[item])
                )
                numbers[key] += 1
                weights[key] += int(row.get(_WEIGHT, "1"))
        self._connection.executemany(
            "UPDATE list SET number = ?, weight = ? WHERE id = ?",
            ((numbers[key], weights[key], id_) for key, id_ in lists.items()),
        )

    def _entry(self, item: ListItem) -> int:
        # Some lists order by counts, which follow the thing.
        terms = [*item[:3], *[None] * (3 - len(item))]
        cursor = self._connection.execute("INSERT INTO entry (first, second, third) VALUES (?, ?, ?)", terms)
        return cursor.lastrowid or 0

    def _list(self, name: str, part: str) -> int:
        cursor = self._connection.execute("INSERT INTO list (name, part) VALUES (?, ?)", (name, part))
        return cursor.lastrowid or 0


def _parts_of(row: Mapping[str, str]) -> tuple[str, ...]:
    return ("", *(row[name] for name in _PARTS if name in row))


def _solutions(store: ox.Store, query: str) -> Iterator[dict[str, str]]:
    """Yield the IRIs, and the weight, of each solution."""
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 (a SELECT has solutions)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {
            name: term.value
            for name in names
            if isinstance(term := solution[name], ox.NamedNode) or (name == _WEIGHT and term is not None)
        }


def _indicators_above(store: ox.Store, query: str) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in _solutions(store, query):
        found[row["indicator"]].append(row["above"])
    return {indicator: tuple(above) for indicator, above in found.items()}
