"""Cut an article text into passages, at the ends of sentences and of clauses, and guess their parts.

A cut is made where a statement can end: after a sentence, before a conjunction with a clause of its own,
after a comma that ends a long clause, and around a dateline and a speaker who is named after a quotation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from forumkg.texts.signs import Span, has_han, weight

__all__ = ["ProposedPassage", "cut"]

_PARAGRAPH: Final = re.compile(r"[^\n]+")
_SENTENCE_END: Final = re.compile(
    r"(?<!\bMr)(?<!\bDr)(?<!\bMs)(?<!\bNo)(?<!\bU\.S)(?<![A-Z])[.!?][\"”’)]*(?=\s)|[。！？；][”’」』）\"]*|(?<=[a-z])\.[\"”](?=\s|$)"
)
_DATELINE: Final = re.compile(
    r"[A-Z][A-Z .,'-]{2,40},\s+(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2})(?:,?\s+\d{4})?\s*(?:\([A-Z][^)]{2,40}\))?"
    r"\s*(?:--?|—|–)+"
    r"|[^\n。，]{2,24}?\d{1,2}月\d{1,2}日[电讯](?:（[^）]{1,30}）|\([^)]{1,30}\))?"
)
_VERBS: Final = (
    "will|is|are|was|were|has|have|had|can|may|reached|gathered|attracted|covered|gathering|attracting"
)
_CLAUSE_END: Final = re.compile(
    r",[\"”’']?(?=\s)|[，：][\"”]?(?!\d)|;(?=\s)|:(?=\s+[\"“])"
    rf"|(?=\s(?:and|but|while|which|who|that)\s(?:{_VERBS}|more|over|nearly|the|it|they|he|she)\b)|(?=\sbut\s)"
)
# What begins a clause of its own, however short the one before it is.
_CONNECTOR: Final = re.compile(
    r"\s*(?:including|with|which|who|where|while|hosting|bringing|achieving|the \d{4}"
    r"|and (?:was|were|is|are|has|have|had|the|more))\b"
)
_SPEAKER: Final = re.compile(
    r"^\s*(?:\w+ ){0,3}(?:said|says|told|added|noted)\b|^\s*[^，。]{1,24}(?:说|表示|介绍|指出)"
)
# The least weight (halves of a word) of what stands before and after a cut inside a sentence.
_LEAST: Final = 10
_SHORT: Final = 6
_REPORTERS: Final = re.compile(r"[^.\n]{0,60}?\((?:Reporters?|记者)[^)\n]*\)|[^。\n]{0,30}?（记者[^）\n]*）")
_BYLINE: Final = re.compile(
    r"(?i)^[(（]?(?:by|source|author|editor|reporter|xinhua|written by)\b"
    r"|^[(（]?(?:来源|作者|编辑|责编|责任编辑|文/)|^[^，。]{0,16}记者"
)
_CAPTION: Final = re.compile(
    r"(?i)^(?:photo|caption|picture|image|file photo)\b|^(?:图|摄)|\[photo\b|(?:/(?:Xinhua|VCG)|摄）?)$"
)
_NAVIGATION: Final = re.compile(
    r"(?i)^(?:home|share|print|next|previous|related|more news|top stories|首页|分享|打印|返回|上一篇)\b"
)
# The weight of a headline or a byline, and how many of the first paragraphs can be headlines.
_HEADLINE: Final = 60
_HEADLINES: Final = 3


@dataclass(frozen=True, slots=True)
class ProposedPassage:
    """A passage that is proposed.

    Attributes:
        start: its first code point.
        end: the code point after its last.
        part: the guessed part of the article.
        omission: the guessed reason to omit it; None to keep it.
        sentence: a number that the passages of one sentence share.
    """

    start: int
    end: int
    part: str = "body"
    omission: str | None = None
    sentence: int = 0


def cut(content: str) -> tuple[ProposedPassage, ...]:
    """Return the passages of a text in order; together they hold all of it but white space."""
    found: list[ProposedPassage] = []
    has_body = False
    for number, paragraph in enumerate(_PARAGRAPH.finditer(content)):
        words = paragraph.group().strip()
        if not words:
            continue
        part, omission = _part(words, number, has_body=has_body)
        has_body = has_body or part == "body"
        for sentence in _sentences(content, paragraph.span(), part):
            ordinal = found[-1].sentence + 1 if found else 0
            clauses = [sentence] if part == "headline" else _clauses(content, sentence)
            for start, end in clauses:
                kind = "dateline" if _DATELINE.fullmatch(content[start:end]) else part
                found.append(ProposedPassage(start, end, kind, omission, ordinal))
    return tuple(found)


def _part(words: str, number: int, *, has_body: bool) -> tuple[str, str | None]:
    """Return the guessed part of a paragraph, and why it might be omitted."""
    if _NAVIGATION.match(words):
        return "furniture", "navigation"
    if _BYLINE.match(words) and weight(words) < _HEADLINE:
        return "byline", None
    if _CAPTION.search(words) and not (has_body and weight(words) > 3 * _HEADLINE):
        return "caption", None
    is_short = weight(words) < _HEADLINE and not re.search(r"[.。]$", words)
    if is_short and not has_body and number < _HEADLINES:
        return "headline", None
    return "body", None


def _sentences(content: str, span: Span, part: str) -> Iterator[Span]:
    """Yield the sentences of a paragraph, its dateline as one of its own."""
    start, end = span
    if part == "body" and (
        dateline := _DATELINE.match(content, start, end) or _REPORTERS.match(content, start, end)
    ):
        yield dateline.span()
        start = dateline.end()
    for match in _SENTENCE_END.finditer(content, start, end):
        if trimmed := _trimmed(content, (start, match.end())):
            yield trimmed
        start = match.end()
    if trimmed := _trimmed(content, (start, end)):
        yield trimmed


def _clauses(content: str, sentence: Span) -> Iterator[Span]:
    """Yield the clauses of a sentence that are long enough to state something."""
    start, end = sentence
    for match in _CLAUSE_END.finditer(content, start, end):
        here = match.end()
        before, after = content[start:here], content[here:end]
        following = _CLAUSE_END.search(after, 1)
        next_clause = after[: following.start()] if following else after
        is_long = weight(before) >= _least(before) and weight(next_clause) >= _least(after)
        is_long = is_long or (weight(before) >= _SHORT and _CONNECTOR.match(after) is not None)
        if (is_long or _SPEAKER.match(after)) and (trimmed := _trimmed(content, (start, here))):
            yield trimmed
            start = here
    if trimmed := _trimmed(content, (start, end)):
        yield trimmed


def _least(words: str) -> int:
    return _LEAST - 2 if has_han(words) else _LEAST


def _trimmed(content: str, span: Span) -> Span | None:
    start, end = span
    words = content[start:end]
    if not words.strip():
        return None
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
