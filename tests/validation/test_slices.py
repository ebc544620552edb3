"""The part of a dataset around a document: it has the findings that the whole dataset has.

The documents and datasets are those of `drawn_datasets`.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from drawn_datasets import BASE, FILES, Triples, documents, files, turtle, write
from hypothesis import HealthCheck, given, settings
from validating import document

from forumkg.dataset.files import SourceFile
from forumkg.namespaces import GRAPH, ID, PREFIXES
from forumkg.validation.document import Document
from forumkg.validation.document_check import Shipped, check_document
from forumkg.validation.findings import Finding
from forumkg.validation.run import check
from forumkg.validation.slices import slice_around
from forumkg.validation.stored_dataset import StoredDataset
from forumkg.validation.workspace import CheckedFile

NAMES = ("new.ttl", "entities.ttl", "curation.ttl", "gazette-2030.ttl")


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
@settings(max_examples=4, deadline=None, suppress_health_check=[*HealthCheck])
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


def test_class_that_a_file_makes_a_passage(tmp_path: Path) -> None:
    """A finding on a term that two files describe stands in the same file with and without a document."""
    edition, passage = (ox.NamedNode(f"{PREFIXES['zgc']}{name}") for name in ("Edition", "Passage"))
    typed = ox.Triple(edition, ox.NamedNode(f"{PREFIXES['rdf']}type"), passage)
    dataset = write(tmp_path, {FILES[0]: BASE, FILES[1]: [typed]})
    text = document(PREAMBLE + "edition:river-2036 a zgc:Edition .", "new.ttl")

    assert in_part(text, dataset) == in_whole(text, dataset)


def test_size_of_the_part(base: StoredDataset) -> None:
    """Nothing is read of what the document does not touch."""
    text = PREAMBLE + "edition:river-2034 a zgc:Edition ; zgc:year 2034 ; zgc:isEditionOf forum:river ."
    file = CheckedFile.read(SourceFile(Path("new.ttl"), f"{GRAPH}new"), text, is_given=True)

    part = slice_around([file], base)

    touched = {str(subject) for subject in part.before.data.subjects(unique=True)}
    assert touched == {f"{ID}forum/river", f"{ID}edition/river-2030", f"{ID}edition/river-2032"}


def test_mistake_that_another_check_reports(tmp_path: Path) -> None:
    """A shape's result on a selector is left out where its passage, of another file, has no type."""
    passage = f"{ID}article/gazette-2030/char=0,50"
    kind = ox.NamedNode(f"{PREFIXES['rdf']}type")
    untyped = [each for each in BASE if (each.subject, each.predicate) != (ox.NamedNode(passage), kind)]
    dataset = write(tmp_path, {FILES[0]: untyped})
    text = document(f"{PREAMBLE}<{passage}/selector> a oa:TextPositionSelector ; zgc:isAbout 60 .")

    assert len(untyped) == len(BASE) - 1
    assert in_part(text, dataset) == in_whole(text, dataset)


@pytest.mark.slow
def test_large_document(base: StoredDataset, tmp_path: Path) -> None:
    """The command and the server report what the whole shows of hundreds of things, in the same order."""
    article = [each for each in BASE if "gazette-2030" in str(each.subject)]
    copies = "".join(turtle(article).replace("gazette-2030", f"gazette-{number}") for number in range(40, 50))
    path = tmp_path / "large.ttl"
    path.write_text(copies, encoding="utf-8")

    reported = check([path], dataset=base).findings

    named = tuple(replace(each, path=each.path.replace(str(path), path.name)) for each in reported)
    text = document(copies, path.name)
    assert len(named) > len(FILES)
    assert sorted(named) == sorted(in_whole(text, base))
    assert in_part(text, base) == in_whole(text, base)
