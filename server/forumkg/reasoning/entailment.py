"""Add entailed facts about instances to a store, by rules run to a fixpoint, and check its consistency.

A rule is run again only when a property that it reads has new triples. After entailment, the instances of
disjoint classes are those that the rules cax-dw and cax-adc of OWL 2 RL find:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from forumkg.errors import InconsistentError
from forumkg.namespaces import ENTAILED, prefix_lines, shorten
from forumkg.rdf.terms import construct, merged, merged_triples, name_of, quads
from forumkg.reasoning.rules import Rule, RuleSet, compile_rules

__all__ = ["check_consistency", "entail", "entailed"]

# The most contradictions that a message lists.
_SHOWN: Final = 5

_CLASHES: Final = (
    prefix_lines("owl", "rdf")
    + """
SELECT DISTINCT ?thing ?one ?other
WHERE {
    {
        ?one owl:disjointWith ?other .
    }
    UNION
    {
        ?axiom a owl:AllDisjointClasses ;
            owl:members ?classes .
        ?classes rdf:rest*/rdf:first ?one .
        ?classes rdf:rest*/rdf:first ?other .
        FILTER (STR(?one) < STR(?other))
    }
    ?thing a ?one , ?other .
}
ORDER BY ?thing ?one ?other
"""
)


def entail(store: ox.Store) -> int:
    """Add to a store what its default graph entails, to the graph `graph/entailed` and to the default graph.

    Args:
        store: Its default graph is the merge of all that is asserted, the ontology included.

    Returns:
        The number of triples added.

    Raises:
        DataError: the ontology has an axiom without a rule; nothing is added.
    """
    rules = compile_rules(merged(store))
    found = _close(store, rules)
    useful = _about_things(found, rules)
    for quad in quads(found - useful):
        store.remove(quad)
    store.extend(quads(useful, ENTAILED))
    return len(useful)


def entailed(asserted: Iterable[ox.Triple], rules: RuleSet) -> frozenset[ox.Triple]:
    """Return the triples that the rules entail and that are not asserted, none of them about a term."""
    return _about_things(_close(merged_triples(asserted), rules), rules)


def _about_things(found: Iterable[ox.Triple], rules: RuleSet) -> frozenset[ox.Triple]:
    return frozenset(triple for triple in found if name_of(triple.subject) not in rules.terms)


def _close(store: ox.Store, rules: RuleSet) -> frozenset[ox.Triple]:
    """Add the conclusions of the rules to the default graph of a store, and return them."""
    found: set[ox.Triple] = set()
    agenda = rules.relations
    while agenda:
        written = {rule.writes for rule in agenda if _apply(rule, store, found)}
        agenda = tuple(rule for rule in rules.relations if not written.isdisjoint(rule.reads))
    for rule in rules.types:
        _apply(rule, store, found)
    return frozenset(found)


def _apply(rule: Rule, store: ox.Store, found: set[ox.Triple]) -> bool:
    """Add the conclusions of a rule to the store and to `found`; return whether there are new ones."""
    new = construct(store, rule.query)
    store.extend(quads(new))
    found |= new
    return bool(new)


def check_consistency(store: ox.Store) -> None:
    """Refuse a store in which a thing is an instance of two disjoint classes.

    Args:
        store: Its default graph holds the ontology, the data and what is entailed.

    Raises:
        InconsistentError: the message names the things, their classes and what to do.
    """
    clashes = [
        f"{shorten(thing)} is both {shorten(one)} and {shorten(other)}."
        for thing, one, other in _names(store)
    ]
    if clashes:
        more = f" And {len(clashes) - _SHOWN} more." if len(clashes) > _SHOWN else ""
        raise InconsistentError(
            f"The data contradict the ontology. {' '.join(clashes[:_SHOWN])}{more} "
            "The classes are disjoint: remove one of them, or the property that entails it."
        )


def _names(store: ox.Store) -> list[tuple[str, ...]]:
    rows = store.query(_CLASHES)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (a SELECT has solutions)
    return [tuple(str(getattr(term, "value", term)) for term in row) for row in rows]
