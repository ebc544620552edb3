"""Bound the disk space of long answers until their clients have read them, in total and for each client."""

import os
from io import FileIO
from typing import BinaryIO, Final, cast

from forumkg.errors import PoolBusy

__all__ = ["SpoolQuota"]

# Of the whole room, what one client may have at most.
_SHARE: Final = 0.5


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
        """Return a file that takes the place of another one, and counts until it is closed.

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
    """A file that is counted until it is closed, by whatever closes it."""

    def __init__(self, descriptor: int, files: dict[int, tuple[str, int]], number: int) -> None:
        super().__init__(descriptor, "rb")
        self._files = files
        self._number = number

    def close(self) -> None:
        super().close()
        self._files.pop(self._number, None)

    def __del__(self) -> None:
        self.close()
