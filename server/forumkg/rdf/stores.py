"""Read triples from a pyoxigraph store, and write them to one.

https://pyoxigraph.readthedocs.io/en/stable/store.html
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

__all__ = ["construct", "merged", "merged_triples", "quads"]


def quads(triples: Iterable[ox.Triple], graph: str | None = None) -> Iterator[ox.Quad]:
    """Yield the triples as quads of a named graph, or of the default graph."""
    name = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, name)


def merged(store: ox.Store) -> Iterator[ox.Triple]:
    """Yield the triples of the default graph, which is the merge of the others."""
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        yield quad.triple


def merged_triples(triples: Iterable[ox.Triple]) -> ox.Store:
    """Return a store in memory whose default graph holds the triples."""
    store = ox.Store()
    store.bulk_extend(quads(triples))
    return store


def construct(store: ox.Store, query: str) -> frozenset[ox.Triple]:
    """Return the triples that a CONSTRUCT query gives on the default graph.

    Raises:
        SyntaxError: the query is not SPARQL.
        TypeError: the query is not a CONSTRUCT or DESCRIBE query.
    """
    result = store.query(query)
    if not isinstance(result, ox.QueryTriples):
        raise TypeError(f"Not a CONSTRUCT query: {query}")
    return frozenset(result)
