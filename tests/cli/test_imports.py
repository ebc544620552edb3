"""What commands import before they begin: a later start waits for each module."""

import subprocess
import sys

import pytest

# Libraries that take long to import and that opening a version needs none of.
VALIDATION = {"owlrl", "pyshacl", "rdflib"}
FILES = {"arro3", "markdown_it", "snowballstemmer", "xlsxwriter"}


def imported(*modules: str) -> set[str]:
    """Return the modules that a new interpreter has imported after these."""
    code = f"import sys, {', '.join(modules)}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("modules", "unneeded"),
    [
        # Until the workers are being started.
        (
            ("forumkg.cli.serve",),
            {*VALIDATION, *FILES, "flask", "jinja2", "forumkg.dataset.build", "forumkg.engine.connection"},
        ),
        # Until requests are answered.
        (
            ("forumkg.cli.serve", "forumkg.app.assembly", "forumkg.web.server"),
            {*VALIDATION, *FILES, "forumkg.dataset.build"},
        ),
        # Until queries are evaluated.
        (("forumkg.workers.query_fork_server",), {*VALIDATION, *FILES, "flask", "forumkg.dataset.build"}),
    ],
    ids=["command", "server", "workers"],
)
def test_imports_before_the_first_answer(modules: tuple[str, ...], unneeded: set[str]) -> None:
    """A server that finds its version built imports nothing that only a build or a validation uses."""
    assert not imported(*modules) & unneeded
