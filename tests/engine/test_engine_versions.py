"""An engine with another version of the same number of triples: it is refused, noticed and replaced."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import small_dataset
from servers import SCRIPTS, Server, forumkg_server, oxigraph_server
from small_dataset import PREFIXES

from forumkg.dataset.version_info import VersionInfo
from forumkg.dataset.versions import open_version
from forumkg.engine.marks import MARKS

FORUMKG = str(SCRIPTS / "forumkg")
QUERY = f"{PREFIXES} SELECT ?year {{ ?edition zgc:year ?year }} ORDER BY ?year # "
PROFILE = ("--profile", "oxigraph")


@dataclass(frozen=True)
class Built:
    """A version in a data directory of its own."""

    data: Path
    info: VersionInfo

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"version {self.info.digest[:12]}"


def run(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run our command."""
    return subprocess.run([FORUMKG, *map(str, words)], capture_output=True, text=True, check=False)


def load(url: str, version: Built) -> "subprocess.CompletedProcess[str]":
    """Load a version into an engine."""
    return run("engine", "load", url, *PROFILE, "--data", version.data)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Built]:
    """Build two versions that differ in one year, so that they have the same number of triples."""
    root = tmp_path_factory.mktemp("versions")
    dataset = small_dataset.write(root / "root")
    entities = dataset.root / "graph" / "entities.ttl"
    found = []
    for name in ("one", "two"):
        info = open_version(root / name, dataset.files, ontology_dir=dataset.ontology_dir).info
        found.append(Built(root / name, info))
        entities.write_text(entities.read_text(encoding="utf-8").replace("zgc:year 2023", "zgc:year 2024"))
    one, two = found
    assert one.info.triples == two.info.triples
    assert one.info.digest != two.info.digest
    return one, two


@pytest.fixture(scope="module")
def engine() -> Iterator[Server]:
    """Run an engine."""
    with oxigraph_server() as server:
        yield server


def asked(front: Server, path: str) -> tuple[int, str]:
    """Return status and text of a response."""
    status, _, body = front.request("GET", path, accept="text/csv")
    return status, body.decode()


def years(front: Server, number: int) -> tuple[int, str]:
    """Ask for the years; each number is a query of its own, which no cache has."""
    return asked(front, f"/sparql?query={quote(f'{QUERY}{number}')}")


@pytest.mark.faults
def test_engine_load_replaces_another_version(engine: Server, versions: tuple[Built, Built]) -> None:
    """A dataset of another version is replaced as a whole, and is no longer taken for the other one."""
    one, two = versions
    first, second, again = (load(engine.url, each) for each in (one, two, two))

    assert (first.returncode, second.returncode, again.returncode) == (0, 0, 0), second.stderr
    assert second.stdout.startswith("Loaded version 1: ")
    assert again.stdout.startswith("Verified version 1: ")
    assert json.loads((two.data / MARKS).read_text()) == {two.info.digest: [engine.url]}


@pytest.mark.faults
@pytest.mark.parametrize("command", ["serve", "check"])
def test_engine_of_another_version_is_refused(
    engine: Server, versions: tuple[Built, Built], command: str
) -> None:
    """Neither a start nor a check takes another version for its own; the message names both."""
    one, two = versions
    assert load(engine.url, one).returncode == 0
    assert load(engine.url, two).returncode == 0
    words = ("--data", one.data, *PROFILE)
    if command == "serve":
        refused = run("serve", "--no-build", "--port", "0", "--engine", engine.url, *words)
    else:
        refused = run("engine", "check", engine.url, *words)

    assert refused.returncode == 1
    assert f"{engine.url} holds {two.name} in {two.info.triples:,} triples" in refused.stderr
    assert one.name in refused.stderr
    assert "forumkg engine load" in refused.stderr


@pytest.mark.faults
def test_front_notices_that_its_engine_holds_another_version(
    engine: Server, versions: tuple[Built, Built]
) -> None:
    """From the moment of the exchange no query is answered, until the engine holds the version again."""
    one, two = versions
    assert load(engine.url, one).returncode == 0
    words = ["serve", "--no-build", "--port", "0", "--data", str(one.data), "--client-errors", "0"]
    with forumkg_server([FORUMKG, *words, "--engine", engine.url, *PROFILE]) as front:
        assert years(front, 1) == (200, "year\r\n2021\r\n2023\r\n")
        assert asked(front, "/readyz")[0] == 200

        assert load(engine.url, two).returncode == 0
        query, ready, page = years(front, 2), asked(front, "/readyz"), asked(front, "/editions")
        cached = years(front, 1)

        assert load(engine.url, one).returncode == 0
        back = years(front, 3)
        ready_again = asked(front, "/readyz")[0]

    for status, text in (query, ready):
        assert status == 503
        assert f"holds {two.name}, and this server serves {one.name}" in text
    assert page[0] == 503
    # What was answered by the version itself is still right.
    assert cached == back == (200, "year\r\n2021\r\n2023\r\n")
    assert ready_again == 200
