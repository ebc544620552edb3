"""`python -m bench.pages`: measure the pages, of a server that has just started and from its cache.

With `--large`, also over a million triples. The slowest queries are those of pages made in this process, each
for the first time; the plans are those of Oxigraph.

Server time is what the server itself says: https://www.w3.org/TR/server-timing/
"""

import gzip
import http.client
import re
import statistics
import time
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

import click

from bench import datasets, report
from bench.datasets import Dataset
from bench.plans import RecordingService, explain
from bench.systems import Running, System, ours, start
from forumkg.app.application import create_app
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version
from forumkg.workers.pool import Pool

__all__ = ["main"]

_PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_MARK: Final = "pages"
_BROWSER: Final = {"Accept": "text/html", "Accept-Encoding": "gzip"}
_DURATION: Final = re.compile(r"page;dur=([\d.]+)")
_PART: Final = re.compile(r"""(?:src|href)="(/static/[^"]+)"|["'](/sparql/completions\.json[^"']*)["']""")
_EDITOR: Final = "/sparql"
_WARM: Final = 50
_SLOWEST: Final = 10
_TRIPLES: Final = 1_000_000
# Pages of the synthetic dataset that no site map has.
_NARROWED: Final = (
    "/articles?forum=f00001",
    "/articles?page=100",
    "/compare?forum=f00001",
    "/compare/activities?page=2",
    "/disagreements?kind=differences",
    "/disagreements?kind=seeming",
    "/disagreements?forum=f00001",
    "/editions?page=2",
    "/people?page=2",
    "/search?q=theme",
    "/search?q=exhibition+platfrom",
    "/statements?page=500",
    "/statements?stance=planned&page=100",
    "/themes?page=2",
)


@click.command()
@click.option("--write", is_flag=True, help="Write the table into docs/benchmarks.md, between its marks.")
@click.option("--limit", type=int, default=0, help="Measure only so many kinds of pages; 0 is all.")
@click.option("--large", is_flag=True, help="Also measure the pages of a million synthetic triples.")
def main(*, write: bool, limit: int, large: bool) -> None:
    """Measure each kind of page of the shipped graph, and the weight of the editor."""
    system = replace(ours(), load=_copy_of_the_build)
    text = _shipped(system, limit)
    if large:
        text += _large(system, limit)
    click.echo(text)
    if write:
        report.insert(_PAGE, text, _MARK)


def _shipped(system: System, limit: int) -> str:
    dataset = datasets.shipped()
    with start(system, dataset) as server:
        paths = _paths(server)
        weight = _weight(server)
        everything = [_get(server, path)[0] for path in paths]
    kinds = _kinds(paths)[: limit or None]
    lines = _measure_each(system, dataset, kinds)
    return "\n".join(
        [
            report.machine([report.OURS]),
            *_table(lines),
            f"All {len(everything)} pages of the sitemap, each for the first time, one after the other: "
            f"median {statistics.median(everything):.1f} ms, slowest {max(everything):.1f} ms. "
            f"The editor weighs {weight / 1000:.0f} kB, with all that its page names, compressed.",
            "",
            *_slowest(dataset, kinds),
        ]
    )


def _large(system: System, limit: int) -> str:
    dataset = datasets.synthetic_of(_TRIPLES)
    with start(system, dataset) as server:
        kinds = _kinds([*_paths(server), *_NARROWED])[: limit or None]
    lines = _measure_each(system, dataset, kinds)
    return "\n".join(
        [f"Of {dataset.triples:,} synthetic triples:", "", *_table(lines), *_slowest(dataset, kinds)]
    )


def _copy_of_the_build(dataset: Dataset, folder: Path) -> list[list[str]]:
    """Return the command that copies the version of the dataset: another build would take minutes."""
    return [["cp", "-a", f"{_versions(dataset)}/.", str(folder)]]


def _versions(dataset: Dataset) -> Path:
    return dataset.store.parent.parent.parent


def _measure_each(
    system: System, dataset: Dataset, paths: list[str]
) -> list[tuple[str, float, float, int, int]]:
    """Measure pages one after the other, and write how far that is."""
    lines = []
    for number, path in enumerate(paths, start=1):
        click.echo(f"… {dataset.name}, page {number} of {len(paths)}: {path}", err=True)
        lines.append(_measure(system, dataset, path))
    return lines


def _measure(system: System, dataset: Dataset, path: str) -> tuple[str, float, float, int, int]:
    """Return the path, the milliseconds of a new server and of its cache, and the bytes, plain and sent."""
    with start(system, dataset) as server:
        cold, body, length = _get(server, path)
        with closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection:
            warm = statistics.median(_time(connection, path) for _ in range(_WARM))
    return path, cold, warm, len(body), length


def _slowest(dataset: Dataset, paths: list[str]) -> list[str]:
    """Return the ten queries that took longest, of all pages, each made without a cache, and their plans."""
    found: list[tuple[float, str, str]] = []
    version = open_version(
        _versions(dataset), source_files(dataset.root), ontology_dir=dataset.root / "ontology"
    )
    with Pool(version.path / "store") as pool:
        for path in paths:
            service = RecordingService(pool, version.info.digest)
            create_app(version, service).test_client().get(path, headers={"Accept": "text/html"})
            found += [(taken, path, query) for taken, query in service.taken]
    rows, plans = [], []
    for taken, path, query in sorted(found, reverse=True)[:_SLOWEST]:
        plan, title = explain(version.path / "store", query), query.partition("\n")[0].removeprefix("# ")
        rows.append(f"| {title} | `{path}` | {taken:.1f} ms | {plan.read:,} | {plan.solutions:,} |")
        plans += [f"{title} (`{path}`)", "", "```text", *plan.lines(), "```", ""]
    return [
        "The slowest queries, with the triples that they read and their solutions:",
        "",
        "| query | page | at the page | read | solutions |",
        "| --- | --- | ---: | ---: | ---: |",
        *rows,
        "",
        "Their plans, with the solutions of each step:",
        "",
        *plans,
    ]


def _get(server: Running, path: str) -> tuple[float, bytes, int]:
    """Return the milliseconds that the server says it took, the body, and how many bytes were sent."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection:
        connection.request("GET", path, headers=_BROWSER)
        response = connection.getresponse()
        sent = response.read()
        if response.status != http.HTTPStatus.OK:
            raise click.ClickException(f"{path} was answered {response.status}.")
        said = _DURATION.search(response.getheader("Server-Timing", ""))
        body = gzip.decompress(sent) if response.getheader("Content-Encoding") == "gzip" else sent
        return float(said[1]) if said else 0.0, body, len(sent)


def _time(connection: http.client.HTTPConnection, path: str) -> float:
    """Return the milliseconds of a request on an open connection, as the client sees them."""
    begun = time.perf_counter()
    connection.request("GET", path, headers=_BROWSER)
    connection.getresponse().read()
    return (time.perf_counter() - begun) * 1000


def _paths(server: Running) -> list[str]:
    """Return the paths of the sitemap, of all of its parts."""
    found = _locations(server, "/sitemap.xml")
    if any(path.startswith("/sitemap/") for path in found):
        return [path for part in found for path in _locations(server, part)]
    return found


def _locations(server: Running, path: str) -> list[str]:
    _, body, _ = _get(server, path)
    tree = ElementTree.fromstring(body)  # noqa: S314 (the document of our own server)
    return [urlsplit(url.text or "").path for url in tree.iter() if url.tag.endswith("}loc")]


def _kinds(paths: list[str]) -> list[str]:
    """Return the first path of each kind of page."""
    return sorted({_kind(path): path for path in reversed(paths)}.values())


def _kind(path: str) -> tuple[str, ...]:
    path, _, query = path.partition("?")
    parts = path.strip("/").split("/")
    if parts[0] == "id":
        return ("id", parts[1], "passage" if "char=" in path else "thing")
    return (parts[0], *("…" for _ in parts[1:]), query)


def _weight(server: Running) -> int:
    """Return the bytes that a browser is sent for the editor: its page, and all that this names."""
    _, body, total = _get(server, _EDITOR)
    parts = {unescape(found[1] or found[2]) for found in _PART.finditer(body.decode())}
    return total + sum(_get(server, part)[2] for part in parts)


def _table(lines: list[tuple[str, float, float, int, int]]) -> list[str]:
    rows = [
        f"| `{path}` | {cold:.1f} ms | {warm:.2f} ms | {plain / 1000:.1f} kB | {sent / 1000:.1f} kB |"
        for path, cold, warm, plain, sent in lines
    ]
    return [
        "| page | first request of a new server | from the cache, at the client | plain | sent, gzip |",
        "| --- | ---: | ---: | ---: | ---: |",
        *rows,
        "",
    ]


if __name__ == "__main__":
    main()
