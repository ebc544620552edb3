"""Texts of the graph: equal to the literal, and shown in the language of the page where it has them.

Templates escape them as markup: a text in another language than that of the page is tagged with its language.
https://markupsafe.palletsprojects.com/en/stable/html/
"""

import unicodedata
from typing import Self

from markupsafe import Markup

from forumkg.pages.languages import DEFAULT, gettext, language, language_attribute

__all__ = ["TranslatedText", "capitalized", "catalogued", "literal", "plain", "tag_of", "width_in_letters"]


class TranslatedText(str):
    """A text with its language, and its translation where the graph has one.

    As a string it is the text itself: code compares it and uses it as a key, whatever the page shows.

    Attributes:
        language: the tag of BCP 47; empty for a text without one.
        translation: the same in the language of the page.
    """

    __slots__ = ("language", "translation")

    language: str
    translation: str

    def __new__(cls, text: str, language: str = "", translation: str = "") -> Self:
        """Return a text with its language and its translation."""
        made = super().__new__(cls, text)
        made.language = language
        made.translation = translation
        return made

    def __html__(self) -> str:
        """Return the text as a template writes it between tags."""
        tag = tag_of(self)
        shown = Markup.escape(plain(self))
        return f'<span lang="{tag}">{shown}</span>' if tag else str(shown)

    def cut(self, longest: int) -> Self:
        """Return the text, or where it is too long its start and three dots."""
        return type(self)(_cut(str(self), longest), self.language, _cut(self.translation, longest))


def catalogued(text: str) -> TranslatedText:
    """Return an English text of the ontology or of the shapes, with the translation in the catalogue."""
    translation = gettext(text) if text else ""
    return TranslatedText(text, DEFAULT, translation if translation != text else "")


def width_in_letters(text: str) -> int:
    """Return how wide a text is, in Latin letters: a character of Chinese is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def capitalized(text: str) -> str:
    """Return a text with a capital, as at the head of a page or of a cell."""
    capital = text[:1].upper() + text[1:]
    return (
        TranslatedText(capital, text.language, text.translation)
        if isinstance(text, TranslatedText)
        else capital
    )


def literal(text: str) -> str:
    """Return a text as the graph has it, whatever the language of the page."""
    return str(text)


def plain(text: str) -> str:
    """Return a text in the language of the page, for an attribute or a title, which have no markup."""
    if isinstance(text, TranslatedText):
        return text.translation if text.translation and text.language != language() else str(text)
    return text.striptags() if isinstance(text, Markup) else text


def tag_of(text: str) -> str:
    """Return the language that an element needs for a text; empty where it is unknown or that of the page."""
    if not isinstance(text, TranslatedText) or text.translation:
        return ""
    return language_attribute(text.language)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
