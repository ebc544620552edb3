"""Versions of the dataset in a data directory: build them, and open the one that is served.

The directory has one folder for each version, and the number of the one that is served::

    versions/<n>/store/         an on-disk store, never written again
    versions/<n>/source/        the Turtle of each graph that it was built from, and the derivation rules
    versions/<n>/downloads/     all of it in files for download, unless it is too large for that
    versions/<n>/lists.sqlite   the ordered lists behind pages
    versions/<n>/search.sqlite  the full-text index
    versions/<n>/version.json   number, digest of the inputs, parent, time, author, message, triples
    versions/<n>/manifest.json  size and SHA-256 of these files, compared each time the version is opened
    CURRENT                     the number of the version that is served; its atomic rename is the commit
    forumkg.lock                locked by the one process that builds
    staging/                    a version being built or removed; deleted after a crash

After a crash at any point, the version that was served before or the new one is current.
"""

import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg import __version__
from forumkg.dataset.disk import Lock, damaged_file, move, replace_file, sync_tree, write_manifest
from forumkg.dataset.files import LAYOUT, SourceFile, digest
from forumkg.dataset.version_info import (
    STORE,
    VERSION_FILE,
    Before,
    Inputs,
    VersionInfo,
    read_info,
    unreadable_layout,
)
from forumkg.errors import StoreError

__all__ = [
    "CURRENT",
    "KEPT_VERSIONS",
    "VERSIONS",
    "Version",
    "current",
    "in_memory",
    "install",
    "open_current",
    "open_version",
    "verify",
]

# The version that is served and those before it. Older ones are removed after a build, unless a process has
# them open.
KEPT_VERSIONS: Final = 3

# Names in a data directory.
CURRENT: Final = "CURRENT"
VERSIONS: Final = "versions"

_LOCK: Final = "forumkg.lock"
_STAGING: Final = "staging"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
# What to do where a data directory cannot be used, and where it has a version, but not that of the files.
_ANOTHER: Final = "Name another one."
_ANOTHER_OR_AS_IT_IS: Final = (
    "Its version was built from other files: name another one, or serve that version with `--no-build`."
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is open for reading; it stays on disk as long as this object exists."""

    info: VersionInfo
    path: Path
    store: ox.Store
    _lock: Lock = field(repr=False)


def open_version(
    directory: Path,
    files: tuple[SourceFile, ...],
    *,
    ontology_dir: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,  # noqa: ARG005 (nothing to report to)
) -> Version:
    """Open the version that is built from the files, and build it first if there is none.

    Nothing is written if the current version is the right one, so a directory may be read-only then.

    Args:
        directory: the data directory, created if needed.
        files: the files of the dataset.
        ontology_dir: the folder of `rules/` and `questions/`, by default that of the package.
        progress: called with the name of each step of a build.

    Raises:
        StoreError: the directory belongs to something else, is damaged, or cannot be written.
        DataError: the files cannot be built.
    """
    wanted = digest(files, ontology_dir=ontology_dir)
    with _store_errors(directory):
        info = current(directory)
        if info is None or info.digest != wanted:
            progress(f"Building the dataset in {directory}: once for this version of its files")
            basis = digest((), ontology_dir=ontology_dir)
            with _store_errors(directory, _ANOTHER if info is None else _ANOTHER_OR_AS_IT_IS):
                return _built_once(Inputs(directory, files, wanted, basis, ontology_dir), progress)
        _remove_leftovers_if_free(directory, info.number)
        return _open(directory, info)


def open_current(directory: Path) -> Version:
    """Open the version that a data directory serves, whatever files it was built from.

    Raises:
        StoreError: the directory has no version, belongs to something else, or is damaged.
    """
    with _store_errors(directory):
        info = _current_or_error(directory)
        if reason := unreadable_layout(info):
            raise StoreError(f"The version {info.number} in {directory} {reason}")
        return _open(directory, info)


def verify(directory: Path) -> VersionInfo:
    """Compare each file of the version that a data directory serves with its digest, whatever the size.

    Raises:
        StoreError: a file is missing or differs, or the directory has no version.
    """
    with _store_errors(directory):
        info = _current_or_error(directory)
        path = directory / VERSIONS / str(info.number)
        lock = Lock.shared(path / VERSION_FILE)
        try:
            file = damaged_file(path, all_digests=True)
        finally:
            lock.release()
        if file is not None:
            raise _damaged(directory, info.number, file)
        return info


def install(directory: Path, fetch: Callable[[Path, VersionInfo | None], VersionInfo | None]) -> bool:
    """Publish a version that was built elsewhere; return whether there was one.

    Args:
        directory: the data directory, created if needed.
        fetch: writes a whole version into a folder, and returns its description; or returns None, if it is
            the version that is served, its second argument. What it wrote before an error is removed.

    Raises:
        StoreError: the directory belongs to something else, is damaged, or cannot be written.
    """
    with _store_errors(directory):
        directory.mkdir(parents=True, exist_ok=True)
        lock = Lock.exclusive(directory / _LOCK)
        try:
            served = current(directory)
            _remove_leftovers(directory, served.number if served else 0)
            staging = directory / _STAGING
            staging.mkdir()
            try:
                info = fetch(staging, served)
                if info is None:
                    return False
                _publish(directory, staging, info.number)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
            _prune(directory)
            return True
        finally:
            lock.release()


def in_memory(files: tuple[SourceFile, ...], *, ontology_dir: Path | None = None) -> ox.Store:
    """Return a store in memory that is built from the files.

    Raises:
        DataError: the files cannot be built.
    """
    from forumkg.dataset.build import build  # noqa: PLC0415 (see `_build_store`)

    store = ox.Store()
    build(store, files, ontology_dir=ontology_dir)
    return store


def current(directory: Path) -> VersionInfo | None:
    """Return the description of the version that is served, or None if there is none yet.

    Raises:
        StoreError: the directory belongs to something else, or is damaged.
    """
    with _store_errors(directory):
        if not directory.exists():
            return None
        names = {path.name for path in directory.iterdir()}
        if names and not names & {CURRENT, _LOCK}:
            raise StoreError(
                f"{directory} is not a data directory, it holds {min(names)}: name an empty or a new one."
            )
        if CURRENT not in names:
            return None
        number = (directory / CURRENT).read_bytes().decode("utf-8", errors="replace").strip()
        if not _NUMBER.fullmatch(number):
            raise StoreError(
                f"The data directory {directory} is damaged ({CURRENT} has {number!r}, not the number of a "
                f"version): {_repair(directory)}"
            )
        return _read_info(directory, int(number))


def _current_or_error(directory: Path) -> VersionInfo:
    info = current(directory)
    if info is None:
        raise StoreError(
            f"The data directory {directory} has no version: build one with `forumkg serve`, or copy one "
            "with `forumkg pull`."
        )
    return info


def _read_info(directory: Path, number: int) -> VersionInfo:
    path = directory / VERSIONS / str(number) / VERSION_FILE
    try:
        info = read_info(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise _damaged(directory, number, VERSION_FILE) from error
    if info.number != number:
        raise _damaged(directory, number, VERSION_FILE)
    return info


def _damaged(directory: Path, number: int, file: str) -> StoreError:
    path = directory / VERSIONS / str(number) / file
    reason = "is not what was built" if path.exists() else "is missing"
    return StoreError(
        f"The version {number} in {directory} is damaged ({path.relative_to(directory)} {reason}): "
        f"{_repair(directory)}"
    )


def _repair(directory: Path) -> str:
    return f"restore it, or delete {directory} and build or pull it anew."


def _built_once(inputs: Inputs, progress: Callable[[str], None]) -> Version:
    directory = inputs.directory
    directory.mkdir(parents=True, exist_ok=True)
    lock = Lock.exclusive(directory / _LOCK)
    try:
        info = current(directory)
        if info is not None and info.digest == inputs.digest:
            return _open(directory, info)  # Another process built it while this one waited for the lock.
        _remove_leftovers(directory, info.number if info else 0)
        try:
            made = _build(inputs, info, progress)
        finally:
            # Now, and not at the next start: on a full disk this frees the space again.
            shutil.rmtree(directory / _STAGING, ignore_errors=True)
        _prune(directory)
        return _open(directory, made, is_new=True)
    finally:
        lock.release()


def _build(inputs: Inputs, parent: VersionInfo | None, progress: Callable[[str], None]) -> VersionInfo:
    # A folder of its own: when a store is closed, RocksDB removes old files by their paths. A process that
    # was interrupted while building may do so while this one builds.
    staging = inputs.directory / _STAGING / secrets.token_hex(8)
    staging.mkdir(parents=True)
    # Not needed to open a version, which a later start does: it imports half of the package.
    from forumkg.dataset.staging import build_files  # noqa: PLC0415

    before = None
    if parent is not None and parent.basis == inputs.basis:
        before = Before(inputs.directory / VERSIONS / str(parent.number), parent.triples)
    triples = build_files(inputs, before, staging, progress)
    info = VersionInfo(
        number=parent.number + 1 if parent else 1,
        digest=inputs.digest,
        parent=parent.number if parent else None,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        author=f"forumkg {__version__}",
        message="Built from the packaged Turtle",
        triples=triples,
        basis=inputs.basis,
        layout=LAYOUT,
    )
    (staging / VERSION_FILE).write_text(json.dumps(asdict(info), indent=2) + "\n", encoding="utf-8")
    progress("Writing the digests")
    write_manifest(staging, before.path if before else None)
    _publish(inputs.directory, staging, info.number)
    return info


def _publish(directory: Path, staging: Path, number: int) -> None:
    """Serve the version in a folder from now on; the rename of CURRENT is the moment."""
    sync_tree(staging)
    versions = directory / VERSIONS
    versions.mkdir(exist_ok=True)
    move(staging, versions / str(number))
    replace_file(directory / CURRENT, f"{number}\n")


def _open(directory: Path, info: VersionInfo, *, is_new: bool = False) -> Version:
    """Open a version; compare its files with their digests, unless these have just been computed."""
    path = directory / VERSIONS / str(info.number)
    lock = Lock.shared(path / VERSION_FILE)
    file = None if is_new else damaged_file(path)
    if file is not None:
        raise _damaged(directory, info.number, file)
    try:
        store = ox.Store.read_only(str(path / STORE))
    except (FileNotFoundError, RuntimeError) as error:
        raise _damaged(directory, info.number, STORE) from error
    return Version(info, path, store, lock)


def _numbers(directory: Path) -> list[int]:
    return sorted(int(path.name) for path in (directory / VERSIONS).glob("*") if path.name.isdecimal())


def _remove_leftovers(directory: Path, served: int) -> None:
    """Remove what a crash left: an unfinished version, and one that CURRENT does not name yet."""
    staging = directory / _STAGING
    if staging.exists():
        shutil.rmtree(staging)
    for number in _numbers(directory):
        if number > served:
            shutil.rmtree(directory / VERSIONS / str(number))


def _remove_leftovers_if_free(directory: Path, served: int) -> None:
    if not (directory / _STAGING).exists() and _numbers(directory)[-1:] == [served]:
        return
    lock = Lock.exclusive_now(directory / _LOCK)
    if lock is None:
        return  # Another process is building in there.
    try:
        # Read again: another process may have published a version before the lock was taken.
        _remove_leftovers(directory, _current_or_error(directory).number)
    finally:
        lock.release()


def _prune(directory: Path) -> None:
    for number in _numbers(directory)[:-KEPT_VERSIONS]:
        path = directory / VERSIONS / str(number)
        lock = Lock.exclusive_now(path / VERSION_FILE)
        if lock is None:
            continue
        move(path, directory / _STAGING)
        shutil.rmtree(directory / _STAGING)
        lock.release()


@contextmanager
def _store_errors(directory: Path, advice: str = _ANOTHER) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"Cannot use the data directory {directory}: {error.strerror or error}. {advice}"
        ) from error
