"""Stances as pages, charts, citations and tables show them: planned, ongoing or accomplished.

This is the only table of their words and marks; `editor/src/results/stances.js` has the same for the editor.
"""

from dataclasses import dataclass
from typing import Final

from forumkg.namespaces import ID
from forumkg.pages.languages import N_, translate

__all__ = ["CODES", "STANCES", "Stance", "stance_of", "stance_words", "strength"]


@dataclass(frozen=True, slots=True)
class Stance:
    """A stance.

    Attributes:
        code: its name in the graph, which is also the class of its marks.
        words: in English, for lists, tables and sentences: `60, planned`.
        cited: in English, in a citation for running text; empty for what is accomplished.
        legend: in English, how its mark is filled and what that means.
    """

    code: str
    words: str
    cited: str
    legend: str


# With what the IRIs of coded values begin, such as those of stances.
CODES: Final = f"{ID}code/"
# From the weakest to the strongest.
STANCES: Final = (
    Stance("planned", N_("planned"), N_("as planned"), N_("hollow: planned")),
    Stance(
        "ongoing",
        N_("printed as ongoing"),
        N_("printed as ongoing"),
        N_("half-filled: printed as ongoing"),
    ),
    Stance("accomplished", N_("reported"), "", N_("filled: reported as accomplished")),
)
_BY_CODE: Final = {stance.code: stance for stance in STANCES}


def stance_of(code: str) -> Stance:
    """Return a stance by its name in the graph; one that is not in the vocabulary has its name for words."""
    return _BY_CODE.get(code) or Stance(code, code, "", "")


def stance_words(code: str) -> str:
    """Return the words of a stance in the language of the page: `reported` for `accomplished`."""
    return translate(stance_of(code).words)


def strength(code: str) -> int:
    """Return the place of a stance among all, the weakest first; -1 for one that is not in the vocabulary."""
    return next((place for place, stance in enumerate(STANCES) if stance.code == code), -1)
