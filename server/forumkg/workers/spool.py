"""Collect an answer: in memory while it is short, in a file when it is long, and never beyond a bound."""

import errno
import os
from typing import Final

from forumkg.errors import ResultTooLarge

__all__ = ["INLINE", "Spool"]

# An answer up to this length goes through the socket: to copy it twice costs less than to pass a file.
INLINE: Final = 1024 * 1024


class Spool:
    """A binary file to write to.

    Attributes:
        in_file: whether the answer lies in the file.
        length: how many bytes were written.
    """

    __slots__ = ("_buffer", "_file", "_limit", "in_file", "length")

    def __init__(self, limit: int, file: int) -> None:
        """Collect up to `limit` bytes.

        Args:
            limit: the bytes of the longest answer.
            file: the descriptor of a file for what is too long for memory, -1 where there is none.
        """
        self.length = 0
        self._limit = limit
        self._file = file
        self._buffer = bytearray()
        self.in_file = False

    @property
    def inline(self) -> bytes:
        """The answer, where it lies in memory."""
        return b"" if self.in_file else bytes(self._buffer)

    def write(self, data: bytes) -> int:
        """Add some bytes.

        Raises:
            ResultTooLarge: the answer would pass the bound.
            OSError: there is no room for a long answer.
        """
        self.length += len(data)
        if self.length > self._limit:
            raise ResultTooLarge(
                f"The answer is longer than {self._limit:,} bytes: ask for less, for instance with LIMIT."
            )
        self._buffer += data
        if len(self._buffer) > INLINE:
            self._spill()
        return len(data)

    def flush(self) -> None:
        """Do nothing: `finish` writes what is left."""

    def finish(self) -> None:
        """Write what is left to the file, where there is one."""
        if self.in_file:
            self._spill()

    def reset(self) -> None:
        """Forget all that was written."""
        if self.in_file:
            os.ftruncate(self._file, 0)
            os.lseek(self._file, 0, os.SEEK_SET)
        self._buffer = bytearray()
        self.in_file, self.length = False, 0

    def _spill(self) -> None:
        if self._file < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.in_file = True
        rest = memoryview(self._buffer)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self._buffer = bytearray()
