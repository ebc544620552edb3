"""Measure how long servers take to start, and what they need of disk and memory."""

import statistics
from collections.abc import Iterable

import click

from bench.datasets import Dataset
from bench.figures import MB, Figures
from bench.processes import disk_bytes, memory_bytes
from bench.systems import System, able, start

__all__ = ["per_million", "start_up"]


def start_up(systems: Iterable[System], dataset: Dataset, repeats: int) -> list[Figures]:
    """Start each server without any data of its own, then several times with them.

    Returns:
        Seconds until the first answer, disk and memory then.
    """
    cold = Figures(f"{dataset.name}: first start, data loaded", "s", is_more_better=False)
    warm = Figures(f"{dataset.name}: later start", "s", is_more_better=False)
    disk = Figures(f"{dataset.name}: disk", "MB", is_more_better=False)
    memory = Figures(f"{dataset.name}: memory at rest", "MB", is_more_better=False)
    for system in able(systems, dataset):
        click.echo(f"… starting {system.name} on {dataset.name}", err=True)
        with start(system, dataset, fresh=True) as server:
            cold.values[system.name] = server.seconds
        seconds = []
        for _ in range(repeats):
            with start(system, dataset) as server:
                seconds.append(server.seconds)
                disk.values[system.name] = disk_bytes(server.folder) / MB
                memory.values[system.name] = memory_bytes(server.pid) / MB
        warm.values[system.name] = statistics.median(seconds)
    return [cold, warm, disk, memory]


def per_million(small: Iterable[Figures], big: Iterable[Figures], triples: int) -> list[Figures]:
    """Return what a million triples more take, from the figures of two graphs that differ by `triples`."""
    found = []
    for less, more in zip(small, big, strict=True):
        if more.unit == "MB":
            line = Figures(
                f"{more.name.partition(': ')[2]}, a million triples more", "MB", is_more_better=False
            )
            for name in less.values.keys() & more.values.keys():
                line.values[name] = (more.values[name] - less.values[name]) / triples * 1e6
            found.append(line)
    return found
