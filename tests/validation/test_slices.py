"""The part of a dataset around a document: it has the findings that the whole dataset has.

Documents and datasets are drawn from the cases of all shapes, with triples left out and replaced.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from validating import document

from forumkg import resources
from forumkg.dataset.files import SourceFile, source_files
from forumkg.namespaces import GRAPH, ID, PREFIXES
from forumkg.rdf.blank_nodes import with_canonical_labels
from forumkg.rdf.reading import parse
from forumkg.rdf.terms import quads
from forumkg.validation.document import Document
from forumkg.validation.document_check import Shipped, check_document
from forumkg.validation.findings import Finding
from forumkg.validation.slices import slice_around
from forumkg.validation.stored_dataset import StoredDataset
from forumkg.validation.workspace import CheckedFile

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
NAMES = ("new.ttl", "entities.ttl", "curation.ttl", "gazette-2030.ttl")
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


@pytest.fixture(scope="module")
def base() -> Iterator[StoredDataset]:
    """Return the base of all cases as a dataset of three files; never changed."""
    with tempfile.TemporaryDirectory() as folder:
        homes: dict[str, Triples] = {name: [] for name in FILES}
        for triple in BASE:
            homes[FILES[2] if "gazette-2030/" in str(triple.subject) else FILES[0]].append(triple)
        homes[FILES[1]] = BASE[:5]
        yield write(Path(folder), homes)


def in_part(text: Document, dataset: StoredDataset) -> tuple[Finding, ...]:
    """Return what is found in the part of a dataset around a document."""
    return check_document(text, dataset).findings


def in_whole(text: Document, dataset: StoredDataset) -> tuple[Finding, ...]:
    """Return what is found with the whole dataset."""
    return check_document(text, Shipped(dataset.whole())).findings


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=3, deadline=None, suppress_health_check=[*HealthCheck])
@given(contents=files(), text=documents())
def test_any_document_and_dataset(contents: dict[str, Triples], text: str, name: str) -> None:
    """The part has the findings of the whole, in the document and in other files, in each detail."""
    with tempfile.TemporaryDirectory() as folder:
        dataset = write(Path(folder), contents)
        drawn = document(text, name)

        assert in_part(drawn, dataset) == in_whole(drawn, dataset)


PREAMBLE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(
            "edition:river-2034 a zgc:Edition ; zgc:year 2030 ; zgc:isEditionOf forum:river .",
            "new",
            id="taken",
        ),
        pytest.param("person:x zgc:isPostIn person:y .", "new", id="untyped"),
        pytest.param("edition:river-2030 a zgc:Person .", "new", id="another-class"),
        pytest.param("edition:river-2036 a zgc:Edition .", "entities", id="all-else-is-gone"),
        pytest.param("article:gazette-2030 a zgc:Article .", "new", id="an-article-without-passages"),
        pytest.param("zgc:Statement rdfs:subClassOf zgc:Passage .", "new", id="hierarchy"),
    ],
)
def test_what_it_causes_elsewhere(base: StoredDataset, text: str, name: str) -> None:
    """A document that breaks other files is reported in these, as with the whole dataset."""
    text_of = document(PREAMBLE + text, f"{name}.ttl")

    findings = in_part(text_of, base)

    assert findings == in_whole(text_of, base)
    assert findings


def test_size_of_the_part(base: StoredDataset) -> None:
    """Nothing is read of what the document does not touch."""
    text = PREAMBLE + "edition:river-2034 a zgc:Edition ; zgc:year 2034 ; zgc:isEditionOf forum:river ."
    file = CheckedFile.read(SourceFile(Path("new.ttl"), f"{GRAPH}new"), text, is_given=True)

    part = slice_around([file], base)

    touched = {str(subject) for subject in part.before.data.subjects(unique=True)}
    assert touched == {f"{ID}forum/river", f"{ID}edition/river-2030", f"{ID}edition/river-2032"}
