"""`python -m bench.http_servers`: compare HTTP servers by their rate, and by how they end what fails.

A client must be able to distinguish a cut-off answer from a whole one: curl exits with 18 where a body is
shorter than announced or lacks its end, and with 0 where it takes the body for whole.
"""

import http.client
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import click

from bench import load, peers
from bench.processes import free_port, started

__all__ = ["main"]

_CONNECTIONS: Final = 8
_PATIENCE: Final = 20.0
_APP: Final = "bench.http_apps"


def _granian(interface: str) -> Callable[[int], list[str]]:
    options = ["--workers", "1", "--no-access-log", "--log-level", "critical", "--host", "127.0.0.1"]
    return lambda port: [
        *("granian", "--interface", interface, *options),
        *("--port", str(port), f"{_APP}:{interface}"),
    ]


def _gunicorn(port: int) -> list[str]:
    bind = f"127.0.0.1:{port}"
    return ["gunicorn", "--worker-class", "gthread", "--threads", "8", "--bind", bind, f"{_APP}:wsgi"]


def _uvicorn(port: int) -> list[str]:
    return ["uvicorn", "--no-access-log", "--port", str(port), f"{_APP}:asgi"]


def _waitress(port: int) -> list[str]:
    return ["waitress-serve", "--threads", "8", "--listen", f"127.0.0.1:{port}", f"{_APP}:wsgi"]


# One process each.
_COMMANDS: Final[Mapping[str, Callable[[int], list[str]]]] = {
    "granian, RSGI": _granian("rsgi"),
    "granian, ASGI": _granian("asgi"),
    "granian, WSGI": _granian("wsgi"),
    "gunicorn, gthread": _gunicorn,
    "uvicorn": _uvicorn,
    "waitress": _waitress,
}


@click.command()
@click.option("--seconds", default=2.0, show_default=True, help="Length of a turn.")
@click.option("--rounds", default=3, show_default=True, help="How often each server has its turn.")
def main(seconds: float, rounds: int) -> None:
    """Compare HTTP servers on a small application that answers 10 kB."""
    # The servers run in an environment of their own, and find the application here.
    os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
    folder = peers.python()
    with ExitStack() as stack:
        ports = {name: stack.enter_context(_served(name, folder)) for name in _COMMANDS}
        rates: dict[str, list[float]] = {name: [] for name in ports}
        for _ in range(rounds):
            for name, port in ports.items():
                rates[name].append(load.run(port, ["/"], _CONNECTIONS, seconds).rate)
        endings = {
            name: (_curl(port, "short"), _curl(port, "unfinished"), _curl(port, ""))
            for name, port in ports.items()
        }
    click.echo(_table({name: statistics.median(found) for name, found in rates.items()}, endings))


@contextmanager
def _served(name: str, folder: Path) -> Iterator[int]:
    port = free_port()
    program, *arguments = _COMMANDS[name](port)
    with started([str(folder / program), *arguments], peers.CACHE / "http_servers.log"):
        deadline = time.perf_counter() + _PATIENCE
        while not load.ask(http.client.HTTPConnection("127.0.0.1", port), "/"):
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{name} does not answer: see {peers.CACHE / 'http_servers.log'}")
            time.sleep(0.02)
        yield port


def _curl(port: int, path: str) -> str:
    command = ["curl", "--silent", "--output", os.devnull, f"http://127.0.0.1:{port}/{path}"]
    return str(subprocess.run([*command, "--max-time", "5"], check=False).returncode)


def _table(rates: Mapping[str, float], endings: Mapping[str, tuple[str, ...]]) -> str:
    best = max(rates.values())
    lines = [
        "| server | answers a second | of the fastest | curl exit: short body | unfinished stream | whole |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, rate in sorted(rates.items(), key=lambda item: -item[1]):
        lines.append(f"| {name} | {rate:,.0f} | {rate / best:.0%} | {' | '.join(endings[name])} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
