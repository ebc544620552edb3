"""Make links of the addresses in texts of curators and in messages, and of nothing else.

All else in a text is escaped. The links do not vouch for what they lead to:
https://html.spec.whatwg.org/multipage/links.html#link-type-nofollow
"""

import re
from collections.abc import Callable
from typing import Final

from markupsafe import Markup, escape

from forumkg.pages.translated_text import plain, tag_of

__all__ = ["linked", "with_paths"]

# Marks that end a sentence or close a bracket belong to the text around an address, not to it.
_ADDRESS: Final = re.compile(
    r"(?<![\w:/])(https?://[^\s<>\"'{}|\\^`()\[\]]{1,1000}(?<![.,;:!?]))(?![^\s<>\"'{}|\\^`()\[\].,;:!?])"
)


def linked(text: str) -> Markup:
    """Return a text as markup, with each http or https address in it as a link, and with its language."""
    # Of what a pattern with one group parts, every second piece is what the group caught.
    made = Markup("").join(
        Markup('<a href="{0}" rel="nofollow noopener">{0}</a>').format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(_ADDRESS.split(plain(text)))
    )
    tag = tag_of(text)
    return Markup('<span lang="{}">{}</span>').format(tag, made) if tag else made


# An IRI in angle brackets, or an absolute path after a space, as messages have them.
_POINTER: Final = re.compile(r"(<https?://[^\s<>]{1,1000}>|(?<=\s)/[\w./-]*(?<![.,]))")


def with_paths(text: str, address: Callable[[str], str | None], here: str) -> Markup:
    """Return a message as markup, with links for the IRIs and the paths of this site in it.

    Args:
        text: the message.
        address: returns where a link to an IRI leads.
        here: the path of the page that failed, to which no link leads.
    """
    pieces = _POINTER.split(text)
    return Markup("").join(
        _pointer(piece, address, here) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


def _pointer(piece: str, address: Callable[[str], str | None], here: str) -> Markup:
    target = piece
    if piece.startswith("<"):
        piece = piece[1:-1]
        target = address(piece) or ""
    if not target or target.partition(".html")[0] == here.partition(".html")[0]:
        return Markup("<code>{}</code>").format(piece)
    return Markup('<a href="{}">{}</a>').format(target, piece)
