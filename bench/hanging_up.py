"""Measure what other clients notice while one client asks and hangs up, again and again.

`python -m bench.hanging_up` starts the server on the packaged graph without rate limits. Three clients send
look-ups, pages and health checks, with pauses; a fourth one hangs up in one of several ways. The aim: 99 of
100 answers within twice those at rest and 50 ms. Measure on a machine that has nothing else to do.
"""

import itertools
import multiprocessing
import socket
import statistics
import struct
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Final
from urllib.parse import quote

import click

from bench import datasets
from bench.load import NUMBER
from bench.processes import cpu_seconds
from bench.systems import ours, start

__all__ = ["ATTACKS", "KINDS", "Attack"]

_SERVER: Final = "127.0.0.1"
_ATTACKER: Final = "127.0.8.1"
_PATIENCE: Final = 30.0
# Each kind of request of the good clients: its path, and the seconds between two of them.
KINDS: Final = {
    "look-up": (f"/sparql?query={quote('SELECT * { ?s ?p ?o } LIMIT 5 #')}{NUMBER}", 0.03),
    "page": (f"/search?q=forum&n={NUMBER}", 0.05),
    "health": ("/livez", 0.03),
}
_SEARCH: Final = f"/search?q=z{NUMBER}+forum+of+the"
_COMPARE: Final = f"/compare?n={NUMBER}"
_THING: Final = f"/id/article/china-daily-2021.html?n={NUMBER}"
_METRICS: Final = f"/metrics?n={NUMBER}"
_LOOKUP: Final = KINDS["look-up"][0]
_JOIN: Final = (
    f"/sparql?query={quote('SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } #')}{NUMBER}"
)


@dataclass(frozen=True, slots=True)
class Attack:
    """A way to hang up.

    Attributes:
        name: in the table.
        paths: what is asked for, in turn.
        seconds: after which the client hangs up.
        threads: that do so at the same time.
        awaited: one of so many answers is awaited; 0 is none.
    """

    name: str
    paths: tuple[str, ...]
    seconds: float
    threads: int = 1
    awaited: int = 0


ATTACKS: Final = (
    Attack("search after 1 ms", (_SEARCH,), 0.001),
    Attack("search after 1 ms, four at a time", (_SEARCH,), 0.001, threads=4),
    Attack("search after 20 ms, three at a time", (_SEARCH,), 0.02, threads=3),
    Attack("search after 60 ms, three at a time", (_SEARCH,), 0.06, threads=3),
    Attack("search after 200 ms, three at a time", (_SEARCH,), 0.2, threads=3),
    Attack("compare after 2 ms, two at a time", (_COMPARE,), 0.002, threads=2),
    Attack("thing after 2 ms, two at a time", (_THING,), 0.002, threads=2),
    Attack("pages of all kinds after 5 ms", (_SEARCH, _COMPARE, _THING, f"/none/{NUMBER}"), 0.005),
    Attack("metrics after 1 ms, two at a time", (_METRICS,), 0.001, threads=2),
    Attack("look-up after 1 ms, two at a time", (_LOOKUP,), 0.001, threads=2),
    Attack("join after 10 ms, two at a time", (_JOIN,), 0.01, threads=2),
    Attack("search after 1 ms, one of 100 awaited", (_SEARCH,), 0.001, awaited=100),
    Attack("search after 1 ms, one of 2 awaited", (_SEARCH,), 0.001, awaited=2),
    Attack("search, all awaited, eight at a time", (_SEARCH,), 0, threads=8, awaited=1),
)
_NUMBERS: Final = itertools.count(time.time_ns())


@click.command()
@click.option("--seconds", default=10.0, show_default=True, help="Of each measurement.")
@click.option("--only", default="", metavar="WORDS", help="The attacks whose name has these words.")
def main(*, seconds: float, only: str) -> None:
    """Print a line at rest and one under each attack: 50 and 99 of 100 answers within so many ms."""
    kinds = "  ".join(f"{f'{kind} p50   p99':>22}" for kind in KINDS)
    click.echo(f"{'':40}{kinds}  failed  hung up/s  server CPU")
    with start(ours(), datasets.shipped()) as server:
        _measure("(to warm up)", server.port, server.pid, seconds / 2)
        for attack in ATTACKS:
            if only in attack.name:
                rest = _measure("at rest", server.port, server.pid, seconds / 2)
                attacked = _under(attack, server.port, server.pid, seconds)
                click.echo(f"{'':40}{'  '.join(map(_verdict, rest, attacked))}")


def _under(attack: Attack, port: int, pid: int, seconds: float) -> list[float]:
    """Measure under an attack, which another process makes."""
    context = multiprocessing.get_context("spawn")
    count = context.Value("q")
    attacker = context.Process(target=_attack, args=(attack, port, count), daemon=True)
    attacker.start()
    try:
        while not count.value:
            time.sleep(0.01)
        return _measure(attack.name, port, pid, seconds, lambda: count.value)
    finally:
        attacker.terminate()
        attacker.join()


def _measure(
    name: str, port: int, pid: int, seconds: float, hung_up: Callable[[], int] = lambda: 0
) -> list[float]:
    """Print what good clients measure, and return the 99th percentile of each kind of request."""
    results: dict[str, list[float]] = {kind: [] for kind in KINDS}
    failed: list[str] = []
    before, cpu = hung_up(), cpu_seconds(pid)
    clients = [
        threading.Thread(target=_ask, args=(kind, port, seconds), kwargs={"times": times, "failed": failed})
        for kind, times in results.items()
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    used = (cpu_seconds(pid) - cpu) / seconds
    columns = "  ".join(
        f"{statistics.median(times) * 1e3:15.1f} {_p99(times) * 1e3:6.1f}" for times in results.values()
    )
    rate = (hung_up() - before) / seconds
    click.echo(f"{name:40}{columns}  {len(failed):6}  {rate:9.0f}  {used:10.0%}")
    return [_p99(times) for times in results.values()]


def _ask(kind: str, port: int, seconds: float, *, times: list[float], failed: list[str]) -> None:
    source = (f"127.0.0.{2 + list(KINDS).index(kind)}", 0)
    path, pause = KINDS[kind]
    deadline = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < deadline:
        connection = HTTPConnection(_SERVER, port, timeout=_PATIENCE, source_address=source)
        try:
            connection.request("GET", path.replace(NUMBER, str(next(_NUMBERS))))
            response = connection.getresponse()
            response.read()
            if response.status >= 400:  # noqa: PLR2004 (the first status of a failure)
                failed.append(kind)
        except OSError:
            failed.append(kind)
        connection.close()
        times.append(time.perf_counter() - begun)
        time.sleep(pause)


def _attack(attack: Attack, port: int, count: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
    clients = [threading.Thread(target=_hang_up, args=(attack, port, count)) for _ in range(attack.threads)]
    for client in clients:
        client.start()


def _hang_up(attack: Attack, port: int, count: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
    for turn, path in enumerate(itertools.cycle(attack.paths), start=1):
        with suppress(OSError), socket.socket() as connection:
            connection.bind((_ATTACKER, 0))
            connection.settimeout(_PATIENCE)
            connection.connect((_SERVER, port))
            # Closed by a reset.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            target = path.replace(NUMBER, f"{turn:x}{time.time_ns()}")
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
            if attack.awaited and turn % attack.awaited == 0:
                while connection.recv(65536):
                    pass
            else:
                time.sleep(attack.seconds)
        with count:
            count.value += 1


def _p99(times: Iterable[float]) -> float:
    ordered = sorted(times)
    return ordered[len(ordered) * 99 // 100]


def _verdict(rest: float, attacked: float) -> str:
    within = attacked <= 2 * rest + 0.05
    return f"{'within' if within else 'beyond'} {(2 * rest + 0.05) * 1e3:8.1f}".rjust(22)


if __name__ == "__main__":
    main()
