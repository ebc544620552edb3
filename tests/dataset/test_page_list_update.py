"""Lists that are changed with their dataset: a page of them is that of lists that are written whole."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped_store

from forumkg.dataset.list_changes import narrowed
from forumkg.dataset.list_queries import ListQuery, list_queries
from forumkg.dataset.page_list_update import update_page_lists
from forumkg.dataset.page_list_writer import write_page_lists
from forumkg.dataset.page_lists import PageLists
from forumkg.namespaces import ID
from forumkg.rdf.terms import english, named, quads
from forumkg.reasoning.rederivation import Changes

# More than twice as many as from one mark to the next.
LONG = range(0, 26_000, 10)


def _topics(numbers: Iterable[int]) -> frozenset[ox.Triple]:
    """Return topics whose names are in the order of their numbers."""
    topics = {number: ox.NamedNode(f"{ID}topic/{number:05}") for number in numbers}
    return frozenset(
        triple
        for number, topic in topics.items()
        for triple in (
            ox.Triple(topic, named("rdf:type"), named("zgc:Topic")),
            ox.Triple(topic, named("skos:prefLabel"), english(f"Topic {number:05}")),
        )
    )


def _store(triples: Iterable[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(quads(triples))
    return store


class _Topics:
    """A list of topics in a file, which is changed as topics come and go."""

    def __init__(self, path: Path, numbers: Iterable[int]) -> None:
        self._path = path
        self._numbers = frozenset(numbers)
        write_page_lists(_store(_topics(self._numbers)), path)

    def change(self, numbers: Iterable[int]) -> None:
        numbers = frozenset(numbers)
        before, after = _topics(self._numbers), _topics(numbers)
        changes = Changes(after - before, before - after)
        update_page_lists(_store(before), _store(after), self._path, changes)
        self._numbers = numbers

    def pages(self, size: int) -> list[list[int]]:
        """Return the numbers of the topics on each page, and on the one after the last."""
        lists = PageLists(self._path)
        starts = range(0, lists.count("topics") + 1, size)
        things = (lists.things("topics", start=start, number=size) for start in starts)
        return [[int(thing.rpartition("/")[2]) for thing in page] for page in things]

    def expected(self, size: int) -> list[list[int]]:
        numbers = sorted(self._numbers)
        return [numbers[start : start + size] for start in range(0, len(numbers) + 1, size)]


def test_pages_of_a_long_list(tmp_path: Path) -> None:
    """Each page of a long list is where it belongs, also after items came and went in every part of it."""
    topics = _Topics(tmp_path / "lists.sqlite", LONG)
    assert topics.pages(700) == topics.expected(700)

    gone, new = set(range(0, 12_000, 130)), {3, 7, *range(9_001, 9_009), 25_991, 30_000}
    topics.change(new | set(LONG) - gone)
    assert topics.pages(700) == topics.expected(700)
    topics.change(LONG)
    assert topics.pages(700) == topics.expected(700)
    topics.change(())
    assert topics.pages(700) == [[]]
    topics.change(LONG)
    assert topics.pages(700) == topics.expected(700)


def test_items_that_come_in_one_place(tmp_path: Path) -> None:
    """However many items come one by one between the same two, each has its place."""
    topics = _Topics(tmp_path / "lists.sqlite", numbers := {1, 99_000})
    for number in range(50_000, 49_970, -1):
        topics.change(numbers := numbers | {number})
    for number in range(50_001, 50_030):
        topics.change(numbers := numbers | {number})

    assert topics.pages(100) == topics.expected(100)


@settings(max_examples=15, deadline=None)
@given(states=st.lists(st.frozensets(st.integers(0, 30)), min_size=2, max_size=6))
def test_any_items_come_and_go(states: list[frozenset[int]]) -> None:
    """After any changes a list has its items, in their order."""
    with TemporaryDirectory() as folder:
        topics = _Topics(Path(folder) / "lists.sqlite", states[0])
        for state in states[1:]:
            topics.change(state)
            assert topics.pages(7) == topics.expected(7)


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: str(query.name))
def test_narrowed_list_has_the_rows_of_its_items(query: ListQuery) -> None:
    """A list of some things alone has their rows as the whole list has them."""
    rows = sorted(query.rows(shipped_store()), key=str)
    for things in ({row[0] for row in rows}, {row[0] for row in rows[::3]}):
        some = narrowed(query, [ox.NamedNode(str(thing)) for thing in things])

        assert sorted(some.rows(shipped_store()), key=str) == [row for row in rows if row[0] in things]
