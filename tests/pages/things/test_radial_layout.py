"""Drawings of what is near a thing."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.pages.things.neighbourhood import Neighbour
from forumkg.pages.things.radial_layout import NodeBox, cut_lines, lay_out, width_of

LABELS = st.text(max_size=300) | st.sampled_from(["中关村论坛" * 40, "x" * 1000, "مرحبا بالعالم " * 30])
NEIGHBOURS = st.lists(
    st.builds(Neighbour, LABELS, LABELS, st.just("https://example.org/"), st.booleans(), st.booleans()),
    max_size=10,
)


def overlap(one: NodeBox, other: NodeBox) -> bool:
    """Return whether two boxes share more than an edge."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@given(LABELS, NEIGHBOURS)
def test_labels_have_room(name: str, neighbours: list[Neighbour]) -> None:
    """No label leaves the drawing or its own box, and no two boxes overlap, whatever the labels say."""
    drawing = lay_out(name, neighbours)

    boxes = [drawing.middle, *(spot.box for spot in drawing.spots)]
    assert [spot.neighbour for spot in drawing.spots] == sorted(neighbours, key=lambda each: each.is_towards)
    assert all((spot.anchor == "end") == spot.neighbour.is_towards for spot in drawing.spots)
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    for box in boxes:
        assert (box.x >= 0, box.y >= 0) == (True, True)
        assert (box.x + box.width <= drawing.width, box.y + box.height <= drawing.height) == (True, True)
    for spot in drawing.spots:
        for line in (spot.by, *spot.lines):
            assert width_of(line.strip("\u2068\u2069")) <= spot.box.width
    assert len(drawing.title) <= 4


@given(LABELS, NEIGHBOURS)
def test_layout_is_the_same_each_time(name: str, neighbours: list[Neighbour]) -> None:
    """The same thing with the same neighbours is drawn in the same way."""
    assert lay_out(name, neighbours) == lay_out(name, neighbours)


def test_spots_of_two_neighbours() -> None:
    """What the thing points to is on the right, what points to it on the left, both in the middle row."""
    first = Neighbour("is about", "Beijing", "https://example.org/b")
    second = Neighbour("is said by", "Li Meng", "https://example.org/l", is_towards=True)

    spots = lay_out("x", [first, second]).spots

    assert [(spot.neighbour.text, spot.anchor, spot.x) for spot in spots] == [
        ("Beijing", "start", 695.0),
        ("Li Meng", "end", 265.0),
    ]
    assert spots[0].path.startswith("M580.0 49.0C")
    assert spots[1].path.endswith("380.0 49.0")


def test_neighbours_of_one_direction_have_the_room_of_both() -> None:
    """A thing that nothing points to is at the left edge; one that points to nothing, at the right."""
    for is_towards, x in ((False, 14.0), (True, 746.0)):
        neighbour = Neighbour("is about", "Beijing", "https://example.org/b", is_towards)
        assert lay_out("x", [neighbour]).middle.x == x


def test_cut_lines() -> None:
    """Words stay whole where they can, what is too long ends in dots, and no direction leaks out."""
    assert cut_lines("ethics code for intelligence", 100, 2) == (
        "\u2068ethics code\u2069",
        "\u2068for…\u2069",
    )
    assert cut_lines("short", 100, 2) == ("\u2068short\u2069",)
    assert cut_lines("中关村论坛中关村论坛", 100, 1) == ("\u2068中关村论坛…\u2069",)
    assert cut_lines("", 100, 2) == ()


def test_cut_lines_where_a_comma_comes_last() -> None:
    """The dots stand for the comma, too."""
    assert cut_lines("science, technology and trade", 80, 1) == ("\u2068science…\u2069",)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("靳伟任北京市副市长（2021年9月）", ("靳伟任北京市副市长", "（2021年9月）")),
        ("新一代人工智能伦理规范", ("新一代人工智能", "伦理规范")),
        ("参加2021年论坛的代表来自超过50个国家", ("参加2021年论坛的代表", "来自超过50个国家")),
    ],
)
def test_cut_lines_of_chinese(text: str, lines: tuple[str, ...]) -> None:
    """Neither a number nor the bracket of a word is torn, and no single character is left over."""
    assert tuple(line.strip("\u2068\u2069") for line in cut_lines(text, 176, 4)) == lines


@pytest.mark.parametrize("width", [250, 280])
def test_cut_lines_before_a_date_of_chinese(width: float) -> None:
    """A line ends neither before the sign of a year nor behind it."""
    lines = cut_lines("吴朝晖任科学技术部副部长（2023年5月）", width, 2)

    assert lines == ("\u2068吴朝晖任科学技术部副部长\u2069", "\u2068（2023年5月）\u2069")
