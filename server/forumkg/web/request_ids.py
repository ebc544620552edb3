"""Give each request an id that its answer, its log lines and its sender can name.

A client or a reverse proxy may bring its own as `X-Request-Id`, so that its log and ours tell of one request
by one name.
"""

import re
from typing import Final

from forumkg.web.random_ids import random_bytes

__all__ = ["HEADER", "choose_id", "new_id"]

HEADER: Final = "X-Request-Id"

# Every form that generators of ids use (UUID, ULID, hexadecimal, base64, Amazon's Root=1-...), and nothing
# that has a meaning in a header, a log or a terminal.
_SANE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")


def choose_id(sent: str | None) -> str:
    """Return the id that the client sent where it is a sane one, else a new one."""
    return sent if sent is not None and _SANE.fullmatch(sent) else new_id()


def new_id() -> str:
    """Return an id that nobody can guess and no other request has."""
    return random_bytes().hex()
