"""Feed a simulation of replicas with measured costs, and compare it with real replicas.

`python -m bench.simulation --write` starts three replicas behind HAProxy, measures what each kind of query
costs each process, and what several clients at once notice; then it simulates the same clients, and more
replicas than a machine has room for. It writes tables of docs/scale.md.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import quote

import click

from bench import report
from bench.processes import cpu_seconds, free_port, own_cpu_seconds
from bench.queueing import Costs, Machine, Outcome, simulate_arrivals, simulate_clients
from bench.replica_set import PATIENCE, ROOT, build, haproxy, is_served, pull, replica, until
from forumkg import resources
from forumkg.namespaces import prefix_lines

_PAGE: Final = ROOT / "docs" / "scale.md"
_PREFIXES: Final = prefix_lines("zgc", "edition")
# The text of each kind of query, and its share of all.
_KINDS: Final = {
    "look-up": ("SELECT ?p ?o { edition:2021 ?p ?o }", 0.80),
    "join": (
        "SELECT ?statement ?number { ?statement zgc:isReportedIn ?article ; zgc:hasQuantity ?quantity . "
        "?quantity zgc:statedNumber ?number } LIMIT 20",
        0.18,
    ),
    "aggregate": ("SELECT ?p (COUNT(*) AS ?n) (SAMPLE(?o) AS ?one) { ?s ?p ?o } GROUP BY ?p", 0.02),
}
_REPLICAS: Final = 3
_CLIENTS: Final = (1, 4, 8, 16)
_MANY: Final = (1, 2, 3, 6, 12)
# What a client should not notice, in seconds, at the 99th percentile.
_BOUND: Final = 0.1
_SIMULATED: Final = 20.0
_STEPS: Final = 12
_MACHINE: Final = Machine()


@dataclass(frozen=True, slots=True)
class _Site:
    """What was started: the port of the balancer, and the process numbers of all."""

    port: int
    balancer: int
    replicas: tuple[int, ...]


@click.command()
@click.option("--queries", default=1000, show_default=True, help="Of each kind, to measure what one costs.")
@click.option("--seconds", default=5.0, show_default=True, help="Of load for each number of clients.")
@click.option("--write", is_flag=True, help="Write the table into docs/scale.md.")
def main(*, queries: int, seconds: float, write: bool) -> None:
    """Compare a simulation of replicas with real ones, and simulate more of them."""
    if shutil.which("haproxy") is None:
        raise click.ClickException("HAProxy is not installed: apt-get install haproxy.")
    with tempfile.TemporaryDirectory(prefix="forumkg-simulation-") as name, _running(Path(name)) as site:
        kinds = {kind: _costs(site, kind, queries) for kind in _KINDS}
        real = {clients: _load(site, clients, seconds) for clients in _CLIENTS}
    text = "\n".join(
        [report.revision_line(), _costs_table(kinds), _check_table(kinds, real), _many_table(kinds)]
    )
    click.echo(text)
    if write:
        report.insert(_PAGE, text, "simulation")


@contextmanager
def _running(folder: Path) -> Iterator[_Site]:
    root, source, log = folder / "root", folder / "source", folder / "log"
    for part in ("ontology", "graph", "shapes"):
        shutil.copytree(resources.root() / part, root / part)
    build(root, source)
    ports = [free_port() for _ in range(_REPLICAS)]
    front = free_port()
    with ExitStack() as stack:
        replicas = []
        for number, port in enumerate(ports):
            pull(source, folder / str(number))
            replicas.append(stack.enter_context(replica(folder, number, port, log)).pid)
        balancer = stack.enter_context(haproxy(front, ports, log)).pid
        until(lambda: is_served(front))
        yield _Site(front, balancer, tuple(replicas))


def _costs(site: _Site, kind: str, queries: int) -> Costs:
    """Measure the processor time that a query of a kind costs each process."""
    text, share = _KINDS[kind]
    before = _used(site)
    for number in range(queries):
        _ask(site.port, text, f"127.0.3.{number % 200 + 1}", number)
    after = _used(site)
    client, balancer, server, worker = (
        (end - start) / queries for start, end in zip(before, after, strict=True)
    )
    # What a worker did not do costs it next to nothing, and is not zero: its process looks at the clock.
    return Costs(share, client, balancer, server, worker if worker > server / 20 else 0.0)


def _used(site: _Site) -> tuple[float, float, float, float]:
    """Return the processor time so far of the client, the balancer, the servers and their workers."""
    servers = sum(map(own_cpu_seconds, site.replicas))
    workers = sum(map(cpu_seconds, site.replicas)) - servers
    return time.process_time(), cpu_seconds(site.balancer), servers, workers


def _load(site: _Site, clients: int, seconds: float) -> Outcome:
    """Have clients send queries of all kinds, one after the other each, in the shares of the mixture."""
    outcome = Outcome(seconds)
    end = time.monotonic() + seconds
    numbers = count()

    def run(client: str) -> None:
        kinds = _mixture()
        while time.monotonic() < end:
            began = time.perf_counter()
            _ask(site.port, _KINDS[next(kinds)][0], client, f"{clients} {next(numbers)}")
            outcome.latencies.append(time.perf_counter() - began)

    threads = [threading.Thread(target=run, args=[f"127.0.4.{number}"]) for number in range(1, clients + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def _mixture() -> Iterator[str]:
    """Yield the kinds in turns, each as often as its share says."""
    due = dict.fromkeys(_KINDS, 0.0)
    while True:
        for kind, (_, share) in _KINDS.items():
            due[kind] += share
        chosen = max(due, key=due.__getitem__)
        due[chosen] -= 1
        yield chosen


def _ask(port: int, text: str, client: str, number: object) -> None:
    """Send a query that no cache has, over a connection of its own.

    Raises:
        click.ClickException: it is not answered.
    """
    path = f"/sparql?query={quote(f'{_PREFIXES}{text} # {client} {number}')}"
    with closing(HTTPConnection("127.0.0.1", port, PATIENCE, (client, 0))) as connection:
        connection.request("GET", path, headers={"Accept": "text/csv"})
        response = connection.getresponse()
        response.read()
    if response.status != HTTPStatus.OK:
        raise click.ClickException(f"A query was answered with {response.status}.")


def _costs_table(kinds: Mapping[str, Costs]) -> str:
    lines = [
        "| processor time a query, ms | share | client | HAProxy | server | worker |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, kind in kinds.items():
        cells = map(_ms, (kind.client, kind.balancer, kind.server, kind.worker))
        lines.append(f"| {name} | {kind.share:.0%} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _check_table(kinds: Mapping[str, Costs], real: Mapping[int, Outcome]) -> str:
    """Compare the real replicas with simulated ones, all on one machine of two processors."""
    lines = [
        "| clients on the same machine | queries a second, measured | simulated "
        "| median, ms | simulated | p99, ms | simulated |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for clients, measured in real.items():
        spread = [number % _REPLICAS for number in range(clients)]
        simulated = simulate_clients(
            [*kinds.values()], _MACHINE, replicas=_REPLICAS, clients=spread, seconds=_SIMULATED
        )
        cells = [f"{measured.rate:,.0f}", f"{simulated.rate:,.0f}"]
        cells += [_ms(measured.median), _ms(simulated.median), _ms(measured.p99), _ms(simulated.p99)]
        lines.append(f"| {clients} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _many_table(kinds: Mapping[str, Costs]) -> str:
    lines = [
        "| replicas, each on two processors of its own "
        "| queries a second that stay below 100 ms at p99 | for each replica |",
        "|---:|---:|---:|",
    ]
    for replicas in _MANY:
        rate = _highest_rate([*kinds.values()], replicas)
        lines.append(f"| {replicas} | {rate:,.0f} | {rate / replicas:,.0f} |")
    return "\n".join([*lines, ""])


def _highest_rate(kinds: Sequence[Costs], replicas: int) -> float:
    """Return the highest rate at which the 99th percentile stays below the bound, by bisection."""
    spent = sum(
        kind.share * max(kind.server, (kind.server + kind.worker) / _MACHINE.processors) for kind in kinds
    )
    low, high = 0.0, 1.2 * replicas / spent
    for _ in range(_STEPS):
        rate = (low + high) / 2
        outcome = simulate_arrivals(
            kinds, _MACHINE, replicas=replicas, rate=rate, seconds=_SIMULATED / replicas
        )
        is_calm = outcome.p99 < _BOUND and outcome.rate > 0.95 * rate
        low, high = (rate, high) if is_calm else (low, rate)
    return low


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f}"


if __name__ == "__main__":
    main()
