"""Measure servers in turn, round by round, so that what disturbs the machine disturbs all of them."""

import json
import statistics
import subprocess
from collections.abc import Sequence
from typing import Final
from urllib.request import Request, urlopen

import click

from bench import load, workloads
from bench.figures import MB, Figures, Plan
from bench.processes import Peak, cpu_seconds, memory_bytes
from bench.systems import Running
from bench.workloads import Workload

__all__ = ["streaming", "throughput"]

_CONNECTIONS: Final = 8


def throughput(servers: Sequence[Running], loads: Sequence[Workload], plan: Plan) -> list[Figures]:
    """Ask all servers as fast as they answer, in turn.

    Returns:
        For each workload the rate of answers, their 99th percentile, CPU and memory of the server.
    """
    found: list[Figures] = []
    for workload in loads:
        click.echo(f"… {servers[0].dataset.name}: {workload.name}", err=True)
        found.extend(_throughput(servers, workload, plan))
    return found


def _throughput(servers: Sequence[Running], workload: Workload, plan: Plan) -> list[Figures]:
    name = f"{servers[0].dataset.name}: {workload.name}"
    rate = Figures(name, "/s", is_more_better=True, remarks=_disagreements(servers, workload))
    slowest = Figures(f"{name}: 99 of 100 within", "ms", is_more_better=False)
    cpu = Figures(f"{name}: server CPU a request", "ms", is_more_better=False)
    memory = Figures(f"{name}: peak memory", "MB", is_more_better=False)
    ceiling = Figures(f"{name}: the client's own ceiling", "/s", is_more_better=None)
    runs: dict[str, list[tuple[load.Load, float, int]]] = {server.system.name: [] for server in servers}
    for server in servers if plan.warm_up else ():
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
        memory.values[system] = max(peak for _, _, peak in turns) / MB
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


def streaming(servers: Sequence[Running], rounds: int) -> list[Figures]:
    """Ask each server for a million rows in JSON, with curl, in turn."""
    dataset = servers[0].dataset
    rows = min(workloads.ROWS, dataset.triples)
    name = f"{dataset.name}: {rows:,} rows"
    first = Figures(f"{name}: first byte", "s", is_more_better=False)
    total = Figures(f"{name}: last byte", "s", is_more_better=False)
    cpu = Figures(f"{name}: server CPU", "s", is_more_better=False)
    memory = Figures(f"{name}: memory above rest", "MB", is_more_better=False)
    runs: dict[str, list[tuple[float, float, float, float]]] = {}
    click.echo(f"… {name}", err=True)
    for _ in range(rounds):
        for server in servers:
            runs.setdefault(server.system.name, []).append(_stream(server, rows, total.remarks))
    for system, turns in runs.items():
        columns = zip(*turns, strict=True)
        for line, column in zip((first, total, cpu, memory), columns, strict=True):
            line.values[system] = statistics.median(column)
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
    return float(first), float(total), cpu_seconds(server.pid) - before, max(0, peak.bytes - rest) / MB
