"""Check the evidence: every sign of an article text lies in a passage, and every passage is used.

A sign is a word of an alphabetic script or one Chinese character.
Nothing of an article is passed over in silence: what is not mapped is in a `zgc:OmittedPassage`, with a
reason. Words of a text leave this module only as `PassageProblem.excerpt`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, permutations
from typing import Final

from forumkg.namespaces import shorten
from forumkg.texts.reading import Text, respelling
from forumkg.texts.signs import Span, signs, weight
from forumkg.validation.findings import Finding
from forumkg.validation.grounding import Grounds, check_grounds
from forumkg.validation.passages import (
    ArticleMetadata,
    PassageProblem,
    PassageSelector,
    check_selectors,
    is_inside,
    read_articles,
    read_passages,
    stands_in,
    verify,
)
from forumkg.validation.workspace import Workspace

__all__ = [
    "check_coverage",
    "check_passages",
    "check_roles",
    "check_texts",
    "uncovered",
]

# A word counts two, a Chinese character one: spans that differ by less have digests that reveal the rest.
_A_WORD: Final = 2
_EXCERPT: Final = 60


def check_passages(workspace: Workspace) -> Iterator[Finding]:
    """Yield the problems of articles and passages that can be found without their texts."""
    for article, passages in _articles(workspace):
        for problem in (*check_selectors(article, passages), *check_roles(passages)):
            yield _finding(workspace, problem)


def check_texts(workspace: Workspace, texts: Sequence[Text]) -> Iterator[Finding]:
    """Yield where the texts contradict the passages, words that no passage has, and articles without a text.

    Args:
        workspace: its given files are the ones that need their texts; all files do where none is given.
        texts: those at hand, found for their article by their SHA-256.
    """
    by_digest = {text.sha256: text for text in texts}
    articles = list(_articles(workspace))
    known = {article.sha256 for article, _ in articles}
    if (scope := workspace.scope) is not None:
        near = scope.nodes | scope.articles
        known |= {text.sha256 for text in texts if scope.whole.articles_of(text.sha256) - near}
    spare = [text for text in texts if text.sha256 not in known]
    needed = {iri for file in workspace.given for iri in file.articles} if workspace.given else None
    for article, passages in articles:
        text = by_digest.get(article.sha256)
        if text is not None:
            problems = (*verify(article, passages, text), *check_coverage(article, passages, text))
            placed = [
                passage for passage in passages if is_inside(passage, text) and stands_in(passage, text)
            ]
            grounds = Grounds(article.iri, text, placed, workspace.data)
            yield from (_finding(workspace, problem) for problem in (*problems, *check_grounds(grounds)))
        elif needed is None or article.iri in needed:
            yield _without_text(workspace, article, passages, spare)


def _articles(workspace: Workspace) -> Iterator[tuple[ArticleMetadata, tuple[PassageSelector, ...]]]:
    passages = groupby(read_passages(workspace.data), key=lambda passage: passage.article)
    by_article = {iri: tuple(group) for iri, group in passages}
    complete = None if workspace.scope is None else workspace.scope.articles
    for article in read_articles(workspace.data):
        if complete is None or article.iri in complete:
            yield article, by_article.get(article.iri, ())


def _without_text(
    workspace: Workspace, article: ArticleMetadata, passages: Sequence[PassageSelector], spare: Sequence[Text]
) -> Finding:
    """Return the finding that an article has no text, or that a similar one is not its own."""

    def likeness(text: Text) -> tuple[bool, int]:
        is_respelt = respelling(text, article.sha256) is not None
        return is_respelt, sum(stands_in(passage, text) for passage in passages)

    nearest = max(spare, key=likeness, default=None)
    if nearest is not None and any(likeness(nearest)):
        return _finding(workspace, verify(article, passages, nearest)[0])
    wanted = f"{article.code_point_length} code points, SHA-256 {article.sha256}"
    message = f"None of the texts is that of {shorten(article.iri)} ({wanted})."
    if spare:
        message += " Texts of no article: " + ", ".join(
            f"{text.name} ({text.code_point_length} code points, SHA-256 {text.sha256})" for text in spare
        )
    advice = "Correct zgc:sha256 and zgc:codePointLength if one of them is meant, or add the text."
    problem = PassageProblem(article.iri, "another-text" if spare else "text-missing", message, advice)
    return _finding(workspace, replace(problem, is_warning=not spare))


def _finding(workspace: Workspace, problem: PassageProblem) -> Finding:
    place = (problem.iri, problem.predicate) if problem.predicate else (problem.iri,)
    file = workspace.file_of(*place)
    return Finding(
        "warning" if problem.is_warning else "violation",
        file.shown if file else "",
        file.locations.line(*place) if file else None,
        problem.iri,
        problem.check,
        problem.message,
        problem.advice,
        excerpt=problem.excerpt,
        predicate=problem.predicate,
    )


def uncovered(content: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the stretches of signs that lie entirely in none of the spans.

    Args:
        content: the text.
        spans: start and end of each passage, mapped or omitted.

    Returns:
        From the first to the last of each run of neighbouring signs in no passage, in the order of the text.
    """
    passages = tuple(spans)

    def is_covered(sign: Span) -> bool:
        return any(start <= sign[0] and sign[1] <= end for start, end in passages)

    runs = ((covered, tuple(run)) for covered, run in groupby(signs(content), key=is_covered))
    return tuple((run[0][0], run[-1][1]) for covered, run in runs if not covered)


def check_coverage(
    article: ArticleMetadata, passages: Sequence[PassageSelector], text: Text
) -> Iterator[PassageProblem]:
    """Yield the words of the text that lie in no passage, and spans so alike that they reveal a word.

    Args:
        article: whose text it is.
        passages: all of the article; one that supports nothing still covers, since `check_roles` reports it.
        text: the article's own, already verified.
    """
    placed = [passage for passage in passages if is_inside(passage, text)]
    for start, end in uncovered(text.content, ((p.start, p.end) for p in placed)):
        yield PassageProblem(
            article.iri,
            "uncovered",
            f"The words at {start},{end} of the text lie in no passage.",
            "Map what they say, or add a zgc:OmittedPassage with the reason for leaving it out.",
            excerpt=_shortened(text.content[start:end]),
        )
    for inner, outer in _nested(placed):
        if _weight(text, outer) - _weight(text, inner) <= _A_WORD:
            yield PassageProblem(
                inner.iri,
                "nested-by-a-word",
                f"The span {inner.span} differs from {outer.span} around it by a word at most.",
                f"Use {outer.span} for both: two digests that differ by a word give the word away.",
            )


def check_roles(passages: Sequence[PassageSelector]) -> Iterator[PassageProblem]:
    """Yield passages that nothing cites, and omitted passages that are cited; needs no text."""
    for passage in passages:
        if not passage.omitted and not passage.supports:
            yield PassageProblem(
                passage.iri,
                "idle-passage",
                f"No statement, role holding or article rests on the passage {passage.span}.",
                "Point to it with zgc:isSupportedBy or zgc:isAttestedBy, or make it a zgc:OmittedPassage.",
            )
        if passage.omitted and passage.supports:
            yield PassageProblem(
                passage.iri,
                "omitted-and-used",
                f"The passage {passage.span} is omitted, yet something rests on it.",
                "Make it a zgc:Passage, or take away what points to it.",
            )
    mapped = [passage for passage in passages if not passage.omitted]
    for omitted in (passage for passage in passages if passage.omitted):
        for other in (each for each in mapped if _is_within(each, omitted) or _is_within(omitted, each)):
            yield PassageProblem(
                omitted.iri,
                "omitted-overlaps",
                f"The omitted span {omitted.span} overlaps the mapped span {other.span}.",
                "Omit only what no mapped passage holds: move one of the two.",
            )


def _is_within(one: PassageSelector, other: PassageSelector) -> bool:
    """Whether one passage holds nothing that the other does not; those that cross are for a shape to find."""
    return other.start <= one.start and one.end <= other.end


def _nested(passages: Sequence[PassageSelector]) -> Iterator[tuple[PassageSelector, PassageSelector]]:
    for one, other in permutations(passages, 2):
        if (
            _is_within(one, other)
            and (one.start, one.end) != (other.start, other.end)
            and one.omitted == other.omitted
        ):
            yield one, other


def _weight(text: Text, passage: PassageSelector) -> int:
    return weight(text.content[passage.start : passage.end])


def _shortened(words_of_text: str) -> str:
    line = " ".join(words_of_text.split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"
