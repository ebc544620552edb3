"""`python -m bench`: compare the servers, print the tables, and write them into a page."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain, compress
from operator import not_
from pathlib import Path
from typing import Final

import click

from bench import datasets, measures, report, starting, systems, workloads
from bench.attack import under_attack
from bench.datasets import Dataset
from bench.figures import Figures, Plan
from bench.processes import come_to_rest, cpu_seconds
from bench.systems import Running, System, start

_ROOT: Final = Path(__file__).resolve().parent.parent
_QUICK: Final = Plan(rounds=1, seconds=1, warm_up=0, attack=3)
_FULL: Final = Plan(rounds=3, seconds=3, warm_up=2, attack=15)
_SMALL: Final = 10_000
_BIG: Final = 1_000_000
_LARGEST: Final = 5_000_000
# What is shown of each workload, besides its rate, where ours has several processes.
_OF_PROCESSES: Final = ("server CPU a request", "peak memory")


@click.command()
@click.option("--quick", is_flag=True, help="Short turns on small graphs, under two minutes; writes no page.")
@click.option("--large", is_flag=True, help="Also a graph of five million triples.")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Measure ours and this peer alone; may be given several times.",
)
@click.option(
    "--page",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=_ROOT / "docs" / "benchmarks.md",
    show_default="docs/benchmarks.md",
    help="Where to write the tables, between its two marks.",
)
def main(*, quick: bool, large: bool, only: tuple[str, ...], page: Path) -> None:
    """Measure forumkg and its peers on this machine, on the same data."""
    compared = systems.available(only)
    names = [system.name for system in compared]
    plan = _QUICK if quick else _FULL
    sections = _measure(compared, plan, _sizes(quick=quick, large=large))
    tables = [report.table(title, figures, names) for title, figures in sections.items()]
    text = "\n".join([report.machine(names), *tables, _measure_processes(compared, plan)])
    click.echo(text)
    if not quick:
        report.insert(page, text)
        click.echo(f"Written to {page}.", err=True)


def _sizes(*, quick: bool, large: bool) -> list[int]:
    return [_SMALL] if quick else [_SMALL, _BIG, *([_LARGEST] if large else [])]


def _measure(compared: list[System], plan: Plan, sizes: list[int]) -> dict[str, list[Figures]]:
    shipped = datasets.shipped()
    synthetic = [datasets.synthetic_of(size) for size in sizes]
    started = {data.name: starting.start_up(compared, data, plan.rounds) for data in (shipped, *synthetic)}
    asked, streamed = [], []
    with _running(compared, shipped) as servers:
        kinds = [workloads.questions(), workloads.lookups(shipped)]
        asked += measures.throughput(servers, kinds, plan)
    for data in synthetic:
        with _running(compared, data) as servers:
            asked += measures.throughput(servers, workloads.queries(data), plan)
            if data == synthetic[-1]:
                streamed = measures.streaming(servers, plan.rounds)
    growth = _growth(synthetic[0], synthetic[-1], started) if len(synthetic) > 1 else []
    is_rate = [line.unit == "/s" and line.is_more_better for line in asked]
    return {
        "Answers a second, eight connections": [*compress(asked, is_rate)],
        "Long answers": streamed,
        "Under attack": under_attack(compared, shipped, plan),
        "Start, disk and memory": [*chain.from_iterable(started.values()), *growth],
        "Behind the rates": [*compress(asked, map(not_, is_rate))],
    }


def _measure_processes(compared: list[System], plan: Plan) -> str:
    """Return the table of ours with several processes, beside ours with one and Oxigraph."""
    several, names = systems.in_processes(), {report.OURS, "Oxigraph"}
    group = [several, *(system for system in compared if system.name in names)]
    dataset = datasets.synthetic_of(_SMALL)
    _, warm, _, memory = starting.start_up(group, dataset, plan.rounds)
    with _running(group, dataset) as servers:
        figures = measures.throughput(servers, workloads.queries(dataset), plan)
    shown = [line for line in figures if line.is_more_better or line.name.endswith(_OF_PROCESSES)]
    columns = [system.name for system in group]
    return report.table("Several processes", [*shown, warm, memory], columns, several.name)


@contextmanager
def _running(compared: list[System], dataset: Dataset) -> Iterator[list[Running]]:
    with ExitStack() as stack:
        servers = [stack.enter_context(start(system, dataset)) for system in systems.able(compared, dataset)]
        for server in servers:
            come_to_rest(partial(cpu_seconds, server.pid))
        yield servers


def _growth(small: Dataset, big: Dataset, started: dict[str, list[Figures]]) -> list[Figures]:
    more = big.triples - small.triples
    return starting.per_million(started[small.name], started[big.name], more)


if __name__ == "__main__":
    main()
