"""Select the part of a dataset whose findings a document can change, and all that they depend on.

The findings in this part, with the document and without it, are those that the whole dataset would give.
Why: docs/decisions/25-validation-follows-the-document.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.namespaces import ZGC
from forumkg.rdf.conversion import oxigraph_triples, rdflib_term
from forumkg.reasoning.owl import RDF_TYPE, SUBCLASS
from forumkg.validation.patterns import RdfTerm, Unbounded
from forumkg.validation.reach import Change, affected, follow
from forumkg.validation.shape_rules import Foci, ShapeRule
from forumkg.validation.stored_dataset import StoredDataset
from forumkg.validation.surroundings import Surroundings
from forumkg.validation.workspace import CheckedFile, Counts, KnownPart, Workspace, counts

__all__ = ["Slice", "slice_around", "slice_of"]

_FociOfRules: TypeAlias = Mapping[ShapeRule, set[RdfTerm]]

# The IRI of a selector is that of its passage with this at the end.
_SELECTOR: Final = "/selector"
_TYPE: Final = ox.NamedNode(RDF_TYPE)
_ARTICLE: Final = ox.NamedNode(f"{ZGC}Article")
_SUBCLASS: Final = ox.NamedNode(SUBCLASS)


@dataclass(frozen=True)
class Slice:
    """The part of a dataset around a document.

    Attributes:
        after: with the document in place of the files that it replaces.
        before: as the dataset is.
        counts: how much the whole dataset holds with the document.
    """

    after: Workspace
    before: Workspace
    counts: Counts


def slice_around(given: Sequence[CheckedFile], dataset: StoredDataset) -> Slice:
    """Return the part of a dataset in which documents have and cause the findings that they do in the whole.

    Args:
        given: the documents, files of facts.
        dataset: the dataset.

    Raises:
        Unbounded: only the whole has the same findings.
        DataError: a file of the dataset cannot be read.
    """
    document = frozenset(triple for file in given for triple in oxigraph_triples(file.graph))
    around = Surroundings(dataset.store, dataset.graphs, document)
    replaced = _replaced(given, dataset)
    change, more = _change(document, replaced, dataset.facts, around)
    if any(triple.predicate == _SUBCLASS for triple in (*change.added, *change.removed)):
        raise Unbounded("the hierarchy of classes changes")
    foci = _foci(document, change, dataset.shape_rules, around)
    articles = _articles(document, change, dataset, around)
    gone = {triple.subject for graph in replaced for triple in around.graph(graph)}
    own = {triple.subject for triple in document}
    for node in gone - own:
        if around.graphs_with(node) <= replaced:
            around.subjects({node}, None)
    nodes = _known(own | gone, foci, around)
    scope = KnownPart(nodes, articles, _in_rdflib(foci), dataset)
    after = _workspace(given, around, dataset, scope, without=replaced)
    before = _workspace((), around, dataset, scope, without=())
    moved = replace(
        counts(after, nodes) - counts(before, nodes),
        files=len(given) - len(replaced),
        triples=more,
    )
    return Slice(after, before, dataset.counts + moved)


def slice_of(subjects: Iterable[ox.NamedNode], dataset: StoredDataset) -> Workspace:
    """Return the part of a dataset in which the findings about some of its things are those of the whole.

    Args:
        subjects: the things; no blank nodes.
        dataset: the dataset.

    Raises:
        Unbounded: only the whole has the same findings.
        DataError: a file of the dataset cannot be read.
    """
    around = Surroundings(dataset.store, dataset.graphs, ())
    triples = frozenset(
        ox.Triple(subject, predicate, value)
        for subject in subjects
        for predicate, values in around.description(subject).items()
        for value in values
    )
    change = Change(frozenset(), frozenset())
    foci = _foci(triples, change, dataset.shape_rules, around)
    articles = _articles(triples, change, dataset, around)
    nodes = _known((triple.subject for triple in triples), foci, around)
    return _workspace((), around, dataset, KnownPart(nodes, articles, _in_rdflib(foci), dataset), without=())


def _replaced(given: Sequence[CheckedFile], dataset: StoredDataset) -> frozenset[str]:
    """Return the graphs of the files that documents replace: of their names, and of their articles."""
    found = {file.source.graph for file in given} & set(dataset.facts)
    for article in {article for file in given for article in file.articles}:
        node = ox.NamedNode(article)
        for quad in dataset.store.quads_for_pattern(node, _TYPE, _ARTICLE, None):
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in dataset.facts:
                found.add(quad.graph_name.value)
    return frozenset(found)


def _change(
    document: frozenset[ox.Triple],
    replaced: frozenset[str],
    facts: Collection[str],
    around: Surroundings,
) -> tuple[Change, int]:
    """Return what documents change in the merge of all graphs, and how many triples more the facts have."""
    gone = {triple for graph in replaced for triple in around.graph(graph)} - document
    before = {triple: around.graphs_of(triple) for triple in document}
    after = {triple: around.graphs_of(triple) - replaced for triple in gone}
    more = sum(graphs.isdisjoint(facts) for graphs in before.values())
    less = sum(graphs.isdisjoint(facts) for graphs in after.values())
    change = Change(
        frozenset(triple for triple, graphs in before.items() if not graphs),
        frozenset(triple for triple, graphs in after.items() if not graphs),
    )
    return change, more - less


def _foci(
    document: Iterable[ox.Triple], change: Change, rules: Iterable[ShapeRule], around: Surroundings
) -> _FociOfRules:
    """Return the nodes to validate against each shape, and look up what that takes."""
    own: set[RdfTerm] = {triple.subject for triple in document}
    targets = _Targets(own, around)
    foci: dict[ShapeRule, set[RdfTerm]] = {}
    for rule in rules:
        others = affected(rule.reads, change, around) - own
        foci[rule] = (
            (own | others) if rule.is_about_all else targets.of(rule) | _Targets(others, around).of(rule)
        )
    for rule, nodes in foci.items():
        follow(rule.reads, nodes, around)
    return foci


def _in_rdflib(foci: _FociOfRules) -> Foci:
    terms = {node: rdflib_term(node) for node in set[RdfTerm]().union(*foci.values())}
    return tuple((rule, frozenset(terms[node] for node in nodes)) for rule, nodes in foci.items())


class _Targets:
    """Some nodes by the classes and predicates by which shapes name their targets."""

    def __init__(self, nodes: Iterable[RdfTerm], around: Surroundings) -> None:
        self._by_class = defaultdict[RdfTerm, set[RdfTerm]](set)
        self._by_predicate = defaultdict[RdfTerm, set[RdfTerm]](set)
        for node in nodes:
            said = around.description(node)
            for predicate in said:
                self._by_predicate[predicate].add(node)
            for each in said.get(_TYPE, ()):
                self._by_class[each].add(node)

    def of(self, rule: ShapeRule) -> set[RdfTerm]:
        """Return the nodes that a shape is a constraint of, before a change or after it."""
        by_class = (self._by_class[ox.NamedNode(each)] for each in rule.classes)
        by_predicate = (self._by_predicate[ox.NamedNode(each)] for each in rule.predicates)
        return set[RdfTerm]().union(*by_class, *by_predicate)


def _articles(
    document: frozenset[ox.Triple], change: Change, dataset: StoredDataset, around: Surroundings
) -> frozenset[str]:
    """Return the articles whose passages are to be checked, and look up what that takes."""
    found = affected(dataset.passages, Change(change.added | document, change.removed), around)
    follow(dataset.passages, found, around)
    for article in found:
        around.description(article)
    return frozenset(node.value for node in found if isinstance(node, ox.NamedNode))


def _known(nodes: Iterable[RdfTerm], foci: _FociOfRules, around: Surroundings) -> frozenset[str]:
    """Return the nodes of which it is known whether they are described, and look up what that takes.

    The result of a shape is left out where another check has reported the mistake already, at its focus or,
    for a selector, at its passage: what these checks report of each focus has to be known, too.
    """
    about = set(nodes).union(*foci.values())
    about |= {
        ox.NamedNode(node.value.removesuffix(_SELECTOR)) for node in about if isinstance(node, ox.NamedNode)
    }
    known = about | {each for node in about for said in around.description(node).values() for each in said}
    for node in known:
        around.description(node)
    return frozenset(node.value for node in known if isinstance(node, ox.NamedNode))


def _workspace(
    given: Sequence[CheckedFile],
    around: Surroundings,
    dataset: StoredDataset,
    scope: KnownPart,
    without: Iterable[str],
) -> Workspace:
    parts = [
        dataset.part(graph, triples)
        for graph, triples in around.found.items()
        if graph in dataset.facts and graph not in without
    ]
    files = sorted((*given, *parts, *dataset.terms), key=lambda file: file.source.graph)
    return Workspace(tuple(files), scope=scope)
