"""Cache answers to queries, by what decides them: version, query, graphs and format."""

import hashlib
import re
from collections.abc import Hashable
from typing import Final, NamedTuple

from forumkg.formats import Format
from forumkg.sparql.parameters import QueryParameters
from forumkg.web.compression import IDENTITY
from forumkg.web.replies import body_of
from forumkg.web.response_cache import BoundedCache, CachedResponse, ResponseCache, size_in_memory

__all__ = ["VARY", "AnswerCache", "Key", "is_constant", "key_of"]

VARY: Final = ("Vary", "Accept, Accept-Encoding")

# Any cache may store a copy, and revalidates it by its ETag before each use: the next version of the dataset
# has the same addresses.
_CACHE_CONTROL: Final = ("Cache-Control", "no-cache")

# The functions whose value differs from one evaluation to the next. A comment may stand before the bracket: a
# pattern that reads comments takes quadratic time. https://www.w3.org/TR/sparql11-query/#SparqlOps
_FRESH_NAMES: Final = ("RAND", "NOW", "UUID")
_FRESH: Final = re.compile(r"(?:RAND|NOW|UUID)\s*[(#]")

# That of SPARQL: what `str.strip` removes besides is an error in a query.
# https://www.w3.org/TR/sparql11-query/#rWS
_WHITE_SPACE: Final = " \t\r\n"

_MAX_REQUEST: Final = 16 * 1024
_REQUESTS_SIZE: Final = 8 * 1024 * 1024
_REQUEST_OVERHEAD: Final = 512


class Key(NamedTuple):
    """Everything that decides an answer.

    Attributes:
        version: the digest of the version of the dataset.
        query: the query, without white space around it.
        default_graphs: the graphs whose merge is the default graph, each once, in alphabetical order.
        named_graphs: the graphs that GRAPH reaches, likewise.
        format: the name of the format.
    """

    version: str
    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str


def key_of(version: str, asked: QueryParameters, format_: Format) -> Key:
    """Return the key of an answer: the same for all requests that have the same answer."""
    return Key(
        version,
        asked.query.strip(_WHITE_SPACE),
        tuple(sorted(set(asked.default_graphs))),
        tuple(sorted(set(asked.named_graphs))),
        format_.name,
    )


def is_constant(query: str) -> bool:
    """Whether a query has the same answer at each evaluation on one version."""
    text = query.upper()
    # The search for words is ten times faster than the pattern, and hardly any query has one of them.
    return not any(name in text for name in _FRESH_NAMES) or not _FRESH.search(text)


class AnswerCache(ResponseCache):
    """Answers to queries, up to a number of bytes. Safe to use from many threads.

    It also remembers which requests had which key, so that a repeated request is not parsed again.
    """

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity)
        self._keys: BoundedCache[Hashable, Key] = BoundedCache(min(capacity, _REQUESTS_SIZE))

    def recognize(self, request: Hashable) -> Key | None:
        """Return the key that the same request had before; None if it is not remembered."""
        return self._keys.get(request)

    def remember(self, request: Hashable, length: int, key: Key) -> None:
        """Remember the key of a request, if the request is short enough.

        Args:
            request: everything in the request that decides its answer, in tuples of plain values.
            length: the bytes of the request.
            key: the key of its answer.
        """
        if length <= _MAX_REQUEST:
            self._keys.put(request, key, size_in_memory(request) + size_in_memory(key) + _REQUEST_OVERHEAD)

    def prepare(self, key: Key, coding: str) -> CachedResponse | None:
        """Return an answer in a coding, compressed now if this coding was not requested before."""
        cached = self.get(key, coding)
        if cached is None and coding != IDENTITY and (plain := self.get(key, IDENTITY)):
            return self.store(key, plain, coding)
        return cached

    def put(self, key: Key, format_: Format, data: bytes, coding: str) -> CachedResponse:
        """Store an answer, and return it in a coding."""
        plain = self.store(key, _response(format_, data), IDENTITY)
        return plain if coding == IDENTITY else self.store(key, plain, coding)


def _response(format_: Format, data: bytes) -> CachedResponse:
    # Most processors have instructions for SHA-256, so that it beats functions that were designed to be fast.
    content = hashlib.sha256(format_.name.encode())
    content.update(data)
    headers = (
        ("Content-Type", format_.content_type),
        ("Content-Length", str(len(data))),
        ("ETag", f'"{content.hexdigest()[:32]}"'),
        _CACHE_CONTROL,
        VARY,
    )
    return CachedResponse(headers, body_of(data))
