"""The full-text index of names, wordings, paraphrases and notes, in a file of the version.

It is SQLite's FTS5, whose answers come in the order of the rows: by the rank of what was matched, then by the
thing. So the first results cost the same in any dataset. https://www.sqlite.org/fts5.html
"""

import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import StoreError, WholeBuildError
from forumkg.namespaces import BASE
from forumkg.rdf.terms import named
from forumkg.reasoning.rederivation import Changes

__all__ = ["SEARCH_INDEX", "IndexedText", "SearchIndex", "update_search_index", "write_search_index"]

# The name of the file in the folder of a version.
SEARCH_INDEX: Final = "search.sqlite"

# What is searched, and its rank: names before wordings, these before paraphrases and notes.
_PROPERTIES: Final = {
    "skos:prefLabel": 1,
    "rdfs:label": 1,
    "dcterms:title": 1,
    "skos:altLabel": 1,
    "zgc:wording": 2,
    "zgc:paraphrase": 3,
    "zgc:translatedParaphrase": 3,
    "skos:definition": 4,
    "skos:scopeNote": 4,
    "skos:example": 4,
    "zgc:editorialNote": 4,
    "zgc:translatedNote": 4,
}
_RANKS: Final = {named(name): rank for name, rank in _PROPERTIES.items()}
# Between the numbers of two texts: later versions put others between them.
_GAP: Final = 2**32
# The index of names serves lists of things by the beginning of their IRIs: among a million texts it takes
# 0.04 ms where a scan takes up to 78 ms.
_SCHEMA: Final = """
CREATE TABLE text (id INTEGER PRIMARY KEY, thing TEXT, rank INTEGER, text TEXT, language TEXT);
CREATE INDEX name ON text (thing) WHERE rank = 1;
CREATE VIRTUAL TABLE word USING fts5(
    text, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE term USING fts5vocab(word, row);
"""
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# Rank, thing, text and language.
_Text: TypeAlias = tuple[int, str, str, str]
# How many texts of each word are compared where none has all words.
_MOST_OF_A_WORD: Final = 20_000
_MOST_TERMS: Final = 5_000


@dataclass(frozen=True, slots=True)
class IndexedText:
    """A text that was found.

    Attributes:
        thing: the IRI of what it belongs to.
        rank: 1 for a name, 2 for a wording, 3 for a paraphrase, 4 for a note.
        text: the text itself.
        language: its language tag; empty where it has none.
        score: how many of the words it has.
    """

    thing: str
    rank: int
    text: str
    language: str = ""
    score: int = 0


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """The index of a version, in a file that no longer changes."""

    path: Path

    def with_all(self, words: Iterable[Sequence[str]], limit: int) -> tuple[IndexedText, ...]:
        """Return the texts that have all words, names first.

        Args:
            words: the forms of each word; a form matches words that begin with it, a Chinese one any part.
            limit: how many texts at the most.
        """
        expression = " AND ".join(f"({_any_of(forms)})" for forms in words)
        rows = self._rows(
            "SELECT thing, rank, text, language, 0 FROM text WHERE id IN"
            " (SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid LIMIT ?) ORDER BY id",
            (expression, limit),
        )
        return tuple(IndexedText(*row) for row in rows)

    def with_some(self, words: Sequence[Sequence[str]], limit: int) -> tuple[IndexedText, ...]:
        """Return the texts that have the most of some words."""
        one = "SELECT * FROM (SELECT rowid AS id FROM word WHERE word MATCH ? ORDER BY rowid LIMIT ?)"
        values = [value for forms in words for value in (_any_of(forms), _MOST_OF_A_WORD)]
        union = " UNION ALL ".join([one] * len(words))
        rows = self._rows(
            f"SELECT thing, rank, text, language, score FROM text JOIN (SELECT id AS found, COUNT(*) AS score"  # noqa: S608 (marks alone)
            f" FROM ({union}) GROUP BY id ORDER BY score DESC, id LIMIT ?) ON text.id = found"
            " ORDER BY score DESC, rank, text.id",
            (*values, limit),
        )
        return tuple(IndexedText(*row) for row in rows)

    def named(self, beginning: str, limit: int) -> tuple[IndexedText, ...]:
        """Return the names of the things whose IRIs have a beginning, in the order of these.

        Args:
            beginning: of an IRI.
            limit: how many names at the most; a thing may have several.
        """
        rows = self._rows(
            "SELECT thing, rank, text, language, 0 FROM text WHERE rank = 1 AND thing >= ? AND thing < ?"
            " ORDER BY thing, id LIMIT ?",
            (beginning, f"{beginning}\U0010ffff", limit),
        )
        return tuple(IndexedText(*row) for row in rows)

    def has(self, forms: Sequence[str]) -> bool:
        """Return whether a text has a word in one of its forms."""
        return bool(self._rows("SELECT rowid FROM word WHERE word MATCH ? LIMIT 1", (_any_of(forms),)))

    def terms_like(self, word: str) -> tuple[str, ...]:
        """Return the words of the texts that begin with the letter of a word and are about as long."""
        # One letter, as the index has it: case folding makes two of some.
        start = _spaced(word)[:1].lower()[:1]
        if not start:
            return ()
        rows = self._rows(
            "SELECT term FROM term WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
            " ORDER BY doc DESC, term LIMIT ?",
            (start, f"{start}\U0010ffff", len(word) - 2, len(word) + 2, _MOST_TERMS),
        )
        return tuple(term for (term,) in rows)

    def _rows(self, query: str, values: Sequence[str | int]) -> list[Any]:
        try:
            # Nothing changes the file of a version: SQLite need not lock it.
            address = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"Cannot read {self.path}: {error}. Delete the data directory.") from error


def write_search_index(store: ox.Store, path: Path) -> None:
    """Write the index of a store into a new file; the same store gives the same bytes.

    Raises:
        StoreError: the file cannot be written, or SQLite was built without FTS5.
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
            connection.execute("CREATE TEMP TABLE draft (rank INTEGER, thing TEXT, text TEXT, language TEXT)")
            connection.executemany("INSERT INTO draft VALUES (?, ?, ?, ?)", _texts(store))
            connection.execute(
                "INSERT INTO text (id, thing, rank, text, language)"
                " SELECT ? * ROW_NUMBER() OVER (ORDER BY rank, thing, text, language),"
                " thing, rank, text, language FROM (SELECT DISTINCT * FROM draft)"
                " ORDER BY rank, thing, text, language",
                (_GAP,),
            )
            connection.create_function("spaced", 1, _spaced, deterministic=True)
            connection.execute("INSERT INTO word (rowid, text) SELECT id, spaced(text) FROM text ORDER BY id")
            connection.execute("INSERT INTO word (word) VALUES ('optimize')")
            connection.commit()
    except sqlite3.Error as error:
        raise StoreError(f"Cannot write {path}: {error}. Name another data directory.") from error


def update_search_index(store: ox.Store, path: Path, changes: Changes) -> None:
    """Change the index of the previous version as its default graph has changed.

    Args:
        store: The version now.
        path: A copy of the index of the previous version.
        changes: Of the default graph.

    Raises:
        StoreError: the file cannot be written.
        WholeBuildError: no unused row numbers are left between two texts.
    """
    touched = {text for triple in (*changes.added, *changes.removed) for text in _text_of(triple)}
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            wanted: defaultdict[tuple[int, int], list[_Text]] = defaultdict(list)
            for text in sorted(touched):
                below, id_, above = _place(connection, text)
                is_wanted = _is_in(store, text)
                if id_ is None and is_wanted:
                    wanted[below, above].append(text)
                elif id_ is not None and not is_wanted:
                    _delete(connection, id_, text)
            for (below, above), texts in wanted.items():
                _insert(connection, below, above, texts)
            connection.commit()
    except sqlite3.Error as error:
        raise StoreError(f"Cannot write {path}: {error}. Name another data directory.") from error


def _is_in(store: ox.Store, text: _Text) -> bool:
    rank, thing, value, language = text
    literal = ox.Literal(value, language=language or None)
    return any(
        ox.Quad(ox.NamedNode(thing), named(name), literal, ox.DefaultGraph()) in store
        for name, rank_ in _PROPERTIES.items()
        if rank_ == rank
    )


def _place(connection: sqlite3.Connection, text: _Text) -> tuple[int, int | None, int]:
    """Return the number of a text, if it is there, between those below and above it."""
    top = int(connection.execute("SELECT coalesce(max(id), 0) FROM text").fetchone()[0]) + 2 * _GAP
    below, above = low, high = 0, top
    while high - low > 1:
        middle = (low + high) // 2
        row = connection.execute(
            "SELECT id, rank, thing, text, language FROM text WHERE id >= ? AND id < ? ORDER BY id LIMIT 1",
            (middle, high),
        ).fetchone()
        if row is None:
            high = middle
        elif row[1:] == text:
            return below, row[0], above
        elif row[1:] < text:
            below = low = row[0]
        else:
            above, high = row[0], middle
    return below, None, above


def _delete(connection: sqlite3.Connection, id_: int, text: _Text) -> None:
    connection.execute("DELETE FROM text WHERE id = ?", (id_,))
    connection.execute(
        "INSERT INTO word (word, rowid, text) VALUES ('delete', ?, ?)", (id_, _spaced(text[2]))
    )


def _insert(connection: sqlite3.Connection, below: int, above: int, texts: Sequence[_Text]) -> None:
    step = (above - below) // (len(texts) + 1)
    if step == 0:
        raise WholeBuildError("the search index has no room between two texts")
    for number, (rank, thing, value, language) in enumerate(texts, start=1):
        id_ = below + number * step
        connection.execute("INSERT INTO text VALUES (?, ?, ?, ?, ?)", (id_, thing, rank, value, language))
        connection.execute("INSERT INTO word (rowid, text) VALUES (?, ?)", (id_, _spaced(value)))


def _texts(store: ox.Store) -> Iterator[_Text]:
    for name in _PROPERTIES:
        for quad in store.quads_for_pattern(None, named(name), None, ox.DefaultGraph()):
            yield from _text_of(quad.triple)


def _text_of(triple: ox.Triple) -> Iterator[_Text]:
    """Yield what is searched of a triple: nothing, or its text."""
    rank = _RANKS.get(triple.predicate)
    thing, text = triple.subject, triple.object
    if rank is None or not isinstance(thing, ox.NamedNode) or not isinstance(text, ox.Literal):
        return
    if thing.value.startswith(BASE):
        yield rank, thing.value, text.value, text.language or ""


def _spaced(text: str) -> str:
    """Return a text with full-width letters as plain ones, and each Chinese character as a word."""
    return _HAN.sub(r" \g<0> ", unicodedata.normalize("NFKC", text))


def _any_of(forms: Iterable[str]) -> str:
    """Return an expression of FTS5 for texts with a word that begins with one of the forms."""
    # Within quotation marks only these mean something, and are written twice. FTS5 ends at a U+0000.
    quoted = (_spaced(form).replace("\0", " ").strip().replace('"', '""') for form in forms)
    return " OR ".join(f'"{form}" *' for form in quoted)
