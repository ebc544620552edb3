"""Split a dataset into dumps, and write each in every format: the same triples give the same bytes.

Blank nodes get the labels of https://www.w3.org/TR/rdf-canon/, so that two builds of the same files agree.
"""

import gzip
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.formats import DATASET_FORMATS, GRAPH_FORMATS, Format
from forumkg.namespaces import DERIVED, DESCRIPTION, ENTAILED, GRAPH, PREFIXES, QUESTIONS
from forumkg.rdf.terms import named
from forumkg.rdf.turtle.full_names import names_in_full

__all__ = ["FORMATS", "GZIP", "Dump", "compress", "dumps", "render", "validation_dumps"]

FORMATS: Final = (*GRAPH_FORMATS, *DATASET_FORMATS)
GZIP: Final = "gz"

_SHAPES: Final = f"{GRAPH}shapes/"
# What new data refer to: the terms, the coded values and indicators, and the things that articles speak of.
_BACKGROUND: Final = (f"{GRAPH}ontology/", f"{GRAPH}entities")
_BUILT: Final = frozenset({DERIVED, DESCRIPTION, ENTAILED, QUESTIONS})
_SPARQL: Final = (named("sh:sparql"), named("sh:declare"))
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
# XML 1.0 has no way to write these, not even as a character reference: https://www.w3.org/TR/xml/#charsets
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple


@dataclass(frozen=True, slots=True)
class Dump:
    """A part of the dataset that is written to a file of its own in each format.

    Attributes:
        name: The path of its files, less the ending.
        dataset: The IRI of the part if it is a named graph, else None.
        quads: In the order in which they are written.
        triples: The same without their graphs, each once.
    """

    name: str
    dataset: str | None
    quads: tuple[ox.Quad, ...]
    triples: tuple[ox.Triple, ...]


def dumps(store: ox.Store) -> Iterator[Dump]:
    """Yield `asserted`, then `full`, then each named graph of a store.

    `asserted` is what the files say, less the shapes; `full` has what the build adds, too. The default graph,
    which is the merge of the others, is left out: it would double each quad.

    Raises:
        DataError: the IRI of a graph cannot be turned into the name of a file.
    """
    graphs = _graphs(store, "")
    merged = [name for name in graphs if not name.startswith(_SHAPES)]
    asserted = [name for name in merged if name not in _BUILT]
    yield _dump("asserted", None, (quad for name in asserted for quad in graphs[name]))
    yield _dump("full", None, (quad for name in merged for quad in graphs[name]))
    for name in sorted(graphs):
        yield _dump(f"graphs/{_file_name(name)}", name, graphs[name])


def validation_dumps(store: ox.Store) -> Iterator[Dump]:
    """Yield what a SHACL engine needs to validate new data: all shapes, their two parts, and the background.

    The shapes with a SPARQL constraint are a part of their own, for engines that know SHACL Core alone.
    """
    graphs = _graphs(store, (_SHAPES, *_BACKGROUND))
    shapes = [quad for name in graphs if name.startswith(_SHAPES) for quad in graphs[name]]
    with_sparql = _closure(shapes, {quad.subject for quad in shapes if quad.predicate in _SPARQL})
    yield _dump("validate/shapes", None, shapes)
    yield _dump("validate/shapes-core", None, (quad for quad in shapes if quad.subject not in with_sparql))
    yield _dump("validate/shapes-sparql", None, (quad for quad in shapes if quad.subject in with_sparql))
    background = (name for name in graphs if name.startswith(_BACKGROUND))
    yield _dump("validate/background", None, (quad for name in background for quad in graphs[name]))


def _graphs(store: ox.Store, starts: str | tuple[str, ...]) -> dict[str, list[ox.Quad]]:
    """Return the quads of each named graph whose name starts so, with canonical labels of blank nodes."""
    graphs: defaultdict[str, list[ox.Quad]] = defaultdict(list)
    labelled: list[ox.Quad] = []
    for graph in store.named_graphs():
        if isinstance(graph, ox.NamedNode) and graph.value.startswith(starts):
            for quad in store.quads_for_pattern(None, None, None, graph):
                (labelled if _has_blank_node(quad) else graphs[graph.value]).append(quad)
    # Canonical labels depend only on quads with blank nodes, so the others are left out.
    dataset = ox.Dataset(labelled)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    for quad in dataset:
        graphs[quad.graph_name.value].append(quad)
    return graphs


def _has_blank_node(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode | ox.Triple)


def _closure(quads: Iterable[ox.Quad], nodes: set[_Node]) -> set[_Node]:
    """Return some nodes and the blank nodes to which they lead."""
    parts: dict[_Node, list[ox.BlankNode]] = {}
    for quad in quads:
        if isinstance(quad.object, ox.BlankNode):
            parts.setdefault(quad.subject, []).append(quad.object)
    found, waiting = set(nodes), list(nodes)
    while waiting:
        new = [part for part in parts.get(waiting.pop(), ()) if part not in found]
        found.update(new)
        waiting += new
    return found


def render(dump: Dump, format: Format) -> bytes:  # noqa: A002 (the word of the table of formats)
    """Return a dump in a format.

    Raises:
        DataError: RDF/XML cannot write a predicate or a literal of the dump.
    """
    rdf_format = ox.RdfFormat.from_media_type(format.media_type)
    if rdf_format is None:
        raise DataError(f"No writer for {format.label}.")
    if format.name == "rdfxml":
        _check_xml(dump.triples)
    statements = dump.quads if format in DATASET_FORMATS else dump.triples
    prefixes = _used_prefixes(dump.triples)
    data = ox.serialize(statements, format=rdf_format, prefixes=prefixes) or b""
    match format.name:
        case "turtle" | "trig":
            return names_in_full(_sort_prefixes(data), prefixes)
        case "rdfxml":
            # A parser of XML reads a bare carriage return as a line feed, and the literal would be another.
            return data.replace(b"\r", b"&#13;")
    return data


def compress(data: bytes) -> bytes:
    """Return gzip without name and time, so that the same data give the same bytes."""
    target = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0) as file:
        file.write(data)
    return target.getvalue()


def _dump(name: str, dataset: str | None, quads: Iterable[ox.Quad]) -> Dump:
    ordered = tuple(sorted(quads, key=str))
    triples = tuple(sorted({quad.triple for quad in ordered}, key=str))
    return Dump(name, dataset, tuple(sorted(ordered, key=lambda quad: str(quad.graph_name))), triples)


def _file_name(graph: str) -> str:
    name = graph.removeprefix(GRAPH)
    if name == graph or not _NAME.fullmatch(name):
        raise DataError(
            f"Cannot name a file after the graph <{graph}>: call it <{GRAPH}…> with letters, digits, "
            "hyphens and slashes."
        )
    return name


def _sort_prefixes(turtle: bytes) -> bytes:
    lines = turtle.splitlines(keepends=True)
    head = list(takewhile(lambda line: line.startswith(b"@prefix "), lines))
    return b"".join([*sorted(head), *lines[len(head) :]])


def _used_prefixes(triples: Iterable[ox.Triple]) -> dict[str, str]:
    iris: set[str] = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode):
                iris.add(term.value)
            elif isinstance(term, ox.Literal):
                iris.add(term.datatype.value)
    return {prefix: space for prefix, space in PREFIXES.items() if any(iri.startswith(space) for iri in iris)}


def _check_xml(triples: Iterable[ox.Triple]) -> None:
    for triple in triples:
        if not _XML_NAME.search(triple.predicate.value):
            raise DataError(
                f"RDF/XML cannot write the predicate {triple.predicate}: "
                "let it end in a name that starts with a letter."
            )
        if isinstance(triple.object, ox.Literal) and (found := _NOT_XML.search(triple.object.value)):
            raise DataError(
                f"RDF/XML cannot write the character U+{ord(found.group()):04X}, which {triple.predicate} "
                f"of {triple.subject} has: leave it out."
            )
