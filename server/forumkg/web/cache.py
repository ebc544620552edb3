"""Keep answers as they are sent: header lines and bytes, once for each content coding that was asked for.

What is kept holds for one version of the dataset, which is never changed, so that nothing grows stale.
https://www.rfc-editor.org/rfc/rfc9111
"""

import hashlib
import re
from collections.abc import Hashable
from typing import Final, NamedTuple

from forumkg.formats import Format
from forumkg.sparql.parameters import QueryRequest
from forumkg.web.compression import IDENTITY, compress
from forumkg.web.lru import Lru
from forumkg.web.replies import Body, Headers, body_of, read

__all__ = ["VARY", "AnswerCache", "Kept", "Key", "is_constant", "key_of"]

VARY: Final = ("Vary", "Accept, Accept-Encoding")

# Anybody may keep a copy, and asks with its ETag before each use whether it still holds: the next version of
# the dataset has the same addresses.
_CACHE_CONTROL: Final = ("Cache-Control", "no-cache")

# The functions whose value is another one at each evaluation. A comment may stand before the bracket, and a
# pattern that reads comments takes quadratic time. https://www.w3.org/TR/sparql11-query/#SparqlOps
_FRESH_NAMES: Final = ("RAND", "NOW", "UUID")
_FRESH: Final = re.compile(r"(?:RAND|NOW|UUID)\s*[(#]")

_MAX_REQUEST: Final = 16 * 1024
_REQUESTS_SIZE: Final = 8 * 1024 * 1024
# What an entry takes besides its texts and bytes, roughly.
_OVERHEAD: Final = 1024


class Key(NamedTuple):
    """What decides an answer.

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


def key_of(version: str, asked: QueryRequest, format_: Format) -> Key:
    """Return the key of an answer, the same for all requests that must have the same answer."""
    return Key(
        version,
        asked.query.strip(),
        tuple(sorted(set(asked.default_graphs))),
        tuple(sorted(set(asked.named_graphs))),
        format_.name,
    )


def is_constant(query: str) -> bool:
    """Whether a query has the same answer each time that it is asked of the same version."""
    text = query.upper()
    # To look for words is ten times faster than the pattern, and hardly any query has one of them.
    return not any(name in text for name in _FRESH_NAMES) or not _FRESH.search(text)


class Kept(NamedTuple):
    """An answer in one content coding, with the headers that it has each time."""

    etag: str
    headers: Headers
    body: Body


class AnswerCache:
    """Answers, up to a number of bytes. Safe to use from many threads."""

    def __init__(self, size: int) -> None:
        self._answers: Lru[tuple[Key, str], Kept] = Lru(size)
        self._requests: Lru[Hashable, Key] = Lru(min(size, _REQUESTS_SIZE))

    @property
    def size(self) -> int:
        """How many bytes the answers take."""
        return self._answers.size

    def __len__(self) -> int:
        return len(self._answers)

    def recognize(self, request: Hashable) -> Key | None:
        """Return the key that a request had before, which saves to read it again."""
        return self._requests.get(request)

    def remember(self, request: Hashable, length: int, key: Key) -> None:
        """Remember the key of a request, where the request is short enough."""
        if length <= _MAX_REQUEST:
            self._requests.put(request, key, length + len(key.query) + _OVERHEAD)

    def get(self, key: Key, coding: str) -> Kept | None:
        """Return an answer in a coding if that is ready, without waiting."""
        return self._answers.get((key, coding))

    def prepare(self, key: Key, coding: str) -> Kept | None:
        """Return an answer in a coding, compressed now if nobody asked for that before."""
        kept = self.get(key, coding)
        if kept is None and coding != IDENTITY and (plain := self.get(key, IDENTITY)):
            return self._encode(key, coding, plain)
        return kept

    def put(self, key: Key, format_: Format, data: bytes, coding: str) -> Kept:
        """Keep an answer, and return it in a coding."""
        # Most processors have instructions for it, so that it is faster than what was made to be fast.
        content = hashlib.sha256(format_.name.encode())
        content.update(data)
        digest = content.hexdigest()[:32]
        plain = Kept(digest, _headers(digest, format_.content_type, len(data)), body_of(data))
        self._put(key, IDENTITY, plain, len(data))
        return plain if coding == IDENTITY else self._encode(key, coding, plain)

    def _encode(self, key: Key, coding: str, plain: Kept) -> Kept:
        data = compress(coding, read(plain.body))
        if data is None:
            self._put(key, coding, plain, 0)
            return plain
        # Each coding is a representation of its own, so it has its own strong validator:
        # https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
        etag = f"{plain.etag}-{coding}"
        type_ = dict(plain.headers)["Content-Type"]
        headers = (*_headers(etag, type_, len(data)), ("Content-Encoding", coding))
        encoded = Kept(etag, headers, body_of(data))
        self._put(key, coding, encoded, len(data))
        return encoded

    def _put(self, key: Key, coding: str, kept: Kept, length: int) -> None:
        self._answers.put((key, coding), kept, length + len(key.query) + _OVERHEAD)


def _headers(etag: str, type_: str, length: int) -> Headers:
    return (
        ("Content-Type", type_),
        ("Content-Length", str(length)),
        ("ETag", f'"{etag}"'),
        _CACHE_CONTROL,
        VARY,
    )
