"""The address to which readers report errors, as the operator of a server names it.

https://www.rfc-editor.org/rfc/rfc6068
"""

import re
from typing import Final
from urllib.parse import urlsplit

__all__ = ["parse_contact"]

_LONGEST: Final = 500
# Plain addresses alone: what needs quoting in a mail address is rarer than a slip of the pen.
_MAIL: Final = re.compile(r"mailto:[A-Za-z0-9._%+-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")


def parse_contact(text: str) -> str:
    """Return the contact that an operator names; empty for none.

    Raises:
        ValueError: it is neither the address of a page nor `mailto:` with one mail address.
    """
    if not text or _MAIL.fullmatch(text):
        return text
    parts = urlsplit(text) if _VISIBLE.fullmatch(text) and len(text) <= _LONGEST else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(
            f"{text!r} is not a contact: write the address of a page, as in https://example.org/issues, "
            "or a mail address, as in mailto:curators@example.org"
        )
    return text
