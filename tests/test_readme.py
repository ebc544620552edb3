"""The README and the docs keep their word: their commands, queries and answers."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import SCRIPTS, Server, forumkg_server

from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory
from forumkg.sparql.evaluation import evaluate
from forumkg.sparql.result_writers import columns, readable_rows

ROOT = Path(__file__).resolve().parent.parent
# The examples of http.md are requests, which the tests of the OpenAPI document send; those of mapping.md need
# a text and an edited worksheet, which tests/mapping/test_walkthrough.py lays beside them.
DOCUMENTS = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").glob("*.md") if path.name not in {"http.md", "mapping.md"}),
]
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [
        match["text"]
        for match in FENCE.finditer(document.read_text(encoding="utf-8"))
        if match["language"] == language
    ]


def sessions(document: Path) -> list[tuple[str, str]]:
    """Return the commands of a document and the output that is printed below each."""
    found: list[tuple[str, str]] = []
    for block in blocks(document, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def pattern(output: str) -> str:
    """Return a regular expression for printed output in which … stands for anything on its line."""
    return ".*".join(re.escape(piece) for piece in output.split("…"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the shipped graph as the README does, on a free port."""
    data = str(tmp_path_factory.mktemp("data"))
    with forumkg_server([str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", data]) as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the repository, where one command after another writes."""
    tmp_path = tmp_path_factory.mktemp("reader")
    for name in ("deploy", "graph", "ontology", "shapes", "Makefile", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


EXAMPLES = [
    pytest.param(command, output, id=f"{document.name}: {command[:40]}")
    for document in DOCUMENTS
    for command, output in sessions(document)
]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "output"), EXAMPLES)
def test_command_prints_what_the_document_says(
    command: str, output: str, server: Server, folder: Path
) -> None:
    """A command of a document succeeds and prints what stands below it."""
    if command.startswith("make "):
        command = command.replace("make ", "make --dry-run VENV=.none ", 1)
        output = "…"
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", command.replace("http://127.0.0.1:8000/", server.url)],
        cwd=folder,
        env={**os.environ, "PATH": f"{SCRIPTS}:{os.environ['PATH']}", "XDG_DATA_HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )

    printed = done.stdout.decode("utf-8").replace("\r\n", "\n")
    # What a command says of its progress depends on how fast the machine is.
    printed = re.sub(r"^… .*\n", "", printed, flags=re.MULTILINE)
    assert done.returncode == 0, printed
    assert re.fullmatch(pattern(output), printed, re.DOTALL if output == "…" else 0), printed


def test_readme_query_gives_the_table_below_it() -> None:
    """The query of the README gives the rows of the table that follows it."""
    text = DOCUMENTS[0].read_text(encoding="utf-8")
    (query,) = blocks(DOCUMENTS[0], "sparql")
    lines = text.split(query)[1].split("\n\n")[1].splitlines()
    header, _, *rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]

    answer = evaluate(in_memory(source_files()), query)

    assert (columns(answer), list(readable_rows(answer))) == (header, rows)
