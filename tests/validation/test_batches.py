"""A dataset that is checked in batches has the findings that it has in one go."""

import shutil
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from drawn_datasets import FILES, Triples, files, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forumkg import resources
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version
from forumkg.namespaces import ID, ZGC
from forumkg.validation.batches import batches_of, find_in_batches
from forumkg.validation.built import built_from
from forumkg.validation.checks import find
from forumkg.validation.patterns import Unbounded
from forumkg.validation.run import check
from forumkg.validation.usage import check_usage
from forumkg.validation.workspace import Workspace


def has_names(triple: ox.Triple) -> bool:
    """Return whether neither subject nor object is a blank node."""
    return not any(isinstance(each, ox.BlankNode) for each in (triple.subject, triple.object))


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=[*HealthCheck])
@given(contents=files(), most=st.sampled_from([100, 1000]))
def test_any_dataset(contents: dict[str, Triples], most: int) -> None:
    """Batches of any size find what the whole shows, with the same words and lines."""
    named = {name: [each for each in triples if has_names(each)] for name, triples in contents.items()}
    with tempfile.TemporaryDirectory() as folder:
        dataset = write(Path(folder), named)
        whole = Workspace(dataset.whole())

        found = find_in_batches(dataset, None, lambda _: None, most)

        assert sorted(found) == sorted(find(whole) | set(check_usage(whole)))


def test_batch_counts_all_files(tmp_path: Path) -> None:
    """A thing of several files is in one batch, whose size is what all of them say of it."""
    things = [ox.NamedNode(f"{ID}topic/{number}") for number in range(6)]
    said = [
        ox.Triple(thing, ox.NamedNode(f"{ZGC}note"), ox.Literal(f"note {number}"))
        for thing in things
        for number in range(4)
    ]
    judged = [ox.Triple(thing, ox.NamedNode(f"{ZGC}isJudged"), ox.Literal("so")) for thing in things]
    dataset = write(tmp_path, {FILES[0]: said, FILES[1]: judged})

    batches = [
        (sorted(map(str, set(batch) & set(things))), triples) for batch, triples in batches_of(dataset, 10)
    ]

    assert [(len(batch), triples) for batch, triples in batches if batch] == [(2, 10), (2, 10), (2, 10)]
    assert sorted(thing for batch, _ in batches for thing in batch) == sorted(map(str, things))


def test_blank_node(tmp_path: Path) -> None:
    """A blank node has no name in a batch: the whole has to be read."""
    triple = ox.Triple(ox.BlankNode("b"), ox.NamedNode(f"{ZGC}note"), ox.Literal("a note"))

    with pytest.raises(Unbounded):
        find_in_batches(write(tmp_path, {FILES[0]: [triple]}), None, lambda _: None)


@pytest.mark.slow
def test_check_in_batches(tmp_path: Path) -> None:
    """A dataset above a number of triples is checked in batches, with the report of a check at once."""
    # It was built from the packaged files, with a mistake and without the texts.
    root = tmp_path / "root"
    shutil.copytree(resources.root(), root)
    with (root / "graph" / "curation.ttl").open("a", encoding="utf-8") as file:
        file.write("# a comment\n<https://w3id.org/zgc-forum/id/person/nobody-9> a zgc:Topic, zgc:Persn .\n")
    steps: list[str] = []
    open_version(tmp_path / "data", source_files(root), ontology_dir=root / "ontology")

    with built_from(tmp_path / "data", (), root) as dataset:
        assert dataset
        batched = check(root=root, dataset=dataset, progress=steps.append, held=0)

    assert any("%" in step for step in steps)
    assert batched == check(root=root)
    assert not batched.conforms
