"""The same small application for each interface: an answer from a cache, and two that fail on the way.

/            10 kB, whole
/short       says 10 kB, fails after half of them
/unfinished  says no length, fails after half of them

https://peps.python.org/pep-3333/, https://asgi.readthedocs.io/en/latest/specs/www.html,
https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Final

__all__ = ["asgi", "rsgi", "wsgi"]

_BODY: Final = b"x" * 10_000
_HALF: Final = _BODY[:5_000]
_TYPE: Final = ("content-type", "text/plain")
_LENGTH: Final = ("content-length", str(len(_BODY)))


class _FailedError(Exception):
    """What an evaluation error in the middle of an answer would be."""


def wsgi(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Answer by WSGI."""
    path = environ["PATH_INFO"]
    start_response("200 OK", _headers(path))
    return [_BODY] if path == "/" else _failing()


def _failing() -> Iterator[bytes]:
    yield _HALF
    raise _FailedError


async def asgi(
    scope: dict[str, Any],
    _receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answer by ASGI."""
    headers = [(name.encode(), value.encode()) for name, value in _headers(scope["path"])]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["path"] == "/":
        await send({"type": "http.response.body", "body": _BODY})
        return
    await send({"type": "http.response.body", "body": _HALF, "more_body": True})
    raise _FailedError


async def rsgi(scope: Any, protocol: Any) -> None:  # noqa: ANN401 (granian has no types for them)
    """Answer by RSGI."""
    if scope.path == "/":
        protocol.response_bytes(200, _headers("/"), _BODY)
        return
    transport = protocol.response_stream(200, _headers(scope.path))
    await transport.send_bytes(_HALF)
    raise _FailedError


def _headers(path: str) -> list[tuple[str, str]]:
    return [_TYPE] if path == "/unfinished" else [_TYPE, _LENGTH]
