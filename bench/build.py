"""`python -m bench.build`: measure builds beside Oxigraph's bulk loader, and what one more article costs.

Each step is a process of its own, whose memory is the largest resident set that Linux saw:
https://man7.org/linux/man-pages/man2/getrusage.2.html
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import click
import pyoxigraph as ox

from bench import report, synthetic
from bench.figures import MB
from forumkg import resources
from forumkg.dataset.versions import open_current

__all__ = ["main"]

_PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_MARK: Final = "build"
_SIZES: Final = (10_000, 1_000_000)
_LARGEST: Final = 5_000_000

# Prints when each step begins: seconds by the clock, and of processors, since the process began.
_OPEN: Final = """
import sys
import time
from pathlib import Path
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version
start = time.perf_counter()
def progress(step):
    print(step, time.perf_counter() - start, time.process_time(), sep="\\t")
root, data = map(Path, sys.argv[1:])
open_version(data, source_files(root), ontology_dir=root / "ontology", progress=progress)
progress("")
"""
# Of the first one, which names the folder.
_FIRST: Final = "Building the dataset"
_DUMP: Final = """
import sys
import pyoxigraph as ox
store = ox.Store.read_only(sys.argv[1])
store.dump(sys.argv[2], ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
"""
_LOAD: Final = """
import sys
import pyoxigraph as ox
store = ox.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_TRIPLES)
store.flush()
"""


@dataclass(frozen=True, slots=True)
class _Step:
    """What a process took: seconds by the clock and of processors, and bytes at its peak."""

    seconds: float
    cpu: float
    peak: int
    stages: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return _seconds(self.seconds, self.cpu)

    def times(self, other: "_Step") -> str:
        """Return how many times as long as another step it took, by the clock and of processors."""
        return f"× {self.seconds / other.seconds:.1f} ({self.cpu / other.cpu:.1f})"


@dataclass(slots=True)
class _Row:
    """The line of a graph: the steps that were measured, and why the next one was not."""

    name: str
    triples: int = 0
    built: _Step | None = None
    bulk: _Step | None = None
    added: _Step | None = None
    failure: str = ""


def _seconds(clock: float, processors: float) -> str:
    return f"{clock:.1f} ({processors:.1f})"


class _StepError(Exception):
    """A step failed, or would have exceeded the time for the whole run."""


@click.command()
@click.option("--triples", type=int, multiple=True, help="About so many, instead of 10,000 and a million.")
@click.option("--large", is_flag=True, help="Also five million.")
@click.option(
    "--minutes", type=float, default=20, show_default=True, help="The longest that all steps may take."
)
@click.option("--write", is_flag=True, help="Write the table into docs/benchmarks.md, between its marks.")
def main(*, triples: tuple[int, ...], large: bool, minutes: float, write: bool) -> None:
    """Measure builds of synthetic graphs, and one more article.

    What was measured, and each of its stages, is printed, and written, after each graph: a step that fails or
    does not end in time leaves a dash in its line, and the others stay.
    """
    deadline = time.monotonic() + minutes * 60
    rows: list[_Row] = []
    for size in (None, *(triples or _SIZES), *([_LARGEST] if large else [])):
        click.echo(f"… {size:,} triples" if size else "… the shipped graph", err=True)
        rows.append(_measured(size, deadline))
        if rows[-1].failure:
            click.echo(rows[-1].failure, err=True)
        if write:
            report.insert(_PAGE, _table(rows), _MARK)
    click.echo(_table(rows))


def _measured(size: int | None, deadline: float) -> _Row:
    row = _Row("synthetic" if size else "shipped", size or 0)
    with tempfile.TemporaryDirectory(prefix="forumkg-bench-") as folder:
        try:
            _measure(row, size, Path(folder), deadline)
        except _StepError as error:
            row.failure = str(error)
    return row


def _measure(row: _Row, size: int | None, folder: Path, deadline: float) -> None:
    """Fill a row step by step."""
    root, data, dump = folder / "root", folder / "data", folder / "all.nt"
    if size is None:
        for each in ("ontology", "graph", "shapes"):
            shutil.copytree(resources.root() / each, root / each)
    else:
        synthetic.write(root, synthetic.forums_for(size))
    row.built = _run("build", deadline, _OPEN, root, data)
    version = open_current(data)
    row.triples, store = version.info.triples, version.path / "store"
    del version
    (root / "graph" / "articles" / "one-more.ttl").write_text(synthetic.one_more(), encoding="utf-8")
    row.added = _run("one more article", deadline, _OPEN, root, data)
    _run("dump", deadline, _DUMP, store, dump)
    row.bulk = _run("bulk load", deadline, _LOAD, dump, folder / "loaded")


def _run(name: str, deadline: float, script: str, *arguments: Path) -> _Step:
    """Run a script as a process of its own.

    Raises:
        _StepError: it failed, or was killed at the deadline.
    """
    start = time.perf_counter()
    command = [sys.executable, "-c", script, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    # `Popen.wait` would reap the process, and with it what it used.
    timer = threading.Timer(max(0, deadline - time.monotonic()), process.kill)
    timer.start()
    _, status, used = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        late = time.monotonic() >= deadline
        reason = "was stopped: the time is over" if late else f"failed with status {process.returncode}"
        raise _StepError(f"The step “{name}” {reason}, after {seconds:.0f} s.")
    assert process.stdout is not None  # noqa: S101 (a pipe)
    with process.stdout as printed:
        stages = dict(_stages(printed.read().splitlines()))
    return _Step(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, stages)


def _stages(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each stage that `_OPEN` printed, and what it took."""
    begun = [(name, float(clock), float(cpu)) for name, clock, cpu in (line.split("\t") for line in lines)]
    for (name, clock, cpu), (_, clock_after, cpu_after) in pairwise(begun):
        is_first = name.startswith(_FIRST)
        yield "Starting" if is_first else name, _seconds(clock_after - clock, cpu_after - cpu)


def _table(rows: Sequence[_Row]) -> str:
    lines = [
        "| graph | triples | build, s | bulk load, s | ratio | peak of build, MB | one more article, s "
        "| to the shipped graph | its peak, MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(f"| {' | '.join(_cells(row, rows[0].added))} |" for row in rows),
    ]
    failures = [f"{row.name}, {row.triples:,} triples: {row.failure}" for row in rows if row.failure]
    machine = f"{os.cpu_count()} cores, Oxigraph {ox.__version__}. {report.revision_line()}"
    return "\n\n".join(["\n".join(lines), *failures, _stage_table(rows), machine])


def _stage_table(rows: Sequence[_Row]) -> str:
    """Return a table of the stages of a build, and of one more article, with a column for each graph."""
    lines = [f"| stage | {' | '.join(f'{row.triples:,}' for row in rows)} |", f"|---|{'---:|' * len(rows)}"]
    for kind in ("built", "added"):
        steps = [step.stages if (step := getattr(row, kind)) else {} for row in rows]
        title = {"built": "build", "added": "one more article"}[kind]
        for name in dict.fromkeys(name for stages in steps for name in stages):
            cells = " | ".join(stages.get(name, "–") for stages in steps)
            lines.append(f"| {title}: {name[0].lower()}{name[1:]} | {cells} |")
    return "\n".join(lines)


def _cells(row: _Row, shipped: _Step | None) -> Iterator[str]:
    built, bulk, added = row.built, row.bulk, row.added
    yield row.name
    yield f"{row.triples:,}"
    yield str(built or "–")
    yield str(bulk or "–")
    yield built.times(bulk) if built and bulk else "–"
    yield f"{built.peak / MB:,.0f}" if built else "–"
    yield str(added or "–")
    yield added.times(shipped) if added and shipped else "–"
    yield f"{added.peak / MB:,.0f}" if added else "–"


if __name__ == "__main__":
    main()
