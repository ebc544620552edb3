"""The triples of the shipped ontology and the frozen articles, for tests that judge them as a whole."""

from functools import cache

import pyoxigraph as ox

from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory
from forumkg.rdf.reading import parse


@cache
def ontology_triples() -> tuple[ox.Triple, ...]:
    """Return the triples of the ontology, its vocabulary and its alignments."""
    return tuple(triple for file in source_files() if file.is_ontology for triple in parse(file.path))


@cache
def asserted_triples() -> tuple[ox.Triple, ...]:
    """Return the triples of all files but the shapes."""
    return tuple(triple for file in source_files() if not file.is_shapes for triple in parse(file.path))


@cache
def shipped_store() -> ox.Store:
    """Return a store that is built from the shipped files; no test changes it."""
    return in_memory(source_files())
