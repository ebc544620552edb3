"""Describe the files of an export: which part of the dataset, which format, how much.

https://www.w3.org/TR/vocab-dcat-3/ and https://www.w3.org/TR/void/
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.description import DATASET
from forumkg.formats import Format
from forumkg.namespaces import BASE, PREFIXES
from forumkg.rdf.canonical import canonical_turtle
from forumkg.rdf.terms import about, named

__all__ = ["EXPORT", "DumpFile", "Written", "index"]

EXPORT: Final = f"{BASE}export/"

_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_TEXTS: Final = {
    "asserted": ("Asserted triples", "What the files of the dataset say, the shapes left out."),
    "full": (
        "All triples",
        "What is asserted, and what is entailed and derived from it; the shapes left out.",
    ),
}


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file of an export: its path, its format, whether it is compressed, and its size in bytes."""

    path: str
    format: Format
    compressed: bool
    size: int


@dataclass(frozen=True, slots=True)
class Written:
    """A part of the dataset and the files that hold it.

    Attributes:
        name: `asserted`, `full`, or the path of a named graph.
        dataset: The IRI of the named graph; None for the two merges.
        triples: How many distinct triples it has.
        files: The files that hold it.
    """

    name: str
    dataset: str | None
    triples: int
    files: tuple[DumpFile, ...]


def index(parts: Iterable[Written], licences: Iterable[ox.NamedNode]) -> str:
    """Return the description of an export in Turtle."""
    parts, licences = tuple(parts), tuple(licences)
    graphs = tuple(ox.NamedNode(part.dataset) for part in parts if part.dataset)
    triples = [triple for part in parts for triple in _part(part, licences)]
    triples += about(EXPORT, ("rdf:type", named("dcat:Catalog")), ("dcterms:title", _english("Export")))
    triples += about(EXPORT, *(("dcat:dataset", ox.NamedNode(_iri(part))) for part in parts))
    triples += about(DATASET, *(("void:subset", graph) for graph in graphs))
    return canonical_turtle(triples, {**PREFIXES, "export": EXPORT})


def _part(part: Written, licences: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
    title, text = _TEXTS.get(part.name, (f"Named graph {part.name.removeprefix('graphs/')}", ""))
    yield from about(
        _iri(part),
        ("rdf:type", named("dcat:Dataset")),
        ("rdf:type", named("void:Dataset")),
        ("dcterms:isPartOf", ox.NamedNode(DATASET)),
        ("dcterms:title", _english(title)),
        *([("dcterms:description", _english(text))] if text else []),
        *(("dcterms:license", licence) for licence in licences),
        ("void:triples", ox.Literal(part.triples)),
        *(("dcat:distribution", ox.NamedNode(EXPORT + file.path)) for file in part.files),
    )
    for file in part.files:
        kind = f"{file.format.label}, compressed" if file.compressed else file.format.label
        packing = ox.NamedNode(f"{_MEDIA_TYPES}application/gzip")
        yield from about(
            EXPORT + file.path,
            ("rdf:type", named("dcat:Distribution")),
            ("dcterms:title", _english(f"{title}, {kind}")),
            ("dcterms:identifier", ox.Literal(file.path)),
            ("dcat:mediaType", ox.NamedNode(_MEDIA_TYPES + file.format.media_type)),
            ("dcat:byteSize", ox.Literal(str(file.size), datatype=named("xsd:nonNegativeInteger"))),
            *([("dcat:compressFormat", packing)] if file.compressed else []),
        )


def _iri(part: Written) -> str:
    return part.dataset or EXPORT + part.name


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")
