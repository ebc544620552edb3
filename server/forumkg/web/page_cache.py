"""Keep pages and documents as they are sent, so that the next reader waits for nothing.

What is kept holds for one version of the dataset, which is never changed.
https://www.rfc-editor.org/rfc/rfc9111
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from werkzeug.http import parse_etags, unquote_etag

from forumkg.web.compression import IDENTITY, coding_for, compress
from forumkg.web.lru import Lru
from forumkg.web.replies import Headers, Reply, body_of, read
from forumkg.web.timing import HEADER as TIMING

__all__ = ["PageCache", "PageRequest"]

# Longer documents are sent as they come.
_MAX_LENGTH: Final = 4 * 1024 * 1024
_OVERHEAD: Final = 1024
_HIT: Final = (TIMING, "cache;desc=hit")
_OK: Final = 200
_SAFE: Final = frozenset({"GET", "HEAD"})
# Who sends one of these is answered anew.
_PERSONAL: Final = frozenset({"authorization", "cookie", "range"})
# What https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 wants in a 304.
_UNCHANGED: Final = frozenset({"cache-control", "etag", "vary", "link"})


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What decides a page: where it is, on which host, and what the client takes.

    Attributes:
        if_none_match: the validators of the copies that the client has.
    """

    method: str
    host: str
    target: str
    accept: str
    coding: str
    if_none_match: str = ""

    @classmethod
    def of(cls, method: str, scheme: str, target: str, header: Callable[[str], str | None]) -> Self | None:
        """Return the request if its reply may be kept; None where it has to be answered anew.

        Args:
            method: of HTTP.
            scheme: `http` or `https`.
            target: the path and the query of the address.
            header: gives the value of a header by its name in lower case.
        """
        if method not in _SAFE or any(header(name) is not None for name in _PERSONAL):
            return None
        return cls(
            method,
            f"{scheme}://{header('host') or ''}",
            target,
            header("accept") or "",
            coding_for(header("accept-encoding") or ""),
            header("if-none-match") or "",
        )

    @property
    def key(self) -> tuple[str, ...]:
        """What requests have in common that have the same reply."""
        return (self.host, self.target, self.accept, self.coding)


class PageCache:
    """Replies, up to a number of bytes. Safe to use from many threads."""

    def __init__(self, size: int) -> None:
        self._replies: Lru[tuple[str, ...], Reply] = Lru(size)

    @property
    def size(self) -> int:
        """How many bytes the replies take."""
        return self._replies.size

    def recall(self, request: PageRequest) -> Reply | None:
        """Return the reply to a request that came before."""
        kept = self._replies.get(request.key)
        if kept is None:
            return None
        return _conditional(replace(kept, headers=(*kept.headers, _HIT)), request.if_none_match)

    def keep(self, request: PageRequest, reply: Reply) -> Reply:
        """Return the reply as it is sent to this client, compressed, and keep it where it has a validator."""
        headers = {name.lower(): value for name, value in reply.headers}
        if reply.status != _OK or "etag" not in headers:
            return reply
        if request.method == "HEAD" or len(reply.body) > _MAX_LENGTH or "content-encoding" in headers:
            return _conditional(reply, request.if_none_match)
        coded = _coded(reply, headers, request.coding)
        size = len(coded.body) + sum(map(len, request.key)) + _OVERHEAD
        self._replies.put(request.key, coded, size)
        return _conditional(coded, request.if_none_match)


def _coded(reply: Reply, headers: Mapping[str, str], coding: str) -> Reply:
    """Return a reply in a content coding, which is a representation with a validator of its own.

    https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
    """
    data = read(reply.body)
    encoded = None if coding == IDENTITY else compress(coding, data)
    vary = ", ".join(filter(None, (headers.get("vary", ""), "Accept-Encoding")))
    replaced: dict[str, str] = {"vary": vary}
    extra: Headers = (("Vary", vary),)
    if encoded is not None:
        replaced |= {"etag": "", "content-length": ""}
        extra += (
            ("ETag", f'{headers["etag"].removesuffix(chr(34))}-{coding}"'),
            ("Content-Encoding", coding),
            ("Content-Length", str(len(encoded))),
        )
    kept = tuple(header for header in reply.headers if header[0].lower() not in replaced)
    return replace(reply, headers=kept + extra, body=body_of(data if encoded is None else encoded))


def _conditional(reply: Reply, if_none_match: str) -> Reply:
    """Return a reply, or that the client has it already.

    https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
    """
    if not if_none_match:
        return reply
    etag, _ = unquote_etag(next(value for name, value in reply.headers if name.lower() == "etag"))
    if not parse_etags(if_none_match).contains_weak(etag):
        return reply
    headers = tuple(header for header in reply.headers if header[0].lower() in _UNCHANGED)
    return Reply(304, headers, b"", reply.facts)
