"""Findings of shapes, and of other checks, in the language of the page.

The catalogue has the message of each shape of the package, with its variables: a finding is matched with the
message of its shape, and the values that it has in their place are put into the translation.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from forumkg.pages.graph import Graph
from forumkg.pages.languages import N_, gettext, pgettext
from forumkg.pages.page_queries import page_query
from forumkg.validation.findings import Finding

__all__ = ["CHECK_MESSAGES", "NOTES", "read_shape_messages", "translated"]

_VARIABLE: Final = re.compile(r"\{\?(\w+)\}")
# What `forumkg check` adds to the message of a shape: the value in question, and the codes of a scheme.
_FOUND: Final = r"(?: Found: (?P<_found>.*)\.)?"
_CODES: Final = r"(?: Its codes are (?P<_codes>.*)\.)?"


# The messages of checks that are no shapes, in the form of those of shapes, by the rule of a finding.
CHECK_MESSAGES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "undeclared-term": (
            N_(
                "{?term} is not declared by its vocabulary: use a term that it declares: did you mean "
                "{?other}?"
            ),
            N_("{?term} is not declared by its vocabulary: use a term that it declares."),
        ),
        "not-a-class": (
            N_("{?term} is not a class: use a class: did you mean {?other}?"),
            N_("{?term} is not a class: use a class."),
        ),
        "not-a-property": (
            N_("{?term} is not a property: use a property: did you mean {?other}?"),
            N_("{?term} is not a property: use a property."),
        ),
        "untyped-subject": (
            N_(
                "{?thing} has no type in any file: describe it, beginning with `a zgc:…`, or name what is "
                "meant: did you mean {?other}?"
            ),
            N_(
                "{?thing} has no type in any file: describe it, beginning with `a zgc:…`, or name what is "
                "meant."
            ),
        ),
        "dangling-iri": (
            N_(
                "{?path} points to {?thing}, which no file describes: describe it, or point to what is "
                "meant: did you mean {?other}?"
            ),
            N_(
                "{?path} points to {?thing}, which no file describes: describe it, or point to what is meant."
            ),
        ),
        "idle-passage": (
            N_(
                "No statement, role holding or article rests on the passage {?span}: point to it with "
                "zgc:isSupportedBy or zgc:isAttestedBy, or make it a zgc:OmittedPassage."
            ),
        ),
        "omitted-and-used": (
            N_(
                "The passage {?span} is omitted, yet something rests on it: make it a zgc:Passage, or take "
                "away what points to it."
            ),
        ),
        "selector-bounds": (
            N_(
                "The span {?span} does not lie in a text of {?length} code points: give 0 <= start < end <= "
                "length; `forumkg locate` finds the offsets of words."
            ),
        ),
    }
)
# What a report says besides its findings.
NOTES: Final = (
    N_("No passage was compared with its text: `forumkg check --texts DIR` does so where the texts are."),
    N_("Nothing else was checked: fix what cannot be read first."),
)


def read_shape_messages(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Return the messages of each shape, by its IRI."""
    messages: dict[str, tuple[str, ...]] = {}
    for row in graph.select(page_query("validate/shape-messages").text):
        shape = row.iri("shape")
        messages[shape] = (*messages.get(shape, ()), str(row.text("words")))
    return messages


def translated(finding: Finding, messages: Mapping[str, Iterable[str]]) -> Finding | None:
    """Return a finding with message and advice in the language of the page; None where they are not known.

    Args:
        finding: as it was found, in English.
        messages: of each shape, in English.
    """
    for english in (*messages.get(finding.rule, ()), *CHECK_MESSAGES.get(finding.rule, ())):
        here = gettext(english)
        wrong, _, advice = english.partition(": ")
        values = _values(f"{_pattern(wrong)}\\.{_FOUND}", finding.message)
        more = _values(f"{_pattern(advice[:1].upper() + advice[1:])}{_CODES}", finding.advice)
        if here == english or values is None or more is None:
            continue
        values |= more
        wrong_here, _, advice_here = here.partition("：")
        message, instead = f"{_filled(wrong_here, values)}。", _filled(advice_here, values)
        if values.get("_found"):
            message += gettext("Found: %(value)s.") % {"value": values["_found"]}
        if values.get("_codes"):
            codes = pgettext("between names", ", ").join(values["_codes"].split(", "))
            instead += gettext("Its codes are %(codes)s.") % {"codes": codes}
        return replace(finding, message=message, advice=instead)
    return None


def _pattern(words: str) -> str:
    """Return a regular expression for words with variables, each a group of its name."""
    seen: set[str] = set()
    parts = []
    for place, part in enumerate(_VARIABLE.split(words)):
        if place % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.*?)")
    return "".join(parts)


def _values(pattern: str, text: str) -> dict[str, str] | None:
    match = re.fullmatch(pattern, text, re.DOTALL)
    return None if match is None else {name: value for name, value in match.groupdict().items() if value}


def _filled(words: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda variable: values.get(variable[1], variable[0]), words)
