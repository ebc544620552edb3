"""Keep a server busy with several connections, each of which asks again as soon as it is answered.

wrk does it where it is installed (Debian has it): it needs a few microseconds a request. Otherwise each
connection is a process of ours, which is slower; the report says what the client itself used.
"""

import itertools
import json
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bench.systems import TIMEOUT

__all__ = ["ACCEPT", "NUMBER", "Load", "ask", "client", "run"]

# One of the questions constructs a graph.
ACCEPT: Final = {"Accept": "application/sparql-results+json, text/turtle"}
# Stands in a target for a number that no other request has, so that no cache knows the answer.
NUMBER: Final = "@N@"

_SCRIPT: Final = Path(__file__).with_name("load.lua")
_COUNTS: Final = ("requests", "failed", "seconds", "p50", "p99")
_numbers: Final = itertools.count(1, 10_000_000)


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a run.

    Attributes:
        requests: Those answered, the failed ones included.
        failed: Those without an answer, or with another status than 2xx and 3xx.
        seconds: How long it took.
        p50: Half of the answers came within so many seconds.
        p99: And 99 of 100.
        client_cpu: The CPU seconds of the client.
    """

    requests: int
    failed: int
    seconds: float
    p50: float
    p99: float
    client_cpu: float

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return max(0, self.requests - self.failed) / self.seconds


def client() -> str:
    """Return the name of the client."""
    return "wrk" if shutil.which("wrk") else "Python"


def run(port: int, paths: Sequence[str], connections: int, seconds: float) -> Load:
    """Ask a server for the paths in turn, and count.

    Args:
        port: Where the server is, on 127.0.0.1.
        paths: Paths with their query strings; `NUMBER` in one becomes a number never used before.
        connections: How many requests are open at a time.
        seconds: How long.
    """
    before = _cpu_of_children()
    wrk = shutil.which("wrk")
    if wrk:
        counts = _run_wrk(wrk, port, paths, connections, seconds)
    else:
        counts = _run_python(port, paths, connections, seconds)
    return Load(
        requests=int(counts["requests"]),
        failed=int(counts["failed"]),
        seconds=counts["seconds"],
        p50=counts["p50"],
        p99=counts["p99"],
        client_cpu=_cpu_of_children() - before,
    )


def ask(connection: HTTPConnection, path: str) -> bool:
    """Send one request on a connection that is kept; return whether the answer is right."""
    try:
        connection.request("GET", path, headers=ACCEPT)
        response = connection.getresponse()
        response.read()
    except (HTTPException, OSError):
        connection.close()
        return False
    return response.status == 200  # noqa: PLR2004 (OK)


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _run_wrk(wrk: str, port: int, paths: Sequence[str], connections: int, seconds: float) -> dict[str, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        options = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", f"--timeout={TIMEOUT * 2}s"]
        script = ["-s", str(_SCRIPT), f"http://127.0.0.1:{port}", "--", file.name, str(next(_numbers))]
        done = subprocess.run([wrk, *options, *script], capture_output=True, text=True, check=False)
    found = re.search(r"^RESULT (.*)", done.stdout, re.MULTILINE)
    # A server that has died answers nothing: wrk reports it at its end.
    counts = (
        json.loads(found[1]) if found else {**dict.fromkeys(_COUNTS, 0.0), "failed": 1, "seconds": seconds}
    )
    return {name: counts[name] for name in _COUNTS}


def _run_python(port: int, paths: Sequence[str], connections: int, seconds: float) -> dict[str, float]:
    jobs = [(port, paths, next(_numbers), seconds) for _ in range(connections)]
    begun = time.perf_counter()
    with get_context("fork").Pool(connections) as pool:
        runs = pool.starmap(_connection, jobs, chunksize=1)
    times = sorted(itertools.chain.from_iterable(times for times, _ in runs)) or [0.0]
    return {
        "requests": len(times),
        "failed": sum(failed for _, failed in runs),
        "seconds": time.perf_counter() - begun,
        "p50": statistics.median(times),
        "p99": times[len(times) * 99 // 100],
    }


def _connection(port: int, paths: Sequence[str], first: int, seconds: float) -> tuple[list[float], int]:
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT * 2)
    times: list[float] = []
    failed = 0
    deadline = time.perf_counter() + seconds
    for number in itertools.count(first):
        begun = time.perf_counter()
        if begun > deadline:
            break
        failed += not ask(connection, paths[number % len(paths)].replace(NUMBER, str(number)))
        times.append(time.perf_counter() - begun)
    connection.close()
    return times, failed
