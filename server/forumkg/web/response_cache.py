"""Cache complete responses in the process, those to queries by what decides them, and encode them.

There is one entry for each representation, up to a number of bytes. A response belongs to one version of the
dataset, which never changes, so no entry becomes stale. https://www.rfc-editor.org/rfc/rfc9111

The content coding is chosen as https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 says.
"""

import gzip
import hashlib
import re
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from itertools import chain
from typing import Final, Generic, NamedTuple, TypeVar

import zstandard
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags, unquote_etag

from forumkg.formats import Format
from forumkg.sparql.parameters import QueryParameters
from forumkg.web.http.logged import LoggedQuery
from forumkg.web.http.responses import Body, File, Headers, Reply, body_of, read

__all__ = [
    "CODINGS",
    "IDENTITY",
    "VARY",
    "AnswerCache",
    "BoundedCache",
    "CachedResponse",
    "Key",
    "ResponseCache",
    "coding_for",
    "compress",
    "conditional",
    "is_constant",
    "key_of",
    "size_in_memory",
]

# A longer key is the work of a program that fills the cache: what people ask and follow is far shorter.
_MAX_KEY: Final = 16 * 1024
# The entry itself, its places in three mappings, and the objects around a body.
_OVERHEAD: Final = 1024
# A tuple with its place in another one, and two strings.
_HEADER_OVERHEAD: Final = 200
# A file in memory takes whole pages, and a descriptor.
_PLAIN: Final = frozenset({str, bytes, bool, int, float, type(None)})
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
        characters = sum(map(len, chain.from_iterable(self.headers)))
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
        self._capacity = capacity
        self._size = 0
        # In the order of their last use. `cachetools` takes three times as long to store an entry.
        self._entries: OrderedDict[_Key, tuple[int, _Value]] = OrderedDict()

    @property
    def size(self) -> int:
        """The bytes of all entries."""
        return self._size

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: _Key) -> _Value | None:
        """Return a value and mark it as used; None if the cache does not hold it."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
        return entry[1]

    def put(self, key: _Key, value: _Value, size: int) -> None:
        """Store a value with its size in place of an earlier one; if it has no room, store nothing."""
        with self._lock:
            before = self._entries.pop(key, None)
            if before is not None:
                self._size -= before[0]
            if size > self._capacity:
                return
            self._entries[key] = (size, value)
            self._size += size
            while self._size > self._capacity:
                _, (freed, _) = self._entries.popitem(last=False)
                self._size -= freed


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
        encoded = plain if coding == IDENTITY else _encode(plain, coding)
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
    if type(value) in _PLAIN:
        return sys.getsizeof(value)
    if isinstance(value, tuple):
        size = sys.getsizeof(value)
        for each in value:
            # Nearly all are plain or empty: to ask for that here saves a call for each.
            size += sys.getsizeof(each) if type(each) in _PLAIN or not each else size_in_memory(each)
        return size
    if isinstance(value, File):
        return len(value) + _FILE_OVERHEAD
    raise TypeError(f"The size of {type(value).__name__} objects is unknown: cache tuples of plain values.")


def _encode(plain: CachedResponse, coding: str) -> CachedResponse:
    """Return a response in a content coding, as a representation with a strong validator of its own.

    https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
    """
    data = compress(coding, read(plain.body))
    if data is None:
        return plain
    headers = tuple(header for header in plain.headers if header[0].lower() not in _OF_CODING)
    etag = f'{plain.header("etag").removesuffix(chr(34))}-{coding}"'
    of_coding = (("ETag", etag), ("Content-Encoding", coding), ("Content-Length", str(len(data))))
    return CachedResponse(headers + of_coding, body_of(data))


IDENTITY: Final = "identity"
_ZSTD_LEVEL: Final = 6
_GZIP_LEVEL: Final = 8

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
    """Return the coding that a client prefers; of several with the same weight, the one that compresses most.

    A client that sends no header gets the bytes as they are: most that understand a coding say so.
    """
    return _preferred(accept_encoding) if len(accept_encoding) <= _MAX_HEADER else IDENTITY


@lru_cache(maxsize=256)
def _preferred(accept_encoding: str) -> str:
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


VARY: Final = ("Vary", "Accept, Accept-Encoding")

# Any cache may store a copy, and revalidates it by its ETag before each use: the next version of the dataset
# has the same addresses.
_CACHE_CONTROL: Final = ("Cache-Control", "no-cache")

# The functions whose value differs from one evaluation to the next. A comment may stand before the bracket: a
# pattern that reads comments takes quadratic time. https://www.w3.org/TR/sparql11-query/#SparqlOps
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
    return not ("RAND" in text or "NOW" in text or "UUID" in text) or not _FRESH.search(text)


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
