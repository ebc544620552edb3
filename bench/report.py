"""Write figures as tables of ratios in Markdown, and put them into a page between two marks."""

import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from bench import load, peers
from bench.figures import Figures

__all__ = ["OURS", "insert", "machine", "ratio", "revision_line", "table"]

OURS: Final = "forumkg"

# The marks between which each command writes.
_MARKS: Final = {
    "results": ("<!-- results: written by `make bench` -->", "<!-- end of results -->"),
    "replicas": (
        "<!-- replicas: written by `python -m bench.replicas --write` -->",
        "<!-- end of replicas -->",
    ),
    "replicas-nginx": (
        "<!-- replicas-nginx: written by `python -m bench.replicas --balancer nginx --write` -->",
        "<!-- end of replicas-nginx -->",
    ),
    "switching": (
        "<!-- switching: written by `python -m bench.switching --write` -->",
        "<!-- end of switching -->",
    ),
    "simulation": (
        "<!-- simulation: written by `python -m bench.simulation --write` -->",
        "<!-- end of simulation -->",
    ),
    "engines": ("<!-- engines: written by `make engines` -->", "<!-- end of engines -->"),
    "build": ("<!-- build: written by `python -m bench.build --write` -->", "<!-- end of build -->"),
    "pages": ("<!-- pages: written by `python -m bench.pages --write` -->", "<!-- end of pages -->"),
    "validation": (
        "<!-- validation: written by `python -m bench.validation --write` -->",
        "<!-- end of validation -->",
    ),
    "stores": ("<!-- stores: written by `make stores` -->", "<!-- end of stores -->"),
    "validators": ("<!-- validators: written by `make validators` -->", "<!-- end of validators -->"),
}


def table(title: str, figures: Sequence[Figures], systems: Sequence[str], ours: str = OURS) -> str:
    """Return a table: a line for each figure, and for each peer its value and how much better ours is."""
    others = [name for name in systems if name != ours]
    used = [name for name in others if any(name in line.values for line in figures)]
    head = ["", ours, *(f"{name} | ours is" for name in used)]
    lines = [f"### {title}", "", _row(head), _row(["---", *["---:"] * (1 + 2 * len(used))])]
    for line in figures:
        cells = [line.name, _cell(line, ours)]
        for name in used:
            cells += [_cell(line, name), _times(ratio(line, name, ours))]
        lines.append(_row(cells))
    return "\n".join([*lines, ""])


def ratio(line: Figures, peer: str, ours: str = OURS) -> float | None:
    """Return how many times better ours is than a peer: 2 is twice the rate, or half the time."""
    mine, theirs = line.values.get(ours), line.values.get(peer)
    if not mine or not theirs or line.is_more_better is None:
        return None
    return mine / theirs if line.is_more_better else theirs / mine


def machine(systems: Iterable[str]) -> str:
    """Return on what was measured, when, and with which versions."""
    versions: Mapping[str, str] = {
        OURS: version("forumkg"),
        "Oxigraph": version("oxigraph"),
        "Fuseki": peers.FUSEKI,
        "rdflib-endpoint": next(
            item for item in peers.REQUIREMENTS if item.startswith("rdflib-endpoint")
        ).partition("==")[2],
    }
    shown = ", ".join(f"{name} {versions[name]}" for name in systems)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}, revision {_revision()}: {os.cpu_count()} cores, "
        f"{memory:.0f} GiB of memory, {platform.system()}, Python {platform.python_version()}, "
        f"client {load.client()}. {shown}.\n"
    )


def revision_line() -> str:
    """Return when a table was written, and for which revision."""
    return f"Written on {datetime.now(UTC):%d %B %Y}, revision {_revision()}.\n"


def insert(page: Path, results: str, part: str = "results") -> None:
    """Put results into a page, in the place of those between the marks of a part.

    Raises:
        ValueError: the page has no marks.
    """
    begins, ends = _MARKS[part]
    before, begin, rest = page.read_text(encoding="utf-8").partition(begins)
    _, end, after = rest.partition(ends)
    if not begin or not end:
        raise ValueError(f"{page} has no lines {begins} and {ends} to write between.")
    page.write_text(f"{before}{begin}\n\n{results}\n{end}{after}", encoding="utf-8")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(line: Figures, system: str) -> str:
    value = line.values.get(system)
    shown = "" if value is None else f"{_number(value)} {line.unit}".replace(" /", "/")
    return f"{shown} ({line.remarks[system]})" if system in line.remarks else shown


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 (three digits are enough)


def _times(times: float | None) -> str:
    return "" if times is None else f"× {_number(times)}"


def _revision() -> str:
    git = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
