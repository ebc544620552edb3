"""Add to a graph what its ontology entails about instances, by rules run to a fixpoint on a store.

A rule is run again only when a property that it reads has new triples.
"""

from collections.abc import Iterable

import pyoxigraph as ox

from forumkg.namespaces import ENTAILED
from forumkg.rdf.stores import construct, merged, merged_triples, quads
from forumkg.rdf.terms import name_of
from forumkg.reasoning.rules import Rule, RuleSet, compile_rules

__all__ = ["entail", "entailed"]


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
