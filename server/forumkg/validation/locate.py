"""Find the offsets of words in a text, and write the passage that points to them.

https://www.w3.org/TR/annotation-model/#text-position-selector
"""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from forumkg.errors import LocateError
from forumkg.namespaces import prefix_lines
from forumkg.rdf.reading import parse
from forumkg.rdf.turtle.writer import canonical_turtle
from forumkg.texts.reading import Text, digest
from forumkg.texts.signs import Span, is_han, key, signs

__all__ = ["find", "locate", "passage_turtle"]

_CONTEXT: Final = 24
_NEAR: Final = 0.6
_SHOWN: Final = 120
_COMPOSITIONS: Final[Mapping[Literal["NFC", "NFD"], str]] = MappingProxyType(
    {"NFC": "part of their letters (NFC)", "NFD": "characters of their own (NFD)"}
)


def find(content: str, wanted: str) -> tuple[Span, ...]:
    """Return the spans where the words stand, in order; any white space matches any other.

    Args:
        content: the text.
        wanted: words exactly as printed, but for the white space between them.

    Raises:
        LocateError: nothing but white space is wanted.
    """
    parts = wanted.split()
    if not parts:
        raise LocateError("No words given: write the words of the text in quotes.")
    pattern = r"\s+".join(map(re.escape, parts))
    return tuple(match.span(1) for match in re.finditer(f"(?=({pattern}))", content))


def locate(text: Text, wanted: str, occurrence: int | None = None) -> Span:
    """Return the one span that is meant.

    Args:
        text: the text to look in.
        wanted: the words, with any white space between them.
        occurrence: which of several, counted from 1.

    Raises:
        LocateError: the words are not there, are there more than once without `occurrence`, or less often.
    """
    spans = find(text.content, wanted)
    if not spans:
        raise LocateError(_absent(text, wanted))
    if occurrence is None and len(spans) > 1:
        raise LocateError(_ambiguous(text, wanted, spans))
    if occurrence is not None and not 1 <= occurrence <= len(spans):
        raise LocateError(
            f"There is no occurrence {occurrence} of {_shown(wanted)}: {text.name} has {len(spans)}."
        )
    return spans[(occurrence or 1) - 1]


def passage_turtle(article: str, text: Text, span: Span, part: str = "body") -> str:
    """Return a passage and its selector in Turtle, as the files of `graph/` write them.

    Args:
        article: the IRI of the article.
        text: the article's text.
        span: start and end of the words.
        part: the local name of a coded value of the scheme of source parts.
    """
    start, end = span
    iri = f"{article}/char={start},{end}"
    passage = f"""{prefix_lines("code", "oa", "zgc")}
        <{iri}> a zgc:Passage ; oa:hasSource <{article}> ; oa:hasSelector <{iri}/selector> ;
            zgc:hasSourcePart code:{part} ; zgc:sha256 "{digest(text.content[start:end])}" .
        <{iri}/selector> a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} .
    """
    return canonical_turtle(parse(Path(text.name), passage))


def _absent(text: Text, wanted: str) -> str:
    if (other := _other_composition(text, wanted)) is not None:
        form, (start, end) = other
        return (
            f"{text.name} has {_shown(wanted)} at {start},{end}, but composed otherwise: there its accents "
            f"are {_COMPOSITIONS[form]}. Copy the words from the text."
        )
    near = _nearest(text.content, wanted)
    if near is None:
        return f"{text.name} has no words like {_shown(wanted)}: give them as the text prints them."
    start, end = near
    printed = text.content[start:end]
    return f"{text.name} does not have {_shown(wanted)}. The nearest is at {start},{end}: {_shown(printed)}."


def _other_composition(text: Text, wanted: str) -> tuple[Literal["NFC", "NFD"], Span] | None:
    """Return the normal form in which the text has the words, and where; None where it has them in neither.

    https://www.unicode.org/reports/tr15/
    """
    for form in _COMPOSITIONS:
        if spans := find(text.content, unicodedata.normalize(form, wanted)):
            return form, spans[0]
    return None


def _nearest(content: str, wanted: str) -> Span | None:
    """Return the span of as many signs that is most like the wanted one, or None if none is much like it.

    Chinese is compared by character; punctuation, case and width make no difference.
    """
    found = signs(content)
    count = min(len(signs(wanted)), len(found))
    if not count:
        return None
    pairs = zip(found, found[count - 1 :], strict=False)
    spans = [(first[0], last[1]) for first, last in pairs]
    compared = {_compared(content[start:end]): (start, end) for start, end in reversed(spans)}
    best = difflib.get_close_matches(_compared(wanted), compared, n=1, cutoff=_NEAR)
    return compared[best[0]] if best else None


def _compared(words: str) -> str:
    found = (words[start:end] for start, end in signs(words))
    return "".join(sign if is_han(sign) else f"{key(sign)} " for sign in found)


def _ambiguous(text: Text, wanted: str, spans: tuple[Span, ...]) -> str:
    lines = [
        f"  {number}. {start},{end}: …{_around(text.content, (start, end))}…"
        for number, (start, end) in enumerate(spans, start=1)
    ]
    return "\n".join(
        [
            f"{text.name} has {_shown(wanted)} {len(spans)} times:",
            *lines,
            "Give more of the words around it, or choose with --occurrence N.",
        ]
    )


def _around(content: str, span: Span) -> str:
    return " ".join(content[max(0, span[0] - _CONTEXT) : span[1] + _CONTEXT].split())


def _shown(words: str) -> str:
    line = " ".join(words.split())
    return repr(line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…")
