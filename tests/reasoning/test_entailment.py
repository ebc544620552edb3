"""What the rules entail, on small ontologies and against owlrl."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_ontologies import AXIOMS, DECLARATIONS, FACTS
from turtle_text import triples

from forumkg.namespaces import ENTAILED, PREFIXES
from forumkg.rdf.terms import merged_triples, name_of
from forumkg.reasoning import owlrl_closure
from forumkg.reasoning.entailment import entail, entailed
from forumkg.reasoning.rules import compile_rules


def entailments(text: str) -> set[ox.Triple]:
    """Return what follows from a text in Turtle."""
    asserted = triples(text)
    return set(entailed(asserted, compile_rules(asserted)))


@pytest.mark.parametrize(
    ("stated", "follows"),
    [
        ("ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C . ex:i a ex:A .", "ex:i a ex:B , ex:C ."),
        ("ex:A owl:equivalentClass ex:B . ex:i a ex:A . ex:j a ex:B .", "ex:i a ex:B . ex:j a ex:A ."),
        (
            "ex:p rdfs:subPropertyOf ex:q . ex:q rdfs:subPropertyOf ex:r . ex:i ex:p 1 .",
            "ex:i ex:q 1 ; ex:r 1 .",
        ),
        ("ex:p owl:equivalentProperty ex:q . ex:i ex:q ex:j .", "ex:i ex:p ex:j ."),
        ("ex:p rdfs:domain ex:A ; rdfs:range ex:B . ex:i ex:p ex:j .", "ex:i a ex:A . ex:j a ex:B ."),
        ("ex:p owl:inverseOf ex:q . ex:i ex:p ex:j . ex:k ex:q ex:l .", "ex:j ex:q ex:i . ex:l ex:p ex:k ."),
        ("ex:p a owl:SymmetricProperty . ex:i ex:p ex:j .", "ex:j ex:p ex:i ."),
        (
            "ex:p a owl:TransitiveProperty . ex:i ex:p ex:j . ex:j ex:p ex:k . ex:k ex:p ex:l .",
            "ex:i ex:p ex:k , ex:l . ex:j ex:p ex:l .",
        ),
        (
            "ex:r owl:propertyChainAxiom ( ex:p ex:q ex:p ) . "
            "ex:i ex:p ex:j . ex:j ex:q ex:k . ex:k ex:p ex:l .",
            "ex:i ex:r ex:l .",
        ),
        (
            "ex:r owl:propertyChainAxiom ( ex:q ex:p ) ; rdfs:range ex:B . ex:q owl:inverseOf ex:p . "
            "ex:j ex:p ex:i . ex:j ex:p ex:k .",
            "ex:i ex:q ex:j ; ex:r ex:i , ex:k ; a ex:B . ex:k ex:q ex:j ; ex:r ex:i , ex:k ; a ex:B .",
        ),
        (
            "ex:p rdfs:subPropertyOf ex:q . ex:q rdfs:domain ex:A . "
            "ex:A rdfs:subClassOf ex:B . ex:i ex:p ex:j .",
            "ex:i ex:q ex:j ; a ex:A , ex:B .",
        ),
    ],
    ids=[
        "subclass",
        "equivalent-class",
        "subproperty",
        "equivalent-property",
        "domain-range",
        "inverse",
        "symmetric",
        "transitive",
        "chain",
        "chain-of-inverse",
        "domain-of-superproperty",
    ],
)
def test_entailed_by_axiom(stated: str, follows: str) -> None:
    """Each kind of axiom entails what OWL 2 RL says and nothing else."""
    assert entailments(stated) == set(triples(follows))


@pytest.mark.parametrize(
    "stated",
    [
        "ex:d a owl:DatatypeProperty ; rdfs:range xsd:integer . ex:i ex:d 1 .",
        'ex:d rdfs:range rdfs:Literal . ex:i ex:d "a" .',
        "ex:d rdfs:range ex:T . ex:T a rdfs:Datatype . ex:i ex:d ex:j .",
        "ex:d rdfs:range ex:A . ex:i ex:d 1 .",
        "ex:p owl:inverseOf ex:q . ex:i ex:p 1 .",
        "ex:A rdfs:subClassOf owl:Thing . ex:p rdfs:domain owl:Thing ; rdfs:range rdfs:Resource . "
        "ex:i a ex:A ; ex:p ex:j .",
        "ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C .",
        "ex:note rdfs:domain ex:Noted ; rdfs:subPropertyOf ex:remark . ex:A a owl:Class ; ex:note 1 .",
    ],
    ids=[
        "datatype-range",
        "literal-range",
        "declared-datatype",
        "literal-in-class-range",
        "literal-inverse",
        "universal-class",
        "term-hierarchy",
        "annotated-term",
    ],
)
def test_entailed_useless(stated: str) -> None:
    """Literals are no subjects, nothing is typed as owl:Thing, and nothing is said about terms."""
    assert entailments(stated) == set()


def test_entailed_already_asserted() -> None:
    """What is asserted is not entailed a second time, though more follows from it."""
    stated = "ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C . ex:i a ex:A , ex:B ."

    assert entailments(stated) == set(triples("ex:i a ex:C ."))


def test_entail_writes_graph_and_merge() -> None:
    """The entailed triples stand in their own graph and in the default graph, and are counted."""
    asserted = triples("ex:A rdfs:subClassOf ex:B . ex:i a ex:A .")
    store = merged_triples(asserted)

    assert entail(store) == 1

    (follows,) = triples("ex:i a ex:B .")
    quads = {ox.Quad(*_terms(triple), ox.DefaultGraph()) for triple in (*asserted, follows)}
    assert set(store) == {*quads, ox.Quad(*_terms(follows), ox.NamedNode(ENTAILED))}


def test_entail_leaves_terms_alone() -> None:
    """What follows about a term, and what leads to it, is in neither graph."""
    store = merged_triples(triples("ex:note rdfs:subPropertyOf ex:remark . ex:A a owl:Class ; ex:note 1 ."))
    before = set(store)

    assert entail(store) == 0
    assert set(store) == before


def _terms(triple: ox.Triple) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]:
    assert isinstance(triple.subject, ox.NamedNode)
    assert isinstance(triple.object, ox.NamedNode)
    return triple.subject, triple.predicate, triple.object


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(axioms=st.lists(AXIOMS, max_size=8, unique=True), facts=st.lists(FACTS, max_size=10, unique=True))
def test_entailed_equals_owlrl(axioms: list[str], facts: list[str]) -> None:
    """On any small ontology and data, asserted and entailed triples together are owlrl's closure."""
    asserted = triples("\n".join([DECLARATIONS, *axioms, *facts]))
    rules = compile_rules(asserted)
    about_things = {triple for triple in asserted if name_of(triple.subject) not in rules.terms}

    assert about_things | entailed(asserted, rules) == owlrl_closure.closure(asserted)


def test_entailed_loads_in_strict_parser() -> None:
    """What is entailed is RDF that a strict parser reads back as it was."""
    found = entailments("ex:p owl:inverseOf ex:q ; rdfs:range ex:A . ex:i ex:p ex:j , 1 , _:b .")

    written = ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)

    assert {quad.triple for quad in ox.parse(written, format=ox.RdfFormat.N_TRIPLES)} == found
    assert {triple.predicate.value for triple in found} == {"http://example.org/q", f"{PREFIXES['rdf']}type"}
