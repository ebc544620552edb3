"""Find who is quoted in a clause, in which post: known persons and organizers, and names that are new."""

import re
from dataclasses import dataclass
from typing import Final

from forumkg.mapping.known_things import KnownThing, KnownThings
from forumkg.texts.signs import HAN, has_han

__all__ = ["FoundSpeaker", "find_speaker"]

_SAID: Final = re.compile(
    r"\b(?:said|says|told|added|noted|stressed|according to|announced|introduced|pointed out)\b"
    r"|表示|指出|介绍|透露|强调|说[，：“]|说。"
)
_PERSON: Final = r"[A-Z][a-z]+(?: [A-Z][a-z-]+){1,2}"
_POST: Final = r"(?:the |an? )?[a-z][^,.;\"“”]{5,75}"
_POST_ZH: Final = (
    r"[^\s，。“”\"：；、]{2,24}?"
    r"(?:部长|市长|主任|秘书长|院长|主席|负责人|校长|司长|局长|会长|总裁|董事长|院士)"
)
_NAMED: Final = re.compile(
    rf"(?P<name>{_PERSON}), (?P<post>{_POST}), ?(?:said|told|added|noted)"
    rf"|(?:said|told|according to) (?P<name2>{_PERSON}), (?P<post2>{_POST})"
    rf"|(?P<post3>{_POST_ZH})(?P<name3>[{HAN}]{{2,3}}?)(?:在[^，。]{{1,16}})?(?:表示|指出|介绍|透露|强调|说)"
)
_PRONOUN: Final = re.compile(
    r"\b(?:[Hh]e|[Ss]he|the (?:vice |deputy )?(?:minister|mayor|official)) (?:said|added|noted|told)\b"
    r"|(?:said|added) (?:he|she)[.,]|[他她](?:表示|指出|介绍|透露|强调|说)"
)
_ORGANIZERS: Final = re.compile(r"\borgani[sz]ers?\b|主办方|组委会")


@dataclass(frozen=True, slots=True)
class FoundSpeaker:
    """Who speaks.

    Attributes:
        person: the known person; None for someone new.
        post: the known post; None for a new one.
        name: the name as printed.
        printed_post: the post as printed; empty where none is.
        is_organizers: whether the organizers speak, without a name.
        is_pronoun: whether the previous speaker continues, called "he" or "she".
    """

    person: KnownThing | None = None
    post: KnownThing | None = None
    name: str = ""
    printed_post: str = ""
    is_organizers: bool = False
    is_pronoun: bool = False


def find_speaker(sentence: str, known: KnownThings) -> FoundSpeaker | None:
    """Return who is quoted in a sentence; None where nothing is said."""
    if not _SAID.search(sentence):
        return None
    person, name = _labelled(sentence, known.of_kind("person"))
    post, printed = _labelled(sentence, known.of_kind("post"))
    if person:
        return FoundSpeaker(person, post, name, printed)
    if match := _NAMED.search(sentence):
        name = match["name"] or match["name2"] or match["name3"]
        written = (match["post"] or match["post2"] or match["post3"]).strip()
        return FoundSpeaker(None, post, name, printed if post else written.removeprefix("the "))
    if _PRONOUN.search(sentence):
        return FoundSpeaker(is_pronoun=True)
    return FoundSpeaker(is_organizers=True) if _ORGANIZERS.search(sentence) else None


def _labelled(words: str, things: tuple[KnownThing, ...]) -> tuple[KnownThing | None, str]:
    """Return the thing with the longest label that the words have, and the label as printed."""
    best: tuple[int, KnownThing | None, str] = (0, None, "")
    for thing in things:
        for text, _ in thing.labels:
            escaped = (
                re.escape(text) if has_han(text) else rf"\b{re.escape(text)}\b".replace("\\ ", "[\\s-]+")
            )
            match = re.search(escaped, words, re.IGNORECASE)
            if match and len(text) > best[0]:
                best = len(text), thing, match.group()
    return best[1], best[2]
