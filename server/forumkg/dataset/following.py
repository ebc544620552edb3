"""Apply a change of some files to a copy of the previous version, with the result of a whole build.

Triples that a file no longer has, or has now, are exchanged in its graph; what is entailed, derived and
described is kept right at the cost of what depends on them. What cannot be followed is built anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.description import describe_again, described_terms, description_of
from forumkg.dataset.files import SourceFile
from forumkg.dataset.loading import document_lines
from forumkg.errors import WholeBuildError
from forumkg.namespaces import DERIVED, DESCRIPTION, ENTAILED, GRAPH, QUESTIONS
from forumkg.rdf.terms import name_of, quads
from forumkg.reasoning.closure import Closure
from forumkg.reasoning.derivation import DerivationRule
from forumkg.reasoning.entailment import check_consistency
from forumkg.reasoning.rederivation import Changes, rederive
from forumkg.reasoning.rule_patterns import RulePatterns
from forumkg.reasoning.rules import Axioms, read_axioms
from forumkg.reasoning.stated_axioms import is_stated_schema, stated_schema

__all__ = ["FileChange", "follow"]

# A change of these changes how all others are read.
_FIXED: Final = (f"{GRAPH}ontology/", f"{GRAPH}shapes/")


@dataclass(frozen=True, slots=True)
class FileChange:
    """A graph whose file has changed, come or gone; `file` is the one that it has now, if any."""

    graph: str
    file: SourceFile | None


def follow(
    before: ox.Store,
    store: ox.Store,
    files: Iterable[FileChange],
    rules: Mapping[DerivationRule, RulePatterns],
    *,
    version: str,
) -> Changes:
    """Change a copy of a version as its files have changed, and return how its default graph differs.

    Args:
        before: The previous version.
        store: Its copy, which is changed. After an error it is of no use.
        files: What has changed.
        rules: The derivation rules and their patterns.
        version: The digest that the description states.

    Raises:
        WholeBuildError: the change cannot be followed.
        DataError: a file cannot be read, or has a number that the engine cannot compute with.
        InconsistentError: a thing belongs to two classes that the ontology declares disjoint.
    """
    files = tuple(files)
    for each in files:
        if each.graph.startswith(_FIXED):
            raise WholeBuildError(f"{each.graph} is part of the ontology or the shapes")
    axioms = read_axioms(stated_schema(before, described_terms(before)))
    old, new = Closure(before, axioms), Closure(store, axioms)
    differences = {each.graph: _difference(before, each) for each in files}
    touched = _exchange(store, new, differences)
    facts = _compared(touched, old.holds, new.holds)
    _refuse_terms(facts, axioms)
    subjects = {triple.subject for triple in (*facts.added, *facts.removed)}
    check_consistency(store, (node for node in subjects if not isinstance(node, ox.Triple)))
    derived = rederive(before, store, rules, facts)
    touched |= derived.added | derived.removed
    merged = _compared(touched, _in_merge(before), _in_merge(store))
    growth = {graph: len(each.added) - len(each.removed) for graph, each in differences.items()}
    growth |= {graph: _growth(before, store, graph, touched) for graph in (ENTAILED, DERIVED)}
    _remove_if_empty(store, growth)
    exchanged = _describe(before, store, describe_again(before, store, version, merged, growth))
    return _compared(touched | exchanged, _in(before), _in(store))


def _refuse_terms(facts: Changes, axioms: Axioms) -> None:
    """Refuse a change of facts that changes the ontology.

    Raises:
        WholeBuildError: a triple is about a term, or states an axiom or declares a term.
    """
    for triple in facts.added | facts.removed:
        if name_of(triple.subject) in axioms.terms or is_stated_schema(triple):
            raise WholeBuildError("a file of facts describes a term of the ontology")


def _growth(before: ox.Store, store: ox.Store, graph: str, touched: Iterable[ox.Triple]) -> int:
    """Return by how many triples a graph has grown, if only some have come or gone."""
    return sum(_is_of(store, triple, graph) - _is_of(before, triple, graph) for triple in touched)


def _difference(before: ox.Store, change: FileChange) -> Changes:
    """Return what the file of a graph no longer has, and what it has now."""
    graph = ox.NamedNode(change.graph)
    old = frozenset(quad.triple for quad in before.quads_for_pattern(None, None, None, graph))
    lines = document_lines(change.file) if change.file else b""
    new = frozenset(quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    return Changes(new - old, old - new)


def _exchange(store: ox.Store, closure: Closure, differences: Mapping[str, Changes]) -> set[ox.Triple]:
    """Exchange the triples of files, and what they entail; return the triples that may have come or gone."""
    holders: defaultdict[ox.Triple, set[str]] = defaultdict(set)
    for changes in differences.values():
        for triple in (*changes.added, *changes.removed):
            holders[triple] = closure.asserted_in(triple)
    before = {triple for triple, graphs in holders.items() if graphs}
    for graph, changes in differences.items():
        for triple in changes.removed:
            holders[triple].discard(graph)
        for triple in changes.added:
            holders[triple].add(graph)
    after = {triple for triple, graphs in holders.items() if graphs}
    removed, added = before - after, after - before

    suspects = closure.lose(removed)
    fresh = {triple for triple in added if not closure.holds(triple)}
    _remove(store, suspects | added, ENTAILED)
    _remove(store, {triple for triple in removed | suspects if not _is_of(store, triple, QUESTIONS)}, None)
    for graph, changes in differences.items():
        _remove(store, changes.removed, graph)
        store.extend(quads(changes.added, graph))
    store.extend(quads(added))
    restored = closure.restore((suspects | removed) - added)
    return {*removed, *added, *suspects, *restored, *closure.follow(fresh)}


def _remove_if_empty(store: ox.Store, graphs: Iterable[str]) -> None:
    for graph in map(ox.NamedNode, graphs):
        if not any(True for _ in store.quads_for_pattern(None, None, None, graph)):
            store.remove_graph(graph)


def _remove(store: ox.Store, triples: Iterable[ox.Triple], graph: str | None) -> None:
    for quad in quads(triples, graph):
        store.remove(quad)


def _describe(before: ox.Store, store: ox.Store, described: frozenset[ox.Triple]) -> frozenset[ox.Triple]:
    """Exchange the description, and return the triples of the one or the other.

    The default graph keeps each triple that another file states.
    """
    old = description_of(before)
    _remove(store, old - described, DESCRIPTION)
    gone = {triple for triple in old - described if not _is_elsewhere(store, triple)}
    _remove(store, gone, None)
    for graph in (DESCRIPTION, None):
        store.extend(quads(described - old, graph))
    return old ^ described


def _is_elsewhere(store: ox.Store, triple: ox.Triple) -> bool:
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    names = {quad.graph_name.value for quad in found if isinstance(quad.graph_name, ox.NamedNode)}
    return any(not name.startswith(_FIXED[1]) for name in names)


def _is_of(store: ox.Store, triple: ox.Triple, graph: str | None) -> bool:
    return next(quads([triple], graph)) in store


def _in(store: ox.Store) -> Callable[[ox.Triple], bool]:
    """Return whether the default graph of a store has a triple."""
    return lambda triple: _is_of(store, triple, None)


def _in_merge(store: ox.Store) -> Callable[[ox.Triple], bool]:
    """Return whether the default graph of a store has a triple, other than for the description alone."""
    return lambda triple: _is_of(store, triple, None) and not _is_of(store, triple, DESCRIPTION)


def _compared(
    touched: Iterable[ox.Triple],
    was: Callable[[ox.Triple], bool],
    is_now: Callable[[ox.Triple], bool],
) -> Changes:
    states = {triple: (was(triple), is_now(triple)) for triple in touched}
    return Changes(
        frozenset(triple for triple, state in states.items() if state == (False, True)),
        frozenset(triple for triple, state in states.items() if state == (True, False)),
    )
