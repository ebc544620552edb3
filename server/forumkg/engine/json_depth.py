"""Limit how deep a JSON document is nested: the readers of pyoxigraph end the process where it is too deep.

Some 5,000 levels of quoted triples or of JSON-LD exhaust the stack, which no caller can catch.
"""

from typing import Final, Protocol

__all__ = ["DEEPEST", "DepthLimited"]

# Levels that are peeled off the brackets of a piece, and brackets that may be open at its end.
DEEPEST: Final = 256
_ALL_BUT_BRACKETS: Final = bytes(set(range(256)) - set(b"{}[]"))


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class DepthLimited:
    """A JSON document that is read from a file; reading it ends with an error where it is nested too deep."""

    def __init__(self, file: _Readable) -> None:
        """Read nothing yet."""
        self._file = file
        self._open = b""
        self._escape = b""
        self._in_string = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size`, or all.

        Raises:
            ValueError: more than some 256 arrays and objects are within each other.
        """
        piece = self._file.read(size)
        # Each replacement removes the innermost pairs.
        brackets = self._open + self._brackets(piece)
        for _ in range(DEEPEST):
            outer = brackets.replace(b"{}", b"").replace(b"[]", b"")
            if len(outer) == len(brackets):
                break
            brackets = outer
        if len(brackets) > DEEPEST:
            raise ValueError(f"more than {DEEPEST} arrays and objects are within each other")
        self._open = brackets
        return piece

    def _brackets(self, piece: bytes) -> bytes:
        """Return the brackets of a piece that are not in a string."""
        text = (self._escape + piece).replace(b"\\\\", b"")
        self._escape = b"\\" if text.endswith(b"\\") else b""
        parts = text.removesuffix(b"\\").replace(b'\\"', b"").split(b'"')
        outside = b"".join(parts[self._in_string :: 2])
        self._in_string = (self._in_string + len(parts) - 1) % 2
        return outside.translate(None, _ALL_BUT_BRACKETS)
