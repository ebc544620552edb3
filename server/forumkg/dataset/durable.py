"""Write files so that they survive a loss of power: on the disk before their name says so.

https://man7.org/linux/man-pages/man2/fsync.2.html
"""

import os
from pathlib import Path

__all__ = ["move", "replace_file", "sync", "sync_tree"]


def sync(path: Path) -> None:
    """Wait until a file, or the list of names of a directory, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Wait until all that lies in a folder is on the disk."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def replace_file(path: Path, text: str) -> None:
    """Give a file a new text at once: who reads it finds the old one or the new one."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    sync(draft)
    draft.replace(path)
    sync(path.parent)


def move(folder: Path, target: Path) -> None:
    """Give a folder another name on the same file system, at once."""
    folder.rename(target)
    sync(target.parent)
