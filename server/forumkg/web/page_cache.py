"""Cache pages and documents, by what decides them: address, host and what the client accepts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from forumkg.web.http.responses import SERVER_TIMING, Headers, Reply, body_of, read
from forumkg.web.response_cache import CachedResponse, ResponseCache, coding_for, conditional

__all__ = ["PageCache", "PageRequest"]

# Longer documents are sent without being stored.
_MAX_LENGTH: Final = 4 * 1024 * 1024
_HIT: Final = (SERVER_TIMING, "cache;desc=hit")
_OK: Final = 200
_SAFE: Final = frozenset({"GET", "HEAD"})
# Requests with one of these headers bypass the cache.
_PERSONAL: Final = frozenset({"authorization", "cookie", "range"})


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Everything that decides a page.

    Attributes:
        method: GET or HEAD.
        host: the scheme and the host of the address.
        target: the path and the query of the address.
        accept: the Accept header.
        coding: the content coding that the client prefers.
        if_none_match: the entity tags of the copies that the client has.
    """

    method: str
    host: str
    target: str
    accept: str
    coding: str
    if_none_match: str = ""

    @classmethod
    def of(cls, method: str, scheme: str, target: str, header: Callable[[str], str | None]) -> Self | None:
        """Return the request; None if it bypasses the cache.

        Args:
            method: of HTTP.
            scheme: `http` or `https`.
            target: the path and the query of the address.
            header: returns the value of a header by its name in lower case.
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
        """What requests with the same page have in common, besides the content coding."""
        return (self.host, self.target, self.accept)


class PageCache(ResponseCache):
    """Pages and documents, up to a number of bytes. Safe to use from many threads."""

    def recall(self, request: PageRequest) -> Reply | None:
        """Return the reply to a request if it is stored."""
        cached = self.get(request.key, request.coding)
        if cached is None:
            return None
        return conditional(cached._replace(headers=(*cached.headers, _HIT)), request.if_none_match)

    def keep(self, request: PageRequest, reply: Reply) -> Reply:
        """Encode a reply for its client, and store it if it has a validator."""
        headers = {name.lower(): value for name, value in reply.headers}
        if reply.status != _OK or "etag" not in headers:
            return reply
        if request.method == "HEAD" or len(reply.body) > _MAX_LENGTH or "content-encoding" in headers:
            return conditional(CachedResponse(reply.headers, reply.body), request.if_none_match)
        plain = CachedResponse(_varying(reply.headers, headers.get("vary", "")), body_of(read(reply.body)))
        return conditional(self.store(request.key, plain, request.coding), request.if_none_match)


def _varying(headers: Headers, vary: str) -> Headers:
    """Return headers that say that the content coding varies too."""
    others = tuple(header for header in headers if header[0].lower() != "vary")
    return (*others, ("Vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"))
