"""Datasets and documents drawn from the cases of all shapes, with triples left out and replaced."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox
from hypothesis import strategies as st

from forumkg import resources
from forumkg.dataset.files import source_files
from forumkg.namespaces import GRAPH, PREFIXES
from forumkg.rdf.blank_nodes import with_canonical_labels
from forumkg.rdf.reading import parse
from forumkg.rdf.terms import quads
from forumkg.validation.stored_dataset import StoredDataset

__all__ = ["BASE", "FILES", "Triples", "documents", "files", "turtle", "write"]

CASES = Path(__file__).parents[1] / "shapes"
BASE = sorted(parse(CASES / "base.ttl"), key=str)
# A document that changes the hierarchy of classes is validated with the whole dataset: another test.
POOL = [
    triple
    for case in sorted(CASES.glob("*/*.ttl"))
    for triple in sorted(parse(case), key=str)
    if triple.predicate.value != f"{PREFIXES['rdfs']}subClassOf"
]
ABOUT: Mapping[ox.NamedNode | ox.BlankNode | ox.Triple, list[ox.Triple]] = defaultdict(list)
for one in (*BASE, *POOL):
    ABOUT[one.subject].append(one)
FILES = ("entities", "curation", "articles/gazette-2030")

Triples = list[ox.Triple]


@st.composite
def changed(draw: st.DrawFn, triple: ox.Triple) -> ox.Triple:
    """Draw a triple, most often as it is, else with another subject, predicate or object."""
    other = draw(st.sampled_from(POOL))
    return draw(
        st.sampled_from(
            [triple] * 7
            + [
                ox.Triple(other.subject, triple.predicate, triple.object),
                ox.Triple(triple.subject, other.predicate, triple.object),
                ox.Triple(triple.subject, triple.predicate, other.object),
            ]
        )
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a document in Turtle: some subjects of the cases, and perhaps a part of the base."""
    subjects = draw(st.lists(st.sampled_from(sorted(ABOUT, key=str)), min_size=1, max_size=12))
    triples = [draw(changed(triple)) for subject in subjects for triple in ABOUT[subject]]
    triples += draw(st.lists(st.sampled_from(BASE), max_size=60))
    return turtle(triples)


@st.composite
def files(draw: st.DrawFn) -> dict[str, Triples]:
    """Draw the files of a dataset: the base, some of it twice, left out, or replaced."""
    found: dict[str, Triples] = {name: [] for name in FILES}
    for triple in BASE:
        home = FILES[2] if "gazette-2030/" in str(triple.subject) else FILES[0]
        fate = draw(st.integers(0, 39))
        if fate != 0:
            found[home if fate > 3 else FILES[1]].append(draw(changed(triple)) if fate == 1 else triple)
        if fate in {2, 4}:
            found[FILES[1]].append(triple)
    return found


def turtle(triples: Iterable[ox.Triple]) -> str:
    """Return triples as Turtle."""
    return (ox.serialize(dict.fromkeys(triples), format=ox.RdfFormat.TURTLE) or b"").decode()


def write(folder: Path, contents: Mapping[str, Triples]) -> StoredDataset:
    """Write files of facts beside the terms, and store all of them as named graphs."""
    for file in source_files(resources.root()):
        if file.is_ontology or file.is_shapes:
            (folder / f"{file.name}.ttl").parent.mkdir(exist_ok=True)
            shutil.copyfile(file.path, folder / f"{file.name}.ttl")
    for name, triples in contents.items():
        (folder / f"{name}.ttl").parent.mkdir(exist_ok=True)
        (folder / f"{name}.ttl").write_text(turtle(triples), encoding="utf-8")
    dataset = StoredDataset.of_folder(ox.Store(), folder)
    for name in dataset.names:
        graph = f"{GRAPH}{name}"
        triples = [*with_canonical_labels(parse(folder / f"{name}.ttl"), graph)]
        dataset.store.extend((*quads(triples, graph), *quads(triples)))
    return dataset
