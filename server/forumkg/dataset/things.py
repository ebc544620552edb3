"""Describe one thing: its symmetric concise bounded description over all graphs.

The triples about it, its blank nodes, selectors and quantities, and the triples that point to it.
https://www.w3.org/submissions/CBD/
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import GRAPH, ONTOLOGY, SHAPES
from forumkg.rdf.terms import named

__all__ = [
    "INBOUND",
    "OWN",
    "Node",
    "ThingDescription",
    "document",
    "find",
    "first_known",
    "graphs_of",
    "is_large",
    "versioned",
]

Node = ox.NamedNode | ox.BlankNode

# The most triples that point to a thing which its description has: they are there all together or not at all,
# so that some are not mistaken for all. A query returns any number of them.
INBOUND: Final = 1000

# The most triples about a thing that this process describes: a query returns those of a larger one.
OWN: Final = 10_000

# A passage says little without its selector, a statement without its quantity, a dataset without its counts
# and the names of its makers.
_PARTS: Final = frozenset(
    map(
        named,
        (
            "dcterms:creator",
            "dcterms:publisher",
            "oa:hasSelector",
            "sh:declare",
            "void:classPartition",
            "void:propertyPartition",
            "zgc:hasQuantity",
        ),
    )
)
# An ontology and the folder of the files that it is: https://www.w3.org/TR/owl2-syntax/#Ontology_Documents
_FOLDERS: Final = {ONTOLOGY: f"{GRAPH}ontology/", SHAPES.removesuffix("/"): f"{GRAPH}shapes/"}


@dataclass(frozen=True, slots=True)
class ThingDescription:
    """The triples about a thing.

    Attributes:
        iri: its name.
        own: the triples on it and on its parts.
        inbound: the triples that point to it; None where they are more than INBOUND.
    """

    iri: str
    own: frozenset[ox.Triple]
    inbound: frozenset[ox.Triple] | None


def first_known(store: ox.Store, iris: Iterable[str]) -> str | None:
    """Return the first of some IRIs that a triple has as subject or that names a graph, or None."""
    return next((iri for iri in iris if _is_known(store, ox.NamedNode(iri))), None)


def _is_known(store: ox.Store, node: ox.NamedNode) -> bool:
    return store.contains_named_graph(node) or any(True for _ in store.quads_for_pattern(node, None, None))


def graphs_of(store: ox.Store, iri: str) -> tuple[str, ...]:
    """Return the named graphs that are the document of an IRI; none where it is a description.

    A graph is its own document. The document of the ontology is all graphs of its folder, and so is that of
    the shapes: a description would lose axioms whose subject is a blank node. The document of its version is
    the same.
    """
    if store.contains_named_graph(ox.NamedNode(iri)):
        return (iri,)
    folder = _FOLDERS.get(versioned(store, iri))
    graphs = (name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode)) if folder else ()
    return tuple(sorted(graph for graph in graphs if folder and graph.startswith(folder)))


def versioned(store: ox.Store, iri: str) -> str:
    """Return the ontology whose current version an IRI names; the IRI itself where it names another thing."""
    current = store.quads_for_pattern(None, named("owl:versionIRI"), ox.NamedNode(iri), None)
    return next((quad.subject.value for quad in current if isinstance(quad.subject, ox.NamedNode)), iri)


def is_large(store: ox.Store, iri: str) -> bool:
    """Whether there are more than OWN triples about a thing, each counted once for each graph."""
    said = store.quads_for_pattern(ox.NamedNode(iri), None, None)
    return sum(1 for _ in islice(said, OWN + 1)) > OWN


def find(store: ox.Store, iri: str) -> ThingDescription:
    """Return the description of a thing; an empty one if it is unknown."""
    node = ox.NamedNode(iri)
    return ThingDescription(iri, frozenset(_closure(store, node)), _inbound(store, node))


def document(store: ox.Store, iri: str) -> frozenset[ox.Triple]:
    """Return the triples of the document about a thing: its description and what points to it."""
    thing = find(store, iri)
    return thing.own | (thing.inbound or frozenset())


def _triples(
    store: ox.Store, subject: Node | None, predicate: ox.NamedNode | None, object_: Node | None
) -> Iterator[ox.Triple]:
    """Yield the triples of all graphs, the shapes too; one that several graphs hold comes several times."""
    for quad in store.quads_for_pattern(subject, predicate, object_, None):
        yield quad.triple


def _closure(store: ox.Store, node: Node) -> Iterator[ox.Triple]:
    """Yield the triples on a node, on its parts and on the blank nodes that they lead to."""
    waiting = [node]
    seen = set(waiting)
    while waiting:
        for triple in _triples(store, waiting.pop(), None, None):
            yield triple
            part = _part(triple)
            if part is not None and part not in seen:
                seen.add(part)
                waiting.append(part)


def _part(triple: ox.Triple) -> Node | None:
    """Return the object where it has no name, or cannot be left out of a description of the subject."""
    if isinstance(triple.object, ox.BlankNode):
        return triple.object
    return triple.object if isinstance(triple.object, ox.NamedNode) and triple.predicate in _PARTS else None


def _inbound(store: ox.Store, node: ox.NamedNode) -> frozenset[ox.Triple] | None:
    waiting: list[Node] = [node]
    found: set[ox.Triple] = set()
    while waiting:
        for triple in _triples(store, None, None, waiting.pop()):
            # A blank node is only a part of its owner: what points to it points to the thing.
            if triple not in found and isinstance(triple.subject, ox.BlankNode):
                waiting.append(triple.subject)
            found.add(triple)
            if len(found) > INBOUND:
                return None
    return frozenset(found)
