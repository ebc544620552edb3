r"""Find words in text as people type them: by beginning or stem, without regard to case and accents.

Chinese has no spaces between words, so Chinese characters are found wherever they stand.
https://www.unicode.org/reports/tr15/ and https://www.unicode.org/reports/tr18/#General_Category_Property
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from forumkg.pages.search.chinese_words import STOP_WORDS, SYNONYMS

__all__ = [
    "Fragment",
    "folded",
    "forms_of",
    "marked",
    "matches",
    "pattern_of",
    "words_in",
]

# A hyphen is like a space: `carbon-neutrality` is two words.
_WORD: Final = re.compile(r"[^\W_]+(?:['’.&+][^\W_]+)*")
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_IS_HAN: Final = re.compile(rf"[{_HAN}]")
_PARTS: Final = re.compile(rf"[{_HAN}]+|[^{_HAN}]+")
# How much of a word is looked for: the engine refuses a pattern for some letters more.
_LONGEST: Final = 32
# Words of questions that say nothing of what is looked for, unless there are no others.
_STOP_WORDS: Final = frozenset(
    "a an and are at by did do does for from how in is it of on or the to was were what when where which who "  # noqa: SIM905 (words are read more easily than literals)
    "why with".split()
)
# What is left out behind a number, as in `2020年` and `第5届`.
_BEHIND_NUMBER: Final = re.compile(rf"(?<=\d)(?:年度?|届|月|日)(?=[{_HAN}]|\b)")
# The letters, digits and marks that Chinese fonts have as wide as Chinese characters, and the plain ones.
_WIDE: Final = 0xFEE0
_PLAIN: Final = {place + _WIDE: place for place in range(0x21, 0x7F)}
# Words of which other forms are looked for; a longer one has few, and would make a long pattern.
_ENGLISH: Final = re.compile(r"[a-z]{4,16}")
# Endings that do not change what a word means; another one leaves a stem of some length.
_INFLECTIONS: Final = frozenset({"", "s", "es", "d", "ed", "ing"})
_LONG_STEM: Final = 6
# British and American spellings, each way.
_SPELLINGS: Final = (
    (r"is(?=(?:e[drs]?|ers|ing|ations?)$)", "iz"),
    (r"iz(?=(?:e[drs]?|ers|ing|ations?)$)", "is"),
    (r"^(col|lab|fav|hon|hum|harb|neighb|behavi)our", r"\1or"),
    (r"^(col|lab|fav|hon|hum|harb|neighb|behavi)or", r"\1our"),
    (r"ntre(?=s?$)", "nter"),
    (r"nter(?=s?$)", "ntre"),
    (r"^programme(?=s?$)", "program"),
    (r"^program(?=s?$)", "programme"),
    (r"ence(?=s?$)", "ense"),
    (r"ense(?=s?$)", "ence"),
)
# What readers say, by its stem, and what the texts say.
_SYNONYMS: Final = {
    "sponsor": ("host", "organizer", "organiser"),
    "disput": ("contradict", "differ", "wrong"),
    "conflict": ("contradict", "differ"),
    "event": ("activity", "activities"),
    "motto": ("theme",),
    "slogan": ("theme",),
    "venu": ("place",),
    "visitor": ("participant", "guest"),
    "attende": ("participant", "guest"),
    "subsidi": ("fund",),
}
# Letters that people type for those of the Latin script, by what remains of each without its marks.
_LATIN: Final = range(0xC0, 0x250)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a text, and whether it is what was looked for."""

    text: str
    is_match: bool = False


def words_in(query: str) -> tuple[str, ...]:
    """Return the words that a query looks for, each once; a run of Chinese characters is one.

    Wide letters and digits are plain ones: https://www.unicode.org/reports/tr11/
    A long word is cut: its beginning finds it.
    """
    plain = _BEHIND_NUMBER.sub(" ", query.translate(_PLAIN))
    found = (part for word in _WORD.findall(plain) for part in _PARTS.findall(word))
    words = tuple(dict.fromkeys(unicodedata.normalize("NFC", part).casefold()[:_LONGEST] for part in found))
    return tuple(word for word in words if word not in _STOP_WORDS and word not in STOP_WORDS) or words


@lru_cache(maxsize=4096)
def forms_of(word: str) -> tuple[str, ...]:
    """Return the beginnings by which a word is found: itself, its stem, and the same in other spellings.

    `hosted` also finds `host` and `hosts`, `organisation` also `organization`, `sponsor` also `host`,
    `主办单位` also `主办`.
    """
    if not _ENGLISH.fullmatch(word):
        return (word, *SYNONYMS.get(word, ()))
    # It imports the stemmers of thirty languages, for which a start of the server need not wait.
    import snowballstemmer  # noqa: PLC0415

    # A stemmer keeps the word that it works on: it is made anew, since several threads search.
    stemmer = snowballstemmer.stemmer("english")
    found = [word]
    for spelled in _spellings(word):
        stem = stemmer.stemWord(spelled)
        # `edit` of `edition` finds too much.
        if len(stem) < _LONG_STEM and spelled.removeprefix(stem) not in _INFLECTIONS:
            stem = re.sub("(?:ies|y)$", "i", spelled).removesuffix("s")
        root = stem.removesuffix("i")
        found += [spelled, stem] if root == stem else [spelled, f"{root}y", f"{root}ies"]
        found += _SYNONYMS.get(stemmer.stemWord(spelled), ())
    return tuple(dict.fromkeys(found))


def _spellings(word: str) -> tuple[str, ...]:
    """Return a word as it is written in British and in American English."""
    others = (re.sub(pattern, replacement, word) for pattern, replacement in _SPELLINGS)
    return tuple(dict.fromkeys((word, *others)))


def pattern_of(word: str) -> str:
    """Return a regular expression of SPARQL, for the flag `i`, that finds a word of `words_in`.

    Each letter also finds itself with a mark: `e` finds `é`, composed or not.
    """
    start = "" if _IS_HAN.match(word) else rf"(^|[^\p{{L}}\p{{N}}]|[{_HAN}])"
    forms = forms_of(word)
    # What begins like another form is found by that.
    shortest = [
        form for form in forms if not any(form != other and form.startswith(other) for other in forms)
    ]
    letters = ["".join(map(_letter, form)) for form in shortest]
    return start + (letters[0] if len(letters) == 1 else f"({'|'.join(letters)})")


def matches(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Yield the places where a text has a word of `words_in`: as it is typed, or a whole word of its stem."""
    plain, places = _folded(text)
    typed, *others = filter(None, (folded(form) for form in forms_of(word))) or [""]
    if not typed:
        return
    is_han = bool(_IS_HAN.match(word))
    prefix, rest = ("", "") if is_han else (rf"(?:(?<![^\W_])|(?<=[{_HAN}]))", r"[^\W_]*")
    forms = [re.escape(typed), *(re.escape(other) + rest for other in others)]
    for found in re.finditer(f"{prefix}(?:{'|'.join(forms)})", plain):
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
    for place, character in enumerate(text.translate(_PLAIN)):
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
    wide = "".join(
        chr(ord(each) + _WIDE)
        for each in dict.fromkeys((plain, plain.upper()))
        if len(each) == 1 and ord(each) + _WIDE in _PLAIN
    )
    if not plain.isalpha() or _IS_HAN.match(plain):
        return f"[{escaped}{wide}]" if wide else escaped
    return rf"[{escaped}{wide}{_variants().get(plain, '')}]\p{{M}}*"
