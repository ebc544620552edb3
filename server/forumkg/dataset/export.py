"""Write a dataset to a folder, in every format, whole or not at all.

The folder has `asserted.*` and `full.*`, `graphs/<name>.*` for each named graph, each file also compressed,
`index.ttl` that describes them all, and `SHA256SUMS` for `sha256sum --check`.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.description import DATASET
from forumkg.dataset.dump_index import EXPORT, DumpFile, Written, index
from forumkg.dataset.dumps import FORMATS, GZIP, Dump, compress, dumps, render
from forumkg.errors import DataError
from forumkg.rdf.terms import named

__all__ = ["INDEX", "SUMS", "ExportReport", "export"]

INDEX: Final = "index.ttl"
SUMS: Final = "SHA256SUMS"
_STAGING: Final = ".forumkg-export-"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote.

    Attributes:
        triples: The number of distinct triples of each part, by its name.
        files: How many files there are, and `bytes` their size.
    """

    triples: Mapping[str, int]
    files: int
    bytes: int


def export(store: ox.Store, directory: Path, *, force: bool = False) -> ExportReport:
    """Write the named graphs of a store to a folder, in the place of an earlier export.

    Nothing in the folder changes before all is written; then the files are exchanged one by one, sums last.

    Args:
        store: Its default graph is left out: it is the merge of the others.
        directory: Made where it does not exist.
        force: Whether to write beside files that no export made, and over those that have our names.

    Raises:
        DataError: the folder has other files, or cannot be written, or a term has no form in a format.
    """
    earlier = _earlier(directory, force=force)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=directory) as staging:
            parts, sums = _write_all(store, Path(staging))
            _exchange(Path(staging), directory, sums, earlier)
    except OSError as error:
        raise DataError(f"Cannot write to {error.filename or directory}: {error.strerror}.") from error
    size = sum((directory / path).stat().st_size for path in sums)
    return ExportReport({part.name: part.triples for part in parts}, len(sums), size)


def _write_all(store: ox.Store, folder: Path) -> tuple[list[Written], dict[str, str]]:
    """Write every file; return the parts, and the SHA-256 of each path."""
    sums: dict[str, str] = {}
    parts = [_write_dump(dump, folder, sums) for dump in dumps(store)]
    licences = {
        quad.object
        for quad in store.quads_for_pattern(ox.NamedNode(DATASET), named("dcterms:license"), None)
        if isinstance(quad.object, ox.NamedNode)
    }
    _write(folder, INDEX, index(parts, licences).encode(), sums)
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    _write(folder, SUMS, lines.encode(), sums)
    return parts, sums


def _write_dump(dump: Dump, folder: Path, sums: dict[str, str]) -> Written:
    files: list[DumpFile] = []
    for format_ in FORMATS:
        path, data = f"{dump.name}.{format_.extension}", render(dump, format_)
        packed = f"{path}.{GZIP}"
        files.append(DumpFile(path, format_, False, _write(folder, path, data, sums)))
        files.append(DumpFile(packed, format_, True, _write(folder, packed, compress(data), sums)))
    return Written(dump.name, dump.dataset, len(dump.triples), tuple(files))


def _write(folder: Path, path: str, data: bytes, sums: dict[str, str]) -> int:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    sums[path] = hashlib.sha256(data).hexdigest()
    return target.write_bytes(data)


def _earlier(directory: Path, *, force: bool) -> frozenset[str]:
    """Return the paths that an earlier export wrote; nothing else in the folder is ever removed."""
    if not directory.exists():
        return frozenset()
    if not directory.is_dir():
        raise DataError(f"{directory} is a file: name a folder.")
    present = {
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if not path.is_dir() and not path.relative_to(directory).parts[0].startswith(_STAGING)
    }
    listed = _listed(directory) & present
    if (others := sorted(present - listed)) and not force:
        raise DataError(
            f"{directory} has files that are not of an earlier export ({others[0]}): name another folder, "
            "or write beside them with --force."
        )
    return listed


def _listed(directory: Path) -> frozenset[str]:
    """Return the paths in the sums of an earlier export; none where the folder has sums of another kind."""
    try:
        described = EXPORT in (directory / INDEX).read_text(encoding="utf-8")
        lines = (directory / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return frozenset()
    return frozenset([SUMS, *(line.partition("  ")[2] for line in lines)]) if described else frozenset()


def _exchange(staging: Path, directory: Path, paths: Iterable[str], earlier: frozenset[str]) -> None:
    paths = sorted(paths, key=lambda path: (path == SUMS, path))
    for path in paths:
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (staging / path).replace(directory / path)
    for path in sorted(earlier.difference(paths)):
        gone = directory / path
        gone.unlink()
        for folder in gone.parents:
            if folder == directory or any(folder.iterdir()):
                break
            folder.rmdir()
