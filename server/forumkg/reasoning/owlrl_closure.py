"""Close a graph with owlrl, slowly and independently, to check our own entailment and find contradictions.

owlrl closes by OWL 2 RL: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
Its result is not RDF: literals are subjects, and each thing is owl:sameAs itself.
"""

from collections.abc import Iterable
from typing import Final

import owlrl  # type: ignore[import-untyped]  # it has no type hints
import pyoxigraph as ox
from rdflib import OWL, RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from forumkg.namespaces import PREFIXES
from forumkg.rdf.conversion import oxigraph_node, oxigraph_term, rdflib_graph
from forumkg.reasoning.owl import UNIVERSAL
from forumkg.reasoning.rules import read_axioms

__all__ = ["closure", "expand", "inconsistencies", "instance_triples"]

_ERRORS: Final = Namespace("http://www.daml.org/2002/03/agents/agent-ont#")
_RESERVED: Final = tuple(PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "xsd"))


def closure(triples: Iterable[ox.Triple]) -> frozenset[ox.Triple]:
    """Return the facts about the things of a graph, asserted or entailed by OWL 2 RL, by owlrl.

    Left out are triples about terms, with a literal as subject, that type as `owl:Thing` or
    `rdfs:Resource`, and that a thing is the same as itself.

    Raises:
        DataError: the ontology has an axiom of OWL 2 RL without a rule.
    """
    triples = tuple(triples)
    return instance_triples(expand(triples), read_axioms(triples).terms)


def expand(triples: Iterable[ox.Triple]) -> Graph:
    """Return the triples with all that owlrl infers from them, its error messages included."""
    graph = rdflib_graph(triples)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def inconsistencies(graph: Graph) -> list[str]:
    """Return the messages of owlrl on contradictions in a graph that it has closed."""
    messages = (graph.value(node, _ERRORS.error) for node in graph.subjects(RDF.type, _ERRORS.ErrorMessage))
    return sorted(str(message) for message in messages)


def instance_triples(graph: Graph, terms: frozenset[str]) -> frozenset[ox.Triple]:
    """Return the triples of a closed graph that are about things, as RDF that a strict parser takes."""
    errors = set(graph.subjects(RDF.type, _ERRORS.ErrorMessage))
    return frozenset(
        ox.Triple(oxigraph_node(subject), ox.NamedNode(str(predicate)), oxigraph_term(value))
        for subject, predicate, value in graph
        if subject not in errors
        and not isinstance(subject, Literal)
        and isinstance(predicate, URIRef)
        and not _is_term(subject, terms)
        and not _is_trivial(subject, predicate, value)
    )


def _is_term(node: Node, terms: frozenset[str]) -> bool:
    name = f"_:{node}" if isinstance(node, BNode) else str(node)
    return name in terms or name.startswith(_RESERVED)


def _is_trivial(subject: Node, predicate: Node, value: Node) -> bool:
    if predicate == OWL.sameAs:
        return subject == value
    return predicate == RDF.type and str(value) in UNIVERSAL
