"""Attributions of figures: who printed them, on which sites their text was read, and who said them."""

from collections.abc import Iterable
from dataclasses import dataclass

from forumkg.pages.statements import Statement

__all__ = ["Attribution", "attributions"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Statements of the same speakers.

    Attributes:
        printers: the names of the publishers, each with those of the carriers other than the publisher.
        speakers: the names of the speakers; none in the articles' own voice.
    """

    printers: tuple[tuple[str, tuple[str, ...]], ...]
    speakers: tuple[str, ...]


def attributions(statements: Iterable[Statement]) -> tuple[Attribution, ...]:
    """Return statements by their speakers, in the order of the first; each printer once.

    An article without a publisher is named itself.
    """
    printers: dict[tuple[str, ...], dict[tuple[str, tuple[str, ...]], None]] = {}
    for each in statements:
        speakers = tuple(dict.fromkeys(speaker.name for speaker in each.speakers))
        printer = (each.publisher_name or each.article_name, each.republishers)
        printers.setdefault(speakers, {})[printer] = None
    return tuple(Attribution(tuple(names), speakers) for speakers, names in printers.items())
