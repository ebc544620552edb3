"""Keep the versions of the dataset in a data directory, and open the one that is served.

The directory has one folder for each version, and the name of the one that is served::

    versions/<n>/store/         an on-disk store, never written again once it lies here
    versions/<n>/source/        the Turtle of each graph that it was built from
    versions/<n>/downloads/     all of it in files for download, unless it is too large for that
    versions/<n>/version.json   number, digest of the inputs, parent, time, author, message, triples
    CURRENT                     the number of the version that is served; its atomic rename is the commit
    forumkg.lock                locked by the one process that builds
    staging/                    a version in the making, or on its way out; removed after a crash

A crash at any point leaves the version that was served before, or the new one.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg import __version__
from forumkg.dataset.build import build, digest
from forumkg.dataset.downloads import DOWNLOADS, write_downloads
from forumkg.dataset.durable import move, replace_file, sync_tree
from forumkg.dataset.files import SourceFile
from forumkg.dataset.locks import Lock
from forumkg.errors import StoreError

__all__ = ["KEPT_VERSIONS", "Version", "VersionInfo", "current", "in_memory", "open_version"]

# The version that is served and those before it. Older ones are removed when a new one is made, unless some
# process still has them open.
KEPT_VERSIONS: Final = 3

_CURRENT: Final = "CURRENT"
_INFO: Final = "version.json"
_LOCK: Final = "forumkg.lock"
_STAGING: Final = "staging"
_VERSIONS: Final = "versions"


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """What `version.json` says of a version.

    Attributes:
        number: counts up from 1.
        digest: of all that it was built from.
        parent: the number of the version before it, if there was one.
        time: when it was made, in UTC (ISO 8601).
        author: who made it.
        message: why.
        triples: the number of triples of its default graph.
    """

    number: int
    digest: str
    parent: int | None
    time: str
    author: str
    message: str
    triples: int


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is open for reading; it stays on the disk as long as this object lives."""

    info: VersionInfo
    path: Path
    store: ox.Store
    _lock: Lock = field(repr=False)


def open_version(
    directory: Path, files: tuple[SourceFile, ...], *, ontology_dir: Path | None = None
) -> Version:
    """Open the version that is built from the files, and build it first where there is none.

    Nothing is written where the current version is the right one, so a directory may be read-only then.

    Args:
        directory: the data directory, made where there is none.
        files: the files of the dataset.
        ontology_dir: the folder of `rules/` and `questions/`, by default that of the package.

    Raises:
        StoreError: the directory belongs to something else, is damaged, or cannot be written.
        DataError: the files cannot be built.
    """
    wanted = digest(files, ontology_dir=ontology_dir)
    with _store_errors(directory):
        info = current(directory)
        if info is None or info.digest != wanted:
            info = _build_once(directory, files, wanted, ontology_dir)
        else:
            _remove_leftovers_if_free(directory, info.number)
        return _open(directory, info)


def in_memory(files: tuple[SourceFile, ...], *, ontology_dir: Path | None = None) -> ox.Store:
    """Return a store that is built from the files and kept nowhere.

    Raises:
        DataError: the files cannot be built.
    """
    store = ox.Store()
    build(store, files, ontology_dir=ontology_dir)
    return store


def current(directory: Path) -> VersionInfo | None:
    """Return what is known of the version that is served; None where there is none yet.

    Raises:
        StoreError: the directory belongs to something else, or is damaged.
    """
    with _store_errors(directory):
        if not directory.exists():
            return None
        names = {path.name for path in directory.iterdir()}
        if names and not names & {_CURRENT, _LOCK}:
            raise StoreError(
                f"{directory} is no data directory, it holds {min(names)}: name an empty or a new one."
            )
        if _CURRENT not in names:
            return None
        number = (directory / _CURRENT).read_text(encoding="utf-8").strip()
        return _read_info(directory, number)


def _read_info(directory: Path, number: str) -> VersionInfo:
    path = directory / _VERSIONS / number / _INFO
    try:
        return VersionInfo(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise StoreError(
            f"{directory / _CURRENT} says {number!r}, and {path} cannot be read: "
            f"restore it, or delete {directory} to have it built anew."
        ) from error


def _build_once(
    directory: Path, files: tuple[SourceFile, ...], wanted: str, ontology_dir: Path | None
) -> VersionInfo:
    directory.mkdir(parents=True, exist_ok=True)
    lock = Lock.exclusive(directory / _LOCK)
    try:
        info = current(directory)
        if info is not None and info.digest == wanted:
            return info  # Another process built it while this one waited for the lock.
        parent = info.number if info else None
        _remove_leftovers(directory, parent or 0)
        made = _build(directory, files, parent, wanted, ontology_dir)
        _prune(directory)
        return made
    finally:
        lock.release()


def _build(
    directory: Path, files: tuple[SourceFile, ...], parent: int | None, wanted: str, ontology_dir: Path | None
) -> VersionInfo:
    staging = directory / _STAGING
    staging.mkdir()
    for file in files:
        copy = staging / "source" / f"{file.name}.ttl"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.path, copy)
    store = ox.Store(staging / "store")
    report = build(store, files, ontology_dir=ontology_dir)
    store.optimize()
    store.flush()
    write_downloads(store, staging / DOWNLOADS, report.merged)
    del store  # This closes it.
    info = VersionInfo(
        number=(parent or 0) + 1,
        digest=wanted,
        parent=parent,
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        author=f"forumkg {__version__}",
        message="Built from the packaged Turtle",
        triples=report.merged,
    )
    (staging / _INFO).write_text(json.dumps(asdict(info), indent=2) + "\n", encoding="utf-8")
    sync_tree(staging)
    versions = directory / _VERSIONS
    versions.mkdir(exist_ok=True)
    move(staging, versions / str(info.number))
    replace_file(directory / _CURRENT, f"{info.number}\n")
    return info


def _open(directory: Path, info: VersionInfo) -> Version:
    path = directory / _VERSIONS / str(info.number)
    lock = Lock.shared(path / _INFO)
    return Version(info, path, ox.Store.read_only(str(path / "store")), lock)


def _numbers(directory: Path) -> list[int]:
    return sorted(int(path.name) for path in (directory / _VERSIONS).glob("*") if path.name.isdecimal())


def _remove_leftovers(directory: Path, served: int) -> None:
    """Remove what a crash left: a version in the making, and one that was not yet named in CURRENT."""
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
        return  # Another process builds: what lies there is its work.
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
