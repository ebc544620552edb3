"""The endpoint that all clients ask, and what some of them need to run."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from processes import killed_at_the_end
from servers import SCRIPTS, Server, forumkg_server

from clients.asking import REFUSALS, Refusal
from clients.cutting import cut_connection

COMUNICA = Path(__file__).with_name("comunica")
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the shipped graph by the command that users start."""
    data = str(tmp_path_factory.mktemp("data"))
    command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", data]
    # What is cut off, timed out and mistaken here comes from one client.
    with forumkg_server([*command, "--client-seconds", "0", "--client-errors", "0"]) as running:
        yield running


@pytest.fixture(scope="package")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Refusal, str]]:
    """Serve the shipped graph within narrow limits: for each refusal an endpoint that gives it."""
    with ExitStack() as stack:
        addresses = {}
        for refusal in REFUSALS:
            data = str(tmp_path_factory.mktemp(refusal.name))
            command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", data, *refusal.options]
            # So many queries fail here that the server would take its client for a broken one.
            running = stack.enter_context(forumkg_server([*command, "--client-errors", "0"]))
            addresses[refusal] = f"{running.url}sparql"
        yield addresses


@pytest.fixture(scope="package")
def endpoint(server: Server) -> str:
    """Return the address of the endpoint."""
    return f"{server.url}sparql"


@pytest.fixture(scope="package")
def cut_endpoint(server: Server) -> Iterator[str]:
    """Return an address of the endpoint where each connection breaks just before the end of an answer."""
    with cut_connection(server) as address:
        yield address


class Comunica:
    """A process of Node.js that asks endpoints through Comunica."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, endpoint: str, query: str, **headers: str) -> dict[str, Any]:
        """Return the rows, the triples or the truth value of an answer, or the error that a user sees."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = {"endpoint": endpoint, "query": query, "headers": headers}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert isinstance(answer, dict)
        return answer


@pytest.fixture(scope="package")
def comunica_folder() -> Path:
    """Install the locked versions of Comunica and what it needs, unless they are there."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no node or no npm: install Node.js 20.19 or later, as in apt-get install nodejs npm")
    installed = COMUNICA / "node_modules" / ".package-lock.json"
    locked = COMUNICA / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < locked.stat().st_mtime:
        done = subprocess.run(INSTALL, cwd=COMUNICA, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return COMUNICA


@pytest.fixture(scope="package")
def comunica(comunica_folder: Path) -> Iterator[Comunica]:
    """Run Comunica for all tests that ask through it."""
    started = subprocess.Popen(
        ["node", "ask.js"],  # noqa: S607 (the node that the user has)
        cwd=comunica_folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with killed_at_the_end(started) as process:
        yield Comunica(process)
