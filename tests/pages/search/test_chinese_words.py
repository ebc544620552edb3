"""Chinese queries: how a run of characters is divided into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.pages.search.chinese_words import STOP_WORDS, SYNONYMS, chinese_words_in
from forumkg.pages.search.search_text import forms_of, marked, words_in


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("谁主办了论坛", ("主办", "论坛")),
        ("吴朝晖说了什么", ("吴朝晖",)),
        ("与会国家有多少个", ("与会国家", "多少个")),
        ("什么", ("什么",)),
        ("机器人", ("机器人",)),
    ],
)
def test_run_is_divided_at_known_words(run: str, words: tuple[str, ...]) -> None:
    """Known words divide a run, stop words are left out, and a run of them alone is kept."""
    assert chinese_words_in(run) == words


@given(st.lists(st.sampled_from([*sorted(STOP_WORDS), *SYNONYMS, "吴朝晖", "绿"]), min_size=1).map("".join))
def test_words_of_a_run_are_parts_of_it(run: str) -> None:
    """Whatever is asked, there is a word to look for, and each is a part of the run."""
    words = chinese_words_in(run)

    assert words
    assert all(word and word in run for word in words)


@pytest.mark.parametrize(
    ("query", "words"),
    [("2020年主办", ("2020", "主办")), ("第5届", ("5",)), ("2021年度", ("2021",)), ("年", ("年",))],
)
def test_unit_behind_a_number_is_left_out(query: str, words: tuple[str, ...]) -> None:
    """A year is looked for by its number: texts in English have it, too."""
    assert words_in(query) == words


def test_chinese_synonym_is_marked_alone() -> None:
    """What the texts say instead is marked, and not the characters behind it."""
    assert forms_of("主办单位") == ("主办单位", "主办")
    assert [part.text for part in marked("科技部主办论坛", ["主办单位"]) if part.is_match] == ["主办"]
