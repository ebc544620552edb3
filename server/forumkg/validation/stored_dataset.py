"""A version of the dataset on disk, and what validation asks of the whole of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from rdflib import Graph

from forumkg.dataset.description import DATASET
from forumkg.dataset.files import SourceFile
from forumkg.dataset.version_info import SOURCE, STORE
from forumkg.errors import DataError, StoreError
from forumkg.namespaces import DERIVED, DESCRIPTION, ENTAILED, GRAPH, QUESTIONS, prefix_lines
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.reading import read_text
from forumkg.validation.patterns import Influence, Unbounded, branches_of
from forumkg.validation.reach import Reach
from forumkg.validation.shape_rules import ShapeRule, rules_of
from forumkg.validation.workspace import CheckedFile, Counts, Workspace

__all__ = ["StoredDataset"]

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
_ARTICLES_OF: Final = (
    prefix_lines("zgc") + "SELECT ?article WHERE { ?article zgc:sha256 %s ; zgc:codePointLength ?length }"
)
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
        sources: the files, and where the text of each is.
    """

    store: ox.Store
    sources: tuple[tuple[SourceFile, Path], ...]
    _things: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def open(cls, version: Path) -> "StoredDataset":
        """Open the folder of a version.

        Raises:
            StoreError: it has no store.
            DataError: it has no files.
        """
        try:
            store = ox.Store.read_only(str(version / STORE))
        except (FileNotFoundError, RuntimeError, OSError) as error:
            raise StoreError(f"no store in {version}") from error
        return cls.of_folder(store, version / SOURCE)

    @classmethod
    def of_folder(cls, store: ox.Store, folder: Path) -> "StoredDataset":
        """Return a dataset whose files are below a folder, each the graph that its path says.

        Raises:
            DataError: there are none.
        """
        paths = sorted(folder.rglob("*.ttl"))
        if not paths:
            raise DataError(f"No Turtle file in {folder}.")
        names = (path.relative_to(folder).with_suffix("").as_posix() for path in paths)
        return cls(store, tuple(zip(map(_source, names), paths, strict=True)))

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of the files without their ends."""
        return tuple(file.name for file, _ in self.sources)

    @cached_property
    def facts(self) -> dict[str, tuple[SourceFile, Path]]:
        """The files of facts by their graphs, and where their texts are."""
        return {
            file.graph: (file, path)
            for file, path in self.sources
            if not (file.is_ontology or file.is_shapes)
        }

    @cached_property
    def terms(self) -> tuple[CheckedFile, ...]:
        """The files of the ontology and of the shapes, whole.

        Raises:
            DataError: one cannot be read.
        """
        return tuple(_whole(*each) for each in self.sources if each[0].graph not in self.facts)

    @cached_property
    def ontology(self) -> Graph:
        """The terms; not to be changed."""
        return Workspace(self.terms).ontology

    @cached_property
    def shapes(self) -> Graph:
        """The shapes; not to be changed."""
        return Workspace(self.terms).shapes

    @cached_property
    def graphs(self) -> tuple[str, ...]:
        """The graphs of the facts and of the ontology."""
        return (*self.facts, *(file.source.graph for file in self.terms if file.source.is_ontology))

    @cached_property
    def rules(self) -> tuple[ShapeRule, ...] | None:
        """What each shape reads; None where that is not known of one of them."""
        try:
            return rules_of(self.shapes, self.ontology)
        except Unbounded:
            return None

    @property
    def shape_rules(self) -> tuple[ShapeRule, ...]:
        """What each shape reads.

        Raises:
            Unbounded: that is not known of one of them.
        """
        if self.rules is None:
            raise Unbounded("the shapes have targets or constraints of other kinds")
        return self.rules

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
        """Return all files, read from their texts, in the order of their graphs as in a workspace.

        Raises:
            DataError: one cannot be read.
        """
        return tuple(sorted((*self.terms, *self.read_facts()), key=lambda file: file.source.graph))

    def read_facts(self) -> Iterator[CheckedFile]:
        """Yield the files of facts, each read from its text as it is asked for.

        Raises:
            DataError: one cannot be read.
        """
        return (_whole(*each) for each in self.facts.values())

    def part(self, graph: str, triples: Iterable[ox.Triple]) -> CheckedFile:
        """Return a file with some of its triples."""
        file, path = self.facts[graph]
        return CheckedFile(file, partial(read_text, path), rdflib_graph(triples))

    def things(self, namespace: str) -> frozenset[str]:
        """Return the IRIs in a namespace that have a type.

        No index has them by their beginning: this reads the types of all things, once for each namespace.
        """
        found = self._things.get(namespace)
        if found is None:
            rows = self._rows(_THINGS % ox.Literal(namespace))
            found = self._things[namespace] = frozenset(row["thing"].value for row in rows)
        return found

    def articles_of(self, sha256: str) -> set[str]:
        """Return the IRIs of the articles whose text has a digest."""
        return {row["article"].value for row in self._rows(_ARTICLES_OF % ox.Literal(sha256))}

    def is_used(self, iri: str) -> bool:
        """Return whether another thing refers to one."""
        node = ox.NamedNode(iri)
        quads = self.store.quads_for_pattern(None, None, node, None)
        facts = {ox.NamedNode(graph) for graph in self.facts}
        return any(quad.subject != node and quad.graph_name in facts for quad in quads)

    @cached_property
    def counts(self) -> Counts:
        """How much it holds, counted by its description and by two queries."""
        sizes = {row["graph"].value: int(row["size"].value) for row in self._rows(_SIZES)}
        generated = sum(sizes.get(graph, 0) for graph in _GENERATED)
        return Counts(
            files=len(self.sources),
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


def _source(name: str) -> SourceFile:
    # Named as in the repository: messages do not say where the server keeps its files.
    shown = name if name.startswith(("ontology/", "shapes/")) else f"graph/{name}"
    return SourceFile(Path(f"{shown}.ttl"), f"{GRAPH}{name}")


def _whole(file: SourceFile, path: Path) -> CheckedFile:
    return CheckedFile.read(file, read_text(path))
