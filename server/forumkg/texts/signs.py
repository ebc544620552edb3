"""The signs of a text: the words and numbers of alphabetic scripts, the single characters of Chinese.

Chinese has no spaces, so a run of its characters is not one word: what is counted, compared or cut there is
the character. Both are called signs. https://www.unicode.org/reports/tr29/#Word_Boundaries
"""

import re
import unicodedata
from typing import Final

__all__ = ["HAN", "Span", "has_han", "is_han", "key", "signs", "weight"]

Span = tuple[int, int]

# Han characters, with the iteration mark and the zero, in a class of a regular expression.
HAN: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U000323af"
)
# Combining marks belong to the word that they are in, though `\w` leaves them out.
_SIGN: Final = re.compile(rf"[{HAN}]|(?:(?![{HAN}])[\w\u0300-\u036f])+")
_HAN: Final = re.compile(f"[{HAN}]")


def signs(content: str) -> tuple[Span, ...]:
    """Return the spans of the signs of a text, in order.

    Spaces, punctuation and currency signs lie between signs and belong to none.
    """
    return tuple(match.span() for match in _SIGN.finditer(content))


def key(sign: str) -> str:
    """Return what two signs have in common that differ in case, width or composition alone."""
    return unicodedata.normalize("NFKC", sign).casefold()


def is_han(sign: str) -> bool:
    """Return whether a sign is a Chinese character."""
    return _HAN.match(sign) is not None


def has_han(content: str) -> bool:
    """Return whether a text has a Chinese character."""
    return _HAN.search(content) is not None


def weight(content: str) -> int:
    """Return the length of a text in halves of a word: a word counts two, a Chinese character one.

    Most Chinese words have two characters.
    """
    return sum(1 if is_han(content[start]) else 2 for start, _ in signs(content))
