"""Check that every word and number of a text lies in a passage, and that every passage does its work.

Nothing of an article is passed over in silence: what is not mapped is in a `zgc:OmittedPassage`, with a
reason.
Pure functions over values; the words of a text leave only as `Problem.excerpt`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, permutations
from typing import Final

from forumkg.validation.passages import Article, Passage, Problem, is_inside
from forumkg.validation.texts import Text

__all__ = ["Span", "check_coverage", "check_roles", "uncovered", "words"]

Span = tuple[int, int]

# A word or a number: what stands between two of them (spaces, punctuation, currency signs) needs no passage.
_WORD: Final = re.compile(r"\w+")
_EXCERPT: Final = 60


def words(content: str) -> tuple[Span, ...]:
    """Return the spans of the words and numbers of a text: maximal runs of letters, digits, underscores."""
    return tuple(match.span() for match in _WORD.finditer(content))


def uncovered(content: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the stretches of words that lie entirely in none of the spans.

    Args:
        content: the text.
        spans: start and end of each passage, mapped or omitted.

    Returns:
        From the first to the last of each run of neighbouring words in no passage, in the order of the text.
    """
    passages = tuple(spans)

    def is_covered(word: Span) -> bool:
        return any(start <= word[0] and word[1] <= end for start, end in passages)

    runs = ((covered, tuple(run)) for covered, run in groupby(words(content), key=is_covered))
    return tuple((run[0][0], run[-1][1]) for covered, run in runs if not covered)


def check_coverage(article: Article, passages: Sequence[Passage], text: Text) -> Iterator[Problem]:
    """Yield the stretches of the text that lie in no passage, and spans so alike that they give a word away.

    Args:
        article: whose text it is.
        passages: all of the article; one that supports nothing still covers, since `check_roles` reports it.
        text: the article's own, already verified.
    """
    placed = [passage for passage in passages if is_inside(passage, text)]
    for start, end in uncovered(text.content, ((p.start, p.end) for p in placed)):
        yield Problem(
            article.iri,
            "uncovered",
            f"The words at {start},{end} of the text lie in no passage.",
            "Map what they say, or add a zgc:OmittedPassage with the reason for leaving it out.",
            excerpt=_shortened(text.content[start:end]),
        )
    for inner, outer in _nested(placed):
        if _count(text, outer) - _count(text, inner) <= 1:
            yield Problem(
                inner.iri,
                "nested-by-a-word",
                f"The span {inner.span} differs from {outer.span} around it by a word at most.",
                f"Use {outer.span} for both: two digests that differ by a word give the word away.",
            )


def check_roles(passages: Sequence[Passage]) -> Iterator[Problem]:
    """Yield the passages that nothing rests on, and those that are omitted and used; needs no text."""
    for passage in passages:
        if not passage.omitted and not passage.supports:
            yield Problem(
                passage.iri,
                "idle-passage",
                f"No statement, role holding or article rests on the passage {passage.span}.",
                "Point to it with zgc:isSupportedBy or zgc:isAttestedBy, or make it a zgc:OmittedPassage.",
            )
        if passage.omitted and passage.supports:
            yield Problem(
                passage.iri,
                "omitted-and-used",
                f"The passage {passage.span} is omitted, yet something rests on it.",
                "Make it a zgc:Passage, or take away what points to it.",
            )
    mapped = [passage for passage in passages if not passage.omitted]
    for omitted in (passage for passage in passages if passage.omitted):
        for other in (p for p in mapped if p.start < omitted.end and omitted.start < p.end):
            yield Problem(
                omitted.iri,
                "omitted-overlaps",
                f"The omitted span {omitted.span} overlaps the mapped span {other.span}.",
                "Omit only what no mapped passage holds: move one of the two.",
            )


def _nested(passages: Sequence[Passage]) -> Iterator[tuple[Passage, Passage]]:
    for one, other in permutations(passages, 2):
        is_within = other.start <= one.start and one.end <= other.end
        if is_within and (one.start, one.end) != (other.start, other.end) and one.omitted == other.omitted:
            yield one, other


def _count(text: Text, passage: Passage) -> int:
    return len(words(text.content[passage.start : passage.end]))


def _shortened(words_of_text: str) -> str:
    line = " ".join(words_of_text.split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"
