"""`python -m bench.validation`: measure validations over the packaged graph and over a million triples.

Each document is posted to `/validate` of a server that has just started, then again and again with another
comment; and it is checked by `forumkg check`, a process for each run.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import click

from bench import datasets, report, synthetic
from bench.datasets import Dataset
from bench.figures import MB
from bench.processes import cpu_seconds
from bench.systems import Running, System, ours_as_built, start
from forumkg.namespaces import ID, SKOS

__all__ = ["main"]

_PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_MARK: Final = "validation"
_TRIPLES: Final = 1_000_000
_FORUMKG: Final = str(Path(sys.executable).with_name("forumkg"))
_TURTLE: Final = {"Content-Type": "text/turtle", "Accept": "application/json"}
_PATIENCE: Final = 120.0
# A report, with or without violations.
_REPORTED: Final = (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)
_LATER: Final = 10
_COMMANDS: Final = 3
# How many articles the largest document has.
_ARTICLES: Final = 70


@dataclass(frozen=True, slots=True)
class _Row:
    """A document, validated.

    Attributes:
        name: of the document.
        size: in bytes.
        first: seconds until the report, of a server that has just given its first answer.
        later: seconds until the report, the median of later validations.
        slowest: of the later ones.
        work: processor seconds of each later one.
        command: seconds of `forumkg check FILE`, the median.
    """

    name: str
    size: int
    first: float
    later: float
    slowest: float
    work: float
    command: float

    def __str__(self) -> str:
        times = (self.first, self.later, self.slowest, self.work, self.command)
        return f"| {self.name} | {self.size:,} | {' | '.join(f'{each:.2f}' for each in times)} |"


@click.command()
@click.option("--write", is_flag=True, help="Write the tables into docs/benchmarks.md, between their marks.")
@click.option("--whole", is_flag=True, help="Also check the whole million, which takes some minutes.")
def main(*, write: bool, whole: bool) -> None:
    """Measure the validation of a triple, of an article and of many articles."""
    blocks = [report.machine([report.OURS])]
    for dataset in (datasets.shipped(), datasets.synthetic_of(_TRIPLES)):
        system = ours_as_built()
        rows = [_measure(system, dataset, name, text) for name, text in _documents(dataset).items()]
        blocks += [f"Over {dataset.triples:,} triples ({dataset.name}):", _table(rows)]
    if whole:
        blocks.append(_whole(dataset))
    text = "\n\n".join(blocks)
    click.echo(text)
    if write:
        report.insert(_PAGE, text, _MARK)


def _documents(dataset: Dataset) -> Mapping[str, str]:
    """Return documents about an edition of a dataset, by what they are."""
    if dataset.name == "shipped":
        article = (dataset.root / "graph" / "articles" / "china-daily-2021.ttl").read_text(encoding="utf-8")
        return {"one triple": _one_triple("2021"), "an article": article}
    article = synthetic.one_more()
    head, _, body = article.partition("\n\n")
    bodies = (body.replace("-late", f"-late-{number}") for number in range(_ARTICLES))
    return {
        "one triple": _one_triple("f00001-2015"),
        "an article": article,
        f"{_ARTICLES} articles on one edition": "\n\n".join([head, *bodies]),
    }


def _one_triple(edition: str) -> str:
    return f'<{ID}edition/{edition}> <{SKOS}altLabel> "Another name"@en .\n'


def _measure(system: System, dataset: Dataset, name: str, document: str) -> _Row:
    click.echo(f"… {dataset.name}: {name}", err=True)
    with start(system, dataset) as server:
        first = _validate(server, document, 0)
        before = cpu_seconds(server.pid)
        later = [_validate(server, document, number) for number in range(1, _LATER + 1)]
        work = (cpu_seconds(server.pid) - before) / _LATER
    command = statistics.median(_check_file(dataset, document) for _ in range(_COMMANDS))
    size = len(document.encode())
    return _Row(name, size, first, statistics.median(later), max(later), work, command)


def _validate(server: Running, document: str, number: int) -> float:
    """Return the seconds until the report on a document, which a comment makes another one."""
    begun = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)) as connection:
        connection.request("POST", "/validate", f"# {number}\n{document}".encode(), _TURTLE)
        response = connection.getresponse()
        answer = response.read().decode()
    if response.status not in _REPORTED:
        raise click.ClickException(f"/validate answered {response.status}: {answer}")
    return time.perf_counter() - begun


def _check_file(dataset: Dataset, document: str) -> float:
    """Return the seconds of `forumkg check FILE`."""
    with tempfile.NamedTemporaryFile("w", suffix=".ttl") as file:
        file.write(document)
        file.flush()
        return _check(dataset, file.name).seconds


@dataclass(frozen=True, slots=True)
class _Checked:
    """A run of `forumkg check`: seconds by the clock and of processors, and bytes at its peak."""

    seconds: float
    work: float
    peak: int


def _check(dataset: Dataset, *files: str) -> _Checked:
    """Run `forumkg check` on some files, or on the whole dataset."""
    command = [_FORUMKG, "check", *files, "--root", str(dataset.root), "--data", str(dataset.versions)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # `Popen.wait` would reap the process, and with it what it used.
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise click.ClickException(f"{' '.join(command)} ended with status {process.returncode}.")
    seconds = time.perf_counter() - begun
    return _Checked(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def _whole(dataset: Dataset) -> str:
    click.echo(f"… {dataset.name}: all of it", err=True)
    run = _check(dataset)
    return (
        f"`forumkg check` of all {dataset.triples:,} triples: {run.seconds:.0f} s, {run.work:.0f} s of "
        f"processor time, {run.peak / MB:.0f} MB at its peak."
    )


def _table(rows: Iterable[_Row]) -> str:
    lines = [
        "| document | bytes | first after a start, s | later, median, s | later, slowest, s "
        "| later, processor time, s | `forumkg check FILE`, s |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *map(str, rows),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
