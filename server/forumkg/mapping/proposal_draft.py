"""The draft of a proposed worksheet: its passages so far, and the lines that follow from all of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from forumkg.mapping.clauses import ProposedPassage
from forumkg.mapping.worksheet import (
    PLACEHOLDER,
    NewThing,
    SpeakerRef,
    TaggedText,
    WorksheetPassage,
    WorksheetRole,
)
from forumkg.texts.signs import has_han, is_han, weight

# The weight (halves of a word) of a clause that is not worth a passage of its own.
_SHORT: Final = 14

__all__ = ["ProposalDraft", "bylines", "language_of", "names_of", "supported"]

_WRITER: Final = re.compile(r"(?:^By |\band )(?P<name>[A-Z][\w.-]+(?: [A-Z][\w.-]+){1,2})")
_EDITOR: Final = re.compile(r"Editor: (?P<name>[A-Z][\w.-]+(?: [A-Z][\w.-]+){1,2})")


@dataclass(slots=True)
class ProposalDraft:
    """The lines of a worksheet that are proposed so far."""

    year: str
    issued: str
    language: str
    stance: str = "accomplished"
    speaker: SpeakerRef | None = None
    passages: list[WorksheetPassage] = field(default_factory=list)
    new: dict[str, NewThing] = field(default_factory=dict)
    roles: dict[str, WorksheetRole] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    _slugs: dict[str, str] = field(default_factory=dict)
    _places: list[ProposedPassage] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def add(self, place: ProposedPassage, passage: WorksheetPassage) -> None:
        """Add a passage."""
        self._places.append(place)
        self.passages.append(passage)

    def may_extend(self, place: ProposedPassage, words: str) -> bool:
        """Return whether a clause without statements is short enough to belong to the one before it."""
        if not self.passages or place.start in self.labels:
            return False
        place_before, before = self._places[-1], self.passages[-1]
        is_same = place_before.sentence == place.sentence and place_before.part == place.part == "body"
        return is_same and bool(before.statements) and weight(words) <= _SHORT

    def extend(self, content: str, place: ProposedPassage) -> None:
        """Extend the last passage to the end of a clause."""
        start = self._places[-1].start
        words = " ".join(content[start : place.end].split())
        self.passages[-1] = replace(self.passages[-1], words=words)
        self._places[-1] = replace(self._places[-1], end=place.end)

    def is_first(self, name: str) -> bool:
        """Return whether a thing is proposed for the first time."""
        is_new = name not in self._seen
        self._seen.add(name)
        return is_new

    def slug_of(self, name: str) -> str:
        """Return the name of a new person for an IRI: Chinese names get a number to be replaced."""
        slug = re.sub(r"[^a-z]+", "-", name.casefold()).strip("-")
        return self._slugs.setdefault(name, slug or f"speaker-{len(self._slugs) + 1}")

    def label_of(self, slug: str) -> str:
        """Return the label of the passage that names a speaker."""
        return slug.replace(".", "-")


def bylines(draft: ProposalDraft) -> Iterator[tuple[str, str]]:
    """Yield key and name of the persons in the bylines, and add them to the new things."""
    for passage in draft.passages:
        if passage.part == "byline":
            for key, pattern in (("writer", _WRITER), ("editor", _EDITOR)):
                for match in pattern.finditer(passage.words):
                    name = f"person:{draft.slug_of(match['name'])}"
                    draft.new.setdefault(name, NewThing(name, names_of(match["name"])))
                    yield key, name


def names_of(printed: str) -> tuple[TaggedText, ...]:
    """Return the labels of a new thing: a Chinese name needs an English one, too."""
    if has_han(printed):
        return TaggedText(PLACEHOLDER, "en"), TaggedText(printed, "zh")
    return (TaggedText(printed, "en"),)


def language_of(content: str) -> str:
    """Return the language that most of a text is in: `zh` or `en`."""
    han = sum(map(is_han, content))
    return "zh" if 2 * han > sum(map(str.isalpha, content)) else "en"


def supported(passage: WorksheetPassage, draft: ProposalDraft) -> WorksheetPassage:
    """Return a passage whose attributed statements rest on the passage that names the speaker, too."""
    roles = draft.roles
    found = []
    for one in passage.statements:
        label = roles[one.speaker.name].passage if one.speaker and one.speaker.name in roles else None
        found.append(replace(one, supports=(label,)) if label and label != passage.label else one)
    return replace(passage, statements=tuple(found))
