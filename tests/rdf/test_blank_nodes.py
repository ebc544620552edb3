"""Blank nodes with labels that follow from the triples."""

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from forumkg.rdf.blank_nodes import with_canonical_labels

P, Q = ox.NamedNode("http://example.org/p"), ox.NamedNode("http://example.org/q")
NODES = st.one_of(
    st.integers(0, 4).map(lambda n: ox.BlankNode(f"n{n}")),
    st.integers(0, 2).map(lambda n: ox.NamedNode(f"http://example.org/{n}")),
)
TRIPLES = st.lists(st.builds(ox.Triple, NODES, st.sampled_from([P, Q]), NODES), max_size=8)


def relabelled(triples: list[ox.Triple]) -> list[ox.Triple]:
    """Return the same triples as another parser might read them."""
    names: dict[str, ox.BlankNode] = {}

    def other(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.BlankNode:
        assert isinstance(term, ox.NamedNode | ox.BlankNode)
        return names.setdefault(term.value, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term

    return [ox.Triple(other(t.subject), t.predicate, other(t.object)) for t in reversed(triples)]


@given(TRIPLES)
def test_same_triples_have_same_labels(triples: list[ox.Triple]) -> None:
    """Neither the labels nor the order of the input matter, and the graphs are isomorphic."""
    found = set(with_canonical_labels(triples, "a"))

    assert found == set(with_canonical_labels(relabelled(triples), "a"))
    graphs = [ox.Dataset([ox.Quad(*t) for t in each]) for each in (triples, found)]
    for graph in graphs:
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert graphs[0] == graphs[1]


def test_other_scope_has_other_labels() -> None:
    """Nodes of two documents stay two nodes."""
    triples = [ox.Triple(ox.BlankNode("x"), P, ox.Literal("1"))]

    (one,), (other,) = (with_canonical_labels(triples, scope) for scope in ("a", "b"))
    assert one.subject != other.subject


def test_triple_terms_are_renamed_too() -> None:
    """A blank node within a triple term is the one outside."""
    node = ox.BlankNode("x")
    triples = [
        ox.Triple(ox.NamedNode("http://example.org/s"), P, ox.Triple(node, Q, ox.Literal("1"))),
        ox.Triple(node, Q, ox.Literal("2")),
    ]

    subjects = {
        term.object.subject if isinstance(term.object, ox.Triple) else term.subject
        for term in with_canonical_labels(triples, "a")
    }
    assert len(subjects) == 1
    assert subjects != {node}
