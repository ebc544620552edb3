"""Which files a check looks at: those given, and the shipped ones in whose place none of them stands."""

from pathlib import Path

import pytest

from forumkg import resources
from forumkg.namespaces import GRAPH, ID, prefix_lines
from forumkg.validation.workspace import Workspace, gather

HEAD = prefix_lines("article", "edition", "skos", "zgc")
SHIPPED = {
    "ontology/core.ttl": "zgc:Article a <http://www.w3.org/2002/07/owl#Class> .",
    "ontology/vocabulary.ttl": "zgc:one skos:prefLabel 'one' .",
    "shapes/vocabulary.ttl": "zgc:two skos:prefLabel 'two' .",
    "graph/curation.ttl": "edition:2021 zgc:year 2021 .\n",
    "graph/articles/old.ttl": "\narticle:old a zgc:Article ;\n    zgc:sha256 'ab' .\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a dataset in which two files have one name."""
    for name, turtle in SHIPPED.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + turtle, encoding="utf-8")
    return tmp_path / "root"


def workspace(root: Path, name: str, turtle: str) -> Workspace:
    """Return the workspace in which one file with this name and Turtle is given."""
    path = root.parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + turtle, encoding="utf-8")
    return gather([path], root)


ALL = {"articles/old", "curation", "ontology/core", "ontology/vocabulary", "shapes/vocabulary"}


@pytest.mark.parametrize(
    ("name", "turtle", "graph", "others"),
    [
        ("curation.ttl", "", "curation", ALL - {"curation"}),
        ("any.ttl", "article:old a zgc:Article .", "any", ALL - {"articles/old"}),
        ("curation.ttl", "article:old a zgc:Article .", "curation", ALL - {"articles/old", "curation"}),
        ("any.ttl", "article:new a zgc:Article .", "any", ALL),
        ("articles/new.ttl", "article:new a zgc:Article .", "articles/new", ALL),
        ("shapes/vocabulary.ttl", "", "shapes/vocabulary", ALL - {"shapes/vocabulary"}),
        ("ontology/vocabulary.ttl", "", "ontology/vocabulary", ALL - {"ontology/vocabulary"}),
        ("elsewhere/vocabulary.ttl", "", "vocabulary", ALL),
    ],
)
def test_gather_given_file(root: Path, name: str, turtle: str, graph: str, others: set[str]) -> None:
    """A file stands for the shipped one of its article and of its name; the folder decides between two."""
    found = workspace(root, name, turtle)

    assert [file.source.name for file in found.given] == [graph]
    assert {file.source.name for file in found.files} - {graph} == others - {graph}


def test_gather_nothing_given(root: Path) -> None:
    """Without given files the workspace is the dataset, in three graphs."""
    found = gather((), root)

    assert {file.source.name for file in found.files} == ALL
    assert (len(found.data), len(found.ontology), len(found.shapes)) == (3, 2, 1)
    assert (found.given, found.unreadable) == ((), ())


def test_file_of_prefers_what_says_most(root: Path) -> None:
    """The file of a thing is the one with the triple, else with its type; a given file comes first."""
    found = workspace(root, "more.ttl", "article:old zgc:codePointLength 3 . edition:2021 zgc:year 2021 .")
    article, zgc = f"{ID}article/old", "https://w3id.org/zgc-forum/ontology/"

    def name(subject: str, predicate: str | None = None, value: str | None = None) -> str | None:
        file = found.file_of(subject, predicate, value)
        return file.source.name if file else None

    assert name(article, f"{zgc}codePointLength") == "more"
    assert name(article, f"{zgc}sha256", "ab") == "articles/old"
    assert name(article) == "articles/old"
    assert name(f"{ID}edition/2021") == "more"
    assert name(f"{ID}edition/2031") is None


def test_finding_on_a_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding has the path as seen from the working directory, and the line of what it names."""
    monkeypatch.chdir(root.parent)
    (file,) = (file for file in gather((), root).files if file.source.name == "articles/old")
    finding = file.finding(
        "check", (f"{ID}article/old", "https://w3id.org/zgc-forum/ontology/sha256"), "m", "a"
    )

    assert (finding.path, finding.line) == ("root/graph/articles/old.ttl", HEAD.count("\n") + 3)
    assert file.finding_on_file("check", None, "m", "a").focus == f"{GRAPH}articles/old"


def test_gather_shipped_dataset() -> None:
    """The shipped dataset can be read, every file of it."""
    found = gather(())

    assert found.unreadable == ()
    assert all(file.source.path.is_relative_to(resources.root()) for file in found.files)
