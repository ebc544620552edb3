"""Bound the room that long answers take while clients read them, as slowly as they like."""

import os
import threading
from io import FileIO
from typing import BinaryIO, cast

from forumkg.errors import PoolBusy

__all__ = ["Holdings"]


class Holdings:
    """The files of answers that are not closed yet."""

    def __init__(self, limit: int) -> None:
        """Hold up to so many bytes."""
        self._limit = limit
        self._held = 0
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """How many bytes are held."""
        return self._held

    def hold(self, file: BinaryIO, length: int) -> BinaryIO:
        """Return a file that takes the place of another one, and counts until it is closed.

        Raises:
            PoolBusy: there is no room for it.
        """
        with file, self._lock:
            if self._held + length > self._limit:
                raise PoolBusy("Too many long answers are being read: try again later.", retry_after=30)
            held = _HeldFile(os.dup(file.fileno()), self, length)
            self._held += length
        return cast("BinaryIO", held)

    def release(self, length: int) -> None:
        """Count bytes no more."""
        with self._lock:
            self._held -= length


class _HeldFile(FileIO):
    """A file that says when it is closed, be it because nobody refers to it any more."""

    def __init__(self, descriptor: int, holdings: Holdings, length: int) -> None:
        super().__init__(descriptor, "rb")
        self._holdings = holdings
        self._length = length

    def close(self) -> None:
        length, self._length = self._length, 0
        super().close()
        self._holdings.release(length)
