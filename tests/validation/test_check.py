"""`forumkg check`: its reports, from misspelt terms to words that no passage has."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from forumkg import resources
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version
from forumkg.namespaces import ID, SHAPES, prefix_lines
from forumkg.rdf.reading import parse
from forumkg.rdf.turtle.writer import canonical_turtle
from forumkg.texts.reading import digest
from forumkg.validation.built import built_from
from forumkg.validation.constraints import ILL_FORMED
from forumkg.validation.findings import Report, as_json, as_text, as_turtle
from forumkg.validation.run import check
from forumkg.validation.stored_dataset import StoredDataset

TEXT = "Robot Day\nBy Invented Daily.\nOver 40 robots danced in 2021 — 无人 fell.\nNext: rain.\n"
ARTICLE = f"{ID}article/robots"
STATEMENT = f"{ID}statement/robots/1"
PREFIXES = "".join(
    (
        prefix_lines("article", "code", "dcterms", "edition", "forum", "indicator", "oa", "organization"),
        prefix_lines("schema", "skos", "xsd", "zgc"),
        f"PREFIX s: <{ID}statement/robots/>\n",
        f"PREFIX q: <{ID}quantity/robots/>\n",
    )
)


def passage(words: str, part: str, kind: str = "Passage", more: str = "") -> str:
    """Return a passage of the invented text in Turtle."""
    start = TEXT.index(words)
    end = start + len(words)
    iri = f"{ARTICLE}/char={start},{end}"
    return f"""
        <{iri}> a zgc:{kind} ; oa:hasSource article:robots ; oa:hasSelector <{iri}/selector> ; {more}
            zgc:hasSourcePart code:{part} ; zgc:sha256 "{digest(words)}" .
        <{iri}/selector> a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} .
    """


def iri_of(words: str) -> str:
    """Return the IRI of the passage that holds the words."""
    start = TEXT.index(words)
    return f"<{ARTICLE}/char={start},{start + len(words)}>"


SAID = "Over 40 robots danced in 2021 — 无人 fell."
END = TEXT.index(SAID) + len(SAID)
ENTITIES = """
forum:robots a zgc:Forum ; skos:prefLabel "Robot forum"@en .
edition:2021 a zgc:Edition ; zgc:isEditionOf forum:robots ; zgc:year 2021 ;
    skos:prefLabel "Robot forum 2021"@en .
organization:daily a zgc:Organization ; skos:prefLabel "Invented Daily"@en .
"""
NAVIGATION = "zgc:hasOmissionReason code:navigation ;"
CURATION = "s:1 zgc:isAcceptedFor edition:2021 ."
MAPPED = f"""
article:robots a zgc:Article ; skos:prefLabel "Invented Daily on robots"@en ;
    zgc:isAttestedBy {iri_of("By Invented Daily.")} ; zgc:isPublishedBy organization:daily ;
    zgc:hasLanguageQuality code:edited ; dcterms:issued "2021-09-25"^^xsd:date ;
    schema:url "https://example.org/robots"^^xsd:anyURI ;
    zgc:codePointLength {len(TEXT)} ; zgc:sha256 "{digest(TEXT)}" .
{passage("Robot Day", "headline", "OmittedPassage", "zgc:hasOmissionReason code:rhetoric ;")}
{passage("By Invented Daily.", "byline")}
{passage(SAID, "body")}
{passage("Next: rain.", "furniture", "OmittedPassage", NAVIGATION)}
s:1 a zgc:FigureStatement ; zgc:isAbout edition:2021 ; zgc:isSupportedBy {iri_of(SAID)} ;
    zgc:hasStance code:accomplished ; zgc:hasQuantity q:1 ;
    zgc:paraphrase "More than forty robots took to the floor in 2021."@en .
q:1 a zgc:Quantity ; zgc:hasIndicator indicator:countries-represented ; zgc:hasComparator code:more-than ;
    zgc:statedNumber 40 ; zgc:lowerBound 40 ; zgc:isLowerOpen true .
"""


def canonical(turtle: str) -> str:
    """Return Turtle as the files of the graph write it."""
    return canonical_turtle(parse(Path("invented.ttl"), PREFIXES + turtle))


ROBOTS = canonical(MAPPED)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small dataset with the shipped ontology and shapes, and one invented article."""
    folder = tmp_path_factory.mktemp("dataset")
    for name in ("ontology", "shapes"):
        (folder / name).symlink_to(resources.root() / name, target_is_directory=True)
    (folder / "graph" / "articles").mkdir(parents=True)
    for name, turtle in {"entities": ENTITIES, "curation": CURATION, "articles/robots": MAPPED}.items():
        (folder / "graph" / f"{name}.ttl").write_text(canonical(turtle), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredDataset]:
    """Return the small dataset as a version on disk."""
    data = tmp_path_factory.mktemp("data")
    open_version(data, source_files(root), ontology_dir=root / "ontology")
    with built_from(data, [], root) as dataset:
        assert dataset
        yield dataset


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the text of the invented article."""
    folder = tmp_path_factory.mktemp("texts")
    (folder / "robots.txt").write_bytes(TEXT.encode())
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working directory, so that messages have short paths."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(report: Report) -> list[tuple[str, int | None, str, str]]:
    """Return path, line, rule and focus of each finding, IRIs without what they have in common."""
    return [(f.path, f.line, f.rule.removeprefix(SHAPES), f.focus.removeprefix(ID)) for f in report.findings]


def line_of(text: str, words: str) -> int:
    """Return the 1-based line on which the words stand first."""
    return text[: text.index(words)].count("\n") + 1


def test_check_dataset_with_texts(root: Path, texts: Path) -> None:
    """A whole dataset whose passages stand in their text has no finding, and is counted."""
    report = check(texts=texts, root=root)

    assert (report.findings, report.notes, report.conforms) == ((), (), True)
    assert (report.statements, report.passages) == (1, 4)


def test_check_dataset_without_texts(root: Path) -> None:
    """Without texts the report says that no passage was compared."""
    report = check(root=root)

    assert report.findings == ()
    assert report.notes == ("No passage was compared with its text: give the texts with --texts DIR.",)


BREAKS = {
    "misspelt property": ("zgc:isAbout edition", "zgc:isAbuot edition", "undeclared-term"),
    "misspelt class": ("a zgc:FigureStatement", "a zgc:FigureStatment", "undeclared-term"),
    "no language": ('in 2021."@en', 'in 2021."', "StatementParaphrase"),
    "missing stance": ("    zgc:hasStance code:accomplished ;\n", "", "StatementStance"),
    "dangling edition": ("zgc:isAbout edition:2021", "zgc:isAbout edition:2031", "dangling-iri"),
    "wrong bound": ("zgc:lowerBound 40", "zgc:lowerBound 41", "BoundsMoreThan"),
    "length": (f"codePointLength {len(TEXT)}", f"codePointLength {len(TEXT) - 5}", "selector-bounds"),
    "blank node": ("zgc:hasStance code:accomplished", "zgc:hasStance []", "blank-node"),
    "no type": ("s:1\n    a zgc:FigureStatement ;", "s:1", "untyped-subject"),
    "idle passage": (f"    zgc:isAttestedBy {iri_of('By Invented Daily.')} ;\n", "", "idle-passage"),
    "wrong span": (f"oa:end {END}", f"oa:end {END - 1}", "selector-disagrees"),
    "entailed": ("zgc:hasStance", "zgc:isReportedIn article:robots ;\n    zgc:hasStance", "ComputedProperty"),
    "omitted without reason": ("    zgc:hasOmissionReason code:rhetoric ;\n", "", "OmissionReason"),
    "comment": ("article:robots\n    a zgc:Article", "# new\narticle:robots\n    a zgc:Article", "comment"),
    "not canonical": ("zgc:statedNumber 40", "zgc:statedNumber   40", "canonical-form"),
    "no Turtle": ("zgc:statedNumber 40 ;", "zgc:statedNumber 40", "turtle"),
    "undeclared prefix": ("a zgc:Quantity", "a zcg:Quantity", "turtle"),
}


@pytest.mark.parametrize(
    "value", ['"NaN"^^xsd:decimal', '"1_000"^^xsd:integer', '"\u0663"^^xsd:integer', '"NaN"^^xsd:double']
)
def test_check_file_with_a_number_of_python(root: Path, here: Path, value: str) -> None:
    """A number that Python reads and XSD does not is a finding, and stops no comparison with another."""
    wrong = ROBOTS.replace("zgc:lowerBound 40", f"zgc:lowerBound {value} ;\n    zgc:upperBound 50.5")
    (here / "mine.ttl").write_text(f"@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n{wrong}", "utf-8")

    report = check([here / "mine.ttl"], root=root)

    lexical_form = value.split('"')[1]
    assert any("Found: zgc:lowerBound" in f.message and lexical_form in f.message for f in report.findings)
    assert ILL_FORMED not in {finding.rule for finding in report.findings}


def test_check_file_with_a_list_without_end(root: Path, here: Path) -> None:
    """What keeps the shapes from being run is a finding of the file, and not of a shape."""
    (here / "mine.ttl").write_text(
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        f"<{ID}edition/2021> <https://w3id.org/zgc-forum/ontology/isAbout> _:l .\n"
        "_:l rdf:first 1 ; rdf:rest _:l .\n",
        encoding="utf-8",
    )

    found = [f for f in check([here / "mine.ttl"], root=root).findings if f.rule == ILL_FORMED]

    assert [finding.path.rpartition("/")[2] for finding in found] == ["mine.ttl"]
    assert found[0].message.startswith("The data cannot be validated by shapes:")
    assert "recursive rdf:rest" in found[0].message


@pytest.mark.parametrize("case", BREAKS)
def test_check_file_broken_once(root: Path, here: Path, built: StoredDataset, case: str) -> None:
    """One mistake in a file is one finding, in that file, with the line; also with a version on disk."""
    right, wrong, rule = BREAKS[case]
    assert ROBOTS.count(right) == 1
    broken = ROBOTS.replace(right, wrong)
    (here / "mine.ttl").write_text(broken, encoding="utf-8")
    report = check([here / "mine.ttl"], root=root)

    assert [(f.path, f.rule.removeprefix(SHAPES)) for f in report.findings] == [("mine.ttl", rule)]
    assert report.findings[0].line is not None
    assert not report.conforms
    assert check([here / "mine.ttl"], root=root, dataset=built) == report


@pytest.mark.parametrize(
    "turtle",
    [
        pytest.param(ROBOTS, id="right"),
        pytest.param(ROBOTS.replace("zgc:statedNumber 40", "zgc:statedNumber 41"), id="number"),
        pytest.param(ROBOTS.replace(digest(SAID), digest(TEXT)), id="digest"),
        pytest.param(ROBOTS.replace(digest(TEXT), digest(SAID)), id="another-text"),
    ],
)
def test_check_file_with_texts_and_a_version(
    root: Path, here: Path, built: StoredDataset, texts: Path, turtle: str
) -> None:
    """A file is compared with its text as with all files of the dataset."""
    (here / "mine.ttl").write_text(turtle, encoding="utf-8")

    report = check([here / "mine.ttl"], texts, root, dataset=built)

    assert report == check([here / "mine.ttl"], texts, root)
    assert report.conforms == (turtle == ROBOTS)


def test_check_statement_broken_in_five_ways(root: Path, here: Path) -> None:
    """Five mistakes in one statement are five findings, each on its own line, with what to write instead."""
    broken = canonical(
        MAPPED.replace("code:accomplished", "code:acomplished")
        .replace("zgc:hasQuantity q:1 ;", "zgc:hasQuantity q:1 ; zgc:wordin 'Robots'@en ;")
        .replace(
            "s:1 a zgc:FigureStatement ;", "s:1 a zgc:FigureStatement ; zgc:isReportedIn article:robots ;"
        )
        .replace("More than forty robots took to the floor in 2021.", "Robots.")
        .replace("zgc:lowerBound 40", "zgc:upperBound 40")
    )
    (here / "mine.ttl").write_text(broken, encoding="utf-8")
    report = check([Path("mine.ttl")], root=root)

    quantity = f"quantity{STATEMENT.removeprefix(f'{ID}statement')}"
    assert sorted(shown(report)) == sorted(
        [
            ("mine.ttl", line_of(broken, "code:acomplished"), "dangling-iri", "statement/robots/1"),
            ("mine.ttl", line_of(broken, "zgc:wordin"), "undeclared-term", "statement/robots/1"),
            ("mine.ttl", line_of(broken, "zgc:isReportedIn"), "ComputedProperty", "statement/robots/1"),
            ("mine.ttl", line_of(broken, "zgc:paraphrase"), "StatementParaphrase", "statement/robots/1"),
            ("mine.ttl", line_of(broken, "zgc:hasComparator"), "BoundsMoreThan", quantity),
        ]
    )
    advice = {finding.rule: finding.advice for finding in report.findings}
    assert advice["dangling-iri"].endswith("did you mean code:accomplished?")
    assert advice["undeclared-term"].endswith("did you mean zgc:wording?")


def test_check_file_stands_for_its_article(root: Path, here: Path) -> None:
    """A file of any name replaces the shipped file of its article: repeating it changes nothing."""
    (here / "other-name.ttl").write_text(ROBOTS, encoding="utf-8")

    assert check([Path("other-name.ttl")], root=root).findings == ()


def test_check_file_stands_for_its_name(root: Path, here: Path) -> None:
    """A file with the name of a shipped one replaces it, so that what it no longer says is missed."""
    (here / "entities.ttl").write_text(canonical(ENTITIES.partition("organization:")[0]), encoding="utf-8")
    (finding,) = check([Path("entities.ttl")], root=root).findings

    assert (finding.rule, finding.path) == ("dangling-iri", str(root / "graph" / "articles" / "robots.ttl"))
    assert finding.message == "zgc:isPublishedBy points to organization:daily, which no file describes."


def test_check_file_that_is_new(root: Path, here: Path) -> None:
    """A file of no known name or article is added to the graph."""
    (here / "more.ttl").write_text(
        canonical("organization:weekly a zgc:Organization ; zgc:year 1 ."), "utf-8"
    )

    assert {(f.path, f.line) for f in check([Path("more.ttl")], root=root).findings} == {
        ("more.ttl", 4),
        ("more.ttl", 6),
    }


def test_check_finding_that_a_file_causes_elsewhere(root: Path, here: Path, built: StoredDataset) -> None:
    """A statement that a file no longer has is missed where the curation accepts it."""
    without = canonical(MAPPED[: MAPPED.index("s:1 a")].replace(passage(SAID, "body"), ""))
    (here / "mine.ttl").write_text(without, encoding="utf-8")
    report = check([Path("mine.ttl")], root=root)
    (finding,) = report.findings

    assert (finding.rule, finding.focus) == ("untyped-subject", STATEMENT)
    assert finding.path == str(root / "graph" / "curation.ttl")
    assert check([Path("mine.ttl")], root=root, dataset=built) == report


def test_check_findings_of_others_are_left_out(root: Path, here: Path) -> None:
    """Earlier errors of the dataset are not reported for an unrelated file."""
    flawed = here / "flawed"
    copy_dataset(root, flawed)
    (flawed / "graph" / "curation.ttl").write_text(canonical("s:9 zgc:isAcceptedFor edition:2021 ."), "utf-8")
    (here / "mine.ttl").write_text(ROBOTS, encoding="utf-8")

    assert [f.rule for f in check(root=flawed).findings] == ["article-unjudged", "untyped-subject"]
    assert check([Path("mine.ttl")], root=flawed).findings == ()


def test_check_shipped_file_edited_in_place(root: Path, here: Path) -> None:
    """A file of the dataset itself has no older state: all findings of the dataset are reported."""
    flawed = here / "flawed"
    copy_dataset(root, flawed)
    article = flawed / "graph" / "articles" / "robots.ttl"
    article.write_text(ROBOTS.replace(STATEMENT, f"{ID}statement/robots/2"), encoding="utf-8")
    (flawed / "graph" / "curation.ttl").write_text(canonical("s:9 zgc:isAcceptedFor edition:2021 ."), "utf-8")

    assert [f.focus for f in check([article], root=flawed).findings] == [f"{ID}statement/robots/9"]


def copy_dataset(root: Path, folder: Path) -> None:
    """Copy the graph of a small dataset, and point to its ontology and shapes."""
    shutil.copytree(root / "graph", folder / "graph")
    for name in ("ontology", "shapes"):
        (folder / name).symlink_to(resources.root() / name, target_is_directory=True)


def test_check_several_files_that_cannot_be_read(root: Path, here: Path) -> None:
    """Each file that is not Turtle is reported with the remedy, and nothing else is checked."""
    dot = "Line 1 probably lacks a full stop: each block ends with one."
    bad = {
        "bom.ttl": "\ufeff<urn:a> <urn:b> 1 .",
        "prefix.ttl": "\nzgc:a zgc:b 1 .",
        "unknown.ttl": "zcg:a zcg:b 1 .",
        "dot.ttl": "<urn:a> <urn:b> 1\n<urn:c> <urn:d> 1 .",
    }
    for name, turtle in bad.items():
        (here / name).write_text(turtle, encoding="utf-8")
    (here / "latin.ttl").write_bytes(b"# \xe9")
    report = check([Path(name) for name in (*bad, "latin.ttl")], root=root)

    assert [(f.path, f.line, f.rule, f.advice) for f in report.findings] == [
        ("bom.ttl", 1, "turtle", "Save the file without a byte order mark."),
        ("dot.ttl", 2, "turtle", dot),
        ("latin.ttl", None, "readable", "Give a file that can be read, in Turtle and UTF-8."),
        ("prefix.ttl", 2, "turtle", "Add at the top: @prefix zgc: <https://w3id.org/zgc-forum/ontology/> ."),
        ("unknown.ttl", 1, "turtle", report.findings[4].advice),
    ]
    assert report.findings[4].advice.startswith(
        "Declare it with @prefix zcg: <…> . or use one of: article, code,"
    )
    assert report.notes == ("Nothing else was checked: fix what cannot be read first.",)


def test_check_text_is_another(root: Path, tmp_path: Path) -> None:
    """A text with the spans of an article but another digest is only reported as another text."""
    (tmp_path / "robots.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    (finding,) = check(texts=tmp_path, root=root).findings

    assert (finding.rule, finding.severity, finding.focus) == ("another-text", "violation", ARTICLE)
    assert finding.message.startswith(f"robots.txt is another text: it has {len(TEXT) + 4} code points")
    assert finding.advice == "To make it the same text, save it with LF line ends."


def test_check_text_is_missing(root: Path, tmp_path: Path) -> None:
    """An article without a text is a warning; beside a text of no article, a violation."""
    (warning,) = check(texts=tmp_path, root=root).findings
    (tmp_path / "notes.txt").write_text("Nothing of the kind.", encoding="utf-8")
    (violation,) = check(texts=tmp_path, root=root).findings

    assert (warning.rule, warning.severity) == ("text-missing", "warning")
    assert warning.message == (
        f"None of the texts is that of article:robots ({len(TEXT)} code points, SHA-256 {digest(TEXT)})."
    )
    assert (violation.rule, violation.severity) == ("another-text", "violation")
    assert violation.message.partition("Texts of no article: ")[2].startswith("notes.txt (20 code points, ")


def test_check_words_that_no_passage_has(root: Path, here: Path, texts: Path) -> None:
    """Words that lie in no passage are reported by offsets; only the report in text shows them."""
    lost = canonical(MAPPED.replace(passage("Next: rain.", "furniture", "OmittedPassage", NAVIGATION), ""))
    (here / "mine.ttl").write_text(lost, encoding="utf-8")
    report = check([Path("mine.ttl")], texts, root)
    start = TEXT.index("Next")

    assert shown(report) == [("mine.ttl", line_of(lost, "article:robots\n"), "uncovered", "article/robots")]
    assert report.findings[0].message == f"The words at {start},{start + 10} of the text lie in no passage."
    assert "    The text: 'Next: rain'" in as_text(report)
    assert "Next" not in as_json(report) + as_turtle(report)
