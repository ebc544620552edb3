"""The description of one thing."""

import pyoxigraph as ox
import pytest
from turtle_text import triples

from forumkg.dataset import things
from forumkg.namespaces import GRAPH, ID, ONTOLOGY, PREFIXES, SHAPES, ZGC
from forumkg.rdf.terms import quads

PASSAGE = f"<{ID}article/a/char=0,93>"
SELECTOR = f"<{ID}article/a/char=0,93/selector>"
STATEMENT = f"<{ID}statement/a/1>"
QUANTITY = f"<{ID}quantity/a/1>"

ON_QUANTITY = f"{QUANTITY} zgc:statedNumber 650 ."
ON_STATEMENT = f"""
    {STATEMENT} a zgc:Statement ; zgc:hasQuantity {QUANTITY} ; zgc:isSupportedBy {PASSAGE} ;
        zgc:paraphrase "More than 650 came."@en .
"""
ON_SELECTOR = f"{SELECTOR} oa:start 0 ; oa:end 93 ."
ON_PASSAGE = f"{PASSAGE} a zgc:Passage ; oa:hasSelector {SELECTOR} ."
ON_SHAPE = "shapes:Kind sh:path rdf:type ; sh:in ( zgc:Passage zgc:Statement ) ."
ON_ONTOLOGY = f"""
    <{ONTOLOGY}> dcterms:title "Terms"@en .
    zgc:Statement rdfs:isDefinedBy <{ONTOLOGY}> ; skos:prefLabel "statement"@en , "陈述"@zh .
"""


@pytest.fixture
def store() -> ox.Store:
    """Return a store with facts in a graph and in the default graph, and shapes in a graph only."""
    store = ox.Store()
    for text in (ON_QUANTITY, ON_STATEMENT, ON_SELECTOR, ON_PASSAGE, ON_ONTOLOGY):
        store.extend(quads(triples(text)))
        store.extend(quads(triples(text), f"{GRAPH}facts"))
    store.extend(quads(triples(ON_SHAPE), f"{GRAPH}shapes/kinds"))
    return store


def texts(triples: frozenset[ox.Triple] | None) -> set[str]:
    """Return triples as N-Triples, in which all blank nodes look alike."""
    return {
        " ".join("_:" if isinstance(term, ox.BlankNode) else str(term) for term in triple)
        for triple in triples or ()
    }


def test_statement_has_its_quantity(store: ox.Store) -> None:
    """The description of a statement has the number that it states, each triple once."""
    thing = things.find(store, STATEMENT.strip("<>"))

    assert thing.own == set(triples(ON_STATEMENT + ON_QUANTITY))
    assert thing.inbound == frozenset()


def test_passage_has_its_selector_and_who_stands_on_it(store: ox.Store) -> None:
    """The description of a passage has its selector, and the statements that it supports."""
    thing = things.find(store, PASSAGE.strip("<>"))
    supports = triples(f"{STATEMENT} zgc:isSupportedBy {PASSAGE} .")

    assert thing.own == set(triples(ON_PASSAGE + ON_SELECTOR))
    assert thing.inbound == frozenset(supports)
    assert things.document(store, thing.iri) == thing.own | set(supports)


def test_shape_has_its_lists(store: ox.Store) -> None:
    """What has no name is described where it is used, in the graphs of the shapes too."""
    assert texts(things.find(store, f"{SHAPES}Kind").own) == texts(frozenset(triples(ON_SHAPE)))


def test_inbound_through_a_list(store: ox.Store) -> None:
    """What points to a thing through a blank node is followed to something that has a name."""
    inbound = texts(things.find(store, f"{ZGC}Statement").inbound)

    assert f"<{SHAPES}Kind> <{PREFIXES['sh']}in> _:" in inbound


def test_graphs_of(store: ox.Store) -> None:
    """A graph is its own document; the shapes are all their graphs; anything else has a description."""
    shapes = f"{GRAPH}shapes/kinds"

    assert things.graphs_of(store, shapes) == (shapes,)
    assert things.graphs_of(store, SHAPES.removesuffix("/")) == (shapes,)
    assert things.graphs_of(store, f"{SHAPES}Kind") == ()


def test_first_known(store: ox.Store) -> None:
    """A thing is known that some triple is on, in whatever graph, and so is a graph."""
    known = [f"{SHAPES}Kind", f"{GRAPH}facts", STATEMENT.strip("<>")]

    assert [things.first_known(store, (f"{ID}nothing", iri)) for iri in known] == known
    assert things.first_known(store, (f"{ID}nothing", f"{ZGC}paraphrase")) is None


def test_too_many_inbound(store: ox.Store) -> None:
    """Where more points to a thing than a description holds, none of it is there, not some."""
    pointing = "".join(
        f"<{ID}statement/b/{number}> zgc:isAbout ex:thing .\n" for number in range(things.INBOUND)
    )
    store.extend(quads(triples(pointing)))
    at_bound = things.find(store, "http://example.org/thing")
    store.extend(quads(triples("ex:other zgc:isAbout ex:thing .")))
    over_bound = things.find(store, "http://example.org/thing")

    assert at_bound.inbound == frozenset(triples(pointing))
    assert over_bound.inbound is None
    assert things.document(store, "http://example.org/thing") == set()


def test_large_thing(store: ox.Store) -> None:
    """Of a thing it is known whether more is said than a description holds."""
    store.extend(quads(triples("".join(f"ex:thing ex:p {number} .\n" for number in range(things.OWN)))))
    at_bound = things.is_large(store, "http://example.org/thing")
    store.extend(quads(triples("ex:thing ex:q 1 .")))

    assert (at_bound, things.is_large(store, "http://example.org/thing")) == (False, True)
    assert not things.is_large(store, "http://example.org/nothing")
