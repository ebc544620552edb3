"""Cache complete responses in the process: one entry for each representation, up to a number of bytes.

A response belongs to one version of the dataset, which never changes, so no entry becomes stale.
https://www.rfc-editor.org/rfc/rfc9111
"""

import sys
import threading
from collections.abc import Hashable
from typing import Final, Generic, NamedTuple, TypeVar

from cachetools import LRUCache
from werkzeug.http import parse_etags, unquote_etag

from forumkg.web.compression import IDENTITY, compress
from forumkg.web.replies import Body, File, Headers, LoggedQuery, Reply, body_of, read

__all__ = ["BoundedCache", "CachedResponse", "ResponseCache", "conditional", "size_in_memory"]

# A longer key is the work of a program that fills the cache: what people ask and follow is far shorter.
_MAX_KEY: Final = 16 * 1024
# The entry itself, its places in three mappings, and the objects around a body.
_OVERHEAD: Final = 1024
# A tuple with its place in another one, and two strings.
_HEADER_OVERHEAD: Final = 200
# A file in memory takes whole pages, and a descriptor.
_PLAIN: Final = (str, bytes, bool, int, float, type(None))
_FILE_OVERHEAD: Final = 8 * 1024
# The headers that a 304 repeats: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
_IN_NOT_MODIFIED: Final = frozenset({"cache-control", "etag", "link", "vary"})
# The headers that differ from one content coding to another.
_OF_CODING: Final = frozenset({"content-length", "etag"})

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class CachedResponse(NamedTuple):
    """A successful response in one content coding. Its headers include an ETag and a Content-Length."""

    headers: Headers
    body: Body

    @property
    def etag(self) -> str:
        """The opaque part of the entity tag."""
        opaque, _ = unquote_etag(self.header("etag"))
        return opaque or ""

    @property
    def size(self) -> int:
        """The bytes that it takes in memory; headers have one byte a character."""
        characters = sum([len(name) + len(value) for name, value in self.headers])
        return size_in_memory(self.body) + characters + len(self.headers) * _HEADER_OVERHEAD

    def header(self, name: str) -> str:
        """Return the value of a header by its name in lower case; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class BoundedCache(Generic[_Key, _Value]):
    """A least-recently-used cache with a bound in bytes. Safe to use from many threads.

    The size of an entry includes its key, because clients choose keys.
    """

    def __init__(self, capacity: int) -> None:
        self._lock = threading.Lock()
        self._entries: LRUCache[_Key, tuple[int, _Value]] = LRUCache(
            capacity, getsizeof=lambda entry: entry[0]
        )

    @property
    def size(self) -> int:
        """The bytes of all entries."""
        return int(self._entries.currsize)

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: _Key) -> _Value | None:
        """Return a value and mark it as used; None if the cache does not hold it."""
        with self._lock:
            entry = self._entries.get(key)
        return None if entry is None else entry[1]

    def put(self, key: _Key, value: _Value, size: int) -> None:
        """Store a value with its size in place of an earlier one; if it has no room, store nothing."""
        with self._lock:
            self._entries.pop(key, None)
            if size <= self._entries.maxsize:
                self._entries[key] = (size, value)


class ResponseCache:
    """Responses by key and content coding, up to a number of bytes. Safe to use from many threads."""

    def __init__(self, capacity: int) -> None:
        self._responses: BoundedCache[tuple[Hashable, str], CachedResponse] = BoundedCache(capacity)

    @property
    def size(self) -> int:
        """The bytes of all responses with their keys and headers."""
        return self._responses.size

    def __len__(self) -> int:
        return len(self._responses)

    def get(self, key: Hashable, coding: str) -> CachedResponse | None:
        """Return the response in a coding if it is ready, without compressing anything."""
        return self._responses.get((key, coding))

    def store(self, key: Hashable, plain: CachedResponse, coding: str) -> CachedResponse:
        """Encode a response, store it for its coding, and return it.

        Args:
            key: what requests with the same response have in common.
            plain: the response without a coding.
            coding: the content coding; the response stays as it is if compression does not pay.
        """
        encoded = _encode(plain, coding)
        key_size = size_in_memory(key)
        if key_size <= _MAX_KEY:
            size = key_size + encoded.size + _OVERHEAD
            self._responses.put((key, coding), encoded, size)
        return encoded


def conditional(
    response: CachedResponse, if_none_match: str, extra: Headers = (), logged: LoggedQuery | None = None
) -> Reply:
    """Return a response, or 304 if the client already has it.

    https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2

    Args:
        response: the response as it is cached.
        if_none_match: the value of that header; empty for a method other than GET and HEAD.
        extra: more headers, for either status.
        logged: what is logged about the query.
    """
    if not if_none_match or not parse_etags(if_none_match).contains_weak(response.etag):
        return Reply(200, response.headers + extra, response.body, logged)
    headers = tuple(header for header in response.headers if header[0].lower() in _IN_NOT_MODIFIED)
    return Reply(304, headers + extra, b"", logged and logged._replace(outcome="unchanged"))


def size_in_memory(value: object) -> int:
    """Return the bytes that a value takes, with everything in its tuples.

    `len` would not do: one character outside of Latin-1 doubles or quadruples the bytes of a string.
    """
    if isinstance(value, tuple):
        size = sys.getsizeof(value)
        for each in value:
            # Nearly all are text: to ask for that first saves a call for each.
            size += sys.getsizeof(each) if type(each) is str else size_in_memory(each)
        return size
    if isinstance(value, _PLAIN):
        return sys.getsizeof(value)
    if isinstance(value, File):
        return len(value) + _FILE_OVERHEAD
    raise TypeError(f"The size of {type(value).__name__} objects is unknown: cache tuples of plain values.")


def _encode(plain: CachedResponse, coding: str) -> CachedResponse:
    """Return a response in a content coding, as a representation with a strong validator of its own.

    https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
    """
    data = None if coding == IDENTITY else compress(coding, read(plain.body))
    if data is None:
        return plain
    headers = tuple(header for header in plain.headers if header[0].lower() not in _OF_CODING)
    etag = f'{plain.header("etag").removesuffix(chr(34))}-{coding}"'
    of_coding = (("ETag", etag), ("Content-Encoding", coding), ("Content-Length", str(len(data))))
    return CachedResponse(headers + of_coding, body_of(data))
