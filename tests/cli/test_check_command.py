"""The commands `forumkg check` and `forumkg locate`: arguments, streams, exit codes, the shipped graph."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
import small_dataset
from click.testing import CliRunner
from rdflib import RDF, SH, Graph, Literal

from forumkg import resources
from forumkg.cli import main
from forumkg.cli.progress import Progress
from forumkg.namespaces import ID
from forumkg.texts.reading import digest, read_texts
from forumkg.validation.evidence import check_passages, check_texts
from forumkg.validation.passages import read_articles, read_passages
from forumkg.validation.run import check
from forumkg.validation.workspace import gather

TEXT = "Robots\r\ndance — 无人 falls. Robots\tdance again.\n"


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return a runner of commands in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    return CliRunner()


@pytest.mark.slow
def test_check_shipped_graph_in_a_process(tmp_path: Path) -> None:
    """The real command, from another directory, finds nothing in the shipped graph but what it left out."""
    command = [str(Path(sys.executable).parent / "forumkg"), "check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stdout
    note, counts = done.stdout.splitlines()
    assert note == "No passage was compared with its text: give the texts with --texts DIR."
    assert counts.startswith("0 violations, 0 warnings in ")
    assert all(line.startswith("… ") for line in done.stderr.splitlines())


@pytest.mark.slow
def test_check_shipped_graph_with_sources(sources: Path) -> None:
    """Every passage of the shipped graph stands in its text, and every word of the texts in a passage."""
    report = check(texts=sources)

    assert [finding.message for finding in report.findings] == []
    assert report.notes == ()


def test_shipped_passages_stand_in_their_texts(sources: Path) -> None:
    """Every passage of the shipped graph verifies, each does its work, and no word is left out."""
    shipped = gather(())
    problems = (*check_passages(shipped), *check_texts(shipped, read_texts(sources)))

    assert [(finding.rule, finding.focus, finding.message) for finding in problems] == []


def test_shipped_articles_have_their_texts(sources: Path) -> None:
    """Each article of the shipped graph has a text and passages, and each text an article."""
    data = gather(()).data
    articles = {article.sha256: article for article in read_articles(data)}

    assert {text.sha256 for text in read_texts(sources)} == set(articles)
    assert {passage.article for passage in read_passages(data)} == {a.iri for a in articles.values()}


@pytest.mark.slow
def test_check_file_with_a_mistake(runner: CliRunner, tmp_path: Path) -> None:
    """A copy of a shipped article with a mistake exits 1 and names file, line, mistake and remedy."""
    shipped = min((resources.graph_dir() / "articles").glob("*.ttl")).read_text(encoding="utf-8")
    line = shipped[: shipped.index("zgc:isSupportedBy")].count("\n") + 1
    (tmp_path / "copy.ttl").write_text(shipped.replace("zgc:isSupportedBy", "zgc:isSupportdBy", 1), "utf-8")
    result = runner.invoke(main, ["check", "copy.ttl"])

    assert result.exit_code == 1
    place, advice = next(
        pair
        for pair in zip(*(result.stdout.splitlines()[i:] for i in (0, 1)), strict=False)
        if "Supportd" in pair[0]
    )
    assert place.startswith(f"copy.ttl:{line}: violation: statement/")
    assert place.endswith("zgc:isSupportdBy is not declared by its vocabulary.")
    assert advice == "    Use a term that it declares: did you mean zgc:isSupportedBy?"


def test_check_file_with_a_day_that_is_none(
    runner: CliRunner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A literal that is ill-formed is a finding with its line, and no traceback of a library."""
    path = tmp_path / "mine.ttl"
    path.write_text(
        "<https://w3id.org/zgc-forum/id/article/china-daily-2021> <http://purl.org/dc/terms/issued>\n"
        '    "2021-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .\n',
        encoding="utf-8",
    )

    result = runner.invoke(main, ["check", str(path)])

    assert result.exit_code == 1
    assert "mine.ttl:2: violation: article:china-daily-2021: This article has more than one" in result.stdout
    assert caplog.records == []


def test_check_format_json(runner: CliRunner, tmp_path: Path) -> None:
    """JSON on standard output is a list of findings, and nothing else."""
    (tmp_path / "bad.ttl").write_text("\n<urn:a> <urn:b>", encoding="utf-8")
    result = runner.invoke(main, ["check", "bad.ttl", "--format", "json"])

    assert result.exit_code == 1
    (finding,) = json.loads(result.stdout)
    assert (finding["path"], finding["line"], finding["rule"]) == ("bad.ttl", 2, "turtle")


def test_check_format_turtle(runner: CliRunner, tmp_path: Path) -> None:
    """Turtle on standard output is a validation report."""
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b>", encoding="utf-8")
    result = runner.invoke(main, ["check", "bad.ttl", "--format", "turtle"])
    graph = Graph().parse(data=result.stdout, format="turtle")

    assert result.exit_code == 1
    assert graph.value(graph.value(None, RDF.type, SH.ValidationReport), SH.conforms) == Literal(False)


def test_check_folder(runner: CliRunner, tmp_path: Path) -> None:
    """A folder stands for the Turtle files in it and below."""
    (tmp_path / "mine" / "deep").mkdir(parents=True)
    for name in ("one.ttl", "deep/two.ttl", "three.txt"):
        (tmp_path / "mine" / name).write_text("<urn:a> <urn:b>", encoding="utf-8")
    result = runner.invoke(main, ["check", "mine", "--format", "json"])

    assert [finding["path"] for finding in json.loads(result.stdout)] == ["mine/deep/two.ttl", "mine/one.ttl"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.ttl"], "Path 'none.ttl' does not exist."),
        (["."], "Invalid value for FILE: . has no .ttl file in it."),
        (["--texts", "none"], "Directory 'none' does not exist."),
        (["--format", "yaml"], "'yaml' is not one of 'text', 'json', 'turtle', 'github'."),
    ],
)
def test_check_wrong_usage(runner: CliRunner, arguments: list[str], message: str) -> None:
    """Wrong usage exits 2 and says what is wrong on standard error."""
    result = runner.invoke(main, ["check", *arguments])

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_locate_new_text(runner: CliRunner, tmp_path: Path) -> None:
    """A text of no article gets a passage under its file name, and a note with what an article needs."""
    (tmp_path / "robots.txt").write_bytes(TEXT.encode())
    result = runner.invoke(main, ["locate", "robots.txt", "dance — 无人", "--part", "headline"])
    graph = Graph().parse(data=result.stdout, format="turtle")

    assert result.exit_code == 0
    assert {str(s) for s in graph.subjects()} == {
        f"{ID}article/robots/char=8,18",
        f"{ID}article/robots/char=8,18/selector",
    }
    assert result.stderr == (
        f"No article of the graph has this text ({len(TEXT)} code points, SHA-256 {digest(TEXT)}): "
        "name one with --article.\n"
        f"8,18: 10 code points of <{ID}article/robots>\n"
    )


@pytest.mark.parametrize("name", ["daily-2025", f"{ID}article/daily-2025"])
def test_locate_for_an_article(runner: CliRunner, tmp_path: Path, name: str) -> None:
    """The article can be named by the end of its IRI or by all of it."""
    (tmp_path / "robots.txt").write_bytes(TEXT.encode())
    result = runner.invoke(
        main, ["locate", "robots.txt", "Robots dance", "--occurrence", "2", "--article", name]
    )

    assert (result.exit_code, result.stderr) == (0, f"26,38: 12 code points of <{ID}article/daily-2025>\n")


def test_locate_knows_the_article(runner: CliRunner, sources: Path) -> None:
    """The text of a shipped article is known by its digest, whatever the file is called."""
    text = read_texts(sources)[0]
    (article,) = (a for a in read_articles(gather(()).data) if a.sha256 == text.sha256)
    first = text.content.split()[0]
    result = runner.invoke(main, ["locate", str(sources / text.name), first, "--occurrence", "1"])

    assert result.exit_code == 0
    assert f"<{article.iri}/char=" in result.stdout


def test_locate_for_an_article_of_another_text(runner: CliRunner, tmp_path: Path) -> None:
    """A text cannot pass for that of a shipped article: the error has both digests."""
    (tmp_path / "robots.txt").write_bytes(TEXT.encode())
    article = read_articles(gather(()).data)[0]
    result = runner.invoke(main, ["locate", "robots.txt", "again", "--article", article.iri])

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: robots.txt is another text: ")
    assert digest(TEXT) in result.stderr
    assert article.sha256 in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("robots dance", "Error: robots.txt does not have 'robots dance'. The nearest is at "),
        ("Robots dance", "Error: robots.txt has 'Robots dance' 2 times:\n  1. 0,13: "),
    ],
)
def test_locate_without_a_place(runner: CliRunner, tmp_path: Path, words: str, message: str) -> None:
    """Absent and ambiguous words exit 1, print no passage, and say what to do."""
    (tmp_path / "robots.txt").write_bytes(TEXT.encode())
    result = runner.invoke(main, ["locate", "robots.txt", words])

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(message)


def test_progress_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    """Steps that end before the delay are not reported."""
    with Progress(patience=3600) as progress:
        progress("reading")
        progress("writing")

    assert capsys.readouterr().err == ""


def test_progress_without_patience(capsys: pytest.CaptureFixture[str]) -> None:
    """After the delay each step is reported as it begins."""
    with Progress(patience=0) as progress:
        progress("reading")
        progress("writing")

    assert capsys.readouterr().err == "… reading\n… writing\n"


def test_progress_of_a_step_that_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the delay ends within a step, that step is reported before it ends."""
    told: list[str] = []
    is_told = Event()

    def echo(message: str, *, err: bool) -> None:
        assert err
        told.append(message)
        is_told.set()

    monkeypatch.setattr("forumkg.cli.progress.click.echo", echo)
    with Progress(patience=0.01) as progress:
        progress("reading")
        progress("writing")
        assert is_told.wait(timeout=60)

    assert told[-1] == "… writing"


@pytest.mark.parametrize("option", ["--texts", "--sources"])
def test_check_texts_that_cannot_be_read(runner: CliRunner, tmp_path: Path, option: str) -> None:
    """Texts that cannot be read are skipped with a warning; the option's old name is understood."""
    root = small_dataset.write(tmp_path / "root").root
    texts = tmp_path / "texts"
    (texts / "folder.txt").mkdir(parents=True)
    (texts / "latin.txt").write_bytes(b"caf\xe9")
    (texts / "dangling.txt").symlink_to(tmp_path / "nowhere")
    result = runner.invoke(main, ["check", "--root", str(root), option, str(texts)])

    for name in ("folder", "latin", "dangling"):
        assert "Skipped: " in result.stdout
        assert f"{name}.txt" in result.stdout
    assert ("--sources is called --texts now." in result.stderr) == (option == "--sources")


def test_check_notes_beside_json(runner: CliRunner, tmp_path: Path) -> None:
    """What was not checked is said on standard error where standard output is for programs."""
    root = small_dataset.write(tmp_path / "root").root
    result = runner.invoke(main, ["check", "--root", str(root), "--format", "json"])

    assert all(finding["rule"] == "undeclared-term" for finding in json.loads(result.stdout))
    assert "No passage was compared with its text: give the texts with --texts DIR." in result.stderr


def test_check_entailment(runner: CliRunner, tmp_path: Path) -> None:
    """Owlrl judges another dataset than the shipped one, too: a contradiction is a violation and exits 1."""
    root = small_dataset.write(tmp_path / "root").root
    command = ["check", "--root", str(root), "--entailment", "--format", "json"]
    before = runner.invoke(main, command)
    (root / "ontology" / "more.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n"
        "zgc:Edition owl:disjointWith zgc:Edition .\n",
        encoding="utf-8",
    )
    after = runner.invoke(main, command)

    assert {finding["rule"] for finding in json.loads(before.stdout)} == {"undeclared-term"}
    assert (after.exit_code, "inconsistent" in after.stdout) == (1, True)


def test_locate_article_that_is_not_an_iri(runner: CliRunner, tmp_path: Path) -> None:
    """An article that makes no IRI is wrong usage."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    result = runner.invoke(main, ["locate", "a.txt", "falls", "--article", "a b"])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value for --article: 'a b' makes" in result.stderr
    assert "which is not an IRI: write a slug such as daily-2025-03-01." in " ".join(result.stderr.split())


def test_locate_file_name_that_is_not_an_iri(runner: CliRunner, tmp_path: Path) -> None:
    """A file may be called anything."""
    (tmp_path / "my article [1].txt").write_text(TEXT, encoding="utf-8")
    result = runner.invoke(main, ["locate", "my article [1].txt", "falls"])

    assert result.exit_code == 0
    assert f"<{ID}article/my%20article%20%5B1%5D/char=" in result.stdout
