"""Texts of articles on the reader's own machine: who may have a server show them."""

import os
from pathlib import Path

import pytest
from click import UsageError
from click.testing import CliRunner

from forumkg.cli import main
from forumkg.cli.own_texts import for_own_machine, read_own_texts
from forumkg.errors import DataError
from forumkg.texts.reading import Text
from forumkg.web.addresses import parse_networks
from forumkg.web.policy import Policy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a text."""
    (tmp_path / "a.txt").write_text("A kite.\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost", "LOCALHOST"])
def test_own_machine(folder: Path, host: str) -> None:
    """A server that its own machine alone reaches may have texts."""
    assert read_own_texts(folder, host, Policy()) == (Text.of("a.txt", "A kite.\n"),)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "forum.example"])  # noqa: S104 (it is refused)
def test_others_reach_the_host(folder: Path, host: str) -> None:
    """A server that others reach may not."""
    with pytest.raises(UsageError, match=rf"--host {host} is an address that others reach"):
        read_own_texts(folder, host, Policy())


def test_others_reach_the_proxy(folder: Path) -> None:
    """A server behind a proxy may not: the proxy shows it to others."""
    with pytest.raises(UsageError, match="with --trusted-proxies others reach them"):
        read_own_texts(folder, "127.0.0.1", Policy(trusted_proxies=parse_networks("127.0.0.1")))


def test_text_is_not_utf_8(folder: Path) -> None:
    """A text that is no UTF-8 is an error that names the file."""
    (folder / "b.txt").write_bytes(b"\xff")

    with pytest.raises(DataError, match=r"b\.txt is not UTF-8"):
        read_own_texts(folder, "127.0.0.1", Policy())


def test_text_is_not_a_file(folder: Path) -> None:
    """A pipe, which would be waited for, and a link that leads nowhere are errors that name the file."""
    (folder / "b.txt").symlink_to(folder / "nowhere")
    with pytest.raises(DataError, match=r"^Cannot read .*b\.txt: No such file or directory\.$"):
        read_own_texts(folder, "127.0.0.1", Policy())

    (folder / "b.txt").unlink()
    os.mkfifo(folder / "b.txt")
    with pytest.raises(DataError, match=r"^Cannot read .*b\.txt: it is not a regular file\.$"):
        read_own_texts(folder, "127.0.0.1", Policy())


def test_names_of_the_own_machine() -> None:
    """A server with texts answers to the names of its machine alone, or to those that it is given."""
    assert for_own_machine(Policy(), "127.0.0.2").allowed_hosts == {
        "127.0.0.1",
        "127.0.0.2",
        "[::1]",
        "localhost",
    }
    named = Policy(allowed_hosts=frozenset({"kites.internal"}))
    assert for_own_machine(named, "127.0.0.1") == named


def test_serve_texts_to_others(folder: Path) -> None:
    """The command refuses before it builds or listens."""
    data = folder / "data"
    command = ["serve", "--host", "0.0.0.0", "--texts", str(folder), "--data", str(data)]  # noqa: S104 (refused)
    result = CliRunner().invoke(main, command)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "--texts shows texts that are not ours to publish" in result.stderr
    assert not data.exists()
