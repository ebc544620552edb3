"""Add entailed facts about instances to a store, by rules run to a fixpoint, and check its consistency.

A rule is run again only when a property that it reads has new triples. After entailment, the instances of
disjoint classes are those that the rules cax-dw and cax-adc of OWL 2 RL find:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, groupby
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import InconsistentError
from forumkg.namespaces import ENTAILED, prefix_lines, shorten
from forumkg.rdf.terms import (
    construct,
    construct_lines,
    count_triples,
    in_graph,
    load_lines,
    merged_triples,
    name_of,
    quads,
    select,
)
from forumkg.reasoning.owl import RDF_TYPE
from forumkg.reasoning.rules import Rule, RuleSet, compile_rules, query_of
from forumkg.reasoning.stated_axioms import stated_schema

__all__ = ["check_consistency", "entail", "entailed"]

_Thing: TypeAlias = ox.NamedNode | ox.BlankNode

# The most contradictions that a message lists.
_SHOWN: Final = 5

# Bytes of conclusions, as N-Triples, that wait to be written.
_BUFFER: Final = 16_000_000

# For each axiom the classes of which a thing can have one alone.
_DISJOINT: Final = (
    prefix_lines("owl", "rdf")
    + """
SELECT ?axiom ?class ?other
WHERE {
    { ?axiom a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first ?class }
    UNION
    { ?class owl:disjointWith ?other }
}
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
    rules = compile_rules(stated_schema(store))
    # Facts about terms may lead to others about things, but are not kept themselves.
    about_terms = {quad for term in rules.terms for quad in _about(store, term, ox.DefaultGraph())}
    for stage in rules.stages:
        agenda = stage
        while agenda:
            written = _write_conclusions(store, agenda)
            agenda = tuple(rule for rule in stage if not written.isdisjoint(rule.reads))
    for term in rules.terms:
        for quad in (*_about(store, term, ox.DefaultGraph()), *_about(store, term, ox.NamedNode(ENTAILED))):
            if quad not in about_terms:
                store.remove(quad)
    if not any(True for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(ENTAILED))):
        store.remove_graph(ox.NamedNode(ENTAILED))
    return count_triples(store, ENTAILED)


def _about(store: ox.Store, term: str, graph: ox.NamedNode | ox.DefaultGraph) -> list[ox.Quad]:
    subject = ox.BlankNode(term[2:]) if term.startswith("_:") else ox.NamedNode(term)
    return list(store.quads_for_pattern(subject, None, None, graph))


def _write_conclusions(store: ox.Store, rules: Iterable[Rule]) -> set[str]:
    """Write the conclusions of rules; return the properties of which there are new triples."""
    written: set[str] = set()
    lines = bytearray()
    for _, group in groupby(sorted(rules, key=_head), _head):
        same_head = tuple(group)
        if new := construct_lines(store, query_of(same_head)):
            written.add(same_head[0].writes)
            lines += new
        if len(lines) > _BUFFER:
            _write(store, bytes(lines))
            lines.clear()
    _write(store, bytes(lines))
    return written


def _head(rule: Rule) -> str:
    return rule.head


def _write(store: ox.Store, lines: bytes) -> None:
    for part in _parts(lines):
        load_lines(store, part + in_graph(part, ENTAILED))


def _parts(lines: bytes) -> Iterator[bytes]:
    """Yield lines in parts of about the size of the buffer: one rule may have more conclusions."""
    start = 0
    while start < len(lines):
        end = lines.find(b"\n", start + _BUFFER) + 1 or len(lines)
        yield lines[start:end]
        start = end


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


def check_consistency(store: ox.Store, things: Iterable[_Thing] | None = None) -> None:
    """Refuse a store in which a thing is an instance of two disjoint classes.

    Args:
        store: Its default graph holds the ontology, the data and what is entailed.
        things: The things that are looked at; without them, all are.

    Raises:
        InconsistentError: the message names the things, their classes and what to do.
    """
    clashes = [
        f"{shorten(thing)} is both {shorten(one)} and {shorten(other)}."
        for thing, one, other in sorted(_clashes(store, things))
    ]
    if clashes:
        more = f" And {len(clashes) - _SHOWN} more." if len(clashes) > _SHOWN else ""
        raise InconsistentError(
            f"The data contradict the ontology. {' '.join(clashes[:_SHOWN])}{more} "
            "The classes are disjoint: remove one of them, or the property that entails it."
        )


def _clashes(store: ox.Store, things: Iterable[_Thing] | None) -> set[tuple[str, str, str]]:
    """Return each thing that has two classes of which it can have one alone, and these."""
    things = None if things is None else frozenset(things)
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for row in select(store, _DISJOINT):
        one, other, axiom = (term and name_of(term) for term in (row["class"], row["other"], row["axiom"]))
        if one is not None:
            groups[axiom or f"{one} {other}"] |= {one, other or one}
    return {
        (name_of(thing), one, other)
        for classes in groups.values()
        for thing in (_with_several(store, classes) if things is None else things)
        for one, other in combinations(sorted(classes & _classes(store, thing)), 2)
    }


def _with_several(store: ox.Store, classes: Iterable[str]) -> Iterator[_Thing]:
    """Yield the things that have several of some classes: one pass over the instances of each class."""
    values = " ".join(f"<{each}>" for each in sorted(classes) if not each.startswith("_:"))
    query = (
        f"SELECT ?thing WHERE {{ VALUES ?class {{ {values} }} ?thing a ?class }}"
        " GROUP BY ?thing HAVING (COUNT(?class) > 1)"
    )
    for row in select(store, query):
        if isinstance(thing := row["thing"], ox.NamedNode | ox.BlankNode):
            yield thing


def _classes(store: ox.Store, thing: _Thing) -> set[str]:
    types = store.quads_for_pattern(thing, ox.NamedNode(RDF_TYPE), None, ox.DefaultGraph())
    return {name_of(quad.object) for quad in types}
