"""Files that survive a loss of power, locks against other processes, and digests against damage.

https://man7.org/linux/man-pages/man2/fsync.2.html, https://man7.org/linux/man-pages/man2/flock.2.html
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

__all__ = [
    "MANIFEST",
    "Lock",
    "damaged_file",
    "file_digest",
    "listed_files",
    "move",
    "replace_file",
    "sync_tree",
    "write_manifest",
]

MANIFEST: Final = "manifest.json"

# RocksDB's own log and lock: it reads neither, and a backup may lack them.
_UNLISTED: Final = frozenset({MANIFEST, "LOCK", "LOG"})
# SHA-256 takes 0.15 s for the 86 MB of a million triples. Larger folders would delay a start for seconds: of
# them sizes are compared, and RocksDB verifies the checksum of each block that it reads.
_DIGESTED_BYTES: Final = 1024**3
# Names of files without a folder before them that is hidden, or the one above.
_LISTED: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")


def sync_tree(folder: Path) -> None:
    """Flush a folder to the disk, all but files with other links, which an earlier version flushed."""
    for path in folder.rglob("*"):
        if path.is_dir() or path.stat().st_nlink == 1:
            _sync(path)
    _sync(folder)


def replace_file(path: Path, text: str) -> None:
    """Replace the text of a file in one step: a reader sees the old text or the new one."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    _sync(draft)
    draft.replace(path)
    _sync(path.parent)


def move(folder: Path, target: Path) -> None:
    """Rename a folder within its file system, durably."""
    folder.rename(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_manifest(folder: Path, before: Path | None = None) -> None:
    """Write size and SHA-256 of each file of a folder into its `manifest.json`.

    Args:
        folder: gets the manifest.
        before: a folder with a manifest, from which the digests of files are taken that are links to its own.
    """
    known: dict[str, tuple[int, str]] = {}
    # A version without a readable manifest is not followed, so nothing here is a link to its files.
    if before is not None:
        with suppress(FileNotFoundError, ValueError):
            known = listed_files((before / MANIFEST).read_bytes())
    files: dict[str, tuple[int, str]] = {}
    for name, path in sorted(_files(folder)):
        is_linked = before is not None and name in known and path.samefile(before / name)
        files[name] = known[name] if is_linked else (path.stat().st_size, file_digest(path))
    (folder / MANIFEST).write_text(json.dumps(files, indent=1) + "\n", encoding="utf-8")


def listed_files(manifest: bytes) -> dict[str, tuple[int, str]]:
    """Return size and SHA-256 of each file that a manifest lists, by its path within the folder.

    Raises:
        ValueError: it is not a manifest, or a path leads out of the folder.
    """
    try:
        files = {str(name): (int(size), str(digest)) for name, (size, digest) in json.loads(manifest).items()}
    except (AttributeError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("not a manifest") from error
    for name, (size, _) in files.items():
        if not _LISTED.fullmatch(name) or size < 0:
            raise ValueError(f"a manifest cannot list {name!r}")
    return files


def damaged_file(folder: Path, *, all_digests: bool = False) -> str | None:
    """Return the first file of a folder that is missing or differs from the manifest, or None.

    Args:
        folder: has the manifest.
        all_digests: read each file, however large the folder is.

    Raises:
        OSError: a file cannot be read.
    """
    try:
        expected = listed_files((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return MANIFEST
    found = dict(_files(folder))
    for name, (size, _) in expected.items():
        if name not in found or found[name].stat().st_size != size:
            return name
    if not all_digests and sum(size for size, _ in expected.values()) > _DIGESTED_BYTES:
        return None
    return next((name for name, (_, digest) in expected.items() if file_digest(found[name]) != digest), None)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in _UNLISTED:
            yield path.relative_to(folder).as_posix(), path


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Lock:
    """A lock on a file, held until it is released or garbage collected.

    The system releases it when its process ends, however it ends.
    """

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
        """Take a shared lock on an existing file.

        Raises:
            OSError: the file cannot be opened.
        """
        return cls(path, os.O_RDONLY, fcntl.LOCK_SH)

    @classmethod
    def exclusive(cls, path: Path) -> Self:
        """Wait until no other process has locked the file, and lock it; create the file if needed.

        Raises:
            OSError: the file cannot be created.
        """
        return cls(path, os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX)

    @classmethod
    def exclusive_now(cls, path: Path) -> Self | None:
        """Lock an existing file, or return None if it is locked or cannot be written.

        Raises:
            OSError: the file cannot be opened.
        """
        try:
            return cls(path, os.O_RDWR, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return None

    def release(self) -> None:
        """Release the lock; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        self.release()
