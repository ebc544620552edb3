"""The servers that are compared: how each is given data, and how it is started."""

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bench import peers
from bench.datasets import Dataset
from bench.processes import free_port, started

__all__ = [
    "LIMIT",
    "PROCESSES",
    "TIMEOUT",
    "Running",
    "System",
    "able",
    "available",
    "in_processes",
    "ours",
    "ours_as_built",
    "start",
]

# Seconds that a query may run: our default, and the option of Fuseki.
TIMEOUT: Final = 30
# Server processes of ours, where more than one is measured.
PROCESSES: Final = 2
# How long a server may take until it answers: ours builds five million triples in some minutes.
LIMIT: Final = 1800.0

_BIN: Final = Path(sys.executable).parent
_OXIGRAPH: Final = str(_BIN / "oxigraph")
_ASK: Final = f"?query={quote('ASK { ?s ?p ?o }')}"

Command = list[str]


@dataclass(frozen=True, slots=True)
class System:
    """A server.

    Attributes:
        name: As the report calls it.
        path: Where its endpoint is.
        load: The commands that fill a folder from a dataset before a first start.
        serve: The command that serves a dataset, kept in a folder, on a port.
        largest: The number of triples beyond which it is left out, for the time it would take.
    """

    name: str
    path: str
    load: Callable[[Dataset, Path], list[Command]]
    serve: Callable[[Dataset, Path, int], Command]
    largest: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers.

    Attributes:
        system: Which one.
        dataset: What it serves.
        port: Where, on 127.0.0.1.
        pid: Its first process.
        seconds: From the command to the first answer, the loading of data included.
        folder: What it keeps on the disk.
    """

    system: System
    dataset: Dataset
    port: int
    pid: int
    seconds: float
    folder: Path

    def paths(self, targets: Iterable[str]) -> list[str]:
        """Return the paths to ask for, of query strings."""
        return [f"{self.system.path}?{target}" for target in targets]

    def addresses(self, targets: Iterable[str]) -> list[str]:
        """Return the whole addresses, of query strings."""
        return [f"http://127.0.0.1:{self.port}{path}" for path in self.paths(targets)]


def ours() -> System:
    """Return our own server, which needs nothing that is not installed."""
    return System("forumkg", "/sparql", _nothing, _forumkg)


def ours_as_built() -> System:
    """Return our own server, which copies the build of a dataset: another build would take minutes."""

    def copy(dataset: Dataset, folder: Path) -> list[Command]:
        return [["cp", "-a", f"{dataset.versions}/.", str(folder)]]

    return System("forumkg", "/sparql", copy, _forumkg)


def in_processes() -> System:
    """Return our own server with several server processes."""

    def command(dataset: Dataset, folder: Path, port: int) -> Command:
        # The connections of a proxy go to the processes in turn. Without one each client has its process.
        options = ["--processes", str(PROCESSES), "--trusted-proxies", "127.0.0.1"]
        return [*_forumkg(dataset, folder, port), *options]

    return System(f"forumkg --processes {PROCESSES}", "/sparql", _nothing, command)


def available(only: Collection[str] = ()) -> list[System]:
    """Return ours, then the peers that this machine can run; what is missing for them is fetched.

    Args:
        only: The names of the peers; none is all of them.
    """
    makers = {"Oxigraph": _oxigraph_system, "Fuseki": _fuseki_system, "rdflib-endpoint": _endpoint_system}
    made = (make() for name, make in makers.items() if not only or name in only)
    return [ours(), *(system for system in made if system)]


def _oxigraph_system() -> System:
    return System("Oxigraph", "/query", _oxigraph_load, _oxigraph)


def _fuseki_system() -> System | None:
    jar = peers.fuseki()
    if jar is None:
        return None
    # The loader and the server; their heap is bounded, as the machine is shared.
    java = [peers.java() or "java", "-Xmx4g", "-cp", str(jar)]
    return System("Fuseki", "/forum/query", _fuseki_load(java), _fuseki(java))


def _endpoint_system() -> System:
    endpoint = str(peers.python() / "rdflib-endpoint")
    # It reads all data at each start, about 20,000 triples a second.
    return System("rdflib-endpoint", "/", _nothing, _rdflib_endpoint(endpoint), largest=100_000)


def able(systems: Iterable[System], dataset: Dataset) -> list[System]:
    """Return the servers that a dataset is not too large for."""
    return [system for system in systems if dataset.triples <= system.largest]


@contextmanager
def start(system: System, dataset: Dataset, *, fresh: bool = False) -> Iterator[Running]:
    """Run a server for the time of a context, once it answers.

    Args:
        system: Which one.
        dataset: What it shall serve.
        fresh: Whether it must begin without anything that it kept of an earlier start.

    Raises:
        TimeoutError: it does not answer in time.
        subprocess.CalledProcessError: the data cannot be loaded.
    """
    folder = peers.CACHE / "served" / dataset.ntriples.stem[:12] / system.name
    log = peers.CACHE / f"{system.name}.log"
    port = free_port()
    begun = time.perf_counter()
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        folder.mkdir(parents=True)
        with log.open("ab") as output:
            for command in system.load(dataset, folder):
                subprocess.run(command, stdout=output, stderr=output, check=True)
    with started(system.serve(dataset, folder, port), log) as process:
        _wait(system, port, process)
        yield Running(system, dataset, port, process.pid, time.perf_counter() - begun, folder)


def _wait(system: System, port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.perf_counter() + LIMIT
    while time.perf_counter() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{system.path}{_ASK}", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.005)
    raise TimeoutError(f"{system.name} does not answer: see {peers.CACHE / system.name}.log")


def _forumkg(dataset: Dataset, folder: Path, port: int) -> Command:
    command = [str(_BIN / "forumkg"), "serve", "--root", str(dataset.root), "--data", str(folder)]
    # One client asks as fast as it can, and no server logs that.
    unbounded = ["--client-seconds", "0", "--client-errors", "0", "--log-level", "warning"]
    return [*command, "--port", str(port), *unbounded]


def _nothing(_dataset: Dataset, _folder: Path) -> list[Command]:
    return []


def _oxigraph_load(dataset: Dataset, folder: Path) -> list[Command]:
    load, optimize = ([_OXIGRAPH, verb, "--location", str(folder)] for verb in ("load", "optimize"))
    return [[*load, "--file", str(dataset.ntriples)], optimize]


def _oxigraph(_dataset: Dataset, folder: Path, port: int) -> Command:
    # Without --timeout-s: a thread for each query would sleep until then, and some ten thousand of them,
    # which is a few seconds of look-ups, end the server.
    return [_OXIGRAPH, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]


def _fuseki_load(java: Command) -> Callable[[Dataset, Path], list[Command]]:
    return lambda dataset, folder: [[*java, "tdb2.tdbloader", "--loc", str(folder), str(dataset.ntriples)]]


def _fuseki(java: Command) -> Callable[[Dataset, Path, int], Command]:
    def command(_dataset: Dataset, folder: Path, port: int) -> Command:
        main = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
        options = ["--tdb2", f"--loc={folder}", "--localhost", f"--port={port}", f"--timeout={TIMEOUT}000"]
        return [*java, main, "--quiet", *options, "/forum"]

    return command


def _rdflib_endpoint(program: str) -> Callable[[Dataset, Path, int], Command]:
    def command(dataset: Dataset, _folder: Path, port: int) -> Command:
        return [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(dataset.ntriples)]

    return command
