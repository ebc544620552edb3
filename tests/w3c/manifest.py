"""Read the manifests of the W3C's SPARQL suites: which tests there are, and what each is made of.

https://w3c.github.io/rdf-tests/sparql/ and https://www.w3.org/2001/sw/DataAccess/tests/README
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from w3c.terms import Term

__all__ = ["ADDRESS", "LEFT_OUT", "SUITES", "Case", "address", "left_out", "read"]

# The top manifest of each suite.
SUITES: Final = {
    "sparql10": "manifest.ttl",
    "sparql11": "manifest-all.ttl",
    "sparql12": "manifest.ttl",
}
# Where the suites are published: what their relative IRIs are relative to.
ADDRESS: Final = "https://w3c.github.io/rdf-tests/sparql/"

# What is not run here, by the type of the test or by what the test needs, and why.
LEFT_OUT: Final = {
    "UpdateEvaluationTest": "no update is accepted",
    "PositiveUpdateSyntaxTest": "no update is accepted",
    "NegativeUpdateSyntaxTest": "no update is accepted",
    "PositiveUpdateSyntaxTest11": "no update is accepted",
    "NegativeUpdateSyntaxTest11": "no update is accepted",
    "ProtocolTest": "needs a server, and updates; the tests of the endpoint ask the same of queries",
    "ServiceDescriptionTest": "needs a server; the tests of the service description ask the same",
    "GraphStoreProtocolTest": "no write is accepted",
    "SERVICE": "a query calls another server, which is refused",
    "entailment": "the graph is entailed when it is built, not while it is queried",
}

# The folders of SPARQL 1.1 Federated Query: sparql11/manifest-sparql11-fed.ttl
_FEDERATION: Final = frozenset({"sparql11/service", "sparql11/syntax-fed"})
_MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
_REGIME: Final = "http://www.w3.org/ns/sparql-service-description#entailmentRegime"

_Node = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True, slots=True)
class Case:
    """A test: its name here, its type, the files that it is made of, and what it says of the comparison.

    Attributes:
        name: folder and fragment, such as `sparql11/bind/bind01`.
        type: the local name of its class, such as `QueryEvaluationTest`.
        query: the file with the query, or whatever else the test acts on.
        data: the files of the default graph.
        graphs: names and files of the named graphs.
        result: the file with the expected answer; None for syntax tests.
        needs: what the test asks of an implementation beyond its type.
        is_lax: whether rows of the expected answer may be missing because of REDUCED.
    """

    name: str
    type: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[tuple[str, Path], ...]
    result: Path | None
    needs: frozenset[str]
    is_lax: bool

    @property
    def suite(self) -> str:
        """The version of SPARQL that the test belongs to."""
        return self.name.partition("/")[0]


def read(root: Path) -> Iterator[Case]:
    """Yield the tests of all suites in the order of the manifests.

    Args:
        root: the folder that has the folders of the suites.
    """
    for suite, manifest in SUITES.items():
        yield from _read_manifest(root, root / suite / manifest)


def left_out(case: Case) -> str | None:
    """Return why a test is not run; None for one that is."""
    return next((reason for key, reason in LEFT_OUT.items() if key == case.type or key in case.needs), None)


def address(root: Path, path: Path) -> str:
    """Return the IRI of a file of the suites."""
    return ADDRESS + path.relative_to(root).as_posix()


class _Graph:
    """A manifest, as far as a reader walks along it."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root = root
        quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=address(root, path))
        self.dataset = ox.Dataset(quads)

    def values(self, subject: Term, predicate: str) -> Iterator[Term]:
        """Yield the values of a property."""
        if isinstance(subject, _Node):
            for quad in self.dataset.quads_for_subject(subject):
                if quad.predicate.value == predicate:
                    yield quad.object

    def value(self, subject: Term | None, predicate: str) -> Term | None:
        """Return the value of a property that has one at most."""
        return next(self.values(subject, predicate), None) if subject else None

    def lists(self, predicate: str) -> Iterator[Term]:
        """Yield the members of the lists that a property has."""
        for quad in self.dataset.quads_for_predicate(ox.NamedNode(predicate)):
            rest: Term | None = quad.object
            while rest and (first := self.value(rest, f"{_RDF}first")):
                yield first
                rest = self.value(rest, f"{_RDF}rest")

    def path(self, term: Term | None) -> Path | None:
        """Return the file that an IRI stands for."""
        if isinstance(term, ox.NamedNode):
            return self.root / term.value.removeprefix(ADDRESS)
        return None

    def graph(self, term: Term) -> tuple[str, Path]:
        """Return name and file of a named graph: an IRI is both, a node has them apart."""
        file = self.path(self.value(term, f"{_QT}graph") or term)
        label = self.value(term, _LABEL)
        if file is None:
            raise ValueError(f"A named graph has no file: {term}")
        return (label.value if isinstance(label, ox.Literal) else address(self.root, file)), file


def _read_manifest(root: Path, path: Path) -> Iterator[Case]:
    graph = _Graph(root, path)
    for included in graph.lists(f"{_MF}include"):
        if manifest := graph.path(included):
            yield from _read_manifest(root, manifest)
    folder = path.parent.relative_to(root).as_posix()
    for entry in graph.lists(f"{_MF}entries"):
        yield _case(graph, folder, entry)


def _case(graph: _Graph, folder: str, entry: Term) -> Case:
    action = graph.value(entry, f"{_MF}action")
    query = graph.value(action, f"{_QT}query")
    data = (graph.path(term) for term in graph.values(action, f"{_QT}data")) if action else ()
    return Case(
        name=f"{folder}/{_local_name(entry)}",
        type=_local_name(graph.value(entry, f"{_RDF}type")),
        query=graph.path(query or action) or graph.root / folder,
        data=tuple(path for path in data if path),
        graphs=tuple(map(graph.graph, graph.values(action, f"{_QT}graphData"))) if action else (),
        result=graph.path(graph.value(entry, f"{_MF}result")),
        needs=frozenset(_needs(graph, folder, entry, action)),
        is_lax=graph.value(entry, f"{_MF}resultCardinality") is not None,
    )


def _needs(graph: _Graph, folder: str, entry: Term, action: Term | None) -> Iterator[str]:
    yield from map(_local_name, graph.values(entry, f"{_MF}requires"))
    if folder in _FEDERATION:
        yield "SERVICE"
    if graph.value(action, _REGIME):
        yield "entailment"


def _local_name(term: Term | None) -> str:
    return term.value.rpartition("#")[2] if isinstance(term, ox.NamedNode) else ""
