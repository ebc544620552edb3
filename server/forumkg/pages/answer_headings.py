"""The headings of the columns of an answer: words for variables of a query, in the language of the page."""

import re
from types import MappingProxyType
from typing import Final

from forumkg.pages.languages import DEFAULT, N_, gettext, language

__all__ = ["HEADINGS", "heading_of", "words_of"]

_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Of the variables of the shipped questions and of the pages of terms; a test compares them.
HEADINGS: Final = MappingProxyType(
    {
        "accepted": N_("Accepted"),
        "agent": N_("Agent"),
        "article": N_("Article"),
        "asOf": N_("As of"),
        "atLeast": N_("At least"),
        "atMost": N_("At most"),
        "carrier": N_("Carrier"),
        "chinese": N_("In Chinese"),
        "comparable": N_("Comparable figure"),
        "counted": N_("Counted"),
        "currency": N_("Currency"),
        "day": N_("Day"),
        "days": N_("Days"),
        "digest": N_("Digest"),
        "distributor": N_("Distributor"),
        "edition": N_("Edition"),
        "editions": N_("Number of editions"),
        "end": N_("End"),
        "english": N_("In English"),
        "fewer": N_("Edition with fewer"),
        "fewerStance": N_("Stance of the smaller"),
        "firstDay": N_("First day"),
        "founded": N_("Founded"),
        "group": N_("Group"),
        "hedge": N_("Hedge"),
        "host": N_("Host"),
        "indicator": N_("Indicator"),
        "issued": N_("Day of publication"),
        "kind": N_("Kind"),
        "label": N_("Label"),
        "lastDay": N_("Last day"),
        "length": N_("Length in characters"),
        "maximum": N_("Maximum"),
        "missing": N_("Missing year"),
        "mode": N_("Kind of speech"),
        "more": N_("Edition with more"),
        "moreStance": N_("Stance of the larger"),
        "name": N_("Name"),
        "note": N_("Note"),
        "number": N_("Number"),
        "omitted": N_("Omitted passages"),
        "organization": N_("Organization"),
        "organizer": N_("Organizer"),
        "other": N_("Other statement"),
        "otherArticle": N_("Other article"),
        "otherCounted": N_("Also counted"),
        "otherSays": N_("What the other says"),
        "outcome": N_("Outcome"),
        "pairs": N_("Number of pairs"),
        "part": N_("Part"),
        "partNumber": N_("Number of the part"),
        "passages": N_("Number of passages"),
        "percent": N_("Per cent"),
        "person": N_("Person"),
        "place": N_("Place"),
        "plan": N_("Plan"),
        "planned": N_("Planned"),
        "post": N_("Post"),
        "printed": N_("As printed"),
        "property": N_("Property"),
        "publisher": N_("Publisher"),
        "quality": N_("Quality"),
        "quantities": N_("Number of quantities"),
        "rank": N_("Rank"),
        "ratio": N_("Ratio"),
        "reason": N_("Reason"),
        "report": N_("Report"),
        "reported": N_("Reported"),
        "role": N_("Role"),
        "says": N_("What it says"),
        "section": N_("Section"),
        "speaker": N_("Speaker"),
        "stance": N_("Stance"),
        "start": N_("Start"),
        "statement": N_("Statement"),
        "statements": N_("Number of statements"),
        "subject": N_("Subject"),
        "subjects": N_("Number of subjects"),
        "theme": N_("Theme"),
        "thing": N_("Thing"),
        "topic": N_("Topic"),
        "unit": N_("Unit"),
        "value": N_("Value"),
        "whole": N_("Whole"),
        "wholeNumber": N_("Number of the whole"),
        "wording": N_("Wording"),
        "year": N_("Year"),
    }
)


def words_of(name: str) -> str:
    """Return the words of the name of a variable: `firstDay` gives `First day`."""
    return _HUMP.sub(" ", name).replace("_", " ").capitalize()


def heading_of(name: str) -> tuple[str, str]:
    """Return the heading of the column of a variable, and its language: English where it has no other."""
    if name in HEADINGS:
        return gettext(HEADINGS[name]), language()
    return words_of(name), DEFAULT
