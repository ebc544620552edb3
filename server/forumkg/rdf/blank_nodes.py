"""Give blank nodes labels that follow from the triples, so that two readings of one file are equal.

A parser labels blank nodes at random: their labels in answers would differ between servers of the same files.
https://www.w3.org/TR/rdf-canon/
"""

import hashlib
from collections.abc import Iterable
from typing import Final, TypeVar

import pyoxigraph as ox

from forumkg.rdf.terms import quads

__all__ = ["with_canonical_labels"]

_Term = TypeVar("_Term", bound=ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple)
# Hexadecimal digits of the digest of a scope: some dozens of files have no two alike.
_DIGITS: Final = 12


def with_canonical_labels(triples: Iterable[ox.Triple], scope: str) -> tuple[ox.Triple, ...]:
    """Return triples whose blank nodes have canonical labels (RDFC-1.0), different in each scope.

    Args:
        triples: The triples of one document.
        scope: The name of the document: with one label, nodes of two documents would be one blank node.
    """
    triples = tuple(triples)
    if not any(_has_blank_node(triple) for triple in triples):
        return triples
    dataset = ox.Dataset(quads(triples))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    start = f"b{hashlib.sha256(scope.encode()).hexdigest()[:_DIGITS]}"
    return tuple(_renamed_triple(quad.triple, start) for quad in dataset)


def _has_blank_node(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode | ox.Triple)


def _renamed_triple(triple: ox.Triple, start: str) -> ox.Triple:
    return ox.Triple(_renamed(triple.subject, start), triple.predicate, _renamed(triple.object, start))


def _renamed(term: _Term, start: str) -> _Term | ox.BlankNode | ox.Triple:
    if isinstance(term, ox.BlankNode):
        return ox.BlankNode(start + term.value)
    return _renamed_triple(term, start) if isinstance(term, ox.Triple) else term
