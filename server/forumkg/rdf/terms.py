"""Helpers for terms, triples and stores of pyoxigraph.

https://pyoxigraph.readthedocs.io/en/stable/store.html
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from forumkg.namespaces import PREFIXES

__all__ = [
    "about",
    "construct",
    "construct_lines",
    "count_triples",
    "english",
    "in_graph",
    "iri_from",
    "load_lines",
    "merged",
    "merged_triples",
    "name_of",
    "named",
    "quads",
    "select",
]


def iri_from(text: str) -> ox.NamedNode | None:
    """Parse an IRI from untrusted input; return None if it is not an absolute IRI.

    Every input becomes an IRI here: `NamedNode` raises ValueError for about fifty kinds of characters and for
    each broken percent sign.
    """
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


def name_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """Return the IRI of a term, or its N-Triples form if it is a blank node or a literal."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def named(name: str) -> ox.NamedNode:
    """Return the IRI of a prefixed name like `void:triples`, with a prefix of the project."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def english(text: str) -> ox.Literal:
    """Return a text in English."""
    return ox.Literal(text, language="en")


def about(subject: str, *statements: tuple[str, ox.NamedNode | ox.Literal]) -> Iterator[ox.Triple]:
    """Yield a triple on the subject for each pair of a prefixed name and a value."""
    for name, value in statements:
        yield ox.Triple(ox.NamedNode(subject), named(name), value)


def quads(triples: Iterable[ox.Triple], graph: str | None = None) -> Iterator[ox.Quad]:
    """Yield the triples as quads of a named graph, or of the default graph."""
    name = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, name)


def in_graph(lines: bytes, graph: str) -> bytes:
    """Return N-Triples, as Oxigraph writes them, as the N-Quads of a named graph."""
    # Within a literal a line end is escaped, so this is the end of a triple and nothing else.
    return lines.replace(b" .\n", f" <{graph}> .\n".encode())


def load_lines(store: ox.Store, lines: bytes) -> None:
    """Add N-Quads to a store in bulk; blank nodes keep their labels."""
    if b"_:" in lines:
        # Oxigraph's loader gives blank nodes new labels, its parser keeps them.
        labelled = [line for line in lines.splitlines() if b"_:" in line]
        store.bulk_extend(ox.parse(b"\n".join(labelled), format=ox.RdfFormat.N_QUADS))
        lines = b"".join(line for line in lines.splitlines(keepends=True) if b"_:" not in line)
    store.bulk_load(lines, format=ox.RdfFormat.N_QUADS)


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
    return frozenset(_constructed(store, query))


def construct_lines(store: ox.Store, query: str) -> bytes:
    """Return what a CONSTRUCT query gives on the default graph as N-Triples, written by the engine.

    Raises:
        SyntaxError: the query is not SPARQL.
        TypeError: the query is not a CONSTRUCT or DESCRIBE query.
    """
    return _constructed(store, query).serialize(format=ox.RdfFormat.N_TRIPLES) or b""


def _constructed(store: ox.Store, query: str) -> ox.QueryTriples:
    result = store.query(query)
    if not isinstance(result, ox.QueryTriples):
        raise TypeError(f"Not a CONSTRUCT query: {query}")
    return result


def count_triples(store: ox.Store, graph: str | None = None) -> int:
    """Return the number of triples of a named graph, or of the default graph."""
    pattern = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
    (row,) = select(store, f"SELECT (COUNT(*) AS ?number) WHERE {{ {pattern} }}")
    return int(row["number"].value)


def select(store: ox.Store, query: str) -> ox.QuerySolutions:
    """Return the solutions of a SELECT query."""
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 (a SELECT has solutions)
    return solutions
