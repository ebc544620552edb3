"""Fixtures of the attacks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import small_dataset
from servers import SCRIPTS, Server, forumkg_server


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the small dataset, and return its folder."""
    return small_dataset.write(tmp_path_factory.mktemp("attacked") / "root").root


@pytest.fixture
def command(small_root: Path, tmp_path: Path) -> list[str]:
    """Return the command that serves the small dataset, with the limits that every server has."""
    options = ("--port", "0", "--root", str(small_root), "--data", str(tmp_path / "data"))
    return [str(SCRIPTS / "forumkg"), "serve", *options, "--log-level", "error"]


@pytest.fixture
def attacked(command: list[str]) -> Iterator[Server]:
    """Run a server to attack."""
    with forumkg_server(command) as server:
        yield server
