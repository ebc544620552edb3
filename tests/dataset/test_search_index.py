"""The full-text index: what it finds, whatever the words, and that a build repeats."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shipped import shipped_store

from forumkg.dataset.search_index import IndexedText, SearchIndex, write_search_index
from forumkg.errors import StoreError
from forumkg.namespaces import ID

LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """Return the index of the shipped dataset."""
    path = tmp_path_factory.mktemp("search") / "search.sqlite"
    write_search_index(shipped_store(), path)
    return SearchIndex(path)


def index_of(folder: Path, *texts: str) -> SearchIndex:
    """Return the index of things with these names."""
    store = ox.Store()
    for number, text in enumerate(texts):
        thing = ox.NamedNode(f"{ID}topic/{number}")
        store.add(ox.Quad(thing, LABEL, ox.Literal(text, language="en")))
    write_search_index(store, folder / "search.sqlite")
    return SearchIndex(folder / "search.sqlite")


def found(index: SearchIndex, *words: Sequence[str]) -> list[str]:
    """Return the texts that have all words."""
    return [each.text for each in index.with_all(words, 10)]


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ([["caf"]], ["Café Zürich"]),
        ([["ZURICH"]], ["Café Zürich"]),
        ([["中关"]], ["北京中关村论坛"]),
        ([["村"], ["2021"]], ["村２０２１"]),
        ([["o'neill"]], ["O'Neill's \"Bar\" AND NOT *"]),
        ([["nothing", "bar"]], ["O'Neill's \"Bar\" AND NOT *"]),
        ([["ürich"]], []),
        ([["cafe"], ["bar"]], []),
    ],
)
def test_words(words: list[list[str]], texts: list[str], tmp_path: Path) -> None:
    """A word is found by its beginning without case and marks, Chinese wherever it stands, wide as plain."""
    index = index_of(tmp_path, "Café Zürich", "北京中关村论坛", "村２０２１", "O'Neill's \"Bar\" AND NOT *")

    assert found(index, *words) == texts


def test_texts_with_the_most_words_come_first(tmp_path: Path) -> None:
    """Of several words, texts with more of them come first, each with their number."""
    index = index_of(tmp_path, "one", "one two", "three one two", "four")

    assert index.with_some([["one"], ["two"], ["three"]], 2) == (
        IndexedText(f"{ID}topic/2", 1, "three one two", "en", 3),
        IndexedText(f"{ID}topic/1", 1, "one two", "en", 2),
    )


def test_words_of_the_texts(tmp_path: Path) -> None:
    """Words that begin alike and are about as long are known, the most frequent first."""
    index = index_of(tmp_path, "exhibitors and exhibits", "exhibitors", "guests")

    assert index.terms_like("exibitors") == ("exhibitors", "exhibits")
    assert index.terms_like("") == ()
    assert index.terms_like("Exibitors") == ("exhibitors", "exhibits")
    assert index.has(["guest"])
    assert not index.has(["ghost"])


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1))
@example(["\0", "a\0b", '"\0'])
@example(["\ud7ff"])
@example(["\U0010ffff"])
@example(['"', "AND", "a OR b", "NEAR(", "text:x", "-", "*", "^"])
@example(["ß"])
@example(["İ"])
@example(["\U0010ffff"])
def test_any_words(shipped: SearchIndex, words: list[str]) -> None:
    """Whatever the words, they are words: none is read as an operator, and no search fails."""
    assert len(shipped.with_all([[word] for word in words], 3)) <= 3
    assert len(shipped.with_some([words], 3)) <= 3
    assert isinstance(shipped.terms_like(words[0]), tuple)


def test_names_of_the_things_of_a_beginning(tmp_path: Path) -> None:
    """The names of things come in the order of their IRIs, and an index finds the first of them."""
    index = index_of(tmp_path, "second", "third", "first")

    assert [each.text for each in index.named(f"{ID}topic/", 2)] == ["second", "third"]
    assert [each.text for each in index.named(f"{ID}topic/2", 9)] == ["first"]
    assert index.named(f"{ID}place/", 9) == ()
    with closing(sqlite3.connect(tmp_path / "search.sqlite")) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT thing FROM text WHERE rank = 1 AND thing >= 'a' ORDER BY thing, id"
        ).fetchall()
    assert [row[-1] for row in plan] == ["SEARCH text USING INDEX name (thing>?)"]


def test_same_store_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two builds of one dataset have the same index, to the byte."""
    for name in ("one", "other"):
        write_search_index(shipped_store(), tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_file_that_is_no_database(tmp_path: Path) -> None:
    """A damaged file is reported by its name."""
    (tmp_path / "search.sqlite").write_bytes(b"no database")

    with pytest.raises(StoreError, match=r"^Cannot read .*search\.sqlite: "):
        SearchIndex(tmp_path / "search.sqlite").has(["a"])
