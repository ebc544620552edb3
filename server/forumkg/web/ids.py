"""The ids of requests and of queries, and the header fields that have them.

A request id joins the response, our log and the log of the client or of a proxy, which may bring its own. A
query id lets its client cancel the query, so other clients must not guess it.
"""

import os
import re
from typing import Final

from forumkg.errors import BadRequest

__all__ = ["QUERY_ID", "REQUEST_ID", "check_query_id", "choose_request_id", "new_id"]

# The headers of requests and responses.
REQUEST_ID: Final = "X-Request-Id"
QUERY_ID: Final = "X-Query-Id"

# Every form that generators of ids use (UUID, ULID, hexadecimal, base64, Amazon's Root=1-...), and nothing
# that has a meaning in a header, a log or a terminal.
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")
# 128 random bits cannot be guessed: 22 characters of base64, the 36 of a UUID, or 32 hexadecimal digits.
_QUERY_ID: Final = re.compile(r"[A-Za-z0-9_-]{22,128}")

_LENGTH: Final = 16
# Bytes are taken from the system for many ids at once: at each call this thread may lose its turn.
_MANY: Final = 256
_ready: Final[list[str]] = []


def new_id() -> str:
    """Return 128 random bits as hexadecimal digits. Safe to use from many threads."""
    try:
        return _ready.pop()
    except IndexError:
        fresh = os.urandom(_LENGTH * _MANY).hex()
        width = 2 * _LENGTH
        _ready.extend(fresh[at : at + width] for at in range(width, len(fresh), width))
        return fresh[:width]


def choose_request_id(sent: str | None) -> str:
    """Return the id that the client sent if it is a safe one, else a new one."""
    return sent if sent is not None and _REQUEST_ID.fullmatch(sent) else new_id()


def check_query_id(query_id: str) -> None:
    """Refuse an id that others could guess.

    Raises:
        BadRequest: it is too short, or has other characters.
    """
    if not _QUERY_ID.fullmatch(query_id):
        raise BadRequest(
            f"The {QUERY_ID} {query_id!r} can be guessed: send 22 to 128 random letters, digits, _ or -, "
            "for instance a UUID."
        )
