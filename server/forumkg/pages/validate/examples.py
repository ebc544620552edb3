"""Small documents that fail validation in instructive ways, and one that passes.

The newspaper in them, its article and its figure are invented.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from forumkg.pages.languages import N_

__all__ = ["EXAMPLES", "DocumentExample"]

_FOLDER: Final = Path(__file__).with_name("examples")


@dataclass(frozen=True, slots=True)
class DocumentExample:
    """A document to learn from.

    Attributes:
        name: of its file, without the ending.
        title: what is wrong with it, in some words.
        teaches: what there is to learn from it, in a sentence.
    """

    name: str
    title: str
    teaches: str

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.name}.ttl"

    @property
    def text(self) -> str:
        """The Turtle."""
        return _text(self.file_name)


@cache
def _text(file_name: str) -> str:
    return (_FOLDER / file_name).read_text(encoding="utf-8")


_ALL: Final = (
    DocumentExample(
        "valid",
        N_("Nothing is wrong"),
        N_("An article, a passage, a statement and a figure: what the other examples are made of."),
    ),
    DocumentExample(
        "missing-passage",
        N_("A statement without a passage"),
        N_("Every statement needs its place in an article, and every passage must be used."),
    ),
    DocumentExample(
        "contradicting-bounds",
        N_("Bounds that contradict the hedge"),
        N_("“Nearly 120” is below 120: the bounds say what the printed word says, and nothing more."),
    ),
    DocumentExample(
        "misspelt-property",
        N_("A misspelt property"),
        N_(
            "An undeclared property would silently have no effect; the validator suggests the one that was "
            "meant."
        ),
    ),
    DocumentExample(
        "wrong-date",
        N_("A date as printed"),
        N_("Days are written as xsd:date, so that they can be compared."),
    ),
    DocumentExample(
        "two-ranks",
        N_("A statement both preferred and deprecated"),
        N_("Curators prefer a statement or they doubt it; they cannot do both."),
    ),
    DocumentExample(
        "label-without-language",
        N_("A name without its language"),
        N_("A name is in English or in Chinese, and says in which."),
    ),
    DocumentExample(
        "forgotten-semicolon",
        N_("A semicolon is missing"),
        N_(
            "A syntax error is reported with its line and column; everything else is checked once the text "
            "can be read."
        ),
    ),
)
EXAMPLES: Final = MappingProxyType({example.name: example for example in _ALL})
