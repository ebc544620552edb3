"""Ctrl-C while a command imports what it needs, seen in what Python writes of each import."""

import signal
import subprocess
import sys

import pytest
from processes import killed_at_the_end


@pytest.mark.parametrize(
    ("command", "imported"),
    [
        ("check", "click.core"),
        ("export", "click.core"),
        ("query", "click.core"),
        ("serve --port 0", "click.core"),
        ("serve --port 0", "forumkg.cli"),
        ("serve --port 0", "flask"),
    ],
)
def test_interrupt_while_importing(command: str, imported: str) -> None:
    """The command ends with the status 130, and without a traceback."""
    started = [sys.executable, "-X", "importtime", "-m", "forumkg", *command.split()]
    with killed_at_the_end(
        subprocess.Popen(
            started, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.rpartition("|")[2].strip() == imported:
                break
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)

    said = [line for line in errors.splitlines() if not line.startswith("import time:")]
    assert (process.returncode, output, said) == (130, "", [])
