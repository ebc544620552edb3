"""`forumkg new`, `map` and `unmap`, on the invented article of the walk-through and a copy of the dataset."""

import shutil
import subprocess
from pathlib import Path

import pytest
import worksheets
from click.testing import CliRunner, Result

from forumkg.cli import main
from forumkg.errors import DataError
from forumkg.mapping.graph_files import replace_files

NAME = "haidian-weekly-2024-04-30"


def run(*arguments: str | Path) -> Result:
    """Run forumkg."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a folder with the text and the worksheet of the walk-through."""
    return Path(shutil.copytree(worksheets.WALKTHROUGH, tmp_path / "desk"))


def test_map_write_then_unmap_and_map_change_nothing(desk: Path, tmp_path: Path) -> None:
    """A written article is clean for `forumkg check`, and its worksheet gives the same bytes again."""
    root = worksheets.copy_dataset(tmp_path / "root")
    worksheet = desk / f"{NAME}.map"

    written = run("map", worksheet, "--write", "--root", root)
    files = worksheets.contents(root)
    checked = run("check", root / "graph" / "articles" / f"{NAME}.ttl", "--texts", desk, "--root", root)
    unmapped = run("unmap", NAME, "--text", desk / "haidian-weekly.txt", "--root", root, "--force")
    again = run("map", worksheet, "--write", "--root", root)

    assert (written.exit_code, checked.exit_code, unmapped.exit_code, again.exit_code) == (0, 0, 0, 0)
    assert {name for name in files if files[name] != contents_before(name)} == {
        f"graph/articles/{NAME}.ttl",
        "graph/curation.ttl",
        "graph/entities.ttl",
    }
    assert "0 violations, 0 warnings" in checked.stdout
    assert "  *1 accomplished " in worksheet.read_text(encoding="utf-8")
    assert worksheets.contents(root) == files
    assert "Written" not in again.stdout


def contents_before(name: str) -> bytes:
    """Return the shipped bytes of a file of the dataset; empty for a new one."""
    path = worksheets.WALKTHROUGH.parent.parent / name
    return path.read_bytes() if path.exists() else b""


def test_map_with_errors_writes_nothing(desk: Path, tmp_path: Path) -> None:
    """Errors are shown by line, with what to write, and no file changes."""
    root = worksheets.copy_dataset(tmp_path / "root")
    worksheet = desk / f"{NAME}.map"
    text = worksheet.read_text(encoding="utf-8").replace("activities=128", "activites=128")
    worksheet.write_text(text, encoding="utf-8")
    before = worksheets.contents(tmp_path)

    result = run("map", worksheet, "--write", "--root", root)

    line = next(number for number, words in enumerate(text.split("\n"), start=1) if "activites" in words)
    assert result.exit_code == 1
    assert f"{NAME}.map:{line}: error: There is no indicator activites." in result.stdout
    assert "    Write activities, " in result.stdout
    assert "Nothing is written: correct the errors first." in result.stderr
    assert worksheets.contents(tmp_path) == before


def test_map_reports_findings_of_check_on_lines_of_the_worksheet(desk: Path) -> None:
    """A passage that nothing rests on and a proposal that is left are found, in the worksheet's own terms."""
    worksheet = desk / f"{NAME}.map"
    text = worksheet.read_text(encoding="utf-8").replace("[omit:background headline]", "[headline]")
    lines = text.split("\n")
    place = next(number for number, words in enumerate(lines, start=1) if "place=place:beijing" in words)
    lines[place - 1] = lines[place - 1].replace("*", "?", 1)
    worksheet.write_text("\n".join(lines), encoding="utf-8")

    result = run("map", worksheet)

    headline = next(number for number, words in enumerate(lines, start=1) if words.startswith("[headline]"))
    assert result.exit_code == 1
    assert f":{headline}: error: No statement, role holding or article rests on the passage" in result.stdout
    assert "Write a statement below it, give it a #label" in result.stdout
    assert f":{place}: warning: A proposal is left: it is not compiled." in result.stdout


def test_map_with_another_text_says_where_it_goes_astray(desk: Path) -> None:
    """The words of the passages are those of the text, in its order."""
    text = desk / "haidian-weekly.txt"
    text.write_text(
        text.read_text(encoding="utf-8").replace("128 activities", "129 activities"), encoding="utf-8"
    )

    result = run("map", desk / f"{NAME}.map")

    assert result.exit_code == 1
    assert "The text goes on with 'The forum comprised 129 activities, said Lin Yue,…'" in result.stdout
    assert result.stdout.count("error:") == 1


def test_new_proposes_a_worksheet_beside_the_text(desk: Path) -> None:
    """The proposals of the walk-through's text, whole."""
    options = ("--publisher", "haidian-weekly", "--issued", "2024-04-30", "--name", "proposed")

    result = run("new", desk / "haidian-weekly.txt", *options)
    refused = run("new", desk / "haidian-weekly.txt", *options)

    assert (result.exit_code, result.stdout) == (0, f"{desk / 'proposed.map'}\n")
    proposed = (desk / "proposed.map").read_text(encoding="utf-8")
    assert (
        "  ? accomplished +lin-yue as=lin-yue-2024-04-30 activities=128 : The 2024 forum had 128" in proposed
    )
    assert (
        "countries-represented>100 : Participants of the 2024 forum came from more than 100 coun" in proposed
    )
    assert "  *" not in proposed
    assert (refused.exit_code, "exists: rename it" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--issued", "2024-02-30", "'2024-02-30' is not a day: write it as 2025-03-27."),
        ("--issued", "20240430", "'20240430' is not a day: write it as 2025-03-27."),
        ("--name", "../above", "'../above' is not the name of an article: write xinhua-2025-03-27."),
        ("--name", "two words", "'two words' is not the name of an article: write xinhua-2025-03-27."),
        ("--publisher", "a/../b", "'a/../b' is not the name of an organization: write xinhua or"),
        ("--carrier", "a b", "'a b' is not the name of an organization: write xinhua or"),
    ],
)
def test_new_of_a_value_that_is_none(desk: Path, option: str, value: str, expected: str) -> None:
    """A value that no worksheet can have is wrong usage, and nothing is written."""
    before = sorted(desk.parent.rglob("*"))

    result = run("new", desk / "haidian-weekly.txt", option, value)

    assert result.exit_code == 2
    assert f"Invalid value for {option}: {expected}" in " ".join(result.stderr.split())
    assert sorted(desk.parent.rglob("*")) == before


def test_new_refuses_a_git_work_tree_that_does_not_ignore_the_worksheet(desk: Path) -> None:
    """The words of a text never enter a repository; an ignored worksheet is written."""
    subprocess.run(["git", "init", "--quiet", str(desk)], check=True)  # noqa: S607
    options = ("--publisher", "haidian-weekly", "--issued", "2024-04-30", "--name", "proposed")

    refused = run("new", desk / "haidian-weekly.txt", *options)
    (desk / ".git" / "info" / "exclude").write_text("*.map\n", encoding="utf-8")
    written = run("new", desk / "haidian-weekly.txt", *options)

    assert (refused.exit_code, written.exit_code) == (1, 0)
    assert "is in a Git work tree that does not ignore it" in refused.stderr
    assert (desk / "proposed.map").exists()


def test_unmap_of_an_unknown_article_names_the_known_ones(desk: Path) -> None:
    """The message lists the articles that there are."""
    result = run("unmap", "nothing", "--text", desk / "haidian-weekly.txt")

    assert result.exit_code == 1
    assert "The graph has no article 'nothing'. It has: china-daily-2021, " in result.stderr


def test_replace_files_that_fails_half_way_restores_all(tmp_path: Path) -> None:
    """Where one file cannot be written, every file has its old content and no draft is left."""
    first, second = tmp_path / "a.ttl", tmp_path / "b.ttl"
    first.write_text("old", encoding="utf-8")
    (second / "in the way").mkdir(parents=True)

    with pytest.raises(DataError, match=r"Cannot write .*No file is changed\."):
        replace_files({first: "new", tmp_path / "c.ttl": "new", second: "new"})

    assert worksheets.contents(tmp_path) == {"a.ttl": b"old"}


def test_coverage_lists_what_is_left(desk: Path) -> None:
    """Listed are passages on which nothing rests or with proposals alone, and numbers without a figure."""
    worksheet = desk / f"{NAME}.map"
    complete = run("coverage", worksheet)
    text = worksheet.read_text(encoding="utf-8")
    text = text.replace("[omit:background headline]", "[headline]").replace("activities=128", "place=beijing")
    text = text.replace("  * accomplished period=", "  ? accomplished period=")
    worksheet.write_text(text, encoding="utf-8")

    left = run("coverage", worksheet)

    assert (complete.exit_code, complete.stdout) == (0, "30 of 30 passages are mapped.\n")
    lines = text.split("\n")
    headline, days, count = (
        next(number for number, line in enumerate(lines, start=1) if words in line)
        for words in ("[headline]", "It lasted from", "The forum comprised")
    )
    assert left.exit_code == 1
    assert left.stdout == (
        "Nothing rests on:\n"
        f"  {headline}: Zhongguancun Forum ends with more activities than announced\n\n"
        "Proposals alone:\n"
        f"  {days}: It lasted from April 25 to 29,\n\n"
        "Numbers that no figure of their passage gives:\n"
        f"  {count}: …m comprised 128 activities,…\n\n"
        "28 of 30 passages are mapped.\n"
    )


@pytest.mark.parametrize("words", [("fund", "size"), ("基金规模",)])
def test_terms_finds_indicators_in_both_languages_with_their_figures(words: tuple[str, ...]) -> None:
    """An indicator is shown with its labels, its definition and its figures in the graph."""
    result = run("terms", *words)

    assert result.exit_code == 0
    assert result.stdout == (
        "indicator:fund-size  fund size · 基金规模\n"
        "    Money in an investment fund that is launched at an edition.\n"
        "    fund-size=1e10CNY in china-daily-2021/41; fund-size~1.55e9USD in china-daily-2021/41\n"
    )


def test_terms_without_a_match_says_so() -> None:
    """Words that nothing has are an error."""
    result = run("terms", "unheard-of")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "Nothing has all of these words: unheard-of." in result.stderr


def test_terms_add_writes_the_indicator_and_nothing_else(tmp_path: Path) -> None:
    """What no option says is asked for; the vocabulary gains one block, and the name is taken then."""
    root = worksheets.copy_dataset(tmp_path / "root")
    vocabulary = root / "ontology" / "vocabulary.ttl"
    before = vocabulary.read_text(encoding="utf-8")
    command = ["terms", "foreign-exhibitors", "--add", "--root", str(root), "--subset-of", "exhibitors"]
    command += ["--definition", "Exhibitors from outside China."]

    added = CliRunner().invoke(main, command, input="\n海外参展商数\n\n")
    twice = CliRunner().invoke(main, command, input="\n\n\n")
    found = run("terms", "海外参展商", "--root", root)
    checked = run("check", vocabulary, "--root", root)

    block = (
        "\nindicator:foreign-exhibitors\n    a zgc:Indicator ;\n    skos:inScheme scheme:indicator ;\n"
        "    zgc:isSubsetOf indicator:exhibitors ;\n"
        '    skos:prefLabel "foreign exhibitors"@en ;\n    skos:prefLabel "海外参展商数"@zh ;\n'
        '    rdfs:label "foreign exhibitors"@en ;\n'
        '    skos:definition "Exhibitors from outside China."@en ;\n'
        '    rdfs:comment "Exhibitors from outside China."@en ;\n.\n'
    )
    after = vocabulary.read_text(encoding="utf-8")
    assert (added.exit_code, twice.exit_code, checked.exit_code) == (0, 1, 0)
    assert after.replace(block, "") == before
    assert after.count(block) == 1
    assert found.stdout.startswith("indicator:foreign-exhibitors  foreign exhibitors · 海外参展商数\n")
    assert "The vocabulary has indicator:foreign-exhibitors already." in twice.stderr
