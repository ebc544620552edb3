"""The walk-through of docs/mapping.md: its commands print what it says, and its reference is complete."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import worksheets
from click.testing import CliRunner

from forumkg import resources
from forumkg.cli import main
from forumkg.mapping.worksheet import FACT_KEYS, META_KEYS, OPERATORS, STANCES

PAGE = resources.root() / "docs" / "mapping.md"
NAME = "haidian-weekly-2024-04-30"
CONSOLE = re.compile(r"^```console\n\$ (forumkg [^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXCERPT = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Commands without a dataset.
WITHOUT_ROOT = {"coverage"}


def shown(printed: str) -> str:
    """Return what a command prints as the page shows it: the size of the graph is left out."""
    return re.sub(r"(?<=[ ])[0-9]+(?= (?:files|triples|statements|passages)[,.])(?!.*accepted)", "…", printed)


@pytest.mark.slow
def test_commands_of_the_walkthrough_print_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command, in its order, on the text of the walk-through and a copy of the dataset."""
    root = worksheets.copy_dataset(tmp_path / "root")
    (root / "texts").mkdir()
    shutil.copy(worksheets.WALKTHROUGH / "haidian-weekly.txt", root / "texts")
    monkeypatch.chdir(root)
    page = PAGE.read_text(encoding="utf-8")
    commands = CONSOLE.findall(page)
    seen = []

    for command, printed in commands:
        words = shlex.split(command)[1:]
        if words[0] == "map" and "map" not in seen:
            # The reader has edited the worksheet.
            shutil.copy(worksheets.WALKTHROUGH / f"{NAME}.map", root / "texts")
        seen.append(words[0])
        result = CliRunner().invoke(main, [*words, *([] if words[0] in WITHOUT_ROOT else ["--root", "."])])
        if words[0] == "new":
            worksheet = (root / "texts" / f"{NAME}.map").read_text(encoding="utf-8")
            assert EXCERPT.findall(page)[0].strip("\n") in worksheet
        assert (command, shown(result.stdout)) == (command, printed)

    assert seen == ["new", "coverage", "terms", "map", "map", "check", "unmap"]


def test_excerpts_of_the_walkthrough_are_from_its_worksheet() -> None:
    """What the page shows of the edited worksheet is in it."""
    worksheet = (worksheets.WALKTHROUGH / f"{NAME}.map").read_text(encoding="utf-8")
    _, *edited = EXCERPT.findall(PAGE.read_text(encoding="utf-8"))

    assert edited
    assert [excerpt for excerpt in edited if excerpt.strip("\n") not in worksheet] == []


def test_reference_has_every_key_operator_and_line() -> None:
    """The page names each word of the grammar."""
    page = PAGE.read_text(encoding="utf-8")
    keys = [f"`{key}=" for key in FACT_KEYS if f"`{key}=" not in page and f" {key}=" not in page]
    lines = [key for key in META_KEYS if not re.search(rf"`{key}[ `]", page)]
    signs = [sign for sign in OPERATORS if not re.search(rf"`[a-z-]+{sign}[0-9]", page)]
    stances = [stance for stance in STANCES if f"`{stance}`" not in page]

    assert (keys, lines, signs, stances) == ([], [], [], [])
