"""A text at hand with its passages marked in it, each checked against the digest that the graph has."""

from collections.abc import Sequence
from dataclasses import dataclass

from forumkg.pages.passages import Passage
from forumkg.pages.segments import stretches
from forumkg.validation.texts import Text, digest

__all__ = ["MarkedText", "Piece", "mark_text"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text that lie in the same passages.

    Attributes:
        words: of the text.
        passages: that the words lie in, the shortest first.
        opened: those that start here.
    """

    words: str
    passages: tuple[Passage, ...] = ()
    opened: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text in pieces, and its passages that do not stand where the graph says."""

    pieces: tuple[Piece, ...]
    misplaced: tuple[Passage, ...] = ()


def mark_text(text: Text, passages: Sequence[Passage]) -> MarkedText:
    """Return a text with passages marked in it."""
    content = text.content
    spans = [(passage.start, passage.end) for passage in passages]
    pieces = []
    for stretch in stretches(len(content), spans):
        within = tuple(passages[index] for index in stretch.passages)
        opened = tuple(passage for passage in within if passage.start == stretch.start)
        pieces.append(Piece(content[stretch.start : stretch.end], within, opened))
    misplaced = (each for each in passages if digest(content[each.start : each.end]) != each.digest)
    return MarkedText(tuple(pieces), tuple(misplaced))
