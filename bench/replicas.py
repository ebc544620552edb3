"""Disturb three replicas behind a balancer under load, and count what clients notice.

`python -m bench.replicas --write` starts HAProxy (of Debian, 2.4 or later) with `deploy/haproxy.cfg`, or with
`--balancer nginx` that one with `deploy/nginx-replicas.conf`, and
three `forumkg serve`, and sends distinct queries from several client addresses while a replica is killed, one
is stopped in order, a new version is pulled and served, and the old one again. It writes a table of
docs/scale.md.
"""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import quote

import click

from bench import report
from bench.processes import free_port
from bench.replica_set import PATIENCE, ROOT, build, haproxy, is_served, nginx, pull, replica, until
from forumkg import resources

_PAGE: Final = ROOT / "docs" / "scale.md"
_REPLICAS: Final = 3
_CLIENTS: Final = tuple(f"127.0.2.{number}" for number in range(1, 9))
_QUERY: Final = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 5 #"
# Of an answer, and that each client sees: the first, the second, the first.
_LINES: Final = 6
_VERSIONS: Final = 3
_Balancer = Callable[[int, Sequence[int], Path], AbstractContextManager[object]]
_BALANCERS: Final[dict[str, _Balancer]] = {"haproxy": haproxy, "nginx": nginx}


@dataclass(slots=True)
class _Phase:
    """What clients noticed during one disturbance."""

    name: str
    answers: int = 0
    failures: list[str] = field(default_factory=list)
    longest: float = 0.0


class _Load:
    """Clients that send one distinct query after the other, each from an address of its own."""

    def __init__(self, port: int) -> None:
        self.phases: list[_Phase] = []
        self.versions: dict[str, list[str]] = {client: [] for client in _CLIENTS}
        self._port = port
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=[client]) for client in _CLIENTS]

    @contextmanager
    def running(self) -> Iterator["_Load"]:
        self.phases.append(_Phase("nothing"))
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def begin(self, name: str) -> None:
        """Count what follows for another disturbance."""
        with self._lock:
            self.phases.append(_Phase(name))

    def all_have(self, digest: str) -> bool:
        """Whether the last answer of each client was from a version."""
        return all(versions[-1:] == [digest] for versions in self.versions.values())

    def _run(self, client: str) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            began = time.perf_counter()
            failure, digest = self._ask(client, number)
            with self._lock:
                phase = self.phases[-1]
                phase.answers += 1
                phase.longest = max(phase.longest, time.perf_counter() - began)
                if failure:
                    phase.failures.append(failure)
                elif self.versions[client][-1:] != [digest]:
                    self.versions[client].append(digest)

    def _ask(self, client: str, number: int) -> tuple[str, str]:
        """Return why a query failed, or nothing, and the digest of the version."""
        path = f"/sparql?query={quote(f'{_QUERY}{client} {number}')}"
        try:
            with closing(HTTPConnection("127.0.0.1", self._port, PATIENCE, (client, 0))) as connection:
                connection.request("GET", path, headers={"Accept": "text/csv"})
                response = connection.getresponse()
                body = response.read()
        except (OSError, HTTPException) as error:
            return repr(error), ""
        if response.status != HTTPStatus.OK or body.count(b"\r\n") != _LINES:
            return f"{response.status} {body[:80]!r}", ""
        return "", response.headers["Forumkg-Version"].partition("; ")[2]


@click.command()
@click.option("--seconds", default=5.0, show_default=True, help="Of load between two disturbances.")
@click.option("--balancer", type=click.Choice([*_BALANCERS]), default="haproxy", show_default=True)
@click.option("--write", is_flag=True, help="Write the table into docs/scale.md.")
def main(*, seconds: float, balancer: str, write: bool) -> None:
    """Disturb three replicas behind a balancer under load."""
    if shutil.which(balancer) is None:
        raise click.ClickException(f"{balancer} is not installed: apt-get install {balancer}.")
    with tempfile.TemporaryDirectory(prefix="forumkg-replicas-") as name:
        load = _measure(Path(name), seconds, _BALANCERS[balancer])
    text = _table(load)
    click.echo(text)
    if write:
        report.insert(_PAGE, text, "replicas" if balancer == "haproxy" else f"replicas-{balancer}")


def _measure(folder: Path, seconds: float, balanced: _Balancer) -> _Load:
    """Run all disturbances, and return what the clients noticed."""
    root = folder / "root"
    for part in ("ontology", "graph", "shapes"):
        shutil.copytree(resources.root() / part, root / part)
    source = folder / "source"
    first = build(root, source)
    ports = [free_port() for _ in range(_REPLICAS)]
    log = folder / "log"
    with ExitStack() as stack:
        replicas = []
        for number, port in enumerate(ports):
            pull(source, folder / str(number))
            replicas.append(stack.enter_context(replica(folder, number, port, log)))
        front = free_port()
        stack.enter_context(balanced(front, ports, log))
        until(lambda: is_served(front))
        load = _Load(front)
        with load.running():
            time.sleep(seconds)
            load.begin("kill -9 of all processes of a replica")
            os.killpg(replicas[0].pid, signal.SIGKILL)
            time.sleep(seconds)
            load.begin("that replica started again")
            replicas[0] = stack.enter_context(replica(folder, 0, ports[0], log))
            time.sleep(seconds)
            load.begin("SIGTERM of another one")
            replicas[1].terminate()
            time.sleep(seconds)
            load.begin("that replica started again")
            replicas[1] = stack.enter_context(replica(folder, 1, ports[1], log))
            time.sleep(seconds)
            entities = root / "graph" / "entities.ttl"
            text = entities.read_text(encoding="utf-8")
            for step, content in (("roll-out", f"{text}\n# the next version\n"), ("roll-back", text)):
                entities.write_text(content, encoding="utf-8")
                digest = build(root, source)
                load.begin(f"{step}: pull and SIGHUP, one replica after the other")
                for number, process in enumerate(replicas):
                    pull(source, folder / str(number))
                    process.send_signal(signal.SIGHUP)
                until(lambda digest=digest: load.all_have(digest))  # type: ignore[misc]
                time.sleep(seconds)
    if any(len(versions) != _VERSIONS for versions in load.versions.values()):
        raise click.ClickException(f"A client was answered from versions back and forth: {load.versions}.")
    if first != load.versions[_CLIENTS[0]][-1]:
        raise click.ClickException("After the roll-back the first version was not served.")
    return load


def _table(load: _Load) -> str:
    lines = ["| disturbance | queries | failed | longest answer, s |", "|---|---:|---:|---:|"]
    lines += [
        f"| {phase.name} | {phase.answers:,} | {len(phase.failures)} | {phase.longest:.2f} |"
        for phase in load.phases
    ]
    examples = sorted({failure for phase in load.phases for failure in phase.failures})[:5]
    notes = [f"\nFailures: {'; '.join(examples)}."] if examples else []
    clients = f"\n{len(_CLIENTS)} clients; each had the first version, then the second, then the first."
    return "\n".join([*lines, clients, *notes, ""])


if __name__ == "__main__":
    main()
