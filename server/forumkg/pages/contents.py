"""List the sections of a long page at its side."""

import re
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

__all__ = ["ContentsSection", "sections", "split_lead"]

_HEADING: Final = re.compile(r'<h2 id="(?P<id>[^"]+)"[^>]*>(?P<title>.*?)</h2>', re.DOTALL)
# Counts, badges and names in another language are not a part of the title.
_ASIDE: Final = re.compile(r"<(span|small)\b[^>]*>.*?</\1>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
_FIRST: Final = re.compile(r"<section\b|<h2\b")
# Fewer sections are found by scrolling; a longer list would be as long as a page.
_LEAST: Final = 4
_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class ContentsSection:
    """A section of a page.

    Attributes:
        id: of its heading.
        title: its words, escaped.
    """

    id: str
    title: Markup


def sections(content: str) -> tuple[ContentsSection, ...]:
    """Return the sections of a page, in order; none where it is too short for a list.

    Args:
        content: the rendered content of the page.
    """
    found = tuple(
        ContentsSection(match["id"], Markup(_TAG.sub("", _ASIDE.sub("", match["title"])).strip()))  # noqa: S704 (escaped)
        for match in _HEADING.finditer(content)
    )
    return found if _LEAST <= len(found) <= _MOST else ()


def split_lead(content: str) -> tuple[Markup, Markup]:
    """Return the content of a page up to its first section, and the rest."""
    first = _FIRST.search(content)
    at = first.start() if first else len(content)
    return Markup(content[:at]), Markup(content[at:])  # noqa: S704 (rendered by a template)
