"""The examples of `docs/clients.md` print what stands below them."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.slow]

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "clients.md"
EXAMPLE = re.compile(
    r"^```(?P<language>python|js)\n(?P<code>.*?)^```\n\n```text\n(?P<printed>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
TEXT = DOCUMENT.read_text(encoding="utf-8")
COMMANDS = {"python": [sys.executable, "-"], "js": ["node", "--input-type=module"]}


def examples() -> Iterator[object]:
    """Yield the examples as cases that are named by the heading above them."""
    for match in EXAMPLE.finditer(TEXT):
        heading = re.findall(r"^## (.*)$", TEXT[: match.start()], re.MULTILINE)[-1]
        yield pytest.param(match["language"], match["code"], match["printed"], id=heading)


@pytest.mark.parametrize(("language", "code", "printed"), [*examples()])
def test_example_prints_what_the_document_says(
    endpoint: str, request: pytest.FixtureRequest, language: str, code: str, printed: str
) -> None:
    """An example succeeds and prints what stands below it."""
    folder = request.getfixturevalue("comunica_folder") if language == "js" else None

    done = subprocess.run(
        COMMANDS[language],
        input=code.replace("http://127.0.0.1:8000/", endpoint.removesuffix("sparql")),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, printed), done.stderr


def test_every_block_of_code_is_run() -> None:
    """No block of code lacks what it prints, by which the tests would pass it over."""
    blocks = re.findall(r"^```(?:python|js)$", TEXT, re.MULTILINE)

    assert len(blocks) == len(EXAMPLE.findall(TEXT))
