"""Versions of the dataset in a data directory: build them, and open the one that is served.

The directory has one folder for each version, and the number of the one that is served::

    versions/<n>/store/         an on-disk store, never written again
    versions/<n>/source/        the Turtle of each graph that it was built from
    versions/<n>/downloads/     all of it in files for download, unless it is too large for that
    versions/<n>/version.json   number, digest of the inputs, parent, time, author, message, triples
    versions/<n>/manifest.json  size and SHA-256 of these files, compared each time the version is opened
    CURRENT                     the number of the version that is served; its atomic rename is the commit
    forumkg.lock                locked by the one process that builds
    staging/                    a version being built or removed; deleted after a crash

After a crash at any point, the version that was served before or the new one is current.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg import __version__
from forumkg.dataset.build import build, digest
from forumkg.dataset.disk import Lock, damaged_file, move, replace_file, sync_tree, write_manifest
from forumkg.dataset.downloads import DOWNLOADS, write_downloads
from forumkg.dataset.files import SourceFile
from forumkg.errors import StoreError

__all__ = ["KEPT_VERSIONS", "Version", "VersionInfo", "current", "in_memory", "open_version"]

# The version that is served and those before it. Older ones are removed after a build, unless a process has
# them open.
KEPT_VERSIONS: Final = 3

_CURRENT: Final = "CURRENT"
_INFO: Final = "version.json"
_LOCK: Final = "forumkg.lock"
_STAGING: Final = "staging"
_STORE: Final = "store"
_VERSIONS: Final = "versions"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """The content of `version.json`.

    Attributes:
        number: counts up from 1.
        digest: of its inputs.
        parent: the number of the version before it, if there was one.
        time: when it was built, in UTC (ISO 8601).
        author: who built it.
        message: why it was built.
        triples: the number of triples of its default graph.
    """

    number: int
    digest: str
    parent: int | None
    time: str
    author: str
    message: str
    triples: int

    @property
    def label(self) -> str:
        """The number and the digest, as each response has them."""
        return f"{self.number}; {self.digest}"


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
            info = _build_once(_Inputs(directory, files, wanted, ontology_dir), progress)
        else:
            _remove_leftovers_if_free(directory, info.number)
        return _open(directory, info)


def in_memory(files: tuple[SourceFile, ...], *, ontology_dir: Path | None = None) -> ox.Store:
    """Return a store in memory that is built from the files.

    Raises:
        DataError: the files cannot be built.
    """
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
        if names and not names & {_CURRENT, _LOCK}:
            raise StoreError(
                f"{directory} is not a data directory, it holds {min(names)}: name an empty or a new one."
            )
        if _CURRENT not in names:
            return None
        number = (directory / _CURRENT).read_bytes().decode("utf-8", errors="replace").strip()
        if not _NUMBER.fullmatch(number):
            raise StoreError(
                f"The data directory {directory} is damaged ({_CURRENT} has {number!r}, not the number of a "
                f"version): {_repair(directory)}"
            )
        return _read_info(directory, int(number))


def _read_info(directory: Path, number: int) -> VersionInfo:
    path = directory / _VERSIONS / str(number) / _INFO
    try:
        info = VersionInfo(**json.loads(path.read_bytes()))
    except (FileNotFoundError, NotADirectoryError, TypeError, ValueError) as error:
        raise _damaged(directory, number, _INFO) from error
    if info.number != number or not isinstance(info.triples, int):
        raise _damaged(directory, number, _INFO)
    return info


def _damaged(directory: Path, number: int, file: str) -> StoreError:
    path = directory / _VERSIONS / str(number) / file
    reason = "is not what was built" if path.exists() else "is missing"
    return StoreError(
        f"The version {number} in {directory} is damaged ({path.relative_to(directory)} {reason}): "
        f"{_repair(directory)}"
    )


def _repair(directory: Path) -> str:
    return f"restore it, or delete {directory} to have it built anew."


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a build reads, and the data directory that it is for."""

    directory: Path
    files: tuple[SourceFile, ...]
    digest: str
    ontology_dir: Path | None


def _build_once(inputs: _Inputs, progress: Callable[[str], None]) -> VersionInfo:
    directory = inputs.directory
    directory.mkdir(parents=True, exist_ok=True)
    lock = Lock.exclusive(directory / _LOCK)
    try:
        info = current(directory)
        if info is not None and info.digest == inputs.digest:
            return info  # Another process built it while this one waited for the lock.
        parent = info.number if info else None
        _remove_leftovers(directory, parent or 0)
        try:
            made = _build(inputs, parent, progress)
        finally:
            # Now, and not at the next start: on a full disk this frees the space again.
            shutil.rmtree(directory / _STAGING, ignore_errors=True)
        _prune(directory)
        return made
    finally:
        lock.release()


def _build(inputs: _Inputs, parent: int | None, progress: Callable[[str], None]) -> VersionInfo:
    staging = inputs.directory / _STAGING
    staging.mkdir()
    for file in inputs.files:
        copy = staging / "source" / f"{file.name}.ttl"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.path, copy)
    triples = _build_store(inputs, staging, progress)
    info = VersionInfo(
        number=(parent or 0) + 1,
        digest=inputs.digest,
        parent=parent,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        author=f"forumkg {__version__}",
        message="Built from the packaged Turtle",
        triples=triples,
    )
    (staging / _INFO).write_text(json.dumps(asdict(info), indent=2) + "\n", encoding="utf-8")
    write_manifest(staging)
    sync_tree(staging)
    versions = inputs.directory / _VERSIONS
    versions.mkdir(exist_ok=True)
    move(staging, versions / str(info.number))
    replace_file(inputs.directory / _CURRENT, f"{info.number}\n")
    return info


def _build_store(inputs: _Inputs, staging: Path, progress: Callable[[str], None]) -> int:
    """Build the store and the downloads; return the number of triples of the default graph."""
    try:
        store = ox.Store(staging / _STORE)
        report = build(store, inputs.files, ontology_dir=inputs.ontology_dir, progress=progress)
        store.optimize()
        store.flush()
    except RuntimeError as error:  # what pyoxigraph raises for most errors of RocksDB
        raise StoreError(
            f"Cannot build in {inputs.directory}: {error}. Name another data directory."
        ) from error
    progress("Writing the downloads")
    write_downloads(store, staging / DOWNLOADS, report.merged)
    return report.merged


def _open(directory: Path, info: VersionInfo) -> Version:
    path = directory / _VERSIONS / str(info.number)
    lock = Lock.shared(path / _INFO)
    file = damaged_file(path)
    if file is not None:
        raise _damaged(directory, info.number, file)
    try:
        store = ox.Store.read_only(str(path / _STORE))
    except (FileNotFoundError, RuntimeError) as error:
        raise _damaged(directory, info.number, _STORE) from error
    return Version(info, path, store, lock)


def _numbers(directory: Path) -> list[int]:
    return sorted(int(path.name) for path in (directory / _VERSIONS).glob("*") if path.name.isdecimal())


def _remove_leftovers(directory: Path, served: int) -> None:
    """Remove what a crash left: an unfinished version, and one that CURRENT does not name yet."""
    staging = directory / _STAGING
    if staging.exists():
        shutil.rmtree(staging)
    for number in _numbers(directory):
        if number > served:
            shutil.rmtree(directory / _VERSIONS / str(number))


def _remove_leftovers_if_free(directory: Path, served: int) -> None:
    if not (directory / _STAGING).exists() and _numbers(directory)[-1:] == [served]:
        return
    lock = Lock.exclusive_now(directory / _LOCK)
    if lock is None:
        return  # Another process is building in there.
    try:
        _remove_leftovers(directory, served)
    finally:
        lock.release()


def _prune(directory: Path) -> None:
    for number in _numbers(directory)[:-KEPT_VERSIONS]:
        path = directory / _VERSIONS / str(number)
        lock = Lock.exclusive_now(path / _INFO)
        if lock is None:
            continue
        move(path, directory / _STAGING)
        shutil.rmtree(directory / _STAGING)
        lock.release()


@contextmanager
def _store_errors(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"Cannot use the data directory {directory}: {error.strerror or error}. Name another one."
        ) from error
