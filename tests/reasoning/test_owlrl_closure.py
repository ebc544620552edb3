"""Our entailment of the shipped graph against owlrl's, and the contradictions that owlrl finds."""

from collections.abc import Callable
from typing import Final

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal
from rdflib.term import Node
from shipped import asserted_triples, ontology_triples
from turtle_text import triples

from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.terms import name_of
from forumkg.reasoning import owlrl_closure
from forumkg.reasoning.entailment import entailed
from forumkg.reasoning.rules import RuleSet, compile_rules

RESERVED: Final = (str(OWL), str(RDF), str(RDFS), str(XSD))


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """Return the rules of the shipped ontology."""
    return compile_rules(asserted_triples())


@pytest.fixture(scope="module")
def ours(rules: RuleSet) -> frozenset[ox.Triple]:
    """Return what is asserted or entailed by our rules."""
    return frozenset(asserted_triples()) | entailed(asserted_triples(), rules)


@pytest.fixture(scope="module")
def theirs() -> Graph:
    """Return what owlrl makes of what is asserted."""
    return owlrl_closure.expand(asserted_triples())


def _reasons(terms: frozenset[str]) -> dict[str, Callable[[Node, Node, Node], bool]]:
    """Return why owlrl may have a triple that we leave out on purpose."""
    return {
        "a literal is no subject in RDF": lambda s, _p, _o: isinstance(s, Literal),
        "that a thing is itself says nothing": lambda s, p, o: p == OWL.sameAs and s == o,
        "that a thing is a thing says nothing": lambda _s, p, o: p == RDF.type and o == OWL.Thing,
        "the ontology says of its terms what it has to say": lambda s, _p, _o: (
            (f"_:{s}" if isinstance(s, BNode) else str(s)) in terms
        ),
        "the terms of OWL itself are not ours to describe": lambda s, _p, _o: str(s).startswith(RESERVED),
    }


@pytest.mark.slow
def test_entailed_of_shipped_graph_is_sound(
    ours: frozenset[ox.Triple], theirs: Graph, rules: RuleSet
) -> None:
    """Every triple about a thing that we assert or entail, owlrl has too."""
    about_things = {triple for triple in ours if name_of(triple.subject) not in rules.terms}

    assert about_things - owlrl_closure.instance_triples(theirs, rules.terms) == set()


@pytest.mark.slow
def test_entailed_of_shipped_graph_is_complete(
    ours: frozenset[ox.Triple], theirs: Graph, rules: RuleSet
) -> None:
    """Every triple that owlrl has and we have not is left out for a stated reason."""
    reasons = _reasons(rules.terms)
    found = {triple: _reason(triple, reasons) for triple in theirs - rdflib_graph(ours)}

    assert [triple for triple, reason in found.items() if reason is None] == []
    assert set(found.values()) == set(reasons)


def _reason(
    triple: tuple[Node, Node, Node], reasons: dict[str, Callable[[Node, Node, Node], bool]]
) -> str | None:
    return next((reason for reason, holds in reasons.items() if holds(*triple)), None)


@pytest.mark.slow
def test_inconsistencies_of_shipped_graph(theirs: Graph) -> None:
    """Owlrl finds no contradiction in the shipped graph."""
    assert owlrl_closure.inconsistencies(theirs) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "planted",
    [
        "person:x a zgc:Person , zgc:Organization .",
        "role:x zgc:hasHolder organization:x . organization:x a zgc:Organization .",
        "edition:x zgc:isEditionOf theme:x . theme:x a zgc:Theme .",
        "ex:statement zgc:isSupportedBy person:x . person:x a zgc:Person .",
        "ex:statement zgc:isSaidAs role:x . role:x zgc:hasHolder person:x . person:x a zgc:Statement .",
        "ex:s zgc:isSupportedBy ex:p . ex:p oa:hasSource person:x . person:x a zgc:Person .",
    ],
    ids=["two-kinds", "holder", "edition-of-theme", "person-as-passage", "speaker", "source"],
)
def test_inconsistencies_planted(planted: str) -> None:
    """Owlrl finds a contradiction that types, domains, ranges or chains lead to."""
    found = owlrl_closure.inconsistencies(owlrl_closure.expand((*ontology_triples(), *triples(planted))))

    assert found
    assert all("disjoint" in message.casefold() for message in found)


def test_inconsistencies_by_disjoint_classes() -> None:
    """The message of a contradiction names the thing and the classes."""
    found = owlrl_closure.inconsistencies(
        owlrl_closure.expand(triples("ex:A owl:disjointWith ex:B . ex:i a ex:A , ex:B ."))
    )

    assert len(found) == 1
    assert all(name in found[0] for name in ("http://example.org/i", "http://example.org/A"))


def test_closure_keeps_facts() -> None:
    """The closure has what is asserted and entailed of things, and its values are as they were."""
    stated = """
        ex:p owl:propertyChainAxiom ( ex:q ex:q ) ; rdfs:range ex:A .
        ex:i ex:q ex:j . ex:j ex:q _:k ; skos:prefLabel "j"@en , "j" ; ex:n 1.50 .
        _:k ex:n true .
    """
    follows = "ex:i ex:p _:k . _:k a ex:A ."
    facts = stated.split(".\n", 1)[1]

    assert owlrl_closure.closure(triples(stated)) == set(triples(facts + follows))
