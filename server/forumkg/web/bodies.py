"""Read the body of a request: so much of it, and for so long.

https://www.rfc-editor.org/rfc/rfc9112#section-6
"""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Final

from forumkg.errors import BadRequest, ContentTooLarge, RequestTimeout

__all__ = ["MAX_BODY", "BodyLimits", "read_body"]

# No query that people write comes near it, and no article that they map; parsers take time for what is long.
MAX_BODY: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much is read of a body.

    Attributes:
        length: the bytes of the longest body.
        seconds: the time in which it must have come.
    """

    length: int = MAX_BODY
    seconds: float = 30.0


async def read_body(chunks: AsyncIterable[bytes], declared: str | None, limits: BodyLimits) -> bytes:
    """Return a body, read to its end.

    Args:
        chunks: gives the bytes as they come.
        declared: the Content-Length header; None where there is none.
        limits: how much is read.

    Raises:
        BadRequest: the client went away before the end.
        ContentTooLarge: the body is too long.
        RequestTimeout: the body comes too slowly.
    """
    length = int(declared) if declared is not None and declared.isdecimal() else None
    if length is not None and length > limits.length:
        raise _too_large(limits)
    try:
        async with asyncio.timeout(limits.seconds):
            body = await _collect(chunks, limits)
    except TimeoutError as error:
        raise RequestTimeout(
            f"The body of the request did not come within {limits.seconds:g} seconds: send it faster."
        ) from error
    if length is not None and len(body) < length:
        raise BadRequest(f"The body ended after {len(body)} of {length} bytes: send it again.")
    return body


async def _collect(chunks: AsyncIterable[bytes], limits: BodyLimits) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limits.length:
            raise _too_large(limits)
    return bytes(body)


def _too_large(limits: BodyLimits) -> ContentTooLarge:
    return ContentTooLarge(f"The body is longer than {limits.length:,} bytes: send less.")
