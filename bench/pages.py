"""`python -m bench.pages`: measure the pages, of a server that has just started and from its cache.

Server time is what the server itself says: https://www.w3.org/TR/server-timing/
"""

import gzip
import http.client
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

import click

from bench import datasets, report
from bench.systems import Running, System, ours, start

__all__ = ["main"]

_PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_MARK: Final = "pages"
_BROWSER: Final = {"Accept": "text/html", "Accept-Encoding": "gzip"}
_DURATION: Final = re.compile(r"page;dur=([\d.]+)")
_PART: Final = re.compile(r"""(?:src|href)="(/static/[^"]+)"|["'](/sparql/completions\.json[^"']*)["']""")
_EDITOR: Final = "/sparql"
_WARM: Final = 50


@click.command()
@click.option("--write", is_flag=True, help="Write the table into docs/benchmarks.md, between its marks.")
@click.option("--limit", type=int, default=0, help="Measure only so many kinds of pages; 0 is all.")
def main(*, write: bool, limit: int) -> None:
    """Measure each kind of page of the shipped graph, and the weight of the editor."""
    system = ours()
    with _served(system) as server:
        paths = _paths(server)
        weight = _weight(server)
        everything = [_get(server, path)[0] for path in paths]
    kinds = [*{_kind(path): path for path in reversed(paths)}.values()][: limit or None]
    lines = [_measure(system, path) for path in sorted(kinds)]
    text = _table(lines, everything, weight)
    click.echo(text)
    if write:
        report.insert(_PAGE, text, _MARK)


@contextmanager
def _served(system: System) -> Iterator[Running]:
    with start(system, datasets.shipped()) as server:
        yield server


def _measure(system: System, path: str) -> tuple[str, float, float, int]:
    """Return the path, the milliseconds of a new server and of its cache, and the bytes that are sent."""
    with _served(system) as server:
        cold, _, length = _get(server, path)
        with closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection:
            warm = statistics.median(_time(connection, path) for _ in range(_WARM))
    return path, cold, warm, length


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
    _, body, _ = _get(server, "/sitemap.xml")
    tree = ElementTree.fromstring(body)  # noqa: S314 (the document of our own server)
    return [urlsplit(url.text or "").path for url in tree.iter() if url.tag.endswith("}loc")]


def _kind(path: str) -> tuple[str, ...]:
    parts = path.strip("/").split("/")
    if parts[0] == "id":
        return ("id", parts[1], "passage" if "char=" in path else "thing")
    return (parts[0], *("…" for _ in parts[1:]))


def _weight(server: Running) -> int:
    """Return the bytes that a browser is sent for the editor: its page, and all that this names."""
    _, body, total = _get(server, _EDITOR)
    parts = {unescape(found[1] or found[2]) for found in _PART.finditer(body.decode())}
    return total + sum(_get(server, part)[2] for part in parts)


def _table(lines: list[tuple[str, float, float, int]], everything: list[float], weight: int) -> str:
    rows = [
        f"| `{path}` | {cold:.1f} ms | {warm:.2f} ms | {length / 1000:.1f} kB |"
        for path, cold, warm, length in lines
    ]
    return "\n".join(
        [
            report.machine([report.OURS]),
            "| page | first request of a new server | from the cache, at the client | sent, gzip |",
            "| --- | ---: | ---: | ---: |",
            *rows,
            "",
            f"All {len(everything)} pages of the sitemap, each for the first time, one after the other: "
            f"median {statistics.median(everything):.1f} ms, slowest {max(everything):.1f} ms. "
            f"The editor weighs {weight / 1000:.0f} kB, with all that its page names, compressed.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
