"""Make the dumps that are offered for download, and describe them: the same bytes as those of an export.

https://www.w3.org/TR/vocab-dcat-3/#Class:Distribution and https://spdx.org/rdf/terms/#Checksum
"""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import pyoxigraph as ox

from forumkg.formats import DATASET_FORMATS, GRAPH_FORMATS, Format
from forumkg.model.description import DATASET
from forumkg.model.dumps import Dump, compress, dumps, render
from forumkg.model.terms import about, named

__all__ = ["MAX_TRIPLES", "SPDX", "SUMS", "Download", "describe_downloads", "make_downloads", "sums"]

# They are made in memory, which takes about 3 kB a triple.
MAX_TRIPLES: Final = 100_000
SUMS: Final = "SHA256SUMS"
SPDX: Final = "http://spdx.org/rdf/terms#"

_FORMATS: Final = (GRAPH_FORMATS[0], *DATASET_FORMATS, GRAPH_FORMATS[2])
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class Download:
    """A file for download.

    Attributes:
        part: `full` or `asserted`.
        format: its format.
        triples: how many distinct triples it holds.
        size: its length in bytes.
        sha256: the SHA-256 digest of its bytes, in hexadecimal digits.
        packed: its bytes, compressed with gzip.
    """

    part: str
    format: Format
    triples: int
    size: int
    sha256: str
    packed: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.part}.{self.format.extension}"

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return gzip.decompress(self.packed)


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


def sums(downloads: Iterable[Download]) -> str:
    """Return what `sha256sum --check` reads."""
    return "".join(f"{each.sha256}  {each.name}\n" for each in downloads)


def describe_downloads(downloads: Iterable[Download], folder: str) -> Iterator[ox.Triple]:
    """Yield the description of the files in DCAT.

    Args:
        downloads: the files.
        folder: the address of the folder that they lie in, with `/` at its end.
    """
    for each in downloads:
        file, checksum = folder + each.name, f"{folder}{each.name}#sha256"
        yield from about(DATASET, ("dcat:distribution", ox.NamedNode(file)))
        yield from about(
            file,
            ("rdf:type", named("dcat:Distribution")),
            ("dcterms:title", ox.Literal(each.name)),
            ("dcat:downloadURL", ox.NamedNode(file)),
            ("dcat:mediaType", ox.NamedNode(_MEDIA_TYPES + each.format.media_type)),
            ("dcat:byteSize", ox.Literal(str(each.size), datatype=named("xsd:nonNegativeInteger"))),
        )
        digest = ox.Literal(each.sha256, datatype=named("xsd:hexBinary"))
        yield ox.Triple(ox.NamedNode(file), _spdx("checksum"), ox.NamedNode(checksum))
        yield ox.Triple(ox.NamedNode(checksum), named("rdf:type"), _spdx("Checksum"))
        yield ox.Triple(ox.NamedNode(checksum), _spdx("algorithm"), _spdx("checksumAlgorithm_sha256"))
        yield ox.Triple(ox.NamedNode(checksum), _spdx("checksumValue"), digest)


def _spdx(name: str) -> ox.NamedNode:
    return ox.NamedNode(SPDX + name)
