"""Lock files against other processes; the system takes a lock back when its process ends, however it ends.

https://man7.org/linux/man-pages/man2/flock.2.html
"""

import fcntl
import os
from pathlib import Path
from typing import Self

__all__ = ["Lock"]


class Lock:
    """A lock on a file, held until it is released or nobody refers to it any more."""

    __slots__ = ("_descriptor",)

    def __init__(self, path: Path, flags: int, operation: int) -> None:
        self._descriptor: int | None = None
        self._descriptor = os.open(path, flags | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, operation)
        except OSError:
            self.release()
            raise

    @classmethod
    def shared(cls, path: Path) -> Self:
        """Lock a file that exists together with others who do so.

        Raises:
            OSError: the file cannot be opened.
        """
        return cls(path, os.O_RDONLY, fcntl.LOCK_SH)

    @classmethod
    def exclusive(cls, path: Path) -> Self:
        """Wait until nobody else has locked the file, which is made where there is none, and lock it.

        Raises:
            OSError: the file cannot be made.
        """
        return cls(path, os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX)

    @classmethod
    def exclusive_now(cls, path: Path) -> Self | None:
        """Lock a file that exists, or return None where it is locked or not ours to write.

        Raises:
            OSError: the file cannot be opened.
        """
        try:
            return cls(path, os.O_RDWR, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return None

    def release(self) -> None:
        """Give the lock back; a second time does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        self.release()
