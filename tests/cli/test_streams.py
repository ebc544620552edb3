"""Standard streams that cannot encode, are closed, full or without a reader: never a traceback."""

import subprocess
from pathlib import Path

import pytest
from servers import SCRIPTS

COMMAND = SCRIPTS / "forumkg"
CHINESE = "SELECT ?x { VALUES ?x { '中关村' 'é' '🙂' } }"


def run(script: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell in which $F is the command and $D an empty data directory."""
    return subprocess.run(
        ["/bin/sh", "-c", script],
        env={"PATH": "/usr/bin:/bin", "F": str(COMMAND), "D": str(data), "Q": CHINESE, **environment},
        capture_output=True,
        text=True,
        encoding="latin-1",
        check=False,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory that one command has filled."""
    folder = tmp_path_factory.mktemp("streams") / "data"
    assert run("$F query --data $D 'ASK {}'", folder).returncode == 0
    return folder


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "gbk"])
def test_terminal_that_cannot_encode(data: Path, encoding: str) -> None:
    """A character that the terminal does not have is escaped, the rest of the table is there."""
    done = run('$F query --data $D "$Q"', data, PYTHONIOENCODING=encoding)

    assert (done.returncode, done.stderr) == (0, "")
    assert r"\U0001f642" in done.stdout
    assert (r"\u4e2d\u5173\u6751" in done.stdout) is (encoding != "gbk")


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "nowhere.UTF-8"},
        {"LC_ALL": "tr_TR.UTF-8"},
    ],
    ids=lambda environment: environment["LC_ALL"],
)
def test_locale(data: Path, environment: dict[str, str]) -> None:
    """In any locale questions and answers are shown."""
    done = run("$F query --data $D --question themes", data, **environment)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("year  english")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["query --data $D 'ASK {}'", "query --question", "--help", "query -"])
def test_closed_streams(data: Path, closed: str, command: str) -> None:
    """A command that is started without a standard stream works as with /dev/null in its place."""
    done = run(f"$F {command} {closed}", data)
    with_null = run(f"$F {command} {closed.replace('&-', '/dev/null')}", data)

    assert (done.returncode, done.stdout, done.stderr) == (
        with_null.returncode,
        with_null.stdout,
        with_null.stderr,
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["query --data $D 'SELECT * { ?s ?p ?o }'", "query --question"])
def test_full_disk(data: Path, command: str) -> None:
    """An answer that does not fit on the disk is an error, said once."""
    done = run(f"$F {command} > /dev/full", data)

    assert (done.returncode, done.stderr) == (1, "Error: Cannot write the output: No space left on device.\n")


def test_reader_that_goes_away(data: Path) -> None:
    """A pipe that is closed ends the command without a word."""
    done = run("$F query --data $D 'SELECT * { ?s ?p ?o }' | head -n 1", data)

    assert done.stderr == ""
    assert sorted(done.stdout.split()) == ["o", "p", "s"]
