"""Switch clients between two Virtuosos behind HAProxy, and count what the clients notice.

`python -m bench.switching --write` does under load what docs/scale.md says ("Switch between two engines"): it
loads the next version into the second engine, switches, rolls back, switches again and ends the first front.
Each answer has the digest of the version that evaluated it, which has to be the one that its header names.
"""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from bench import report
from bench.processes import free_port, started
from bench.replica_load import Load, phase_table
from bench.replica_set import ROOT, build, is_served, pull, until
from forumkg import resources
from forumkg.dataset.description import DATASET

__all__ = ["main"]

_PAGE: Final = ROOT / "docs" / "scale.md"
_ENGINES: Final = ROOT / "docs" / "engines.md"
_SETTINGS: Final = re.compile(r"<<INI\n(.*?)^INI$", re.DOTALL | re.MULTILINE)
# The second server, which HAProxy found ready, but does not use.
_CHECKED: Final = re.compile(r"^replicas,two,.*,DRAIN,", re.MULTILINE)
_FORUMKG: Final = str(Path(sys.executable).with_name("forumkg"))
_QUERY: Final = f"SELECT ?digest {{ <{DATASET}> <http://purl.org/dc/terms/identifier> ?digest }}"
_COMMANDS: Final = ("haproxy", "virtuoso-t", "isql-vt")
_STEPS: Final = ("switch", "roll-back", "switch again")


@dataclass(frozen=True, slots=True)
class _Side:
    """A version, the engine that holds it, and its front.

    Attributes:
        name: of its data directory, and of its server in HAProxy.
        digest: that of the version.
        engine: the port of Virtuoso for SPARQL.
        administration: the port of Virtuoso for SQL.
        front: the port of the front.
    """

    name: str
    digest: str
    engine: int
    administration: int
    front: int


@click.command()
@click.option("--seconds", default=5.0, show_default=True, help="Of load between two steps.")
@click.option("--write", is_flag=True, help="Write the table into docs/scale.md.")
def main(*, seconds: float, write: bool) -> None:
    """Switch clients between two engines."""
    for command in _COMMANDS:
        if shutil.which(command) is None:
            raise click.ClickException(
                f"{command} is missing: apt-get install haproxy virtuoso-opensource-7."
            )
    with tempfile.TemporaryDirectory(prefix="forumkg-switching-") as name:
        load = _measure(Path(name), seconds)
    text = phase_table(load, "the first version, then the second, the first, and the second")
    click.echo(text)
    if write:
        report.insert(_PAGE, text, "switching")


def _measure(folder: Path, seconds: float) -> Load:
    """Do all steps, and return what the clients noticed."""
    with ExitStack() as stack:
        one, two = (
            _Side(name, digest, free_port(), free_port(), free_port())
            for name, digest in zip(("one", "two"), _versions(folder), strict=True)
        )
        first = stack.enter_context(_front(folder, one, stack))
        port, commands = free_port(), folder / "haproxy.sock"
        stack.enter_context(_haproxy(folder, port, commands, one, two))
        until(lambda: is_served(port))
        load = Load(port, _QUERY, lambda body, digest: body == f"digest\r\n{digest}\r\n".encode())
        with load.running():
            time.sleep(seconds)
            load.begin("the next version is loaded into the second engine")
            _command(commands, "set server replicas/two state drain")
            stack.enter_context(_front(folder, two, stack))
            until(lambda: bool(_CHECKED.search(_command(commands, "show stat"))))
            for step, (new, old) in zip(_STEPS, ((two, one), (one, two), (two, one)), strict=True):
                load.begin(step)
                ready, drain = (f"set server replicas/{side.name} state" for side in (new, old))
                _command(commands, f"{ready} ready; {drain} drain")
                until(lambda digest=new.digest: load.all_have(digest))  # type: ignore[misc]
                time.sleep(seconds)
            load.begin("the first front ends")
            first.terminate()
            first.wait()
            time.sleep(seconds)
    expected = [one.digest, two.digest, one.digest, two.digest]
    if any(versions != expected for versions in load.versions.values()):
        raise click.ClickException(f"A client was answered from versions back and forth: {load.versions}.")
    return load


def _versions(folder: Path) -> Iterator[str]:
    """Build two versions, pull each into a directory of its own, and yield their digests."""
    root = folder / "root"
    for part in ("ontology", "graph", "shapes"):
        shutil.copytree(resources.root() / part, root / part)
    entities = root / "graph" / "entities.ttl"
    for name in ("one", "two"):
        yield build(root, folder / "source")
        pull(folder / "source", folder / name)
        entities.write_text(f"{entities.read_text(encoding='utf-8')}\n# next\n", encoding="utf-8")


@contextmanager
def _front(folder: Path, side: _Side, stack: ExitStack) -> Iterator["subprocess.Popen[bytes]"]:
    """Start an engine that lasts as long as the stack, load the version, and serve it."""
    data, log = folder / side.name, folder / f"{side.name}.log"
    downloads = next((data / "versions").iterdir()) / "downloads"
    stack.enter_context(_virtuoso(folder / f"virtuoso-{side.name}", side, downloads, log))
    until(lambda: _sql(side, "status()"))
    if not _sql(side, f"ld_dir('{downloads}', 'full.ttl.gz', '{DATASET}'); rdf_loader_run(); checkpoint;"):
        raise click.ClickException(log.read_text(encoding="utf-8", errors="replace")[-2000:])
    engine = [f"http://127.0.0.1:{side.engine}", "--profile", "virtuoso", "--data", str(data)]
    subprocess.run([_FORUMKG, "engine", "load", *engine], check=True, stdout=subprocess.DEVNULL)
    options = [
        "--no-build",
        "--port",
        str(side.front),
        "--trusted-proxies",
        "127.0.0.1",
        "--client-seconds",
        "0",
    ]
    with started(
        [_FORUMKG, "serve", *options, "--log-level", "warning", "--engine", *engine], log
    ) as process:
        until(lambda: is_served(side.front))
        yield process


@contextmanager
def _virtuoso(home: Path, side: _Side, downloads: Path, log: Path) -> Iterator[None]:
    """Run Virtuoso with the settings of docs/engines.md."""
    settings = _SETTINGS.search(_ENGINES.read_text(encoding="utf-8"))
    if settings is None:
        raise click.ClickException(f"{_ENGINES} has no settings of Virtuoso.")
    text = settings[1].replace(":1111", f":{side.administration}").replace(":8890", f":{side.engine}")
    home.mkdir()
    configuration = home / "virtuoso.ini"
    configuration.write_text(text.replace("$(realpath export)", str(downloads)), encoding="utf-8")
    # It keeps its files in the folder it is started in.
    command = ["env", f"--chdir={home}", "virtuoso-t", "-f", "+configfile", str(configuration)]
    with started(command, log):
        yield


def _sql(side: _Side, commands: str) -> bool:
    """Whether Virtuoso obeys."""
    words = ["isql-vt", f"127.0.0.1:{side.administration}", "dba", "dba", f"exec={commands}"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@contextmanager
def _haproxy(folder: Path, port: int, commands: Path, one: _Side, two: _Side) -> Iterator[None]:
    """Balance two fronts by the file in deploy/, with a socket for commands."""
    text = (ROOT / "deploy" / "haproxy.cfg").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if "server three" not in line]
    (folder / "haproxy.cfg").write_text("".join(lines), encoding="utf-8")
    (folder / "admin.cfg").write_text(f"global\n    stats socket {commands} mode 600 level admin\n", "utf-8")
    addresses = {"BIND": port, "ONE": one.front, "TWO": two.front}
    settings = [f"FORUMKG_{name}=127.0.0.1:{value}" for name, value in addresses.items()]
    files = ["-f", str(folder / "admin.cfg"), "-f", str(folder / "haproxy.cfg")]
    with started(["env", *settings, "haproxy", "-db", *files], folder / "haproxy.log"):
        yield


def _command(path: Path, command: str) -> str:
    """Send a command to HAProxy, and return what it says."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(f"{command}\n".encode())
        with connection.makefile(encoding="utf-8") as answer:
            return answer.read()


if __name__ == "__main__":
    main()
