"""The notebook of the documentation runs against a server, and prints what it shows."""

import json
import os
import subprocess
import sys

import pytest
from notebook_document import MARKDOWN, cells, notebook
from servers import Server

pytestmark = [pytest.mark.clients, pytest.mark.slow]

# Runs cells in one namespace, as a kernel does, and separates what each prints.
RUNNER = """
import contextlib, io, json, sys
namespace, printed = {}, []
for code in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(code, "<cell>", "exec"), namespace)
    printed.append(output.getvalue())
json.dump(printed, sys.stdout)
"""


def test_notebook_prints_what_it_shows(server: Server) -> None:
    """Each cell of code runs, in order, and prints what stands below it."""
    code = [cell for cell in cells(MARKDOWN.read_text(encoding="utf-8")) if cell.is_code]

    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=json.dumps([cell.text for cell in code]),
        env={**os.environ, "FORUMKG_SERVER": server.url.rstrip("/"), "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [cell.printed for cell in code]


def test_notebook_has_all_cells() -> None:
    """The notebook has each block of code of the document, and all but the first print something."""
    document = json.loads(notebook())
    code = ["".join(cell["source"]) for cell in document["cells"] if cell["cell_type"] == "code"]

    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in document["cells"]}) == len(document["cells"])
    assert code == [
        cell.text.strip("\n") for cell in cells(MARKDOWN.read_text(encoding="utf-8")) if cell.is_code
    ]
    assert len(code) == MARKDOWN.read_text(encoding="utf-8").count("```python")
    assert all(cell["outputs"] for cell in document["cells"][2:] if cell["cell_type"] == "code")
