"""Choose the content coding of an answer, and compress.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 and https://www.rfc-editor.org/rfc/rfc8878
"""

import gzip
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import zstandard
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

__all__ = ["CODINGS", "IDENTITY", "coding_for", "compress"]

IDENTITY: Final = "identity"
_ZSTD_LEVEL: Final = 6
_GZIP_LEVEL: Final = 6

# Without a time stamp, the same answer has the same bytes whenever it is compressed.
_COMPRESSORS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "zstd": lambda data: zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(data),
    "gzip": lambda data: gzip.compress(data, _GZIP_LEVEL, mtime=0),
}
CODINGS: Final = tuple(_COMPRESSORS)

# Shorter answers travel in one packet either way.
_MIN_LENGTH: Final = 1024
# What clients send is far shorter; a longer header would only fill the cache of readings.
_MAX_HEADER: Final = 256


def coding_for(accept_encoding: str) -> str:
    """Return the coding that a client likes best; of those that it likes equally, the one that is smallest.

    A client that sends no header gets the bytes as they are: most that understand a coding say so.
    """
    return _read(accept_encoding) if len(accept_encoding) <= _MAX_HEADER else IDENTITY


@lru_cache(maxsize=256)
def _read(accept_encoding: str) -> str:
    accepted = parse_accept_header(accept_encoding, Accept)
    # `max` takes the first of equals, so the order of the table decides between them.
    best = max(CODINGS, key=accepted.quality)
    wanted = accepted.quality(best) > 0 and accepted.quality(best) >= accepted.quality(IDENTITY)
    return best if wanted else IDENTITY


def compress(coding: str, data: bytes) -> bytes | None:
    """Return compressed data; None where that would not make them shorter by a tenth."""
    if coding == IDENTITY or len(data) < _MIN_LENGTH:
        return None
    compressed = _COMPRESSORS[coding](data)
    return compressed if len(compressed) < 0.9 * len(data) else None
