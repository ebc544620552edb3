"""Cutting a text at the ends of its passages."""

from hypothesis import given
from hypothesis import strategies as st

from forumkg.pages.segments import Stretch, stretches

OFFSETS = st.integers(0, 40)
SPANS = st.lists(st.tuples(OFFSETS, OFFSETS).map(lambda pair: (min(pair), max(pair))), max_size=8)


@given(length=st.integers(1, 40), spans=SPANS)
def test_every_code_point_once_in_order(length: int, spans: list[tuple[int, int]]) -> None:
    """The stretches are the text: each code point is in one of them, in order, and none is empty."""
    found = stretches(length, spans)

    assert [point for each in found for point in range(each.start, each.end)] == list(range(length))
    assert all(each.start < each.end for each in found)


@given(length=st.integers(1, 40), spans=SPANS)
def test_each_passage_is_the_union_of_its_stretches(length: int, spans: list[tuple[int, int]]) -> None:
    """What lies in a passage, as far as it is in the text, is what its stretches hold: no more, no less."""
    found = stretches(length, spans)

    for index, (start, end) in enumerate(spans):
        held = [point for each in found if index in each.passages for point in range(each.start, each.end)]
        assert held == list(range(start, min(end, length)))


@given(length=st.integers(1, 40), spans=SPANS)
def test_no_passage_starts_or_ends_within_a_stretch(length: int, spans: list[tuple[int, int]]) -> None:
    """A stretch ends where a passage starts or ends, and names the shortest passage first."""
    for each in stretches(length, spans):
        edges = {edge for start, end in spans if start < end for edge in (start, end)}
        assert not edges & set(range(each.start + 1, each.end))
        lengths = [min(spans[index][1], length) - spans[index][0] for index in each.passages]
        assert lengths == sorted(lengths)


def test_nested_and_overlapping() -> None:
    """Where passages nest or overlap, a stretch lies in several; outside of them all, in none."""
    assert stretches(12, [(2, 8), (3, 5), (6, 10)]) == (
        Stretch(0, 2),
        Stretch(2, 3, (0,)),
        Stretch(3, 5, (1, 0)),
        Stretch(5, 6, (0,)),
        Stretch(6, 8, (2, 0)),
        Stretch(8, 10, (2,)),
        Stretch(10, 12),
    )


def test_text_without_passages_or_words() -> None:
    """A text without passages is one stretch, and an empty text is none."""
    assert stretches(3, []) == (Stretch(0, 3),)
    assert stretches(0, [(0, 5)]) == ()
