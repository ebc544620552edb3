"""The description of the dataset and its named graphs, as pages show them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from forumkg.dataset.description import DATASET
from forumkg.namespaces import DERIVED, DESCRIPTION, ENTAILED, GRAPH, QUESTIONS
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import N_, gettext
from forumkg.pages.names import Name, names_of
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.translated_text import TranslatedText

__all__ = ["DatasetFacts", "NamedGraph", "dataset_queries", "graph_groups", "read_dataset", "read_graphs"]

_BUILT: Final = frozenset({DERIVED, DESCRIPTION, ENTAILED, QUESTIONS})
_FOLDERS: Final = (
    ("articles/", N_("One article each")),
    ("ontology/", N_("The ontology")),
    ("shapes/", N_("The shapes, which are not in the downloads above")),
)
_COMMON: Final = N_("Shared by all articles")
_MADE: Final = N_("Generated when the dataset is built")


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """The description that the dataset has of itself."""

    title: str = ""
    description: str = ""
    creator: str = ""
    licence: str = ""
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class NamedGraph:
    """A named graph, its size, and the name of its article where it is the graph of one."""

    iri: str
    triples: int
    article: str = ""
    article_name: str = ""

    @property
    def name(self) -> str:
        """What stands behind the base of graphs: `articles/xinhua-2021-09-15`."""
        return self.iri.removeprefix(GRAPH)


def dataset_queries(graphs: Collection[str] | None = None) -> tuple[PageQuery, PageQuery]:
    """Return the queries for the dataset, and for some of its named graphs, or all."""
    narrowed = {} if graphs is None else {"graphs": iris(graphs)}
    return page_query("dataset", dataset=DATASET), page_query("graphs", dataset=DATASET, **narrowed)


def read_dataset(graph: Graph) -> DatasetFacts:
    """Return the description of the dataset; empty fields for what it does not state."""
    facts, _ = dataset_queries()
    for row in graph.select(facts.text):
        return DatasetFacts(
            row.text("title"),
            row.text("description"),
            row.text("creator"),
            row.iri("licence"),
            row.date("issued"),
        )
    return DatasetFacts()


def read_graphs(graph: Graph, wanted: Collection[str] | None = None) -> tuple[NamedGraph, ...]:
    """Return some of the named graphs, or all."""
    _, graphs = dataset_queries(wanted)
    rows = graph.select(graphs.text)
    # A query of their own: a join with a bound address might read all names.
    names = names_of(graph, (row.iri("article") for row in rows if row.iri("article") != row.iri("graph")))
    return tuple(_named_graph(row, names) for row in rows)


def _named_graph(row: Row, names: Mapping[str, Name]) -> NamedGraph:
    name = names.get(row.iri("article"))
    title = TranslatedText(name.text, name.language) if name and name.language else ""
    return NamedGraph(row.iri("graph"), row.count("triples"), row.iri("article"), title)


def graph_groups(graphs: Iterable[NamedGraph]) -> tuple[tuple[str, tuple[NamedGraph, ...]], ...]:
    """Return the named graphs in groups, the articles first."""
    groups: dict[str, list[NamedGraph]] = {
        title: [] for title in (_FOLDERS[0][1], _COMMON, _MADE, *(title for _, title in _FOLDERS[1:]))
    }
    for graph in graphs:
        groups[_group(graph)].append(graph)
    return tuple((gettext(title), tuple(members)) for title, members in groups.items() if members)


def _group(graph: NamedGraph) -> str:
    if graph.iri in _BUILT:
        return _MADE
    return next((title for folder, title in _FOLDERS if graph.name.startswith(folder)), _COMMON)
