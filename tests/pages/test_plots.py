"""Drawings of figures, bars and axes."""

from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.pages.plots import Mark, Shape, draw_axis, draw_bar, draw_marks, tick_words
from forumkg.pages.scales import Scale, scale_for

HUNDRED = Scale(Decimal(100), Decimal(50))


def mark(shape: Shape, *, stance: str = "accomplished", is_disputed: bool = False) -> Mark:
    """Return a mark at 40."""
    return Mark(shape, Decimal(40), Decimal(30), Decimal(50), stance, is_disputed)


def parsed(drawing: str) -> ET.Element:
    """Return a drawing as its elements."""
    return ET.fromstring(drawing)  # noqa: S314 (we wrote it)


def drawn(drawing: str, name: str) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a drawing that have a class: their tags and their other attributes."""
    found = [each for each in parsed(drawing).iter() if name in each.get("class", "").split()]
    return [(each.tag, {key: value for key, value in each.items() if key != "class"}) for each in found]


@pytest.mark.parametrize(
    ("shape", "shaft", "head"),
    [
        ("dot", [], ("circle", {"r": "6"})),
        ("from", [("path", {"d": "M0 0H18"})], ("path", {"d": "M28 0L17-6V6Z"})),
        ("to", [("path", {"d": "M0 0H-18"})], ("path", {"d": "M-28 0L-17-6V6Z"})),
        ("about", [], ("circle", {"r": "4"})),
    ],
)
def test_marks_have_the_shape_of_their_hedge(
    shape: Shape, shaft: list[tuple[str, dict[str, str]]], head: tuple[str, dict[str, str]]
) -> None:
    """An exact number is a dot, what may be more or less is a tick with an arrow that way."""
    drawing = draw_marks(HUNDRED, (mark(shape),))

    assert drawn(drawing, "shaft") == shaft
    assert drawn(drawing, "head") == [head]
    assert ('width="40%"' if shape == "to" else 'x="40%"') in drawing


@given(st.sampled_from(["from", "to"]), st.integers(0, 100))
def test_arrows_stay_between_the_ends_of_the_scale(shape: Shape, number: int) -> None:
    """An arrow has the room between its number and the end of the scale that it points to, and no more."""
    drawing = draw_marks(HUNDRED, (replace(mark(shape), number=Decimal(number)),))

    (arrow,) = [each.attrib for each in parsed(drawing).iter() if "viewBox" in each.attrib]
    start, width = (float(arrow[name].removesuffix("%")) for name in ("x", "width"))
    assert (start, start + width) == ((number, 100) if shape == "from" else (0, number))
    assert arrow["viewBox"] == ("0 -9 28 18" if shape == "from" else "-28 -9 28 18")


@given(st.integers(0, 500))
def test_arrows_end_at_the_limit(number: int) -> None:
    """An arrow from what is possible ends where the impossible begins; one from beyond has the rest."""
    scale = scale_for([Decimal(100)], others=[Decimal(500)], limit=Decimal(249))
    drawing = draw_marks(scale, (replace(mark("from"), number=Decimal(number)),))

    (arrow,) = [each.attrib for each in parsed(drawing).iter() if "viewBox" in each.attrib]
    end = sum(float(arrow[name].removesuffix("%")) for name in ("x", "width"))
    assert round(end, 2) == (scale.reach if number < 249 else 100)


def test_mark_of_about_is_a_stretch() -> None:
    """What is about a number stretches from its lower to its upper bound, and 24 pixels at least."""
    assert drawn(draw_marks(HUNDRED, (mark("about"),)), "stretch") == [
        ("line", {"x1": "30%", "x2": "50%", "y1": "50%", "y2": "50%"}),
        ("path", {"d": "M-12 0H12"}),
    ]


def test_disputed_mark_is_struck_through() -> None:
    """It is distinguished by its form as well as by its colour."""
    assert drawn(draw_marks(HUNDRED, (mark("dot"),)), "strike") == []
    assert len(drawn(draw_marks(HUNDRED, (mark("dot", is_disputed=True),)), "strike")) == 1


def test_stances_are_classes() -> None:
    """A planned figure is drawn in another way than an accomplished one."""
    drawing = draw_marks(HUNDRED, (mark("dot", stance="planned"), mark("dot"), mark("dot", stance="")))

    assert [element.get("class") for element in parsed(drawing).iter("g")] == [
        "mark planned",
        "mark accomplished",
        "mark",
    ]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))
def test_hostile_words_stay_words(words: str) -> None:
    """Whatever stands in a name becomes no element and no attribute of a drawing."""
    drawing = draw_marks(HUNDRED, (mark("dot", stance=words),))

    assert [element.tag for element in parsed(drawing)] == ["line", "line", "line", "g"]


def test_bar_reaches_to_its_number() -> None:
    """A bar begins at 0, and is as long as its number is large."""
    bars = drawn(draw_bar(HUNDRED, Decimal(40)), "bar")

    assert bars == [("rect", {"x": "0", "y": "25%", "width": "40%", "height": "50%"})]


def test_axis_has_its_numbers_and_the_limit() -> None:
    """The numbers stand where their lines are; the limit says what it is."""
    drawing = draw_axis(scale_for([Decimal(50)], others=[Decimal(500)], limit=Decimal(249)))

    texts = [(each.text, each.get("x")) for each in parsed(drawing).iter("text")]
    assert texts == [
        ("0", "0%"),
        ("100", "17.86%"),
        ("400", "71.42%"),
        ("500", "89.28%"),
        ("249", "44.46%"),
        ("maximum possible", "44.46%"),
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [("0", "0"), ("2500", "2,500"), ("2500000", "2.5 million"), ("10000000000", "10 billion")],
)
def test_tick_words_are_short(number: str, words: str) -> None:
    """Large numbers are written in words that fit under an axis."""
    assert tick_words(Decimal(number)) == words


def test_drawings_are_hidden_from_screen_readers() -> None:
    """The words beside a drawing say the same."""
    for drawing in (draw_axis(HUNDRED), draw_bar(HUNDRED, Decimal(1)), draw_marks(HUNDRED, ())):
        assert parsed(drawing).get("aria-hidden") == "true"
        assert "style=" not in drawing
