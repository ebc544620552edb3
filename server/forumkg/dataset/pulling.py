"""Copy a version from another data directory: a folder, or one that a web server has as files.

What is copied is `CURRENT`, and of the version that it names the files of its manifest, each compared with
its size and SHA-256. Any server of static files will do: nginx, an object store, `python -m http.server`.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import IO, Final, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    UnknownHandler,
)

from forumkg.dataset.disk import MANIFEST, listed_files
from forumkg.dataset.version_info import VERSION_FILE, VersionInfo, read_info, unreadable_layout
from forumkg.dataset.versions import CURRENT, VERSIONS, install
from forumkg.errors import StoreError

__all__ = ["pull"]

# Descriptions of versions and manifests are some kilobytes; a manifest of five million triples has 100.
_LONGEST_DESCRIPTION: Final = 16 * 1024 * 1024
_PIECE: Final = 1024 * 1024
# For each connection and each piece that is read.
_TIMEOUT_SECONDS: Final = 60.0


def _opener() -> OpenerDirector:
    """Return what opens http and https alone: `urlopen` would follow a redirect to ftp, too."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler,
        UnknownHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPDefaultErrorHandler,
        HTTPRedirectHandler,
        HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


class _Source(Protocol):
    """A data directory to copy from."""

    @property
    def name(self) -> str:
        """The folder or the address, for messages."""

    def open(self, path: str) -> IO[bytes]:
        """Open a file for reading.

        Raises:
            OSError: there is none, or it cannot be read.
        """


@dataclass(frozen=True, slots=True)
class _Folder:
    name: str

    def open(self, path: str) -> IO[bytes]:
        return (Path(self.name) / path).open("rb")


@dataclass(frozen=True, slots=True)
class _WebServer:
    name: str

    def open(self, path: str) -> IO[bytes]:
        address = f"{self.name.rstrip('/')}/{quote(path)}"
        response: IO[bytes] = _opener().open(address, timeout=_TIMEOUT_SECONDS)
        return response


def pull(
    source: str,
    directory: Path,
    *,
    manifest_digest: str | None = None,
    progress: Callable[[str], None] = lambda step: None,  # noqa: ARG005 (nothing to report to)
) -> bool:
    """Copy the version that another data directory serves, and serve it here; return whether it was new.

    Args:
        source: a folder, or an address that begins with http:// or https://.
        directory: the data directory to copy to, created if needed.
        manifest_digest: the SHA-256 of the manifest; with it, the source need not be trusted.
        progress: called with the name of each step.

    Raises:
        StoreError: the source has no version, is unreachable, or differs from its digests; or the directory
            cannot be used. The directory then serves what it served before.
    """
    return install(directory, partial(_fetch, _place(source), manifest_digest, progress))


def _place(source: str) -> _Source:
    try:
        scheme = urlsplit(source).scheme
    except ValueError as error:
        raise StoreError(f"{source} is not an address: {error}.") from error
    if scheme in ("http", "https"):
        return _WebServer(source)
    if "://" in source:
        raise StoreError(
            f"{source} has the scheme {scheme!r}: name a folder, or begin with http:// or https://."
        )
    return _Folder(source)


def _fetch(
    source: _Source,
    manifest_digest: str | None,
    progress: Callable[[str], None],
    folder: Path,
    served: VersionInfo | None,
) -> VersionInfo | None:
    number = _read(source, CURRENT).decode("ascii", errors="replace").strip()
    if not number.isdecimal():
        raise StoreError(f"{source.name} is not a data directory: its {CURRENT} has {number[:40]!r}.")
    start = f"{VERSIONS}/{number}"
    info = _described(source, start)
    if served is not None and served.digest == info.digest:
        return None
    if reason := unreadable_layout(info):
        raise StoreError(f"Version {number} in {source.name} {reason}")
    if served is not None and served.number >= info.number:
        raise StoreError(
            f"The data directory has version {served.number} already, and {source.name} has version "
            f"{info.number}: pull into a directory of its own."
        )
    manifest = _read(source, f"{start}/{MANIFEST}")
    found = hashlib.sha256(manifest).hexdigest()
    if manifest_digest is not None and found != manifest_digest.lower():
        raise StoreError(
            f"The {MANIFEST} of version {number} in {source.name} has the SHA-256 {found}, and "
            f"{manifest_digest} was asked for: run `forumkg verify` where the version was built, and give "
            "what it prints after manifest.json."
        )
    try:
        files = listed_files(manifest)
    except ValueError as error:
        raise StoreError(f"{source.name} is damaged ({start}/{MANIFEST}: {error}).") from error
    total = sum(size for size, _ in files.values())
    progress(f"Copying version {number}: {len(files)} files, {total / 1e6:,.0f} MB")
    for name, (size, digest) in files.items():
        _copy(source, f"{start}/{name}", folder / name, size, digest)
    (folder / MANIFEST).write_bytes(manifest)
    return _checked(source, folder, info)


def _described(source: _Source, start: str) -> VersionInfo:
    try:
        return read_info(_read(source, f"{start}/{VERSION_FILE}"))
    except ValueError as error:
        raise StoreError(f"{source.name} is damaged ({start}/{VERSION_FILE}: {error}).") from error


def _checked(source: _Source, folder: Path, info: VersionInfo) -> VersionInfo:
    """Return the description of a version, if its manifest lists the same one."""
    path = folder / VERSION_FILE
    if not path.exists() or read_info(path.read_bytes()) != info:
        raise StoreError(f"{source.name} changed while it was read: pull again.")
    return info


def _read(source: _Source, path: str) -> bytes:
    with _source_errors(source, path), source.open(path) as file:
        data = file.read(_LONGEST_DESCRIPTION + 1)
    if len(data) > _LONGEST_DESCRIPTION:
        raise StoreError(f"{source.name} is not a data directory: its {path} has more than 16 MiB.")
    return data


def _copy(source: _Source, path: str, target: Path, size: int, digest: str) -> None:
    """Copy a file, and compare it with its size and digest.

    Raises:
        StoreError: it differs, or cannot be read.
        OSError: it cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    state, left = hashlib.sha256(), size
    with _source_errors(source, path):
        opened = source.open(path)
    with opened, target.open("wb") as copy:
        while True:
            with _source_errors(source, path):
                piece = opened.read(_PIECE)
            left -= len(piece)
            if not piece or left < 0:
                break
            state.update(piece)
            copy.write(piece)
    if left != 0 or state.hexdigest() != digest:
        raise StoreError(
            f"{source.name} is damaged ({path} is not what was built): nothing was changed here."
        )


@contextmanager
def _source_errors(source: _Source, path: str) -> Iterator[None]:
    try:
        yield
    except HTTPError as error:
        error.close()
        raise StoreError(
            f"{source.name} answers {error.code} {error.reason} for {path}: is it a data directory?"
        ) from error
    except URLError as error:
        raise StoreError(f"Cannot read {path} from {source.name}: {error.reason}.") from error
    except OSError as error:
        raise StoreError(f"Cannot read {path} from {source.name}: {error.strerror or error}.") from error
    except HTTPException as error:
        raise StoreError(f"Cannot read {path} from {source.name}: the answer broke off ({error}).") from error
