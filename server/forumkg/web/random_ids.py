"""Take random bytes from the system, for names that nobody can guess: many at a time, used once each.

Each time that the system is asked, this thread may lose its turn to another one.
"""

import os
from typing import Final

__all__ = ["random_bytes"]

_LENGTH: Final = 16
_MANY: Final = 256

_ready: Final[list[bytes]] = []


def random_bytes() -> bytes:
    """Return 16 random bytes that were never returned before. Safe to use from many threads."""
    try:
        return _ready.pop()
    except IndexError:
        fresh = os.urandom(_LENGTH * _MANY)
        _ready.extend(fresh[at : at + _LENGTH] for at in range(_LENGTH, len(fresh), _LENGTH))
        return fresh[:_LENGTH]
