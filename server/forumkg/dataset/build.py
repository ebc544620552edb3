"""Build a store from the files of the dataset: parse, entail, check, derive, describe, store.

The store's default graph is the RDF merge of all graphs but the shapes, so that a triple of several
graphs is found once: https://www.w3.org/TR/rdf11-mt/#shared-blank-nodes-unions-and-merges
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from forumkg import __version__, resources
from forumkg.dataset import description, questions
from forumkg.dataset.files import SourceFile
from forumkg.dataset.page_lists import list_query_texts
from forumkg.errors import DataError, StoreError
from forumkg.namespaces import DERIVED, DESCRIPTION, ENTAILED, QUESTIONS, prefix_lines, shorten
from forumkg.rdf.blank_nodes import with_canonical_labels
from forumkg.rdf.reading import parse, read_text
from forumkg.rdf.terms import quads
from forumkg.rdf.turtle.positions import locations
from forumkg.reasoning.derivation import derive, load_rules
from forumkg.reasoning.entailment import check_consistency, entail

__all__ = ["BuildReport", "build", "digest"]

# Part of the digest: another number has each version built anew whose files on disk are laid out differently.
_LAYOUT: Final = 4
_STEPS: Final = MappingProxyType(
    {
        "parse": "Reading the files",
        "entail": "Entailing what the ontology's axioms imply",
        "check": "Checking consistency",
        "derive": "Deriving agreement and disagreement",
        "describe": "Describing the dataset",
        "store": "Writing the store",
    }
)

_NOT_NUMERIC: Final = (
    prefix_lines("xsd")
    + """
SELECT ?graph ?s ?p ?o
WHERE {
    GRAPH ?graph { ?s ?p ?o }
    FILTER (isLiteral(?o) && !isNumeric(?o) && DATATYPE(?o) IN (
        xsd:integer, xsd:decimal, xsd:long, xsd:int, xsd:short, xsd:byte, xsd:nonNegativeInteger,
        xsd:positiveInteger, xsd:nonPositiveInteger, xsd:negativeInteger, xsd:unsignedLong, xsd:unsignedInt,
        xsd:unsignedShort, xsd:unsignedByte
    ))
}
ORDER BY ?graph ?s ?p ?o
"""
)
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The result of a build.

    Attributes:
        graphs: The number of triples of each named graph, by its IRI.
        merged: The number of triples of the default graph.
        seconds: The time that each phase took, in the order of the phases.
    """

    graphs: Mapping[str, int]
    merged: int
    seconds: Mapping[str, float]


def build(
    store: ox.Store,
    files: Iterable[SourceFile],
    *,
    ontology_dir: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,  # noqa: ARG005 (nothing to report to)
) -> BuildReport:
    """Fill an empty store with the files, what they entail, and their description.

    Args:
        store: In memory or on disk; nothing is written to it before all checks have passed.
        files: The Turtle files, one for each named graph.
        ontology_dir: The folder of `rules/` and `questions/`, by default that of the package.
        progress: Called with the name of each phase.

    Raises:
        StoreError: the store is not empty.
        DataError: a file, a rule or a question cannot be read, a number is larger than the engine can compute
            with, or the ontology has an axiom without a rule.
        InconsistentError: a thing belongs to two classes that the ontology declares disjoint.
    """
    if any(True for _ in store):
        raise StoreError("The store is not empty: build into a new one.")
    folder = ontology_dir or resources.ontology_dir()
    files = tuple(files)
    seconds: dict[str, float] = {}
    draft = ox.Store()

    @contextmanager
    def phase(name: str) -> Iterator[None]:
        progress(_STEPS[name])
        start = perf_counter()
        yield
        seconds[name] = perf_counter() - start

    with phase("parse"):
        for file in files:
            _load(draft, file)
    with phase("entail"):
        entail(draft)
    with phase("check"):
        _check_numbers(draft, files)
        check_consistency(draft)
    with phase("derive"):
        derive(draft, load_rules(folder / "rules"))
    with phase("describe"):
        _add(draft, QUESTIONS, questions.describe(questions.load_questions(folder / "questions")))
        _add(draft, DESCRIPTION, description.describe(draft))
    with phase("store"):
        # The default graph has indexes of its own. A part that fills them alone comes as one run, which stays
        # compressed; from several, Oxigraph merges files that are not, and half as large again.
        for is_default in (True, False):
            store.bulk_extend(
                quad for quad in draft if isinstance(quad.graph_name, ox.DefaultGraph) is is_default
            )
    return _report(draft, seconds)


def digest(files: Iterable[SourceFile], *, ontology_dir: Path | None = None) -> str:
    """Return a SHA-256 over what a build depends on: names and texts of its files, and our version.

    Args:
        files: The Turtle files, in any order.
        ontology_dir: The folder of `rules/` and `questions/`, by default that of the package.

    Raises:
        DataError: a file cannot be read.
    """
    folder = ontology_dir or resources.ontology_dir()
    inputs = {file.graph: file.path for file in files}
    inputs |= {path.relative_to(folder).as_posix(): path for path in folder.glob("*/*.rq")}
    state = hashlib.sha256(f"{__version__} {_LAYOUT}".encode())
    for name, path in sorted(inputs.items()):
        # Names and texts by their digests: of one length each, no two sets of files run together.
        for text in (name, read_text(path)):
            state.update(hashlib.sha256(text.encode()).digest())
    for texts in sorted(list_query_texts().items()):
        for text in texts:
            state.update(hashlib.sha256(text.encode()).digest())
    return state.hexdigest()


def _load(store: ox.Store, file: SourceFile) -> None:
    triples = with_canonical_labels(parse(file.path), file.graph)
    store.extend(quads(triples, file.graph))
    if not file.is_shapes:
        store.extend(quads(triples))


def _check_numbers(store: ox.Store, files: Iterable[SourceFile]) -> None:
    """Refuse integers beyond 64 bits, and decimals beyond 128 with 18 digits behind the point.

    XML Schema bounds neither, but to Oxigraph a larger one is not a number: ORDER BY, MAX and comparisons
    would be wrong without an error.
    """
    rows = store.query(_NOT_NUMERIC)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (a SELECT has solutions)
    for row in rows:
        graph, subject, predicate, number = (row[name] for name in ("graph", "s", "p", "o"))
        if isinstance(number, ox.Literal) and _NUMBER.fullmatch(number.value):
            path = next(file.path for file in files if file.graph == graph.value)
            name = subject.value if isinstance(subject, ox.NamedNode) else str(subject)
            line = locations(read_text(path)).line(name, predicate.value, number.value)
            raise DataError(
                f"{path}:{line or 1}: the number {number.value} of {shorten(predicate.value)} cannot be "
                "computed with: write an integer from -2^63 to 2^63-1, a decimal with at most 18 digits on "
                "each side of the point, or an xsd:double."
            )


def _add(store: ox.Store, graph: str, triples: Iterable[ox.Triple]) -> None:
    triples = tuple(triples)
    store.extend(quads(triples, graph))
    store.extend(quads(triples))


def _report(store: ox.Store, seconds: Mapping[str, float]) -> BuildReport:
    built = dict.fromkeys((ENTAILED, DERIVED, QUESTIONS, DESCRIPTION), 0)
    sizes = Counter(quad.graph_name for quad in store)
    merged = sizes.pop(ox.DefaultGraph(), 0)
    graphs = {
        **built,
        **{graph.value: size for graph, size in sizes.items() if isinstance(graph, ox.NamedNode)},
    }
    return BuildReport(dict(sorted(graphs.items())), merged, dict(seconds))
