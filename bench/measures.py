"""Measure servers in turn, round by round, so that what disturbs the machine disturbs all of them."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Final
from urllib.request import Request, urlopen

import click

from bench import load, workloads
from bench.datasets import Dataset
from bench.processes import Peak, cpu_seconds, disk_bytes, memory_bytes
from bench.systems import Running, System, start
from bench.workloads import Workload

__all__ = ["CLIENT", "Figures", "Plan", "start_up", "streaming", "throughput", "under_attack"]

# How a figure about the client, not about a server, is called.
CLIENT: Final = "the client's own ceiling"

_MB: Final = 1e6
_CONNECTIONS: Final = 8
# A good client waits so long for one look-up, and so long between two.
_PATIENCE: Final = 10.0
_PAUSE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how often is measured.

    Attributes:
        rounds: How often each server has its turn.
        seconds: The length of a turn.
        warm_up: Seconds of the same requests before the first turn.
        attack: Seconds under attack; half of that before, at rest.
    """

    rounds: int
    seconds: float
    warm_up: float
    attack: float


@dataclass(frozen=True, slots=True)
class Figures:
    """A line of the report: a figure of each server, and whether more is better."""

    name: str
    unit: str
    is_more_better: bool
    values: dict[str, float] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)


def start_up(systems: Iterable[System], dataset: Dataset, repeats: int) -> list[Figures]:
    """Start each server without any data of its own, then several times with them.

    Returns:
        Seconds until the first answer, disk and memory then.
    """
    cold = Figures(f"{dataset.name}: first start, data loaded", "s", is_more_better=False)
    warm = Figures(f"{dataset.name}: later start", "s", is_more_better=False)
    disk = Figures(f"{dataset.name}: disk", "MB", is_more_better=False)
    memory = Figures(f"{dataset.name}: memory at rest", "MB", is_more_better=False)
    for system in _able(systems, dataset):
        click.echo(f"… starting {system.name} on {dataset.name}", err=True)
        with start(system, dataset, fresh=True) as server:
            cold.values[system.name] = server.seconds
        seconds = []
        for _ in range(repeats):
            with start(system, dataset) as server:
                seconds.append(server.seconds)
                disk.values[system.name] = disk_bytes(server.folder) / _MB
                memory.values[system.name] = memory_bytes(server.pid) / _MB
        warm.values[system.name] = statistics.median(seconds)
    return [cold, warm, disk, memory]


def throughput(
    systems: Iterable[System], dataset: Dataset, loads: Sequence[Workload], plan: Plan
) -> list[Figures]:
    """Ask all servers as fast as they answer, in turn.

    Returns:
        For each workload the rate of answers, their 99th percentile, CPU and memory of the server.
    """
    found: list[Figures] = []
    with ExitStack() as stack:
        servers = [stack.enter_context(start(system, dataset)) for system in _able(systems, dataset)]
        for workload in loads:
            click.echo(f"… {dataset.name}: {workload.name}", err=True)
            found.extend(_throughput(servers, workload, plan))
    return found


def _throughput(servers: Sequence[Running], workload: Workload, plan: Plan) -> list[Figures]:
    name = f"{servers[0].dataset.name}: {workload.name}"
    rate = Figures(name, "/s", is_more_better=True, remarks=_disagreements(servers, workload))
    slowest = Figures(f"{name}: 99 of 100 within", "ms", is_more_better=False)
    cpu = Figures(f"{name}: server CPU a request", "ms", is_more_better=False)
    memory = Figures(f"{name}: peak memory", "MB", is_more_better=False)
    ceiling = Figures(f"{name}: {CLIENT}", "/s", is_more_better=True)
    runs: dict[str, list[tuple[load.Load, float, int]]] = {server.system.name: [] for server in servers}
    for server in servers:
        load.run(server.port, server.paths(workload.targets), _CONNECTIONS, plan.warm_up)
    for turn in range(plan.rounds):
        for server in (*servers[turn % len(servers) :], *servers[: turn % len(servers)]):
            before = cpu_seconds(server.pid)
            with Peak(server.pid, interval=0.5) as peak:
                run = load.run(server.port, server.paths(workload.targets), _CONNECTIONS, plan.seconds)
            used = (cpu_seconds(server.pid) - before) / max(1, run.requests)
            runs[server.system.name].append((run, used, peak.bytes))
    for system, turns in runs.items():
        rate.values[system] = statistics.median(run.rate for run, _, _ in turns)
        slowest.values[system] = statistics.median(run.p99 for run, _, _ in turns) * 1e3
        cpu.values[system] = statistics.median(used for _, used, _ in turns) * 1e3
        memory.values[system] = max(peak for _, _, peak in turns) / _MB
        requests, client_cpu = (
            sum(run.requests for run, _, _ in turns),
            sum(run.client_cpu for run, _, _ in turns),
        )
        ceiling.values[system] = requests / (client_cpu or 1)
        if failed := sum(run.failed for run, _, _ in turns):
            rate.remarks[system] = f"{failed} of {requests} failed"
    return [rate, slowest, cpu, memory, ceiling]


def _disagreements(servers: Sequence[Running], workload: Workload) -> dict[str, str]:
    """Return which servers give other numbers of rows than ours, the first of the list."""
    few = [target.replace(load.NUMBER, "0") for target in workload.targets[:60]]
    sizes = {server.system.name: [*map(_rows, server.addresses(few))] for server in servers}
    ours = sizes[servers[0].system.name]
    differing = {
        name: sum(mine != other for mine, other in zip(ours, theirs, strict=True))
        for name, theirs in sizes.items()
    }
    return {name: f"{count} of {len(few)} answers differ" for name, count in differing.items() if count}


def _rows(address: str) -> int:
    """Return the number of rows of an answer, -1 where there is none; graphs count as no row."""
    request = Request(address, headers=load.ACCEPT)
    try:
        with urlopen(request, timeout=60) as response:
            body = response.read()
            is_json = response.headers.get_content_type().endswith("json")
    except OSError:
        return -1
    return len(json.loads(body).get("results", {}).get("bindings", ())) if is_json else 0


def streaming(systems: Iterable[System], dataset: Dataset, rounds: int) -> list[Figures]:
    """Ask each server for a million rows in JSON, with curl, in turn."""
    rows = min(workloads.ROWS, dataset.triples)
    name = f"{dataset.name}: {rows:,} rows"
    first = Figures(f"{name}: first byte", "s", is_more_better=False)
    total = Figures(f"{name}: last byte", "s", is_more_better=False)
    cpu = Figures(f"{name}: server CPU", "s", is_more_better=False)
    memory = Figures(f"{name}: memory above rest", "MB", is_more_better=False)
    runs: dict[str, list[tuple[float, float, float, float]]] = {}
    click.echo(f"… {name}", err=True)
    with ExitStack() as stack:
        servers = [stack.enter_context(start(system, dataset)) for system in _able(systems, dataset)]
        for _ in range(rounds):
            for server in servers:
                runs.setdefault(server.system.name, []).append(_stream(server, rows, total.remarks))
    for system, turns in runs.items():
        first.values[system], total.values[system], cpu.values[system], _ = map(
            statistics.median, zip(*turns, strict=True)
        )
        memory.values[system] = max(turn[3] for turn in turns)
    return [first, total, cpu, memory]


def _stream(server: Running, rows: int, remarks: dict[str, str]) -> tuple[float, float, float, float]:
    (url,) = server.addresses([workloads.million_rows(rows)])
    command = ["curl", "--silent", "--output", "/dev/null", "--max-time", "120"]
    command += ["--header", f"Accept: {load.ACCEPT['Accept']}"]
    command += ["--write-out", "%{time_starttransfer} %{time_total} %{http_code}", url]
    before, rest = cpu_seconds(server.pid), memory_bytes(server.pid)
    with Peak(server.pid) as peak:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    first, total, status = done.stdout.split()
    if done.returncode or status != "200":
        remarks[server.system.name] = f"status {status}, curl exit {done.returncode}"
    return float(first), float(total), cpu_seconds(server.pid) - before, (peak.bytes - rest) / _MB


def under_attack(systems: Iterable[System], dataset: Dataset, plan: Plan) -> list[Figures]:
    """Look statements up, one after the other, at rest and while ten clients ask for the impossible."""
    name = f"{dataset.name}: look-ups of a good client"
    rest = Figures(f"{name}: 99 of 100 within, at rest", "ms", is_more_better=False)
    attacked = Figures(f"{name}: 99 of 100 within, under ten bad ones", "ms", is_more_better=False)
    memory = Figures(f"{name}: peak memory under attack", "MB", is_more_better=False)
    for system in _able(systems, dataset):
        click.echo(f"… {system.name} under attack", err=True)
        with start(system, dataset) as server:
            paths = server.paths(workloads.lookups(dataset).targets)
            rest.values[system.name], _ = _look_up(server.port, paths, plan.attack / 2)
            arguments = [str(server.port), system.path, str(plan.attack + 1)]
            with (
                subprocess.Popen([sys.executable, "-m", "bench.attackers", *arguments]) as attackers,
                Peak(server.pid, interval=0.5) as peak,
            ):
                time.sleep(1)
                attacked.values[system.name], remark = _look_up(server.port, paths, plan.attack)
                attackers.terminate()
        memory.values[system.name] = peak.bytes / _MB
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


def _able(systems: Iterable[System], dataset: Dataset) -> list[System]:
    return [system for system in systems if dataset.triples <= system.largest]
