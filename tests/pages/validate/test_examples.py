"""The examples of /validate: each fails as it should, and as `forumkg check` says; so do other documents."""

from pathlib import Path

import pytest
from validating import document

from forumkg import resources
from forumkg.dataset.versions import Version
from forumkg.namespaces import GRAPH, ID, SHAPES
from forumkg.pages.validate import examples
from forumkg.pages.validate.examples import EXAMPLES
from forumkg.validation.document_check import check_document
from forumkg.validation.findings import Finding
from forumkg.validation.run import check
from forumkg.validation.stored_dataset import StoredDataset

CASES = sorted((Path(__file__).parents[2] / "shapes").glob("*/invalid-*.ttl"))
# What a person can wait for: one case of every dozen of shapes.
SAMPLE = CASES[::14]

ARTICLE, PASSAGE = f"{ID}article/river-gazette-2024", f"{ID}article/river-gazette-2024/char=0,90"
STATEMENT, QUANTITY = f"{ID}statement/river-gazette-2024/1", f"{ID}quantity/river-gazette-2024/1"
GAZETTE = f"{ID}organization/river-gazette"

EXPECTED = {
    "valid": [],
    "missing-passage": [
        (
            26,
            PASSAGE,
            "idle-passage",
            "No statement, role holding or article rests on the passage 0,90.",
            "Point to it with zgc:isSupportedBy or zgc:isAttestedBy, or make it a zgc:OmittedPassage.",
        ),
        (
            40,
            STATEMENT,
            f"{SHAPES}StatementEvidence",
            "This statement does not rest on any passage, or on something that is not one.",
            "Write zgc:isSupportedBy with a zgc:Passage; `forumkg locate` prints one for words of the text.",
        ),
    ],
    "contradicting-bounds": [
        (
            52,
            QUANTITY,
            f"{SHAPES}BoundsNearly",
            "The bounds of this quantity are not those of nearly 120.",
            "Write zgc:upperBound 120 with zgc:isUpperOpen true, and delete zgc:lowerBound and "
            "zgc:isLowerOpen.",
        )
    ],
    "misspelt-property": [
        (
            44,
            STATEMENT,
            "undeclared-term",
            "zgc:hasStanze is not declared by its vocabulary.",
            "Use a term that it declares: did you mean zgc:hasStance?",
        )
    ],
    "wrong-date": [
        (
            19,
            ARTICLE,
            f"{SHAPES}ArticleDay",
            "This article has more than one date, or one that is not a day. "
            "Found: dcterms:issued '26 April 2024'.",
            'Write at most one dcterms:issued as "2021-09-15"^^xsd:date.',
        )
    ],
    "two-ranks": [
        (
            46,
            STATEMENT,
            f"{SHAPES}StatementRank",
            "This statement has more than one rank, or one that is unknown.",
            "Write one zgc:hasRank with a code of scheme:rank in graph/curation.ttl, or none for a normal "
            "one. Its codes are code:deprecated, code:normal, code:preferred.",
        )
    ],
    "label-without-language": [
        (
            60,
            GAZETTE,
            f"{SHAPES}EnglishLabel",
            "This thing has no English name.",
            "Write one skos:prefLabel with the language tag @en.",
        ),
        (
            60,
            GAZETTE,
            f"{SHAPES}LabelLanguages",
            "This thing has a name in neither English nor Chinese, or two in one language. "
            "Found: skos:prefLabel 'River Gazette'.",
            "Write one skos:prefLabel with @en and at most one with @zh, and the other printed names as "
            "skos:altLabel.",
        ),
    ],
    "forgotten-semicolon": [
        (
            45,
            f"{GRAPH}forgotten-semicolon",
            "turtle",
            "Not Turtle: A dot is expected at the end of statements.",
            "Line 44 probably lacks a semicolon: each line of a block but the last ends with one.",
        )
    ],
}


@pytest.fixture(scope="module")
def shipped(shipped_version: Version) -> StoredDataset:
    """Return the shipped dataset on disk."""
    return StoredDataset.open(shipped_version.path)


def found(findings: tuple[Finding, ...], name: str) -> set[tuple[object, ...]]:
    """Return findings as what can be compared, paths as they are below the root of the dataset."""
    root = resources.root()
    return {
        (
            finding.path if finding.path == name else finding.path.removeprefix(f"{root}/"),
            finding.line,
            finding.severity,
            finding.focus,
            finding.rule,
            finding.predicate,
            finding.value,
            finding.message,
            finding.advice,
        )
        for finding in findings
    }


def test_every_file_is_an_example() -> None:
    """Each file is an example of the page, and each example has its findings below."""
    folder = Path(examples.__file__).with_suffix("")

    assert EXAMPLES.keys() == EXPECTED.keys()
    assert {path.name for path in folder.iterdir()} == {example.file_name for example in EXAMPLES.values()}


@pytest.mark.parametrize("name", [name for name in EXPECTED if name != "forgotten-semicolon"])
def test_example(name: str, shipped: StoredDataset) -> None:
    """An example has the findings that it was made for, and no other."""
    example = EXAMPLES[name]

    report = check_document(document(example.text, example.file_name), shipped)

    assert [
        (finding.line, finding.focus, finding.rule, finding.message, finding.advice)
        for finding in report.findings
    ] == EXPECTED[name]
    assert {finding.path for finding in report.findings} <= {example.file_name}
    assert report.conforms == (name == "valid")


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_example_as_in_the_command(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`forumkg check` finds the same in an example."""
    example = EXAMPLES[name]
    (tmp_path / example.file_name).write_text(example.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    report = check([Path(example.file_name)])

    assert [
        (finding.line, finding.focus, finding.rule, finding.message, finding.advice)
        for finding in report.findings
    ] == EXPECTED[name]


@pytest.mark.slow
@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_invalid_case_as_in_the_command(
    case: Path, shipped: StoredDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document has the findings of `forumkg check` for a file with its text, in other files too."""
    text = case.read_text(encoding="utf-8")
    (tmp_path / "pasted.ttl").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    ours = check_document(document(text), shipped)
    theirs = check([Path("pasted.ttl")])

    assert found(ours.findings, "pasted.ttl") == found(theirs.findings, "pasted.ttl")
    assert not ours.conforms
    assert (ours.files, ours.triples, ours.statements) == (theirs.files, theirs.triples, theirs.statements)


@pytest.mark.slow
def test_shipped_file_as_in_the_command(shipped: StoredDataset) -> None:
    """A shipped file stands in its own place, where it conforms as a whole."""
    for name in ("curation.ttl", "entities.ttl", "articles/xinhua-2020-09-17.ttl"):
        text = (resources.graph_dir() / name).read_text(encoding="utf-8")
        report = check_document(document(text, Path(name).name), shipped)

        assert (report.findings, report.files) == ((), len(shipped.names))
