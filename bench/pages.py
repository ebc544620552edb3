"""`python -m bench.pages`: measure the pages, of a server just started, of one at rest, and from its cache.

With `--large`, also over a million triples. The slowest queries are those of pages made in this process, each
for the first time; the plans (`--plans`) are those of Oxigraph.

Server time is what the server itself says: https://www.w3.org/TR/server-timing/
"""

import gzip
import http.client
import re
import statistics
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

import click

from bench import datasets, report
from bench.datasets import Dataset
from bench.plans import RecordingService, explain
from bench.processes import come_to_rest, cpu_seconds
from bench.systems import Running, System, ours_as_built, start
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
# The aims: milliseconds of server time without the cache, of the shipped graph and of a million triples, and
# bytes without compression.
_MOST_MILLISECONDS: Final = 150
_MOST_OF_A_MILLION: Final = 300
_MOST_BYTES: Final = 200_000
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
    "/statements?judgement=unjudged&stance=planned&page=50",
    "/themes?page=2",
)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page, measured.

    Attributes:
        path: of its address.
        first: milliseconds, as the first request of a server that has just started.
        at_rest: milliseconds, as the first request of a server that has come to rest after its start.
        cached: milliseconds from the cache, at the client.
        plain: bytes, without compression.
        sent: bytes, with gzip.
    """

    path: str
    first: float
    at_rest: float
    cached: float
    plain: int
    sent: int


@click.command()
@click.option("--write", is_flag=True, help="Write the tables into docs/benchmarks.md, between its marks.")
@click.option("--limit", type=int, default=0, help="Measure only so many kinds of pages; 0 is all.")
@click.option("--large", is_flag=True, help="Also measure the pages of a million synthetic triples.")
@click.option("--plans", is_flag=True, help="Print the plans of the slowest queries.")
def main(*, write: bool, limit: int, large: bool, plans: bool) -> None:
    """Measure each kind of page of the shipped graph, and the weight of the editor."""
    system = ours_as_built()
    text = _shipped(system, limit, plans=plans)
    if large:
        text += _large(system, limit, plans=plans)
    click.echo(text)
    if write:
        report.insert(_PAGE, text, _MARK)


def _shipped(system: System, limit: int, *, plans: bool) -> str:
    dataset = datasets.shipped()
    with start(system, dataset) as server:
        paths = _paths(server)
        weight = _weight(server)
        everything = [(_get(server, path)[0], path) for path in paths]
    kinds = _kinds(paths)[: limit or None]
    pages = _measure_each(system, dataset, kinds)
    return "\n".join(
        [
            report.machine([report.OURS]),
            *_table(pages, _MOST_MILLISECONDS),
            *_site_map(everything),
            f"The editor weighs {weight / 1000:.0f} kB, with all that its page names, compressed.",
            "",
            *_slowest(dataset, kinds, plans=plans),
        ]
    )


def _large(system: System, limit: int, *, plans: bool) -> str:
    dataset = datasets.synthetic_of(_TRIPLES)
    with start(system, dataset) as server:
        kinds = _kinds([*_paths(server), *_NARROWED])[: limit or None]
    pages = _measure_each(system, dataset, kinds)
    return "\n".join(
        [
            # The table above ends at an empty line.
            "",
            f"Of {dataset.triples:,} synthetic triples:",
            "",
            *_table(pages, _MOST_OF_A_MILLION),
            *_slowest(dataset, kinds, plans=plans),
        ]
    )


def _measure_each(system: System, dataset: Dataset, paths: list[str]) -> list[_Page]:
    """Measure pages one after the other, and write how far that is."""
    pages = []
    for number, path in enumerate(paths, start=1):
        click.echo(f"… {dataset.name}, page {number} of {len(paths)}: {path}", err=True)
        pages.append(_measure(system, dataset, path))
    return pages


def _measure(system: System, dataset: Dataset, path: str) -> _Page:
    """Measure a page with two new servers: one is asked at once, the other when its start is over."""
    with start(system, dataset) as server:
        first, body, length = _get(server, path)
        with closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection:
            cached = statistics.median(_time(connection, path) for _ in range(_WARM))
    with start(system, dataset) as server:
        come_to_rest(partial(cpu_seconds, server.pid))
        at_rest, _, _ = _get(server, path)
    return _Page(path, first, at_rest, cached, len(body), length)


def _slowest(dataset: Dataset, paths: list[str], *, plans: bool) -> list[str]:
    """Return a table of the ten queries that took longest, each on the page where it was slowest.

    The pages are made one after the other, each without a cache. With `plans`, print those of the queries.
    """
    found: dict[str, tuple[float, str, str]] = {}
    version = open_version(
        dataset.versions, source_files(dataset.root), ontology_dir=dataset.root / "ontology"
    )
    with Pool(version.path / "store") as pool:
        for path in paths:
            service = RecordingService(pool, version.info.digest)
            create_app(version, service).test_client().get(path, headers={"Accept": "text/html"})
            for taken, query in service.taken:
                title = query.partition("\n")[0].removeprefix("# ")
                found[title] = max(found.get(title, (0.0, "", "")), (taken, path, query))
    rows = []
    slowest = sorted(found.items(), key=lambda item: item[1], reverse=True)[:_SLOWEST]
    for title, (taken, path, query) in slowest:
        plan = explain(version.path / "store", query)
        rows.append(f"| {title} | `{path}` | {taken:.1f} ms | {plan.read:,} | {plan.solutions:,} |")
        if plans:
            click.echo("\n".join([f"{title} ({path})", "", *plan.lines(), ""]))
    return [
        "The slowest queries, each on the page where it took longest, with the triples that it read and its "
        "solutions (`--plans` prints their plans):",
        "",
        "| query | page | at the page | read | solutions |",
        "| --- | --- | ---: | ---: | ---: |",
        *rows,
        "",
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


def _table(pages: list[_Page], most: int) -> list[str]:
    rows = [
        f"| `{page.path}` | {page.first:.1f} ms | {page.at_rest:.1f} ms | {page.cached:.2f} ms "
        f"| {page.plain / 1000:.1f} kB | {page.sent / 1000:.1f} kB |"
        for page in pages
    ]
    return [
        "| page | first request of a new server | first request, server at rest "
        "| from the cache, at the client | plain | sent, gzip |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *rows,
        "",
        f"Beyond the aims, of {len(pages)} pages: {sum(page.first > most for page in pages)} take more than "
        f"{most} ms of a new server, {sum(page.at_rest > most for page in pages)} of a server at rest; "
        f"{sum(page.plain > _MOST_BYTES for page in pages)} weigh more than {_MOST_BYTES // 1000} kB.",
        "",
    ]


def _site_map(pages: list[tuple[float, str]]) -> list[str]:
    """Return what the pages of the site map took, and which took longest."""
    times = [taken for taken, _ in pages]
    beyond = sum(each > _MOST_MILLISECONDS for each in times)
    slowest = sorted(pages, reverse=True)[:_SLOWEST]
    return [
        f"All {len(pages)} pages of the site map, each for the first time, one after the other, of one "
        f"server: median {statistics.median(times):.1f} ms; {beyond} take more than {_MOST_MILLISECONDS} ms. "
        "The slowest:",
        "",
        *(f"- `{path}` {taken:.1f} ms" for taken, path in slowest),
        "",
    ]


if __name__ == "__main__":
    main()
