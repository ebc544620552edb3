"""`python -m bench.build`: measure builds beside Oxigraph's bulk loader, and what one more article costs.

Each step is a process of its own, whose memory is the largest resident set that Linux saw:
https://man7.org/linux/man-pages/man2/getrusage.2.html
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
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

_OPEN: Final = """
import sys
from pathlib import Path
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version
root, data = map(Path, sys.argv[1:])
open_version(data, source_files(root), ontology_dir=root / "ontology")
"""
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

    def __str__(self) -> str:
        return f"{self.seconds:.1f} ({self.cpu:.1f})"


@dataclass(frozen=True, slots=True)
class _Row:
    """The line of a graph; `bulk` and `built` are measured of synthetic ones alone."""

    name: str
    triples: int
    built: _Step
    bulk: _Step
    added: _Step


@click.command()
@click.option("--triples", type=int, multiple=True, help="About so many, instead of 10,000 and a million.")
@click.option("--large", is_flag=True, help="Also five million.")
@click.option("--write", is_flag=True, help="Write the table into docs/benchmarks.md, between its marks.")
def main(*, triples: tuple[int, ...], large: bool, write: bool) -> None:
    """Measure builds of synthetic graphs, and one more article."""
    rows = [_measured("shipped", None)]
    for size in (*(triples or _SIZES), *([_LARGEST] if large else [])):
        click.echo(f"… {size:,} triples", err=True)
        rows.append(_measured("synthetic", size))
    text = _table(rows)
    click.echo(text)
    if write:
        report.insert(_PAGE, text, _MARK)


def _measured(name: str, size: int | None) -> _Row:
    with tempfile.TemporaryDirectory(prefix="forumkg-bench-") as folder:
        root, data = Path(folder, "root"), Path(folder, "data")
        if size is None:
            for each in ("ontology", "graph", "shapes"):
                shutil.copytree(resources.root() / each, root / each)
        else:
            synthetic.write(root, synthetic.forums_for(size))
        built = _run(_OPEN, root, data)
        version = open_current(data)
        triples, store = version.info.triples, version.path / "store"
        del version
        _run(_DUMP, store, Path(folder, "all.nt"))
        bulk = _run(_LOAD, Path(folder, "all.nt"), Path(folder, "loaded"))
        (root / "graph" / "articles" / "one-more.ttl").write_text(synthetic.one_more(), encoding="utf-8")
        added = _run(_OPEN, root, data)
        return _Row(name, triples, built, bulk, added)


def _run(script: str, *arguments: Path) -> _Step:
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise click.ClickException(f"A step failed with status {process.returncode}.")
    return _Step(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def _table(rows: Iterable[_Row]) -> str:
    first, *_ = rows = list(rows)
    lines = [
        "| graph | triples | build, s | bulk load, s | ratio | peak of build, MB | one more article, s "
        "| to the shipped graph | its peak, MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        cells = (
            row.name,
            f"{row.triples:,}",
            row.built,
            row.bulk,
            f"{row.built.seconds / row.bulk.seconds:.1f}",
            f"{row.built.peak / MB:,.0f}",
            row.added,
            f"× {row.added.seconds / first.added.seconds:.1f}",
            f"{row.added.peak / MB:,.0f}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    machine = f"{os.cpu_count()} cores, Oxigraph {ox.__version__}. {report.revision_line()}"
    return "\n".join([*lines, "", machine])


if __name__ == "__main__":
    main()
