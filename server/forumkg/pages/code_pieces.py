"""Sentences with names of terms in them, which pages set as code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from forumkg.namespaces import PREFIXES
from forumkg.pages.translated_text import plain, tag_of

__all__ = ["Piece", "coded", "pieces_of"]

# What stands between backticks; variables of messages; names with a prefix, IRIs, tags, files and literals.
_CODE: Final = re.compile(
    r"`([^`]+)`|(\{\?\w+\}|(?:^|(?<=[\s(（“、，：；。]))(?:"
    rf"(?:{'|'.join(PREFIXES)}):[\w/=.,-]*\w|<https?://[^<>\s]+>|https?://[\w./-]+|@(?:en|zh)\b"
    r"|[\w/-]+\.ttl\b|\[[A-Z]\w+\]|\"[^\"\s]+\"(?:\^\^xsd:\w+)?))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence, set as code or not."""

    text: str
    is_code: bool = False


def pieces_of(sentence: str) -> Iterator[Piece]:
    """Yield a sentence in pieces: what stands between backticks, and names with a prefix, are code."""
    at = 0
    for match in _CODE.finditer(sentence):
        if match.start() > at:
            yield Piece(sentence[at : match.start()])
        yield Piece(match[1] or match[2], is_code=True)
        at = match.end()
    if at < len(sentence):
        yield Piece(sentence[at:])


def coded(text: str) -> Markup:
    """Return a text of the graph as a template writes it, with names of terms as code."""
    shown = Markup().join(
        Markup("<code>{}</code>").format(piece.text) if piece.is_code else Markup.escape(piece.text)
        for piece in pieces_of(plain(text))
    )
    tag = tag_of(text)
    return Markup('<span lang="{}">{}</span>').format(tag, shown) if tag else shown
