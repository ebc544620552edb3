"""Check a whole dataset on disk in batches, so that the memory does not grow with the dataset.

A batch is some things of the dataset with all that decides what is found about them (`slices.slice_of`). The
findings about all things are those in the whole: each finding has one thing that it is about, or is about the
text of a file, and files are read one after the other.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import pyoxigraph as ox
from rdflib import URIRef

from forumkg.texts.reading import Text
from forumkg.validation.checks import Progress, find, form_of
from forumkg.validation.findings import Finding
from forumkg.validation.patterns import Unbounded
from forumkg.validation.slices import slice_of
from forumkg.validation.stored_dataset import StoredDataset
from forumkg.validation.usage import check_usage
from forumkg.validation.workspace import Workspace

__all__ = ["batches_of", "find_in_batches"]

# Triples about the things of a batch: some 200 MB. Smaller ones take more time in all.
_BATCH: Final = 10_000


def find_in_batches(
    dataset: StoredDataset,
    texts: Sequence[Text] | None,
    progress: Progress,
    most: int = _BATCH,
) -> set[Finding]:
    """Return all findings in a dataset.

    Args:
        dataset: the dataset.
        texts: article texts; None for a check without them.
        progress: called with a description of each step before it begins.
        most: triples about the things of a batch; more where one thing has more.

    Raises:
        Unbounded: the findings about a thing depend on the whole, or it has no name.
        DataError: a file of the dataset cannot be read.
    """
    found = _of_terms(dataset)
    size = dataset.counts.triples
    done = 0
    for things, triples in batches_of(dataset, most):
        progress(f"checking {done * 100 // max(size, 1)}% of {size:,} triples")
        part = slice_of(things, dataset)
        found |= find(part, texts)
        found |= set(check_usage(part))
        done += triples
    progress("checking the form of the files")
    faulty = {finding.path for finding in found if finding.severity == "violation"}
    for file in dataset.read_facts():
        found |= form_of(file, faulty)
    return found


def _of_terms(dataset: StoredDataset) -> set[Finding]:
    """Return the findings in the ontology and the shapes about nothing that a batch has.

    These are the shapes themselves, and blank nodes of the ontology, to which no data can refer.
    """
    named = {str(node) for node in dataset.ontology.subjects(unique=True) if isinstance(node, URIRef)}
    return {finding for finding in find(Workspace(dataset.terms)) if finding.focus not in named}


def batches_of(dataset: StoredDataset, most: int) -> Iterator[tuple[list[ox.NamedNode], int]]:
    """Yield the things that the files describe, each once, and how many triples of the files say so."""
    things: list[ox.NamedNode] = []
    triples = 0
    order = {graph: number for number, graph in enumerate(dataset.graphs)}
    for graph, number in order.items():
        quads = dataset.store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        for subject, about in groupby(quads, key=lambda quad: quad.subject):
            objects = [quad.object for quad in about]
            if graph in dataset.facts and any(isinstance(each, ox.BlankNode) for each in (subject, *objects)):
                raise Unbounded("a blank node")
            if not isinstance(subject, ox.NamedNode):
                continue
            # A thing that several files describe is among those of the first one.
            everywhere = dataset.store.quads_for_pattern(subject, None, None, None)
            graphs = (quad.graph_name for quad in everywhere)
            files = [
                order[each.value] for each in graphs if isinstance(each, ox.NamedNode) and each.value in order
            ]
            if min(files) == number:
                things.append(subject)
                triples += len(files)
            if triples >= most:
                yield things, triples
                things, triples = [], 0
    if things:
        yield things, triples
