"""Generate and store the dumps for download: the same bytes as those of an export."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.dumps import GZIP, Dump, compress, dumps, render
from forumkg.formats import DATASET_FORMATS, JSON_LD, TURTLE, Format

__all__ = [
    "DOWNLOADS",
    "MAX_TRIPLES",
    "SUMS",
    "Download",
    "make_downloads",
    "read_downloads",
    "sums",
    "write_downloads",
]

# They are made in memory, which takes about 3 kB a triple.
MAX_TRIPLES: Final = 100_000
# The folder of a version that has them.
DOWNLOADS: Final = "downloads"
SUMS: Final = "SHA256SUMS"

_INDEX: Final = "index.json"
_FORMATS: Final = (TURTLE, *DATASET_FORMATS, JSON_LD)


@dataclass(frozen=True, slots=True)
class Download:
    """A file for download.

    Attributes:
        part: `full` or `asserted`.
        format: its format.
        triples: how many distinct triples it holds.
        size: its length in bytes.
        sha256: the SHA-256 digest of its bytes, in hexadecimal digits.
        packed: its bytes, compressed with gzip, or the file that has them.
    """

    part: str
    format: Format
    triples: int
    size: int
    sha256: str
    packed: bytes | Path = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.part}.{self.format.extension}"

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return gzip.decompress(self.packed if isinstance(self.packed, bytes) else self.packed.read_bytes())


def make_downloads(store: ox.Store) -> tuple[Download, ...]:
    """Return the files, all triples first.

    Raises:
        DataError: a graph has no name that a file could have.
    """
    # The first two dumps are the merges; the others are the named graphs, which have addresses of their own.
    asserted, full = islice(dumps(store), 2)
    return tuple(_download(dump, format_) for dump in (full, asserted) for format_ in _FORMATS)


def _download(dump: Dump, format_: Format) -> Download:
    data = render(dump, format_)
    digest = hashlib.sha256(data).hexdigest()
    return Download(dump.name, format_, len(dump.triples), len(data), digest, compress(data))


def write_downloads(store: ox.Store, folder: Path, triples: int) -> None:
    """Write the files, compressed, and their index into a new folder, unless they are too large.

    Args:
        store: the dataset.
        folder: the new folder.
        triples: how many distinct triples the largest of them holds.

    Raises:
        OSError: the folder cannot be written.
        DataError: a graph has no name that a file could have.
    """
    if triples > MAX_TRIPLES:
        return
    folder.mkdir()
    index = []
    for each in make_downloads(store):
        (folder / f"{each.name}.{GZIP}").write_bytes(each.packed if isinstance(each.packed, bytes) else b"")
        index.append([each.part, each.format.name, each.triples, each.size, each.sha256])
    (folder / _INDEX).write_text(json.dumps(index), encoding="utf-8")


def read_downloads(folder: Path) -> tuple[Download, ...] | None:
    """Return the files of a folder that `write_downloads` has written; None if there are none."""
    path = folder / _INDEX
    if not path.exists():
        return None
    formats = {format_.name: format_ for format_ in _FORMATS}
    return tuple(
        Download(
            part,
            formats[name],
            triples,
            size,
            sha256,
            folder / f"{part}.{formats[name].extension}.{GZIP}",
        )
        for part, name, triples, size, sha256 in json.loads(path.read_text(encoding="utf-8"))
    )


def sums(downloads: Iterable[Download]) -> str:
    """Return the input of `sha256sum --check`."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in downloads)
