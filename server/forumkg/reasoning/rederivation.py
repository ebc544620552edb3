"""Keep what the rules derive right when facts change: conclusions near a changed subject are derived again.

A conclusion can change only where a triple that its rule reads has changed, and the subject of that triple is
then the value of a variable of the rule, before the change or after it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import WholeBuildError
from forumkg.namespaces import DERIVED, DESCRIPTION
from forumkg.rdf.sparql_tokens import tokens
from forumkg.rdf.terms import construct, quads
from forumkg.reasoning.derivation import DerivationRule
from forumkg.reasoning.owl import RDF_TYPE
from forumkg.reasoning.rule_patterns import Pattern, RulePatterns
from forumkg.reasoning.rule_walk import values_of

__all__ = ["Changes", "iris_of", "rederive", "values"]

_Node: TypeAlias = ox.NamedNode | ox.BlankNode

_PREFIX: Final = re.compile(r"PREFIX\s+(\w*):\s*<([^>]*)>", re.IGNORECASE)
# Stands for every class, where a query reads them all.
_ANY_CLASS: Final = "?"


@dataclass(frozen=True, slots=True)
class Changes:
    """The triples by which two versions of a default graph differ."""

    added: frozenset[ox.Triple]
    removed: frozenset[ox.Triple]

    def subjects(self, iris: frozenset[str]) -> frozenset[ox.NamedNode | ox.BlankNode]:
        """Return the subjects of changed triples that a query with some IRIs reads."""
        return frozenset(
            triple.subject
            for triples in (self.added, self.removed)
            for triple in triples
            if _is_read(triple, iris) and isinstance(triple.subject, ox.NamedNode | ox.BlankNode)
        )


def _is_read(triple: ox.Triple, iris: frozenset[str]) -> bool:
    name = triple.predicate.value
    if name != RDF_TYPE:
        return name in iris
    is_named = isinstance(triple.object, ox.NamedNode) and triple.object.value in iris
    return name in iris and (is_named or _ANY_CLASS in iris)


def iris_of(query: str) -> frozenset[str]:
    """Return the IRIs that a query names, rdf:type among them where it has an `a`, and `?` after it."""
    prefixes = dict(_PREFIX.findall(query))
    found: set[str] = set()
    before = ""
    for token in tokens(query):
        if token.kind == "name" and ":" in token.text:
            prefix, _, local = token.text.partition(":")
            found.add(prefixes.get(prefix, "") + local)
        elif token.text.startswith("<") and token.text.endswith(">"):
            found.add(token.text[1:-1])
        elif token.text == "a":
            found.add(RDF_TYPE)
        elif before == "a" and token.kind == "variable":
            found.add(_ANY_CLASS)
        before = token.text
    return frozenset(found)


def values(name: str, nodes: Iterable[_Node]) -> str:
    """Return a VALUES clause for a variable.

    Raises:
        WholeBuildError: a node is blank, which no query can name.
    """
    return f"VALUES ?{name} {{ {' '.join(sorted(map(str, _named(nodes))))} }}"


def _named(nodes: Iterable[_Node]) -> tuple[_Node, ...]:
    nodes = tuple(nodes)
    if any(isinstance(node, ox.BlankNode) for node in nodes):
        raise WholeBuildError("a blank node has changed")
    return nodes


def rederive(
    before: ox.Store, store: ox.Store, rules: Mapping[DerivationRule, RulePatterns], changes: Changes
) -> Changes:
    """Derive again what may have changed, and return what has.

    Args:
        before: The previous version, as it was built.
        store: Its copy, in which what is asserted and entailed is right already.
        rules: All rules and their patterns.
        changes: Of what is asserted and entailed.

    Raises:
        WholeBuildError: the rules are such that more than the neighbourhood of a change would be read.
    """
    _check_independence(store, rules)
    heads = {head.predicate for patterns in rules.values() for head in patterns.heads}
    # What is asserted is not derived as well, so it counts here, too.
    affected = set(changes.subjects(frozenset(str(head)[1:-1] for head in heads)))
    for rule, patterns in rules.items():
        if changed := changes.subjects(iris_of(rule.query)):
            for each in (before, store):
                affected.update(_affected(each, patterns, changed))
    if not affected:
        return Changes(frozenset(), frozenset())
    graph = ox.NamedNode(DERIVED)
    old = {
        quad.triple
        for node in affected
        for head in heads
        for quad in store.quads_for_pattern(node, head, None, graph)  # type: ignore[arg-type]
    }
    for quad in quads(old, DERIVED):
        store.remove(quad)
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object, ox.DefaultGraph()))
    part = _part_read(store, rules.values(), affected)
    new = {
        triple
        for rule, patterns in rules.items()
        for triple in _narrowed(part, rule, patterns, affected)
        if triple.subject in affected and next(quads([triple])) not in store
    }
    store.extend(quad for name in (DERIVED, None) for quad in quads(new, name))
    return Changes(frozenset(new - old), frozenset(old - new))


def _check_independence(store: ox.Store, rules: Mapping[DerivationRule, RulePatterns]) -> None:
    """Refuse rules that read what the build adds after what is entailed, or all properties."""
    heads = {str(head.predicate)[1:-1] for patterns in rules.values() for head in patterns.heads}
    for rule, patterns in rules.items():
        body = iris_of(patterns.where)
        if heads & body or any(_is_described(store, name) for name in body - {RDF_TYPE, _ANY_CLASS}):
            raise WholeBuildError(f"{rule.path.name} reads what the build adds later")
        if any(not isinstance(head.subject, ox.Variable) for head in patterns.heads):
            raise WholeBuildError(f"{rule.path.name} derives something of a fixed subject")
        for each in (*patterns.premises, *patterns.optional):
            if isinstance(each.predicate, ox.Variable) and f"VALUES {each.predicate} " not in patterns.where:
                raise WholeBuildError(f"{rule.path.name} reads every property")


def _is_described(store: ox.Store, name: str) -> bool:
    graph = ox.NamedNode(DESCRIPTION)
    return any(True for _ in store.quads_for_pattern(None, ox.NamedNode(name), None, graph))


def _prologue(query: str) -> str:
    return query.partition("CONSTRUCT")[0]


def _affected(store: ox.Store, patterns: RulePatterns, changed: Iterable[_Node]) -> Iterator[_Node]:
    """Yield the subjects of conclusions that may have read a triple of a changed subject, and others."""
    changed = set(_named(changed))
    for slot in _subjects_read(patterns):
        for found in values_of(_subjects(patterns), store, patterns.premises, {slot: changed}).values():
            yield from (node for node in found if isinstance(node, ox.NamedNode | ox.BlankNode))


def _subjects(patterns: RulePatterns) -> set[ox.Variable]:
    """Return the subjects of conclusions; those that are no variables are refused before."""
    return {head.subject for head in patterns.heads if isinstance(head.subject, ox.Variable)}


def _subjects_read(patterns: RulePatterns) -> set[ox.Variable]:
    """Return the subjects of what a rule reads.

    Raises:
        WholeBuildError: one is not the value of a variable of the premises.
    """
    known = {slot for each in patterns.premises for slot in (each.subject, each.object)}
    read = {each.subject for each in (*patterns.premises, *patterns.optional)}
    if any(slot not in known or not isinstance(slot, ox.Variable) for slot in read):
        raise WholeBuildError("a rule reads a subject that is not the value of a variable")
    return {slot for slot in read if isinstance(slot, ox.Variable)}


def _part_read(store: ox.Store, rules: Iterable[RulePatterns], affected: Collection[_Node]) -> ox.Store:
    """Return a store in memory with all that rules read for conclusions about some subjects.

    In the whole store the engine joins some of the patterns by reading all of their triples.
    """
    nodes: set[ox.NamedNode | ox.BlankNode] = set()
    for patterns in rules:
        for subject in _subjects(patterns):
            known = {subject: affected}
            for found in values_of(_subjects_read(patterns), store, patterns.premises, known).values():
                nodes.update(node for node in found if isinstance(node, ox.NamedNode | ox.BlankNode))
    part = ox.Store()
    for node in nodes:
        part.extend(store.quads_for_pattern(node, None, None, ox.DefaultGraph()))
    return part


def _in_sparql(pattern: Pattern) -> str:
    return f"{pattern.subject} {pattern.predicate} {pattern.object} ."


def _narrowed(
    store: ox.Store,
    rule: DerivationRule,
    patterns: RulePatterns,
    affected: Iterable[ox.NamedNode | ox.BlankNode],
) -> Iterator[ox.Triple]:
    """Yield the conclusions of a rule about some subjects, and others that follow with them."""
    heads = " ".join(map(_in_sparql, patterns.heads))
    for subject in _subjects(patterns):
        query = (
            f"{_prologue(rule.query)} CONSTRUCT {{ {heads} }} "
            f"WHERE {{ {values(subject.value, affected)} {patterns.where} }}"
        )
        yield from construct(store, query)
