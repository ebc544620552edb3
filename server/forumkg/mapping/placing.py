"""Place the passages of a worksheet in the article text: words become offsets and digests.

This step discards the article text, except for the wordings that statements quote.
https://www.w3.org/TR/annotation-model/#text-position-selector
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from forumkg.mapping.worksheet import Worksheet, WorksheetPassage, WorksheetProblem
from forumkg.texts.reading import Text, digest

__all__ = ["PlacedPassage", "PlacedText", "place_passages", "placed_text", "without_words"]

_SHOWN: Final = 50
_LENGTH: Final = re.compile(r"[0-9]{1,9}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PlacedPassage:
    """A passage with its offsets in code points and its digest."""

    passage: WorksheetPassage
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PlacedText:
    """The passages of a text, its length in code points and its digest."""

    length: int
    sha256: str
    passages: tuple[PlacedPassage, ...]


def place_passages(worksheet: Worksheet, text: Text) -> tuple[PlacedText, tuple[WorksheetProblem, ...]]:
    """Find the words of each passage in the text, in its order; white space matches any white space.

    Returns:
        The passages that were found, and the problems: words that the text does not continue with.
    """
    placed, problems, cursor, is_astray = [], [], 0, False
    content = text.content
    for passage in worksheet.passages:
        if passage.span:
            advice = "Write the words of the text, or leave the text away altogether."
            problems.append(
                WorksheetProblem(passage.line, "The passage has offsets in place of words.", advice)
            )
            continue
        cursor = _after_space(content, cursor)
        pattern = re.compile(r"\s+".join(map(re.escape, passage.words.split())))
        match = pattern.match(content, cursor)
        if match is None:
            # One problem where the worksheet leaves the text, none until it is back.
            if not is_astray:
                problems.append(_astray(passage, content, cursor))
            match = pattern.search(content, cursor)
        is_astray = match is None
        if match is None:
            continue
        cursor = match.end()
        placed.append(PlacedPassage(passage, match.start(), cursor, digest(match.group())))
    rest = content[_after_space(content, cursor) :]
    if rest and not problems:
        line = worksheet.passages[-1].line if worksheet.passages else 0
        message = f"The text goes on after the last passage: {_shown(rest)!r}."
        problems.append(
            WorksheetProblem(line, message, "Write a passage for it, or `[omit:REASON part] words`.")
        )
    return PlacedText(text.code_point_length, text.sha256, tuple(placed)), tuple(problems)


def placed_text(worksheet: Worksheet) -> tuple[PlacedText, tuple[WorksheetProblem, ...]]:
    """Return the passages of a worksheet without words, which has offsets and digests in their place."""
    problems = []
    length, sha256 = worksheet.value("length"), worksheet.value("sha256")
    if not _LENGTH.fullmatch(length) or not _SHA256.fullmatch(sha256):
        advice = "Write `length N` in code points and `sha256 HEX` of the text in UTF-8, or give the text."
        problems.append(
            WorksheetProblem(0, "The worksheet has neither a text nor its length and digest.", advice)
        )
    placed = []
    for passage in worksheet.passages:
        if passage.span is None:
            advice = "Write `[body] @START,END SHA256`, or give the text."
            problems.append(
                WorksheetProblem(passage.line, "The passage has no offsets and no digest.", advice)
            )
        else:
            placed.append(PlacedPassage(passage, *passage.span, passage.sha256))
    return PlacedText(0 if problems else int(length), sha256, tuple(placed)), tuple(problems)


def without_words(worksheet: Worksheet, placed: PlacedText) -> Worksheet:
    """Return the worksheet with offsets and digests in place of the words."""
    meta = [pair for pair in worksheet.meta if pair[0] not in {"length", "sha256", "text"}]
    meta += [("length", str(placed.length)), ("sha256", placed.sha256)]
    passages = tuple(
        replace(one.passage, words="", span=(one.start, one.end), sha256=one.sha256)
        for one in placed.passages
    )
    return replace(worksheet, meta=tuple(meta), passages=passages)


def _after_space(content: str, position: int) -> int:
    while position < len(content) and content[position].isspace():
        position += 1
    return position


def _astray(passage: WorksheetPassage, content: str, cursor: int) -> WorksheetProblem:
    goes_on = _shown(content[cursor:]) or "nothing: it ends here"
    return WorksheetProblem(
        passage.line,
        f"The text goes on with {goes_on!r}, the passage with {_shown(passage.words)!r}.",
        "Write the passages in the order of the text, with its words, and leave none out.",
    )


def _shown(words: str) -> str:
    line = " ".join(words[: 3 * _SHOWN].split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
