"""What a kind of thing is, and the columns and sections that several kinds have."""

from dataclasses import dataclass
from typing import Final

from forumkg.pages.things.sections import Column, Section

__all__ = ["ABOUT_IT", "ARTICLE", "ATTESTED", "DAY", "HOLDING", "PASSAGE", "PRINTED", "STATEMENT", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing.

    Attributes:
        name: what one of them is called.
        sections: what its page shows.
        path: of the page that lists all of them.
        list_name: what that page is called.
    """

    name: str
    sections: tuple[Section, ...] = ()
    path: str = ""
    list_name: str = ""


ATTESTED: Final = "A passage attests a post on a day: neither since when nor until when it was held."
DAY: Final = Column("day", "Attested on")
PASSAGE: Final = Column("passage", "Passage")
ARTICLE: Final = Column("article", "Article")
PRINTED: Final = Column("printed", "As printed")
STATEMENT: Final = Column("statement", "Statement")
HOLDING: Final = (
    Column("person", "Holder"),
    Column("post", "Post"),
    Column("organization", "In"),
    DAY,
    PRINTED,
    PASSAGE,
    ARTICLE,
)
ABOUT_IT: Final = Section("Statements about it", "things/claims-about")
