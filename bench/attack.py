"""Measure what a good client notices while others ask for the impossible."""

import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from functools import partial
from http.client import HTTPConnection
from typing import Final

import click

from bench import load, workloads
from bench.datasets import Dataset
from bench.figures import MB, Figures, Plan
from bench.processes import Peak, come_to_rest, cpu_seconds
from bench.systems import System, able, start

__all__ = ["under_attack"]

# A good client waits so long for one look-up, and so long between two.
_PATIENCE: Final = 10.0
_PAUSE: Final = 0.005


def under_attack(systems: Iterable[System], dataset: Dataset, plan: Plan) -> list[Figures]:
    """Look statements up, one after the other, at rest and while ten clients ask for the impossible."""
    name = f"{dataset.name}: look-ups of a good client"
    rest = Figures(f"{name}: 99 of 100 within, at rest", "ms", is_more_better=False)
    attacked = Figures(f"{name}: 99 of 100 within, under ten bad ones", "ms", is_more_better=False)
    memory = Figures(f"{name}: peak memory under attack", "MB", is_more_better=False)
    for system in able(systems, dataset):
        click.echo(f"… {system.name} under attack", err=True)
        with start(system, dataset) as server:
            paths = server.paths(workloads.lookups(dataset).targets)
            come_to_rest(partial(cpu_seconds, server.pid))
            rest.values[system.name], _ = _look_up(server.port, paths, plan.attack / 2)
            arguments = [str(server.port), system.path, str(plan.attack + 1)]
            with (
                subprocess.Popen([sys.executable, "-m", "bench.attackers", *arguments]) as attackers,
                Peak(server.pid, interval=0.5) as peak,
            ):
                time.sleep(1)
                attacked.values[system.name], remark = _look_up(server.port, paths, plan.attack)
                attackers.terminate()
        memory.values[system.name] = peak.bytes / MB
        if remark:
            attacked.remarks[system.name] = remark
    return [rest, attacked, memory]


def _look_up(port: int, paths: Sequence[str], seconds: float) -> tuple[float, str]:
    """Return the 99th percentile in milliseconds, and what went wrong."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    times: list[float] = []
    failed = 0
    deadline = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < deadline:
        number = time.time_ns()
        path = paths[len(times) % len(paths)].replace(load.NUMBER, str(number))
        failed += not load.ask(connection, path)
        times.append(time.perf_counter() - begun)
        time.sleep(_PAUSE)
    connection.close()
    worst = sorted(times)[len(times) * 99 // 100] * 1e3
    return worst, f"{failed} of {len(times)} failed" if failed else ""
