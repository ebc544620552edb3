"""The words of proposed paraphrases: our own sentences, filled with the figures and names that were found."""

from decimal import Decimal
from typing import Final

from forumkg.mapping.worksheet import OPERATORS, WorksheetFigure

__all__ = ["BE", "HAVE", "SIGNS", "figure_sentence"]

SIGNS: Final = {name: sign for sign, name in OPERATORS.items()}
_HEDGES: Final = {
    "exact": "",
    "more-than": "more than ",
    "nearly": "nearly ",
    "at-least": "at least ",
    "at-most": "at most ",
    "about": "about ",
}
# How a figure of an indicator is said; the rest have "The 2024 forum had 60 …".
_PHRASES: Final = {
    "fund-size": "A fund of {n} {unit} {be} launched at the {year} forum.",
    "editions-held": "The forum has been held {n} times.",
    "years-of-development": "The forum has developed through {n} years.",
    "technology-on-offer": "The {year} forum {have} {n} technologies or projects on offer.",
    "trade-projects-from-abroad": "Of the trade projects of the {year} forum, {n} came from abroad.",
    "countries-represented": "Participants of the {year} forum {come} from {n} countries and regions.",
    "countries-of-guests": "Guests of the {year} forum {come} from {n} countries and regions.",
    "countries-of-foreign-guests": "The foreign guests of the {year} forum {come} from {n} countries.",
    "countries-of-representatives": "The representatives at the {year} forum {come} from {n} countries.",
    "duration": "The {year} forum {last} {n} days.",
    "exhibition-area": "The exhibition of the {year} forum {cover} {n} square metres.",
}
_TENSES: Final = {
    "come": {"planned": "are to come", "ongoing": "come", "accomplished": "came"},
    "last": {"planned": "is to last", "ongoing": "lasts", "accomplished": "lasted"},
    "cover": {"planned": "is to cover", "ongoing": "covers", "accomplished": "covered"},
}
_WORDS_OF: Final = ((Decimal(10**9), "billion"), (Decimal(10**6), "million"))
HAVE: Final = {"planned": "is to have", "ongoing": "has", "accomplished": "had"}
BE: Final = {"planned": "is to be", "ongoing": "is", "accomplished": "was"}


def figure_sentence(year: str, stance: str, figure: WorksheetFigure, counted: str) -> str:
    """Return the sentence that gives a figure of an edition.

    Args:
        year: of the edition.
        stance: of the statement.
        figure: the figure.
        counted: the label of its indicator.
    """
    phrase = _PHRASES.get(figure.indicator, f"The {{year}} forum {{have}} {{n}} {counted}.")
    tenses = {word: forms[stance] for word, forms in _TENSES.items()}
    hedge = _HEDGES[OPERATORS[figure.operator]]
    number = hedge + _counted(figure)
    return phrase.format(n=number, unit=figure.unit, year=year, be=BE[stance], have=HAVE[stance], **tenses)


def _counted(figure: WorksheetFigure) -> str:
    """Return the number of a figure as a paraphrase has it: 1.55 billion, 30,000, 20%."""
    if figure.unit == "%":
        return f"{figure.number.normalize():f}%"
    for power, word in _WORDS_OF:
        if figure.number >= power:
            return f"{(figure.number / power).normalize():f} {word}"
    return f"{figure.number:,f}"
