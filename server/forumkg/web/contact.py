"""The address to which readers report errors, as the operator of a server names it.

https://www.rfc-editor.org/rfc/rfc6068
"""

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["contact", "keep_contact", "parse_contact"]

_KEY: Final = "forumkg-contact"
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


def keep_contact(app: "Flask", named: str) -> None:
    """Let the pages of an application name a contact.

    Raises:
        ValueError: as `parse_contact`.
    """
    app.extensions[_KEY] = parse_contact(named)


def contact() -> str:
    """Return the contact of the application of this request; empty where its operator names none."""
    from flask import current_app  # noqa: PLC0415 (the command reads its option before it imports Flask)

    return str(current_app.extensions.get(_KEY, ""))
