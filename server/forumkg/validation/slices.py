"""Cut out of a dataset what a document can change the findings of, and all that they depend on.

The findings in this part, with the document and without it, are those that the whole dataset would give.
Why: docs/decisions/25-validation-follows-the-document.md.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from forumkg.dataset.description import DATASET
from forumkg.dataset.files import SourceFile
from forumkg.dataset.version_info import SOURCE, STORE
from forumkg.errors import DataError, StoreError
from forumkg.namespaces import DERIVED, DESCRIPTION, ENTAILED, GRAPH, QUESTIONS, ZGC, prefix_lines
from forumkg.rdf.conversion import oxigraph_triples, rdflib_graph, rdflib_term
from forumkg.rdf.reading import read_text
from forumkg.reasoning.owl import RDF_TYPE, SUBCLASS
from forumkg.validation.patterns import Influence, RdfTerm, Unbounded, branches_of
from forumkg.validation.reach import Change, Reach, affected, follow
from forumkg.validation.shape_rules import Foci, ShapeRule, rules_of
from forumkg.validation.surroundings import Surroundings
from forumkg.validation.workspace import CheckedFile, Counts, KnownPart, Workspace, counts

__all__ = ["Slice", "StoredDataset", "slice_around"]

_TYPE: Final = ox.NamedNode(RDF_TYPE)
_ARTICLE: Final = ox.NamedNode(f"{ZGC}Article")
_SUBCLASS: Final = ox.NamedNode(SUBCLASS)
# What the checks of passages read about an article.
_PASSAGES: Final = (
    prefix_lines("oa", "zgc")
    + """
SELECT ?article WHERE {
    ?passage oa:hasSource ?article .
    OPTIONAL { ?article zgc:sha256 ?digest }
    OPTIONAL {
        ?citing zgc:isSupportedBy|zgc:isAttestedBy ?passage .
        OPTIONAL { ?citing zgc:hasQuantity ?quantity . ?quantity zgc:hasIndicator ?indicator }
    }
    OPTIONAL { ?passage oa:hasSelector ?selector . OPTIONAL { ?selector oa:start ?start } }
}
"""
)
_THINGS: Final = """
SELECT DISTINCT ?thing WHERE { ?thing a ?class FILTER (STRSTARTS(STR(?thing), %s)) }
"""

_GENERATED: Final = (ENTAILED, DERIVED, QUESTIONS, DESCRIPTION)
_SHA256: Final = ox.NamedNode(f"{ZGC}sha256")
_SIZES: Final = (
    prefix_lines("void") + "SELECT ?graph ?size WHERE { ?graph a void:Dataset ; void:triples ?size }"
)
_COUNT: Final = prefix_lines("zgc") + "SELECT (COUNT(DISTINCT ?s) AS ?count) WHERE {{ ?s zgc:{} ?o }}"
_STATEMENTS: Final = _COUNT.format("isSupportedBy")
_DIGESTS: Final = _COUNT.format("sha256")
_LENGTHS: Final = _COUNT.format("codePointLength")


@dataclass(frozen=True)
class StoredDataset:
    """A version of the dataset on disk.

    Attributes:
        store: has each file as a named graph.
        folder: has the text of each graph of the store, by its path.
    """

    store: ox.Store
    folder: Path
    _things: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def open(cls, version: Path) -> "StoredDataset":
        """Open the folder of a version.

        Raises:
            StoreError: it has no store.
        """
        try:
            return cls(ox.Store.read_only(str(version / STORE)), version / SOURCE)
        except (FileNotFoundError, RuntimeError, OSError) as error:
            raise StoreError(f"no store in {version}") from error

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The paths of the files without their ends, in order.

        Raises:
            DataError: there are none.
        """
        paths = sorted(self.folder.rglob("*.ttl"))
        if not paths:
            raise DataError(f"No Turtle file in {self.folder}.")
        return tuple(path.relative_to(self.folder).with_suffix("").as_posix() for path in paths)

    @cached_property
    def facts(self) -> dict[str, SourceFile]:
        """The files of facts by their graphs, named as in the repository."""
        files = (self._source(name) for name in self.names)
        return {file.graph: file for file in files if not (file.is_ontology or file.is_shapes)}

    @cached_property
    def terms(self) -> tuple[CheckedFile, ...]:
        """The files of the ontology and of the shapes, whole.

        Raises:
            DataError: one cannot be read.
        """
        files = (self._source(name) for name in self.names)
        return tuple(self._whole(file) for file in files if file.is_ontology or file.is_shapes)

    @cached_property
    def graphs(self) -> tuple[str, ...]:
        """The graphs of the facts and of the ontology."""
        return (*self.facts, *(file.source.graph for file in self.terms if file.source.is_ontology))

    @cached_property
    def rules(self) -> tuple[ShapeRule, ...] | None:
        """What each shape reads; None where that is not known of one of them."""
        terms = Workspace(self.terms)
        try:
            return rules_of(terms.shapes, terms.ontology)
        except Unbounded:
            return None

    @cached_property
    def passages(self) -> Reach:
        """What the checks of passages read, from their article."""
        root = ox.Variable("article")
        branches = branches_of(_PASSAGES, {root})
        # Whatever changes of a passage, the findings in its article can.
        return Reach(
            root, tuple(tuple(replace(each, influence=Influence.ANY) for each in one) for one in branches)
        )

    def whole(self) -> tuple[CheckedFile, ...]:
        """Return all files, read from their texts.

        Raises:
            DataError: one cannot be read.
        """
        return (*self.terms, *(self._whole(file) for file in self.facts.values()))

    def part(self, graph: str, triples: Iterable[ox.Triple]) -> CheckedFile:
        """Return a file with some of its triples."""
        file = self.facts[graph]
        return CheckedFile(file, partial(self._text, file.name), rdflib_graph(triples))

    def things(self, namespace: str) -> frozenset[str]:
        """Return the IRIs in a namespace that have a type.

        No index has them by their beginning: this reads the types of all things, once for each namespace.
        """
        found = self._things.get(namespace)
        if found is None:
            rows = self._rows(_THINGS % ox.Literal(namespace))
            found = self._things[namespace] = frozenset(row["thing"].value for row in rows)
        return found

    def has_digest(self, sha256: str) -> bool:
        """Return whether a text or a passage has this digest."""
        return next(self.store.quads_for_pattern(None, _SHA256, ox.Literal(sha256), None), None) is not None

    @cached_property
    def counts(self) -> Counts:
        """How much it holds, counted by its description and by two queries."""
        sizes = {row["graph"].value: int(row["size"].value) for row in self._rows(_SIZES)}
        generated = sum(sizes.get(graph, 0) for graph in _GENERATED)
        return Counts(
            files=len(self.names),
            triples=sizes.get(DATASET, 0) - generated,
            statements=self._count(_STATEMENTS),
            passages=self._count(_DIGESTS) - self._count(_LENGTHS),
        )

    def _count(self, query: str) -> int:
        return int(next(self._rows(query))["count"].value)

    def _rows(self, query: str) -> Iterator[dict[str, Any]]:
        rows = self.store.query(query)
        assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (a SELECT has solutions)
        names = [variable.value for variable in rows.variables]
        return ({name: row[name] for name in names} for row in rows)

    def _source(self, name: str) -> SourceFile:
        # Named as in the repository: messages do not say where the server keeps its files.
        shown = name if name.startswith(("ontology/", "shapes/")) else f"graph/{name}"
        return SourceFile(Path(f"{shown}.ttl"), f"{GRAPH}{name}")

    def _text(self, name: str) -> str:
        return read_text(self.folder / f"{name}.ttl")

    def _whole(self, file: SourceFile) -> CheckedFile:
        return CheckedFile.read(file, self._text(file.name))


@dataclass(frozen=True)
class Slice:
    """The part of a dataset around a document.

    Attributes:
        after: with the document in the place of the files that it replaces.
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
