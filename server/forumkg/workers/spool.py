"""Spool answers: short ones in memory, long ones in files; bound each, those of a client, and all."""

import errno
import os
from io import FileIO
from typing import BinaryIO, Final, cast

from forumkg.errors import PoolBusy, ResultTooLarge

__all__ = ["INLINE", "Spool", "SpoolQuota"]

# An answer up to this length goes through the socket: copying it twice costs less than passing a file.
INLINE: Final = 1024 * 1024

# The part of the limit that one client may use.
_SHARE: Final = 0.5


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
        """Discard all that was written."""
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


class SpoolQuota:
    """The files of answers that are not closed yet.

    A file may be closed by the garbage collector, in any thread and in the middle of any method of this
    class. So there is no lock and no sum to keep: the files are a dictionary, each change of which is one
    step, and the sum is made when it is asked for.
    """

    def __init__(self, limit: int) -> None:
        """Hold up to `limit` bytes, up to half of them for one client."""
        self._limit = limit
        self._files: dict[int, tuple[str, int]] = {}
        self._numbers = 0

    @property
    def held(self) -> int:
        """How many bytes are held."""
        return sum(length for _, length in [*self._files.values()])

    def hold(self, file: BinaryIO, length: int, client: str) -> BinaryIO:
        """Return a duplicate of a file, which counts until it is closed, and close the file.

        For one thread at a time; the result may be closed in any.

        Raises:
            PoolBusy: there is no room for it.
        """
        with file:
            held = [*self._files.values()]
            of_client = sum(each for owner, each in held if owner == client)
            if of_client + length > self._limit * _SHARE:
                raise PoolBusy(
                    "You are reading too many long answers: read them to the end, or close their "
                    "connections, before you ask for the next one.",
                    retry_after=30,
                )
            if sum(each for _, each in held) + length > self._limit:
                raise PoolBusy("Too many long answers are being read: try again later.", retry_after=30)
            self._numbers += 1
            self._files[self._numbers] = (client, length)
            return cast("BinaryIO", _HeldFile(os.dup(file.fileno()), self._files, self._numbers))


class _HeldFile(FileIO):
    """A file that is counted until it is closed or garbage collected."""

    def __init__(self, descriptor: int, files: dict[int, tuple[str, int]], number: int) -> None:
        super().__init__(descriptor, "rb")
        self._files = files
        self._number = number

    def close(self) -> None:
        super().close()
        self._files.pop(self._number, None)

    def __del__(self) -> None:
        self.close()
