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
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Final

import click

from bench import report
from bench.processes import free_port
from bench.replica_load import CLIENTS, Load, phase_table
from bench.replica_set import ROOT, build, haproxy, is_served, nginx, pull, replica, until
from forumkg import resources

_PAGE: Final = ROOT / "docs" / "scale.md"
_REPLICAS: Final = 3
_QUERY: Final = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 5"
# Of an answer, and that each client sees: the first, the second, the first.
_LINES: Final = 6
_VERSIONS: Final = 3
_Balancer = Callable[[int, Sequence[int], Path], AbstractContextManager[object]]
_BALANCERS: Final[dict[str, _Balancer]] = {"haproxy": haproxy, "nginx": nginx}


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
    text = phase_table(load, "the first version, then the second, then the first")
    click.echo(text)
    if write:
        report.insert(_PAGE, text, "replicas" if balancer == "haproxy" else f"replicas-{balancer}")


def _measure(folder: Path, seconds: float, balanced: _Balancer) -> Load:
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
        load = Load(front, _QUERY, lambda body, _: body.count(b"\r\n") == _LINES)
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
    if first != load.versions[CLIENTS[0]][-1]:
        raise click.ClickException("After the roll-back the first version was not served.")
    return load


if __name__ == "__main__":
    main()
