r"""Find words in text as people type them: by their beginnings, without regard to case and accents.

Chinese has no spaces between words, so Chinese characters are found wherever they stand.
https://www.unicode.org/reports/tr15/ and https://www.unicode.org/reports/tr18/#General_Category_Property
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

__all__ = ["Fragment", "folded", "marked", "matches", "pattern_of", "words_in"]

_WORD: Final = re.compile(r"[^\W_]+(?:['’.&+-][^\W_]+)*")
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_IS_HAN: Final = re.compile(rf"[{_HAN}]")
_PARTS: Final = re.compile(rf"[{_HAN}]+|[^{_HAN}]+")
# How much of a word is looked for: the engine refuses a pattern for some letters more.
_LONGEST: Final = 32
# Letters that people type for those of the Latin script, by what remains of each without its marks.
_LATIN: Final = range(0xC0, 0x250)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a text, and whether it is what was looked for."""

    text: str
    is_match: bool = False


def words_in(query: str) -> tuple[str, ...]:
    """Return the words that a query looks for, each once; a run of Chinese characters is one.

    A long word is cut: its beginning finds it.
    """
    found = (part for word in _WORD.findall(query) for part in _PARTS.findall(word))
    return tuple(dict.fromkeys(unicodedata.normalize("NFC", part).casefold()[:_LONGEST] for part in found))


def pattern_of(word: str) -> str:
    """Return a regular expression of SPARQL, for the flag `i`, that finds a word of `words_in`.

    Each letter also finds itself with a mark: `e` finds `é`, composed or not.
    """
    start = "" if _IS_HAN.match(word) else rf"(^|[^\p{{L}}\p{{N}}]|[{_HAN}])"
    return start + "".join(_letter(letter) for letter in word)


def matches(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Yield the places where a text has a word of `words_in`."""
    folded, places = _folded(text)
    wanted, _ = _folded(word)
    prefix = "" if _IS_HAN.match(word) else rf"(?:(?<![^\W_])|(?<=[{_HAN}]))"
    for found in re.finditer(prefix + re.escape(wanted), folded) if wanted else ():
        yield places[found.start()], places[found.end()]


def marked(text: str, words: Sequence[str]) -> tuple[Fragment, ...]:
    """Return a text in parts, those marked in which a word was found."""
    hits = {place for word in words for start, end in matches(text, word) for place in range(start, end)}
    fragments: list[Fragment] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or (place in hits) != (start in hits):
            fragments.append(Fragment(text[start:place], start in hits))
            start = place
    return tuple(fragments)


def folded(text: str) -> str:
    """Return a text without case and marks, for comparison."""
    return _folded(text)[0]


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text without case and marks, and for each of its characters the place of its origin."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in unicodedata.normalize("NFD", character.casefold()):
            if not unicodedata.combining(each):
                characters.append(each)
                places.append(place)
    return "".join(characters), [*places, len(text)]


@cache
def _variants() -> dict[str, str]:
    """Return, for each plain letter, those that are it with a mark."""
    found: dict[str, str] = {}
    for letter in map(chr, _LATIN):
        plain = unicodedata.normalize("NFD", letter)[0]
        if plain != letter:
            found[plain.casefold()] = found.get(plain.casefold(), "") + letter
    return found


def _letter(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)[0]
    escaped = re.sub(r"([\\^$.|?*+(){}\[\]-])", r"\\\1", plain)
    if not plain.isalpha() or _IS_HAN.match(plain):
        return escaped
    return rf"[{escaped}{_variants().get(plain, '')}]\p{{M}}*"
