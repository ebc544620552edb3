"""Name queries, so that who asked one can cancel it, and nobody else."""

import re
from typing import Final

from forumkg.errors import BadRequest
from forumkg.web.random_ids import random_bytes

__all__ = ["QUERY_ID", "check_query_id", "new_query_id"]

# The header of requests and replies that has the name.
QUERY_ID: Final = "X-Query-Id"

# Nobody guesses 128 random bits: 22 characters of base64, the 36 of a UUID, or 32 hexadecimal digits.
_QUERY_ID: Final = re.compile(r"[A-Za-z0-9_-]{22,128}")


def new_query_id() -> str:
    """Return a name for a query that nobody can guess."""
    return random_bytes().hex()


def check_query_id(query_id: str) -> None:
    """Refuse a name that others could guess.

    Raises:
        BadRequest: it is too short, or has other characters.
    """
    if not _QUERY_ID.fullmatch(query_id):
        raise BadRequest(
            f"The {QUERY_ID} {query_id!r} can be guessed: send 22 to 128 random letters, digits, _ or -, "
            "for instance a UUID."
        )
