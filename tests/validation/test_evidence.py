"""Coverage: which words lie in no passage, and which passages do no work."""

from hypothesis import given
from hypothesis import strategies as st

from forumkg.texts.reading import Text, digest
from forumkg.texts.signs import Span, signs
from forumkg.validation.evidence import check_coverage, check_roles, uncovered
from forumkg.validation.passages import ArticleMetadata, PassageProblem, PassageSelector

ARTICLE = "https://w3id.org/zgc-forum/id/article/invented"
TEXT = Text.of("story.txt", "Blue whales sang, 12.5 times.\nNobody — 无人 — heard.")


def passage(start: int, end: int, *, omitted: bool = False, supports: bool = True) -> PassageSelector:
    """Return a passage of the invented article."""
    sha256 = digest(TEXT.content[start:end])
    return PassageSelector(
        f"{ARTICLE}/char={start},{end}", ARTICLE, start, end, sha256, omitted=omitted, supports=supports
    )


def problems(*passages: PassageSelector) -> list[PassageProblem]:
    """Return what the check of coverage says of the passages."""
    article = ArticleMetadata(ARTICLE, TEXT.sha256, TEXT.code_point_length)
    return list(check_coverage(article, passages, TEXT))


def test_check_coverage_complete() -> None:
    """Mapped and omitted passages together cover; dashes, full stops and line ends need no passage."""
    assert problems(passage(0, 16), passage(18, 28), passage(30, 36, omitted=True), passage(39, 50)) == []


def test_check_coverage_names_offsets_and_keeps_words_apart() -> None:
    """A stretch runs from the first to the last lost word; its words are in the excerpt alone."""
    (first, second) = problems(passage(5, 16), passage(18, 41))

    assert (first.check, first.iri) == ("uncovered", ARTICLE)
    assert first.message == "The words at 0,4 of the text lie in no passage."
    assert first.excerpt == "Blue"
    assert second.message == "The words at 44,49 of the text lie in no passage."
    assert second.excerpt == "heard"


def test_check_coverage_word_cut_in_two() -> None:
    """A word that two neighbouring passages share lies in neither."""
    assert [p.excerpt for p in problems(passage(0, 8), passage(8, 50))] == ["whales"]


def test_check_coverage_long_stretch_is_shortened() -> None:
    """Without any passage the whole text is one stretch, shown on one line and cut."""
    text = Text.of("long.txt", "one\n two  three " * 9)
    article = ArticleMetadata(ARTICLE, text.sha256, text.code_point_length)
    (problem,) = check_coverage(article, (), text)

    assert problem.message == "The words at 0,143 of the text lie in no passage."
    assert problem.excerpt == "one two three one two three one two three one two three one…"


def test_check_coverage_passage_outside_the_text() -> None:
    """A passage beyond the end of the text covers nothing and does no harm."""
    assert problems(passage(0, 50), passage(40, 99)) == []


def test_check_coverage_nested_by_a_word() -> None:
    """A span inside another with one word less is reported; with two words less it is not."""
    (problem,) = problems(passage(0, 50), passage(18, 28), passage(0, 16), passage(0, 11))

    assert (problem.iri, problem.check) == (f"{ARTICLE}/char=0,11", "nested-by-a-word")
    assert problem.message == "The span 0,11 differs from 0,16 around it by a word at most."


CHINESE = Text.of("story.txt", "一只灰鹭站在河边，看小船驶过。")


def chinese_problems(*spans: Span) -> list[tuple[str, str]]:
    """Return check and span of what coverage says of passages of the Chinese text."""
    article = ArticleMetadata(ARTICLE, CHINESE.sha256, CHINESE.code_point_length)
    found = [
        PassageSelector(f"{ARTICLE}/char={a},{b}", ARTICLE, a, b, digest(CHINESE.content[a:b]))
        for a, b in spans
    ]
    return [(p.check, p.excerpt or p.iri) for p in check_coverage(article, found, CHINESE)]


def test_check_coverage_chinese_cut_anywhere() -> None:
    """Chinese may be cut between any two characters, and is counted by character."""
    assert chinese_problems((0, 4), (4, 15)) == []
    assert chinese_problems((0, 4), (6, 15)) == [("uncovered", "站在")]


def test_check_coverage_chinese_nested() -> None:
    """A clause inside another may lack three characters, but not two: most words have two."""
    assert chinese_problems((0, 15), (0, 11)) == []
    assert chinese_problems((0, 15), (0, 12)) == [("nested-by-a-word", f"{ARTICLE}/char=0,12")]


def test_check_roles_clean() -> None:
    """A passage that supports and an omitted one beside it are as they should be."""
    assert list(check_roles([passage(0, 16), passage(18, 28, omitted=True, supports=False)])) == []


def test_check_roles_idle_passage() -> None:
    """A passage on which nothing rests is reported, and still covers its words."""
    idle = passage(0, 50, supports=False)
    (problem,) = check_roles([idle])

    assert (problem.iri, problem.check) == (idle.iri, "idle-passage")
    assert problems(idle) == []


def test_check_roles_omitted_and_used() -> None:
    """A passage cannot be left out and support a statement."""
    used = passage(0, 16, omitted=True)

    assert [(p.iri, p.check) for p in check_roles([used])] == [(used.iri, "omitted-and-used")]


def test_check_roles_omitted_overlaps_mapped() -> None:
    """An omitted span in a mapped one, or around it, is reported; a shape finds those that cross."""
    omitted = passage(10, 20, omitted=True, supports=False)
    others = [passage(0, 10), passage(20, 50), passage(0, 11), passage(19, 30)]
    found = check_roles([*others, passage(5, 20), passage(12, 15), omitted])

    assert [(problem.iri, problem.check, problem.message) for problem in found] == [
        (omitted.iri, "omitted-overlaps", f"The omitted span 10,20 overlaps the mapped span {span}.")
        for span in ("5,20", "12,15")
    ]


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Draw a text and some spans of it."""
    content = draw(st.text("ab1é无 \n.,", max_size=60))
    bounds = st.integers(0, len(content))
    return content, [(min(a, b), max(a, b)) for a, b in draw(st.lists(st.tuples(bounds, bounds), max_size=5))]


@given(texts_with_spans())
def test_uncovered_stretches_complete_the_coverage(case: tuple[str, list[Span]]) -> None:
    """Passages for the stretches that are reported make the coverage complete."""
    content, spans = case
    lost = uncovered(content, spans)

    assert uncovered(content, [*spans, *lost]) == ()
    assert list(lost) == sorted(lost)


@given(texts_with_spans())
def test_uncovered_stretches_hold_each_lost_word(case: tuple[str, list[Span]]) -> None:
    """A word lies in a stretch exactly when it lies in no passage."""
    content, spans = case
    lost = uncovered(content, spans)

    for start, end in signs(content):
        in_passage = any(a <= start and end <= b for a, b in spans)
        assert any(a <= start and end <= b for a, b in lost) != in_passage
