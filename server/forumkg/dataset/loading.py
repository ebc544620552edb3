"""Load the files of the dataset into a store: each as its named graph, and all but the shapes in the merge.

A file goes through N-Triples, which the engine writes and reads: a batch of files is one bulk load, and what
a load holds in memory is bounded by the size of a batch, not by the dataset.
https://www.w3.org/TR/n-triples/#n-triples-grammar
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.files import SourceFile
from forumkg.errors import DataError
from forumkg.namespaces import PREFIXES, shorten
from forumkg.rdf.blank_nodes import with_canonical_labels
from forumkg.rdf.reading import parse, parsed, read_text
from forumkg.rdf.terms import in_graph, load_lines
from forumkg.rdf.turtle.positions import locations

__all__ = ["document_lines", "load_files"]

# Bytes of N-Quads in a bulk load, for which Oxigraph needs some seven times as much memory.
_BATCH: Final = 32_000_000
# What is smaller may have fewer digits than this: -2^63 has nineteen. Zeros in front make a number longer.
_LONG_NUMBER: Final = re.compile(
    rb'"[+-]?(?=[0-9.]{19})(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"\^\^<'
    + re.escape(PREFIXES["xsd"].encode())
    + rb"(?:integer|decimal|long|int|short|byte|nonNegativeInteger|positiveInteger|nonPositiveInteger"
    rb"|negativeInteger|unsignedLong|unsignedInt|unsignedShort|unsignedByte)>"
)


def load_files(store: ox.Store, files: Iterable[SourceFile]) -> None:
    """Add each file to a store.

    Args:
        store: Its default graph is the RDF merge of all graphs but the shapes.
        files: The Turtle files, one for each named graph.

    Raises:
        DataError: a file cannot be read, or has a number that the engine cannot compute with.
    """
    for batch in _batches(_quads_of(file) for file in files):
        load_lines(store, batch)


def document_lines(file: SourceFile) -> bytes:
    """Return the triples of a file as N-Triples, blank nodes with canonical labels.

    Raises:
        DataError: the file cannot be read, or has a number that the engine cannot compute with.
    """
    lines = _n_triples(parsed(file.path))
    if b"_:" in lines:  # or a literal that has this; then the labels stay as they are
        lines = _n_triples(with_canonical_labels(parse(file.path), file.graph))
    _check_numbers(file, lines)
    return lines


def _n_triples(triples: Iterable[ox.Triple] | Iterable[ox.Quad]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _quads_of(file: SourceFile) -> bytes:
    lines = document_lines(file)
    named = in_graph(lines, file.graph)
    return named if file.is_shapes else named + lines


def _batches(parts: Iterable[bytes]) -> Iterator[bytes]:
    batch: list[bytes] = []
    size = 0
    for part in parts:
        batch.append(part)
        size += len(part)
        if size > _BATCH:
            yield b"".join(batch)
            batch, size = [], 0
    if batch:
        yield b"".join(batch)


def _check_numbers(file: SourceFile, lines: bytes) -> None:
    """Refuse integers beyond 64 bits, and decimals beyond 128 with 18 digits behind the point.

    XML Schema bounds neither, but to Oxigraph a larger one is not a number: ORDER BY, MAX and comparisons
    would be wrong without an error.
    """
    suspects = [line for line in lines.splitlines() if _LONG_NUMBER.search(line)]
    quads = ox.parse(b"\n".join(suspects), format=ox.RdfFormat.N_TRIPLES) if suspects else ()
    for quad in sorted(quads, key=str):
        if not _is_number(quad.object):
            number = str(getattr(quad.object, "value", quad.object))
            subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else str(quad.subject)
            line = locations(read_text(file.path)).line(subject, quad.predicate.value, number)
            raise DataError(
                f"{file.path}:{line or 1}: the number {number} of {shorten(quad.predicate.value)} cannot be "
                "computed with: write an integer from -2^63 to 2^63-1, a decimal with at most 18 digits on "
                "each side of the point, or an xsd:double."
            )


def _is_number(literal: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> bool:
    return bool(ox.Store().query(f"ASK {{ FILTER (isNumeric({literal})) }}"))
