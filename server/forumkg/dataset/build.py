"""Build a store from the files of the dataset: load, entail, check, derive, describe.

The store's default graph is the RDF merge of all graphs but the shapes, so that a triple of several
graphs is found once: https://www.w3.org/TR/rdf11-mt/#shared-blank-nodes-unions-and-merges
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from forumkg import resources
from forumkg.dataset import description, questions
from forumkg.dataset.files import SourceFile, digest
from forumkg.dataset.loading import load_files
from forumkg.errors import StoreError
from forumkg.namespaces import DERIVED, DESCRIPTION, ENTAILED, QUESTIONS
from forumkg.rdf.terms import count_triples, quads
from forumkg.reasoning.derivation import RULES, derive, load_rules
from forumkg.reasoning.entailment import check_consistency, entail

__all__ = ["BuildReport", "build"]

_STEPS: Final = MappingProxyType(
    {
        "load": "Loading the files",
        "entail": "Entailing what the ontology's axioms imply",
        "check": "Checking consistency",
        "derive": "Deriving agreement and disagreement",
        "describe": "Describing the dataset",
        "compact": "Compacting the store",
    }
)


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
    version: str = "",
    progress: Callable[[str], None] = lambda step: None,  # noqa: ARG005 (nothing to report to)
) -> BuildReport:
    """Fill an empty store with the files, what they entail, and their description.

    On disk, what it holds in memory does not grow with the dataset.

    Args:
        store: In memory or on disk; it is empty again after an error.
        files: The Turtle files, one for each named graph.
        ontology_dir: The folder of `rules/` and `questions/`, by default that of the package.
        version: The digest that the description states, by default that of the files.
        progress: Called with the name of each phase.

    Raises:
        StoreError: the store is not empty.
        DataError: a file, a rule or a question cannot be read, a number is larger than the engine can compute
            with, or the ontology has an axiom without a rule.
        InconsistentError: a thing belongs to two classes that the ontology declares disjoint.
    """
    if any(True for _ in store):
        raise StoreError("The store is not empty: build into a new one.")
    try:
        files = tuple(files)
        version = version or digest(files, ontology_dir=ontology_dir)
        return _built(store, files, ontology_dir or resources.ontology_dir(), version, progress)
    except BaseException:
        store.clear()
        raise


def _built(
    store: ox.Store,
    files: Iterable[SourceFile],
    folder: Path,
    version: str,
    progress: Callable[[str], None],
) -> BuildReport:
    seconds: dict[str, float] = {}

    @contextmanager
    def phase(name: str) -> Iterator[None]:
        progress(_STEPS[name])
        start = perf_counter()
        yield
        seconds[name] = perf_counter() - start

    with phase("load"):
        load_files(store, files)
    with phase("entail"):
        entail(store)
    with phase("check"):
        check_consistency(store)
    with phase("derive"):
        derive(store, load_rules(folder / RULES))
    with phase("describe"):
        _add(store, QUESTIONS, questions.describe(questions.load_questions(folder / "questions")))
        _add(store, DESCRIPTION, description.describe(store, version))
    with phase("compact"):
        store.optimize()
    return _report(store, seconds)


def _add(store: ox.Store, graph: str, triples: Iterable[ox.Triple]) -> None:
    triples = tuple(triples)
    store.bulk_extend(quad for name in (graph, None) for quad in quads(triples, name))


def _report(store: ox.Store, seconds: Mapping[str, float]) -> BuildReport:
    built = dict.fromkeys((ENTAILED, DERIVED, QUESTIONS, DESCRIPTION), 0)
    graphs = {**built, **description.graph_sizes(store)}
    return BuildReport(dict(sorted(graphs.items())), count_triples(store), dict(seconds))
