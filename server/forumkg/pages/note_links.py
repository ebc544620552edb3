"""Make links of the web addresses that stand in texts of curators, and of nothing else.

Whatever else a text has is escaped. The links ask nothing of whom they lead to, and vouch for nothing:
https://html.spec.whatwg.org/multipage/links.html#link-type-nofollow
"""

import re
from typing import Final

from markupsafe import Markup, escape

__all__ = ["linked"]

# Marks that end a sentence or close a bracket belong to the text around an address, not to it.
_ADDRESS: Final = re.compile(
    r"(?<![\w:/])(https?://[^\s<>\"'{}|\\^`()\[\]]{1,1000}(?<![.,;:!?]))(?![^\s<>\"'{}|\\^`()\[\].,;:!?])"
)


def linked(text: str) -> Markup:
    """Return a text as markup, with each http or https address in it as a link."""
    # Of what a pattern with one group parts, every second piece is what the group caught.
    return Markup("").join(
        Markup('<a href="{0}" rel="nofollow noopener">{0}</a>').format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(_ADDRESS.split(text))
    )
