"""Proofs: what they rest on, that each step holds, and that none is longer than it must be."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_ontologies import AXIOMS, DECLARATIONS, FACTS
from rdflib import Graph, URIRef
from rdflib.collection import Collection
from shipped import asserted_triples, ontology_triples, shipped_store
from turtle_text import triples

from forumkg.namespaces import DERIVED, ENTAILED, GRAPH, PREFIXES
from forumkg.pages.graph import StoreGraph
from forumkg.pages.page_queries import page_query
from forumkg.pages.why.proofs import prove
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.terms import construct, merged_triples, quads
from forumkg.reasoning.derivation import DerivationRule, load_rules
from forumkg.reasoning.entailment import entail, entailed
from forumkg.reasoning.inferences import Inference, inferences
from forumkg.reasoning.owl import CHAIN, RDF_TYPE, SYMMETRIC, TRANSITIVE
from forumkg.reasoning.proofs import Origin, Proof
from forumkg.reasoning.rule_patterns import Pattern, Slot
from forumkg.reasoning.rules import RuleSet, compile_rules
from forumkg.reasoning.stated_axioms import Axiom, read_schema

S21 = "<https://w3id.org/zgc-forum/id/statement/china-daily-2021/{}>"
Outline = tuple[str, str, tuple["Outline", ...]]


def fact(text: str) -> ox.Triple:
    """Return the one triple of a text."""
    (triple,) = triples(text)
    return triple


def proof_of(text: str) -> Proof:
    """Return the proof of a fact of the shipped dataset."""
    proof = prove(StoreGraph(shipped_store()), fact(text))
    assert proof is not None
    return proof


def outline(proof: Proof) -> Outline:
    """Return a proof by its facts in Turtle's short form and the names of its rules."""
    triple = proof.triple
    words = " ".join(_short(term) for term in (triple.subject, triple.predicate, triple.object))
    name = proof.inference.name if proof.inference else proof.graphs[0].removeprefix(GRAPH)
    return words, name, tuple(map(outline, proof.premises))


def _short(term: object) -> str:
    text = str(getattr(term, "value", term))
    for prefix in ("zgc", "edition", "place"):
        if text.startswith(PREFIXES[prefix]):
            return f"{prefix}:{text.removeprefix(PREFIXES[prefix])}"
    return text.rpartition("/id/")[2].replace("statement/china-daily-2021/", "s")


def of_graph(store: ox.Store, graph: str) -> list[ox.Triple]:
    """Return the triples of a graph in an order."""
    found = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    return sorted((quad.triple for quad in found), key=str)


def follows(proof: Proof) -> bool:
    """Whether the build draws the fact from the premises of its step alone, by the axiom or rule of the step.

    The build closes its axioms first, and knows nothing of proofs.
    """
    assert proof.inference is not None
    premises = tuple(premise.triple for premise in proof.premises)
    return proof.triple in _conclusions(proof.inference.basis, premises)


@cache
def _conclusions(basis: Axiom | DerivationRule, premises: tuple[ox.Triple, ...]) -> frozenset[ox.Triple]:
    if isinstance(basis, DerivationRule):
        return construct(merged_triples(premises), basis.query)
    return entailed((*premises, *_stated(basis)), _rules(basis))


@cache
def _rules(axiom: Axiom) -> RuleSet:
    return compile_rules(_stated(axiom))


@cache
def _stated(axiom: Axiom) -> tuple[ox.Triple, ...]:
    names = " ".join(f"<{name}>" for name in axiom.operands)
    if axiom.kind == CHAIN:
        return triples(f"<{axiom.subject}> <{CHAIN}> ( {names} ) .")
    if axiom.kind in {SYMMETRIC, TRANSITIVE}:
        return triples(f"<{axiom.subject}> a <{axiom.kind}> .")
    return triples(f"<{axiom.subject}> <{axiom.kind}> {names} .")


def states(ontology: Graph, axiom: Axiom) -> bool:
    """Whether the ontology states an axiom, as rdflib reads it."""
    subject, kind = URIRef(axiom.subject), URIRef(axiom.kind)
    if axiom.kind == CHAIN:
        chains = (Collection(ontology, node) for node in ontology.objects(subject, kind))
        return axiom.operands in [tuple(map(str, chain)) for chain in chains]
    if axiom.kind in {SYMMETRIC, TRANSITIVE}:
        return (subject, URIRef(RDF_TYPE), kind) in ontology
    return (subject, kind, URIRef(axiom.operands[0])) in ontology


def is_well_founded(proof: Proof, above: frozenset[ox.Triple] = frozenset()) -> bool:
    """Whether no fact stands above itself."""
    below = above | {proof.triple}
    return proof.triple not in above and all(is_well_founded(each, below) for each in proof.premises)


def size(proof: Proof) -> int:
    """Return the number of steps; what is used twice counts twice."""
    return (proof.inference is not None) + sum(map(size, proof.premises))


def shortest(store: ox.Store, ways: Iterable[Inference], given: Iterable[ox.Triple]) -> dict[ox.Triple, int]:
    """Return the least number of steps to each fact, by applying everything to everything, forward."""
    applications = [each for way in ways for each in _applications(store, way)]
    costs = dict.fromkeys(given, 0)
    before: dict[ox.Triple, int] = {}
    while costs != before:
        before = dict(costs)
        for conclusion, premises in applications:
            if all(premise in costs for premise in premises):
                cost = 1 + sum(costs[premise] for premise in premises)
                costs[conclusion] = min(cost, costs.get(conclusion, cost))
    return costs


def _applications(store: ox.Store, way: Inference) -> Iterator[tuple[ox.Triple, list[ox.Triple]]]:
    rows = store.query(f"SELECT * {{ {way.where} }}")
    assert isinstance(rows, ox.QuerySolutions)
    names = [variable.value for variable in rows.variables]
    for row in rows:
        terms = dict(zip(names, row, strict=True))
        for head in way.heads:
            if isinstance(_term(head.subject, terms), ox.NamedNode):
                yield _bound(head, terms), [_bound(pattern, terms) for pattern in way.premises]


def _bound(pattern: Pattern, terms: Mapping[str, object]) -> ox.Triple:
    subject, predicate, value = (
        _term(slot, terms) for slot in (pattern.subject, pattern.predicate, pattern.object)
    )
    return ox.Triple(subject, predicate, value)  # type: ignore[arg-type]  # the store has no other triples


def _term(slot: Slot, terms: Mapping[str, object]) -> object:
    return terms[slot.value] if isinstance(slot, ox.Variable) else slot


def test_prove_property_chain() -> None:
    """A statement speaks for an organization because of the role, its post, and where the post is."""
    assert outline(
        proof_of(f"{S21.format(44)} zgc:speaksFor organization:beijing-municipal-government .")
    ) == (
        "s44 zgc:speaksFor organization/beijing-municipal-government",
        "prp-spo2",
        (
            (
                "s44 zgc:isSaidAs role/liu-jingchun-2021-09-28",
                "articles/china-daily-2021",
                (),
            ),
            (
                "role/liu-jingchun-2021-09-28 zgc:isHoldingOf post/deputy-secretary-general-of-beijing",
                "articles/china-daily-2021",
                (),
            ),
            (
                "post/deputy-secretary-general-of-beijing zgc:isPostIn "
                "organization/beijing-municipal-government",
                "entities",
                (),
            ),
        ),
    )


def test_prove_in_several_steps() -> None:
    """What is entailed from what is entailed has the proof of each fact below it."""
    assert outline(proof_of("place:zhongguancun zgc:isLocatedIn place:beijing .")) == (
        "place:zhongguancun zgc:isLocatedIn place:beijing",
        "prp-spo2",
        (
            (
                "place:zhongguancun zgc:hasAcceptedStatement s19",
                "prp-inv2",
                (
                    (
                        "s19 zgc:isAcceptedFor place:zhongguancun",
                        "curation",
                        (),
                    ),
                ),
            ),
            (
                "s19 zgc:statesLocation place:beijing",
                "articles/china-daily-2021",
                (),
            ),
        ),
    )


def test_prove_derived_names_what_the_rule_compared() -> None:
    """A derived fact rests on all that its rule matched, on both sides; asserted or not."""
    proof = proof_of(f"{S21.format(8)} zgc:exceedsPossible indicator:countries-of-representatives .")

    assert proof.origin is Origin.DERIVED
    assert proof.inference is not None
    assert proof.inference.name == "50-exceeds-possible"
    assert [(str(each.triple.predicate), str(each.triple.object)) for each in proof.premises] == [
        (f"<{PREFIXES['zgc']}{name}>", value)
        for name, value in (
            ("hasQuantity", "<https://w3id.org/zgc-forum/id/quantity/china-daily-2021/8>"),
            ("hasIndicator", "<https://w3id.org/zgc-forum/id/indicator/countries-of-representatives>"),
            ("lowerBound", str(ox.Literal(500))),
            ("isLowerOpen", str(ox.Literal(True))),
            ("maximumPossible", str(ox.Literal(249))),
        )
    ]


def test_prove_asserted() -> None:
    """What is asserted needs no proof, though it may follow as well: its graphs are named."""
    proof = proof_of("edition:2021 a zgc:Edition .")

    assert proof == Proof(fact("edition:2021 a zgc:Edition ."), (f"{GRAPH}entities",))
    assert proof.origin is Origin.ASSERTED


def test_prove_what_no_graph_says() -> None:
    """What no graph holds has no proof."""
    assert prove(StoreGraph(shipped_store()), fact("edition:2021 zgc:year 1999 .")) is None


def test_prove_what_nothing_gives() -> None:
    """What stands among the entailed facts and follows from nothing has no premises, and is not asserted."""
    store = merged_triples(triples("ex:i ex:p ex:j ."))
    store.extend(quads(triples("ex:i ex:p ex:j ."), ENTAILED))

    proof = prove(StoreGraph(store), fact("ex:i ex:p ex:j ."))

    assert proof == Proof(fact("ex:i ex:p ex:j ."), (ENTAILED,))
    assert proof.origin is Origin.ENTAILED


def test_prove_chooses_by_preference() -> None:
    """Of two proofs of one length the axiom that explains best is chosen, whatever the order of the data."""
    store = merged_triples(())
    given = triples("ex:p rdfs:domain ex:B . ex:A rdfs:subClassOf ex:B . ex:i a ex:A ; ex:p ex:j .")
    store.extend((*quads(given), *quads(given, "http://example.org/given")))
    entail(store)

    proof = prove(StoreGraph(store), fact("ex:i a ex:B ."))

    assert proof is not None
    assert outline(proof)[1:] == ("cax-sco", (outline(proof.premises[0]),))


def test_axioms_of_the_store_are_those_of_the_files() -> None:
    """Proofs are made from every axiom that the build reads."""
    asked = StoreGraph(shipped_store()).construct(page_query("why/proof-axioms").text)

    assert read_schema(asked).axioms == read_schema(ontology_triples()).axioms


@pytest.mark.slow
def test_prove_every_entailed_and_derived_fact() -> None:
    """Each fact that the build adds has a proof: of source facts, by steps that hold, as short as any."""
    store = shipped_store()
    sources = set(asserted_triples())
    ontology = rdflib_graph(ontology_triples())
    ways = inferences(read_schema(ontology_triples()), load_rules())
    lengths = shortest(store, ways, sources)
    graph = StoreGraph(store)
    facts = of_graph(store, ENTAILED) + of_graph(store, DERIVED)

    assert len(facts) > 3000
    for each in facts:
        proof = prove(graph, each)
        assert proof is not None
        assert is_well_founded(proof)
        steps = [step for step in proof.walk() if step.inference]
        assert {leaf.triple for leaf in proof.walk() if not leaf.inference} <= sources
        assert [step for step in steps if not follows(step)] == []
        bases = {step.inference.basis for step in steps if step.inference}
        assert [axiom for axiom in bases if isinstance(axiom, Axiom) and not states(ontology, axiom)] == []
        assert size(proof) == lengths[each]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(axioms=st.lists(AXIOMS, max_size=8, unique=True), facts=st.lists(FACTS, max_size=10, unique=True))
def test_prove_whatever_is_entailed(axioms: list[str], facts: list[str]) -> None:
    """On any small ontology and data, each entailed fact has a proof, and each of its steps holds."""
    given_ = set(triples("\n".join([DECLARATIONS, *axioms, *facts])))
    store = merged_triples(given_)
    store.extend(quads(given_, f"{GRAPH}given"))
    entail(store)
    graph = StoreGraph(store)

    for each in of_graph(store, ENTAILED):
        proof = prove(graph, each)
        assert proof is not None
        assert is_well_founded(proof)
        assert {leaf.triple for leaf in proof.walk() if not leaf.inference} <= given_
        assert all(follows(step) for step in proof.walk() if step.inference)
