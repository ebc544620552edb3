"""`python -m bench`: compare the servers, print the tables, and write them into a page."""

from pathlib import Path
from typing import Final

import click

from bench import datasets, measures, report, systems, workloads
from bench.measures import Figures, Plan

_ROOT: Final = Path(__file__).resolve().parent.parent
_QUICK: Final = Plan(rounds=1, seconds=1, warm_up=1, attack=4)
_FULL: Final = Plan(rounds=3, seconds=3, warm_up=2, attack=15)
_SMALL: Final = 10_000
_BIG: Final = 1_000_000
_LARGEST: Final = 5_000_000


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
    compared = [system for system in systems.available() if not only or system.name in (report.OURS, *only)]
    names = [system.name for system in compared]
    sections = _measure(compared, _QUICK if quick else _FULL, _sizes(quick=quick, large=large))
    tables = [report.table(title, figures, names) for title, figures in sections.items()]
    text = "\n".join([report.machine(names), *tables])
    click.echo(text)
    if not quick:
        report.insert(page, text)
        click.echo(f"Written to {page}.", err=True)


def _sizes(*, quick: bool, large: bool) -> list[int]:
    return [_SMALL] if quick else [_SMALL, _BIG, *([_LARGEST] if large else [])]


def _measure(compared: list[systems.System], plan: Plan, sizes: list[int]) -> dict[str, list[Figures]]:
    shipped = datasets.shipped()
    synthetic = [datasets.synthetic_of(size) for size in sizes]
    started = [
        line for data in (shipped, *synthetic) for line in measures.start_up(compared, data, plan.rounds)
    ]
    kinds = [workloads.questions(), workloads.lookups(shipped)]
    asked = measures.throughput(compared, shipped, kinds, plan)
    for data in synthetic:
        asked += measures.throughput(compared, data, workloads.queries(data), plan)
    return {
        "Answers a second, eight connections": [
            line for line in asked if line.unit == "/s" and _is_server(line)
        ],
        "A million rows": measures.streaming(compared, synthetic[-1 if len(sizes) == 1 else 1], plan.rounds),
        "Under attack": measures.under_attack(compared, shipped, plan),
        "Start, disk and memory": started,
        "Behind the rates": [line for line in asked if line.unit != "/s" or not _is_server(line)],
    }


def _is_server(line: Figures) -> bool:
    return measures.CLIENT not in line.name


if __name__ == "__main__":
    main()
