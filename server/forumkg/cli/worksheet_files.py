"""Where a worksheet may be written: it has the words of an article, which never enter a repository."""

import subprocess
from pathlib import Path

from forumkg.errors import DataError

__all__ = ["refuse_tracked", "write_new"]


def refuse_tracked(path: Path) -> None:
    """Refuse a path inside a Git work tree that does not ignore it.

    Raises:
        DataError: the path would be seen by Git.
    """
    folder = path.absolute().parent
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return
    command = ["git", "-C", str(folder), "check-ignore", "--quiet", path.name]
    try:
        ignored = subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 (a fixed program)
    except OSError:
        ignored = False  # there is a .git, but no git to ask
    if not ignored:
        raise DataError(
            f"{path} is in a Git work tree that does not ignore it, and the worksheet has the words of the "
            "text: keep both in another folder, or write their names into .git/info/exclude."
        )


def write_new(path: Path, text: str, *, force: bool = False) -> None:
    """Write a file that does not exist yet.

    Raises:
        DataError: it exists and `force` is not given, or it cannot be written.
    """
    if path.exists() and not force:
        raise DataError(f"{path} exists: rename it, or replace it with --force.")
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise DataError(f"Cannot write {path}: {error.strerror}.") from error
