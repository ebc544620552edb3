"""Locating words in a text: offsets, and errors that help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import LocateError
from forumkg.texts.reading import Text, digest
from forumkg.validation.locate import find, locate, passage_turtle

TEXT = Text.of(
    "story.txt", "Blue whales\r\nsang — 无人 heard.\n\nThe blue whales left; the grey\nwhales left."
)


def test_locate_words_across_line_ends() -> None:
    """One space matches a line end, and offsets count code points."""
    assert locate(TEXT, "Blue whales sang") == (0, 17)
    assert locate(TEXT, " 无人\theard. ") == (20, 29)


def test_locate_takes_characters_literally() -> None:
    """What a regular expression would read as a sign is a character to find."""
    assert find("a.b (a|b) axb", "a.b") == ((0, 3),)
    assert find("a.b (a|b) axb", "(a|b)") == ((4, 9),)


def test_locate_absent_words_near_others() -> None:
    """Words that differ a little from what is printed get the nearest place as a hint."""
    with pytest.raises(LocateError) as caught:
        locate(TEXT, "the gray whales")

    assert str(caught.value) == (
        "story.txt does not have 'the gray whales'. The nearest is at 53,68: 'the grey whales'."
    )


def test_locate_absent_chinese_near_other_characters() -> None:
    """Chinese is compared by character: the nearest stretch has as many of them."""
    text = Text.of("story.txt", "星期一，一只灰鹭站在旧运河边，看着小船驶过。")

    with pytest.raises(LocateError) as caught:
        locate(text, "灰鹤站在旧运河边")

    assert str(caught.value).endswith("The nearest is at 6,14: '灰鹭站在旧运河边'.")


def test_locate_absent_for_punctuation_of_other_width() -> None:
    """Words with a comma of ASCII are found near those with one of full width."""
    text = Text.of("story.txt", "星期一，一只灰鹭站在旧运河边，看着小船驶过。")

    with pytest.raises(LocateError) as caught:
        locate(text, "旧运河边,看着小船")

    assert str(caught.value).endswith("The nearest is at 10,19: '旧运河边，看着小船'.")


def test_locate_absent_words_near_nothing() -> None:
    """Words that are like nothing in the text get no hint."""
    with pytest.raises(LocateError) as caught:
        locate(TEXT, "quantum chromodynamics")

    expected = "story.txt has no words like 'quantum chromodynamics': give them as the text prints them."
    assert str(caught.value) == expected


def test_locate_hint_is_cut() -> None:
    """A hint never pours out the text."""
    text = Text.of("long.txt", "word " * 500)

    with pytest.raises(LocateError) as caught:
        locate(text, "word " * 400 + "ward")

    assert str(caught.value).endswith("word word word…'.")
    assert len(str(caught.value).partition("The nearest")[2]) < 140


def test_locate_ambiguous_words() -> None:
    """Words that stand in several places are listed with offsets and some words around them."""
    with pytest.raises(LocateError) as caught:
        locate(TEXT, "whales left")

    assert str(caught.value).splitlines() == [
        "story.txt has 'whales left' 2 times:",
        "  1. 40,51: …g — 无人 heard. The blue whales left; the grey whales left.…",
        "  2. 62,73: …e whales left; the grey whales left.…",
        "Give more of the words around it, or choose with --occurrence N.",
    ]


def test_locate_occurrence() -> None:
    """A number chooses among several occurrences, counted from 1."""
    assert locate(TEXT, "whales left", occurrence=2) == (62, 73)
    assert locate(TEXT, "grey", occurrence=1) == (57, 61)


@pytest.mark.parametrize("occurrence", [-1, 0, 3])
def test_locate_occurrence_that_is_not_there(occurrence: int) -> None:
    """A number beyond the occurrences is an error that says how many there are."""
    with pytest.raises(LocateError) as caught:
        locate(TEXT, "whales left", occurrence=occurrence)

    assert str(caught.value) == f"There is no occurrence {occurrence} of 'whales left': story.txt has 2."


def test_locate_no_words() -> None:
    """White space alone is nothing to look for."""
    with pytest.raises(LocateError, match="No words given"):
        locate(TEXT, " \n")


def test_locate_in_empty_text() -> None:
    """An empty text has no words and no nearest place."""
    with pytest.raises(LocateError, match=r"empty\.txt has no words like 'whales'"):
        locate(Text.of("empty.txt", ""), "whales")


def test_find_overlapping_occurrences() -> None:
    """Occurrences that share words are all found."""
    assert find("so so so", "so so") == ((0, 5), (3, 8))


@given(st.text("ab. \n无", min_size=1), st.data())
def test_find_any_words_of_any_text(content: str, data: st.DataObject) -> None:
    """Any stretch of a text that has words is found where it was taken from."""
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start + 1, len(content)))
    taken = content[start:end]
    inner = (start + len(taken) - len(taken.lstrip()), end - len(taken) + len(taken.rstrip()))

    if taken.strip():
        assert inner in find(content, taken)


def test_passage_turtle() -> None:
    """A passage is written as the files of the graph are, with its part, digest, article and selector."""
    article = "https://w3id.org/zgc-forum/id/article/invented"

    assert passage_turtle(article, TEXT, (20, 22), "headline") == (
        "@prefix article: <https://w3id.org/zgc-forum/id/article/> .\n"
        "@prefix code: <https://w3id.org/zgc-forum/id/code/> .\n"
        "@prefix oa: <http://www.w3.org/ns/oa#> .\n"
        "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n\n"
        f"<{article}/char=20,22>\n"
        "    a zgc:Passage ;\n"
        "    oa:hasSource article:invented ;\n"
        f"    oa:hasSelector <{article}/char=20,22/selector> ;\n"
        "    zgc:hasSourcePart code:headline ;\n"
        f'    zgc:sha256 "{digest("无人")}" ;\n'
        ".\n\n"
        f"<{article}/char=20,22/selector>\n"
        "    a oa:TextPositionSelector ;\n"
        "    oa:start 20 ;\n"
        "    oa:end 22 ;\n"
        ".\n"
    )


@pytest.mark.parametrize(
    ("content", "wanted", "said"),
    [
        ("The Cafe\u0301 opens.", "Caf\u00e9 opens", "characters of their own (NFD)"),
        ("The Caf\u00e9 opens.", "Cafe\u0301 opens", "part of their letters (NFC)"),
    ],
)
def test_locate_words_composed_otherwise(content: str, wanted: str, said: str) -> None:
    """Words that look the same and are not say that they differ in their composition, and where they are."""
    with pytest.raises(LocateError) as caught:
        locate(Text.of("a.txt", content), wanted)

    end = len(content) - 1
    assert str(caught.value) == (
        f"a.txt has {wanted!r} at 4,{end}, but composed otherwise: there its accents are {said}. "
        "Copy the words from the text."
    )
