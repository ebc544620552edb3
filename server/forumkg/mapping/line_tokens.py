"""The words of a line of a worksheet, and what those of a statement or of a passage's head say."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from forumkg.mapping.figures import read_figure
from forumkg.mapping.worksheet import FACT_KEYS, SpeakerRef, TaggedText, WorksheetFact, WorksheetFigure

__all__ = [
    "LABEL",
    "LOCAL",
    "NAME",
    "LineDetails",
    "LineToken",
    "UnreadableLine",
    "checked",
    "line_tokens",
    "nearest",
]

_TOKEN: Final = re.compile(r'(?P<bare>[^\s"]*)(?:"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[a-z]{2}))?)?')
NAME: Final = re.compile(r"[a-z]+:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LOCAL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LABEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class UnreadableLine(Exception):
    """A line cannot be read."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


@dataclass(frozen=True, slots=True)
class LineToken:
    """A word of a line: `key="text"@en` has the bare part `key=`, a text and its language."""

    bare: str
    text: str | None = None
    language: str = ""

    @property
    def shown(self) -> str:
        """The word as it is written, without its language."""
        return self.bare if self.text is None else f'{self.bare}"{self.text}"'


def line_tokens(text: str) -> Iterator[tuple[LineToken, int]]:
    """Yield the words of a line, each with the offset of its end.

    Raises:
        UnreadableLine: a quotation mark is not closed.
    """
    position = 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position == len(text):
            return
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position or _goes_on(text, match.end()):
            raise UnreadableLine(
                f"A quotation mark is not closed, or text follows it: {text[position : position + 40]!r}.",
                'Write "text" or "text"@zh, and \\" for a quotation mark inside.',
            )
        position = match.end()
        quoted = match["text"]
        yield (
            LineToken(match["bare"], None if quoted is None else _unescaped(quoted), match["language"] or ""),
            position,
        )


def _goes_on(text: str, position: int) -> bool:
    return position < len(text) and not text[position].isspace()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)


@dataclass(slots=True)
class LineDetails:
    """What the words of a passage's head or of a statement say."""

    supports: list[str] = field(default_factory=list)
    facts: list[WorksheetFact] = field(default_factory=list)
    figures: list[WorksheetFigure] = field(default_factory=list)
    wordings: list[TaggedText] = field(default_factory=list)
    about: str | None = None
    speaker: SpeakerRef | None = None
    is_direct: bool | None = None
    rank: str | None = None

    def read(self, token: LineToken) -> None:
        """Add what a word says.

        Raises:
            UnreadableLine: it says nothing that a statement can say.
        """
        bare = token.bare
        if token.text is not None:
            if bare != "w=":
                raise UnreadableLine(f"{token.shown} is not a wording.", 'Write w="the words as printed".')
            self.wordings.append(TaggedText(token.text, token.language))
        elif bare.startswith("+"):
            label = "+counts, with the label of a passage (`[body #counts] …`)"
            self.supports.append(checked(bare[1:], LABEL, label))
        elif bare in ("direct", "indirect"):
            self.is_direct = bare == "direct"
        elif not self._reads_pair(*bare.partition("=")[::2]):
            figure = read_figure(bare)
            if figure is None:
                raise _unknown(bare)
            self.figures.append(figure)

    def _reads_pair(self, key: str, value: str) -> bool:
        """Add what a key and its value say; return whether the key is known."""
        if key == "about":
            self.about = checked(value, NAME, "about=edition:2025")
        elif key == "as":
            name = checked(value.removeprefix("role:"), LOCAL, "as=li-meng-2021-09-15")
            self.speaker = SpeakerRef(name, is_role=True)
        elif key == "by":
            self.speaker = SpeakerRef(checked(value, NAME, "by=group:2025-organizers"), is_role=False)
        elif key == "rank":
            if value not in ("preferred", "deprecated"):
                raise UnreadableLine(
                    f"There is no rank {value!r}.", "Write rank=preferred or rank=deprecated."
                )
            self.rank = value
        elif key in FACT_KEYS:
            self.facts.append(WorksheetFact(key, _value(key, value)))
        else:
            return False
        return True


def _value(key: str, value: str) -> str:
    prefix = FACT_KEYS[key].prefix
    if prefix and ":" not in value:
        value = f"{prefix}:{value}"
    example = f"{key}={prefix}:name" if prefix else f"{key}=organization:name, person:name or group:name"
    return checked(value, NAME, example)


def _unknown(bare: str) -> UnreadableLine:
    key = re.split(r"[=<>~]", bare, maxsplit=1)[0]
    if key == bare:
        return UnreadableLine(
            f"{bare!r} is not a part of a statement.",
            "Write key=value, a figure (activities>150), +label, direct or indirect, and the paraphrase "
            "after ` : `.",
        )
    known = (*FACT_KEYS, "about", "as", "by", "w", "rank")
    return UnreadableLine(
        f"{bare!r} is neither a figure nor a known key{nearest(key, known)}",
        "Write a figure as =128 >30 <120 >=30 <=30 ~1.55e9USD >30% =3d =13@2021-09-15, and a thing as "
        "key=name.",
    )


def checked(value: str, pattern: re.Pattern[str], example: str) -> str:
    """Return a value that matches a pattern.

    Raises:
        UnreadableLine: it does not; the message has the example.
    """
    if not pattern.fullmatch(value):
        raise UnreadableLine(f"{value!r} is not a name.", f"Write {example}.")
    return value


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a message on an unknown word: the known words that are most like it."""
    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.6)
    return f"; do you mean {' or '.join(near)}?" if near else "."
