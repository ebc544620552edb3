"""What is said of a thing through nodes that have no name: lists, and the parts of a constraint.

https://www.w3.org/TR/rdf11-mt/#rdf-collections
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import shorten
from forumkg.pages.graph import Graph, Term
from forumkg.pages.names import Name
from forumkg.pages.page_queries import page_query
from forumkg.pages.things.fact_values import (
    Fact,
    Value,
    literal_value,
    property_name,
    property_place,
    thing_name,
)
from forumkg.rdf.terms import named
from forumkg.reasoning.proofs import Origin

__all__ = ["Parts"]

_TRIPLES: Final = 3000

_FIRST: Final = named("rdf:first")
_REST: Final = named("rdf:rest")
_NIL: Final = named("rdf:nil")


class Parts:
    """The triples on what has no name and belongs to a thing, down to the second such node."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._by_subject: defaultdict[object, defaultdict[str, list[Term]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.links: set[str] = set()
        for triple in sorted(triples, key=str):
            self._by_subject[triple.subject][triple.predicate.value].append(triple.object)
            self.links |= {
                term.value for term in (triple.predicate, triple.object) if isinstance(term, ox.NamedNode)
            }

    @classmethod
    def of(cls, graph: Graph, iri: str) -> "Parts":
        """Return the parts of a thing."""
        return cls(graph.construct(page_query("things/thing-parts", thing=iri).first(_TRIPLES)))

    def values(self, iri: str, property_: str, names: Mapping[str, Name]) -> tuple[Value, ...]:
        """Return the values of a property that have no name."""
        nodes = self._by_subject[ox.NamedNode(iri)][property_]
        return tuple(self._shown(node, names, ()) for node in nodes if isinstance(node, ox.BlankNode))

    def _shown(self, term: Term, names: Mapping[str, Name], above: tuple[Term, ...]) -> Value:
        if isinstance(term, ox.NamedNode):
            name = thing_name(names.get(term.value) or Name(term.value, shorten(term.value)))
            return Value(name.text, name.iri, name.language)
        if not isinstance(term, ox.BlankNode) or term in above:
            return literal_value(term, Origin.ASSERTED)
        return Value("", facts=self._facts(term, names, (*above, term)))

    def _facts(
        self, node: ox.BlankNode, names: Mapping[str, Name], above: tuple[Term, ...]
    ) -> tuple[Fact, ...]:
        properties: Mapping[str, list[Term]] = self._by_subject[node]
        if _FIRST.value in properties:
            members = [self._shown(term, names, above) for term in self._members(node)]
            return (Fact(Name("", "list of"), tuple(members), len(members)),)
        return tuple(
            Fact(
                property_name(name, names),
                tuple(self._shown(term, names, above) for term in properties[name]),
                len(properties[name]),
            )
            for name in sorted(properties, key=property_place)
        )

    def _members(self, node: Term) -> list[Term]:
        members: list[Term] = []
        seen: set[Term] = set()
        while node != _NIL and node not in seen and node in self._by_subject:
            seen.add(node)
            members += self._by_subject[node][_FIRST.value]
            node = next(iter(self._by_subject[node][_REST.value]), _NIL)
        return members
