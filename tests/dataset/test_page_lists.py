"""The ordered lists behind pages: what each holds, of which forum and edition, and that a build repeats."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from shipped import shipped_store

from forumkg.dataset.list_queries import list_query_texts
from forumkg.dataset.page_list_writer import write_page_lists
from forumkg.dataset.page_lists import PageLists
from forumkg.errors import StoreError
from forumkg.namespaces import ID

BESIDE = {"forum", "edition", "indicator", "within", "stance", "publisher", "carrier", "speaker"}
FORUM = f"{ID}forum/zgc"


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> PageLists:
    """Return the lists of the shipped dataset."""
    path = tmp_path_factory.mktemp("lists") / "lists.sqlite"
    write_page_lists(shipped_store(), path)
    return PageLists(path)


def test_order_and_parts_of_editions(lists: PageLists) -> None:
    """Editions are listed by forum and year; each is a part of its own."""
    assert lists.things("forums") == (FORUM,)
    assert lists.things("editions") == tuple(f"{ID}edition/{year}" for year in (2020, 2021, 2023, 2024))
    assert lists.things("editions", FORUM) == lists.things("editions")
    assert lists.things("editions", f"{ID}edition/2023") == (f"{ID}edition/2023",)
    assert lists.things("editions", start=1, number=2) == (f"{ID}edition/2021", f"{ID}edition/2023")


@pytest.mark.parametrize("name", sorted(set(list_query_texts()) - {"indicators"}))
def test_lists_are_the_rows_of_their_queries(name: str, lists: PageLists) -> None:
    """Each list has the items of its query, each once, in the order of the query."""
    rows = shipped_store().query(list_query_texts()[name])
    assert isinstance(rows, ox.QuerySolutions)
    names = [each.value for each in rows.variables if each.value not in BESIDE]
    expected = dict.fromkeys(
        tuple(term.value for each in names if isinstance(term := row[each], ox.NamedNode)) for row in rows
    )

    assert lists.items(name, number=10_000) == tuple(expected)
    assert lists.count(name) == len(expected)


def test_weight_of_apparent_conflicts(lists: PageLists) -> None:
    """Each subject and indicator stands for the pairs of its figures."""
    assert (lists.count("apparent-conflicts"), lists.weight("apparent-conflicts")) == (5, 9)


def test_figures_of_an_indicator(lists: PageLists) -> None:
    """An indicator lists its figures, and those of the indicators under it."""
    guests = lists.items(f"figures/{ID}indicator/foreign-guests")
    everyone = lists.items(f"figures/{ID}indicator/participants")

    assert lists.count("figures") == lists.count("figures", FORUM) + sum(
        not set(lists.items("figures", FORUM, number=1000)) & {item} for item in lists.items("figures")
    )
    assert set(guests) <= set(lists.items("figures"))
    assert set(everyone) <= set(lists.items("figures"))


def test_unknown_list_and_part(lists: PageLists) -> None:
    """An unknown list, and a part without items, are empty."""
    assert lists.items("nothing") == ()
    assert lists.count("editions", f"{ID}edition/1900") == 0
    assert lists.counts("editions", [FORUM, f"{ID}forum/nothing"]) == {FORUM: 4}


def test_same_store_gives_the_same_bytes(lists: PageLists, tmp_path: Path) -> None:
    """Two builds of one dataset have the same lists, to the byte."""
    write_page_lists(shipped_store(), tmp_path / "again.sqlite")

    assert (tmp_path / "again.sqlite").read_bytes() == lists.path.read_bytes()


def test_file_that_is_no_database(tmp_path: Path) -> None:
    """A damaged file is reported by its name."""
    path = tmp_path / "lists.sqlite"
    path.write_bytes(b"no database")

    with pytest.raises(StoreError, match=r"^Cannot read .*lists\.sqlite: "):
        PageLists(path).count("editions")
