r"""Write in full the prefixed names that Oxigraph's serializer writes with an escape.

`article:x\/char\=4\,48` is Turtle 1.1, but some stores keep the backslashes and so read another IRI without a
warning; every store reads `<https://…/x/char=4,48>`.
https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL_ESC
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Final, Protocol

__all__ = ["FullNames", "names_in_full"]

# The serializer writes each string in short quotes on one line, and white space after each name.
_TOKEN: Final = re.compile(
    rb'"(?:[^"\\]++|\\.)*+"|<[^<>\s]*>|(?P<prefix>[^\s"<>:\\^@]*):(?P<local>(?:[^\s"<>\\]++|\\.)*+)'
)
# In a line without strings a backslash is in a name.
_ESCAPED_NAME: Final = re.compile(rb"(?<!\S)(?P<prefix>[^\s:\\]*):(?P<local>[^\s\\]*+\\\S++)")
_LOCAL_ESCAPE: Final = re.compile(rb"\\(.)")


class _Target(Protocol):
    def write(self, data: bytes, /) -> int: ...


class FullNames:
    """A file-like object that passes Turtle or TriG of Oxigraph's serializer on, line by line."""

    def __init__(self, target: _Target, prefixes: Mapping[str, str]) -> None:
        self._target = target
        self._spaces = {prefix.encode(): space.encode() for prefix, space in prefixes.items()}
        self._rest = b""

    def write(self, data: bytes, /) -> int:
        """Take some bytes; pass on the lines that are complete."""
        end = data.rfind(b"\n") + 1
        if not end:
            self._rest += data
            return len(data)
        lines, self._rest = self._rest + data[:end], data[end:]
        self._target.write(self._in_full(lines))
        return len(data)

    def flush(self) -> None:
        """Do nothing: a piece may end within a name until `finish`."""

    def finish(self) -> None:
        """Pass on what is left."""
        self._target.write(self._in_full(self._rest))
        self._rest = b""

    def _in_full(self, text: bytes) -> bytes:
        if b"\\" not in text:
            return text
        return b"\n".join(self._line(line) if b"\\" in line else line for line in text.split(b"\n"))

    def _line(self, line: bytes) -> bytes:
        return (_TOKEN if b'"' in line else _ESCAPED_NAME).sub(self._token, line)

    def _token(self, match: re.Match[bytes]) -> bytes:
        prefix, local = match["prefix"], match["local"]
        if prefix is None or b"\\" not in local:
            return match[0]
        return b"<%b%b>" % (self._spaces[prefix], _LOCAL_ESCAPE.sub(rb"\1", local))


def names_in_full(turtle: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Return Turtle or TriG of Oxigraph's serializer without escapes in prefixed names.

    Args:
        turtle: what the serializer wrote.
        prefixes: those that the serializer was given.
    """
    target = BytesIO()
    names = FullNames(target, prefixes)
    names.write(turtle)
    names.finish()
    return target.getvalue()
