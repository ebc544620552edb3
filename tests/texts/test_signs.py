"""Signs: words of alphabetic scripts, single characters of Chinese."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from forumkg.texts.signs import has_han, is_han, key, signs, weight


def shown(content: str) -> list[str]:
    """Return the signs of a text as strings."""
    return [content[start:end] for start, end in signs(content)]


def test_signs_of_mixed_text() -> None:
    """English is cut at words, Chinese at characters; a decomposed accent belongs to its word."""
    content = "The cafe\u0301s of 中关村论坛 opened 12.5 times, 5G里。"

    assert shown(content) == [
        *("The", "cafe\u0301s", "of", "中", "关", "村", "论", "坛", "opened", "12", "5", "times", "5G", "里")
    ]


def test_weight_of_a_word_is_that_of_two_characters() -> None:
    """The length of a text counts two for a word and one for a Chinese character."""
    assert weight("the forum") == 4
    assert weight("论坛") == 2
    assert weight("，。 — ") == 0


def test_has_han_of_mixed_and_latin_text() -> None:
    """One Chinese character is enough; Chinese punctuation is none."""
    assert has_han("the 论坛")
    assert not has_han("the forum，")


def test_key_of_width_case_and_composition() -> None:
    """Signs that differ in case, width or composition alone have one key."""
    assert key("Ｆorum") == key("forum") == key("FORUM")
    assert key("cafe\u0301") == key("café")


@given(st.text(st.sampled_from("ab é\u0301１2中关〇，。. \n"), max_size=40))
def test_signs_of_any_text(content: str) -> None:
    """Signs are in order, do not overlap, and each Chinese character is one of its own."""
    spans = signs(content)

    assert list(spans) == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    assert [s for s in shown(content) if is_han(s)] == [c for c in content if c in "中关〇"]
    covered = {i for start, end in spans for i in range(start, end)}
    assert {i for i, c in enumerate(content) if c.isalnum()} <= covered
