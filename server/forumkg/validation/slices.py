"""Select the part of a dataset whose findings a document can change, and all that they depend on.

The findings in this part, with the document and without it, are those that the whole dataset would give.
Why: docs/decisions/25-validation-follows-the-document.md.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

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

__all__ = ["Slice", "slice_around"]

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
        Unbounded: there is no such part but the whole.
        DataError: a file of the dataset cannot be read.
    """
    if dataset.rules is None:
        raise Unbounded("the shapes have targets or constraints of other kinds")
    document = frozenset(triple for file in given for triple in oxigraph_triples(file.graph))
    around = Surroundings(dataset.store, dataset.graphs, document)
    replaced = _replaced(given, dataset)
    change, more = _change(document, replaced, dataset.facts, around)
    if any(triple.predicate == _SUBCLASS for triple in (*change.added, *change.removed)):
        raise Unbounded("the hierarchy of classes changes")
    foci = _foci(document, change, dataset.rules, around)
    articles = _articles(document, change, dataset, around)
    nodes = _described(document, replaced, around)
    scope = KnownPart(nodes, articles, foci, dataset)
    after = _workspace(given, around, dataset, scope, without=replaced)
    before = _workspace((), around, dataset, scope, without=())
    moved = replace(
        counts(after, nodes) - counts(before, nodes),
        files=len(given) - len(replaced),
        triples=more,
    )
    return Slice(after, before, dataset.counts + moved)


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
) -> Foci:
    """Return the nodes to validate against each shape, and look up what that takes."""
    own: set[RdfTerm] = {triple.subject for triple in document}
    foci = {rule: _targets(rule, affected(rule.reads, change, around) | own, around) for rule in rules}
    for rule, nodes in foci.items():
        follow(rule.reads, nodes, around)
    return tuple((rule, frozenset(map(rdflib_term, nodes))) for rule, nodes in foci.items())


def _targets(rule: ShapeRule, nodes: set[RdfTerm], around: Surroundings) -> set[RdfTerm]:
    """Return those of some nodes that a shape is a constraint of, before a change or after it."""
    if rule.is_about_all:
        return nodes
    classes = {ox.NamedNode(each) for each in rule.classes}
    predicates = {ox.NamedNode(each) for each in rule.predicates}
    return {
        node
        for node in nodes
        if not classes.isdisjoint(around.description(node).get(_TYPE, ()))
        or not predicates.isdisjoint(around.description(node))
    }


def _articles(
    document: frozenset[ox.Triple], change: Change, dataset: StoredDataset, around: Surroundings
) -> frozenset[str]:
    """Return the articles whose passages are to be checked, and look up what that takes."""
    found = affected(dataset.passages, Change(change.added | document, change.removed), around)
    follow(dataset.passages, found, around)
    for article in found:
        around.description(article)
    return frozenset(node.value for node in found if isinstance(node, ox.NamedNode))


def _described(
    document: Iterable[ox.Triple], replaced: frozenset[str], around: Surroundings
) -> frozenset[str]:
    """Return the nodes of which it is known whether they are described, and look up what that takes."""
    gone = {triple.subject for graph in replaced for triple in around.graph(graph)}
    own = {triple.subject for triple in document}
    for node in own | gone | {triple.object for triple in document}:
        around.description(node)
    for node in gone - own:
        if around.graphs_with(node) <= replaced:
            around.subjects({node}, None)
    return frozenset(node.value for node in own | gone if isinstance(node, ox.NamedNode))


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
