"""Write a dataset to a folder in every format, completely or not at all.

The folder has `asserted.*` and `full.*`, `graphs/<name>.*` for each named graph, each file also compressed;
`validate/*.ttl`, with which any SHACL engine validates new data; tables; `index.ttl` that describes them all,
and `SHA256SUMS` for `sha256sum --check`.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.catalog import MEDIA_TYPES, describe_agents
from forumkg.dataset.description import DATASET
from forumkg.dataset.dumps import FORMATS, GZIP, Dump, compress, dumps, render, validation_dumps
from forumkg.errors import DataError
from forumkg.formats import TURTLE, Format
from forumkg.namespaces import BASE, GRAPH, PREFIXES
from forumkg.rdf.terms import about, english, named
from forumkg.rdf.turtle.writer import canonical_turtle

__all__ = ["INDEX", "SUMS", "ExportReport", "ExportTable", "export"]

INDEX: Final = "index.ttl"
SUMS: Final = "SHA256SUMS"
_STAGING: Final = ".forumkg-export-"
_EXPORT: Final = f"{BASE}export/"
# Stands for the folder of the index until it is written: only its publisher knows the address.
_HERE: Final = "relative:"
_TEXTS: Final = {
    "asserted": ("Asserted triples", "What the files of the dataset say, the shapes left out."),
    "full": (
        "All triples",
        "What is asserted, what is entailed and derived from it, the description of the dataset, and the "
        "questions; the shapes left out.",
    ),
    "figures": (
        "Figures as a table",
        "A row for each figure that a statement gives, with bounds, hedge, stance, source and passage.",
    ),
    "validate/shapes": ("Shapes", "All SHACL shapes: the shapes graph of a validation."),
    "validate/shapes-core": ("Shapes in SHACL Core", "The shapes for engines without SHACL-SPARQL."),
    "validate/shapes-sparql": ("Shapes with SPARQL", "The shapes that have a SPARQL constraint."),
    "validate/background": (
        "Background of a validation",
        "What new data refer to, and are merged with: ontology, coded values, indicators, entities.",
    ),
}


@dataclass(frozen=True, slots=True)
class _File:
    """A file of an export: its path, its format, whether it is compressed, and its size in bytes."""

    path: str
    format: Format
    compressed: bool
    size: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the dataset and the files that hold it.

    Attributes:
        name: The path of its files, less the ending: `asserted`, `full`, or of a named graph.
        dataset: The IRI of the named graph; None for what is not one.
        triples: How many distinct triples it has; None for a table.
        files: The files that hold it.
    """

    name: str
    dataset: str | None
    triples: int | None
    files: tuple[_File, ...]


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A file of the table of figures, which an export writes as it is.

    Attributes:
        path: The path of the file in the folder.
        format: Its format.
        data: Its bytes.
    """

    path: str
    format: Format
    data: bytes


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


def export(
    store: ox.Store, directory: Path, *, force: bool = False, tables: Sequence[ExportTable] = ()
) -> ExportReport:
    """Write the named graphs of a store to a folder, in place of an earlier export.

    Nothing in the folder changes before all is written; then the files are exchanged one by one, sums last.

    Args:
        store: Its default graph is left out: it is the merge of the others.
        directory: Made where it does not exist.
        force: Whether to write into a folder with other files; files with our names are overwritten.
        tables: The files of the table of figures.

    Raises:
        DataError: the folder has other files, or cannot be written, or a term has no form in a format.
    """
    earlier = _earlier(directory, force=force)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=directory) as staging:
            parts, sums = _write_all(store, Path(staging), tables)
            _exchange(Path(staging), directory, sums, earlier)
    except OSError as error:
        raise DataError(f"Cannot write to {error.filename or directory}: {error.strerror}.") from error
    size = sum((directory / path).stat().st_size for path in sums)
    triples = {part.name: part.triples for part in parts if part.triples is not None}
    return ExportReport(triples, len(sums), size)


def _write_all(
    store: ox.Store, folder: Path, tables: Sequence[ExportTable]
) -> tuple[list[_Part], dict[str, str]]:
    """Write every file; return the parts, and the SHA-256 of each path."""
    sums: dict[str, str] = {}
    parts = [_write_dump(dump, folder, sums) for dump in dumps(store)]
    parts += [_write_turtle(dump, folder, sums) for dump in validation_dumps(store)]
    if tables:
        parts.append(_Part("figures", None, None, tuple(_write_table(each, folder, sums) for each in tables)))
    _write(folder, INDEX, _index(store, parts).encode(), sums)
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items()))
    _write(folder, SUMS, lines.encode(), sums)
    return parts, sums


def _write_dump(dump: Dump, folder: Path, sums: dict[str, str]) -> _Part:
    files: list[_File] = []
    for format_ in FORMATS:
        path, data = f"{dump.name}.{format_.extension}", render(dump, format_)
        packed = f"{path}.{GZIP}"
        files.append(_File(path, format_, False, _write(folder, path, data, sums)))
        files.append(_File(packed, format_, True, _write(folder, packed, compress(data), sums)))
    return _Part(dump.name, dump.dataset, len(dump.triples), tuple(files))


def _write_turtle(dump: Dump, folder: Path, sums: dict[str, str]) -> _Part:
    path = f"{dump.name}.{TURTLE.extension}"
    file = _File(path, TURTLE, False, _write(folder, path, render(dump, TURTLE), sums))
    return _Part(dump.name, None, len(dump.triples), (file,))


def _write_table(table: ExportTable, folder: Path, sums: dict[str, str]) -> _File:
    return _File(table.path, table.format, False, _write(folder, table.path, table.data, sums))


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
        described = _EXPORT in (directory / INDEX).read_text(encoding="utf-8")
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


def _index(store: ox.Store, parts: Sequence[_Part]) -> str:
    """Return the description of an export in Turtle, whose addresses are relative to its own."""
    licences, publishers = (
        {
            quad.object
            for quad in store.quads_for_pattern(ox.NamedNode(DATASET), named(property_), None)
            if isinstance(quad.object, ox.NamedNode)
        }
        for property_ in ("dcterms:license", "dcterms:publisher")
    )
    graphs = (name for part in parts if (name := part.dataset) and not name.startswith(f"{GRAPH}shapes/"))
    triples = [triple for part in parts for triple in _describe(part, licences)]
    triples += describe_agents(store)
    triples += about(
        _EXPORT,
        ("rdf:type", named("dcat:Catalog")),
        ("dcterms:title", english("Export")),
        ("dcterms:description", english("The Zhongguancun Forum graph in files.")),
        *(("dcterms:publisher", publisher) for publisher in publishers),
        *(("dcterms:license", licence) for licence in licences),
    )
    triples += about(_EXPORT, *(("dcat:dataset", ox.NamedNode(_iri(part))) for part in parts))
    triples += about(DATASET, *(("void:subset", ox.NamedNode(graph)) for graph in graphs))
    return canonical_turtle(triples, {**PREFIXES, "export": _EXPORT}).replace(f"<{_HERE}", "<")


def _describe(part: _Part, licences: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
    title, text = _TEXTS.get(part.name) or _texts(part)
    yield from about(
        _iri(part),
        ("rdf:type", named("dcat:Dataset")),
        *([] if part.triples is None else [("rdf:type", named("void:Dataset"))]),
        ("dcterms:isPartOf", ox.NamedNode(DATASET)),
        ("dcterms:title", english(title)),
        ("dcterms:description", english(text)),
        *(("dcterms:license", licence) for licence in licences),
        *([] if part.triples is None else [("void:triples", ox.Literal(part.triples))]),
        *(("dcat:distribution", ox.NamedNode(_EXPORT + file.path)) for file in part.files),
    )
    for file in part.files:
        kind = f"{file.format.label}, compressed" if file.compressed else file.format.label
        packing = ox.NamedNode(f"{MEDIA_TYPES}application/gzip")
        yield from about(
            _EXPORT + file.path,
            ("rdf:type", named("dcat:Distribution")),
            ("dcterms:title", english(f"{title}, {kind}")),
            ("dcterms:identifier", ox.Literal(file.path)),
            ("dcterms:description", english(text)),
            ("dcat:accessURL", ox.NamedNode(f"{_HERE}{INDEX}")),
            ("dcat:downloadURL", ox.NamedNode(_HERE + file.path)),
            *(("dcterms:license", licence) for licence in licences),
            ("dcat:mediaType", ox.NamedNode(MEDIA_TYPES + file.format.media_type)),
            ("dcat:byteSize", ox.Literal(str(file.size), datatype=named("xsd:nonNegativeInteger"))),
            *([("dcat:compressFormat", packing)] if file.compressed else []),
        )


def _texts(part: _Part) -> tuple[str, str]:
    """Return the title and the description of a named graph."""
    name = part.name.removeprefix("graphs/")
    return f"Named graph {name}", f"The triples of the named graph {name}, without those of any other."


def _iri(part: _Part) -> str:
    return part.dataset or _EXPORT + part.name
