"""Builders of versions that are killed: by themselves at a point of their work, or from outside.

One process has the modules loaded, and forks each builder: starting Python takes longer than building a small
version. https://docs.python.org/3/library/sys.html#sys.addaudithook
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from small_dataset import Small

__all__ = ["Builders", "builders"]

# A builder kills itself before the n-th change that it makes in the data directory.
_SERVER: Final = """
import json, os, signal, sys
from pathlib import Path
import forumkg.dataset.staging
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version

EVENTS = {"open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}

def build(root, data, last):
    points = 0

    def watch(event, arguments):
        nonlocal points
        reads = event == "open" and str(arguments[1]) in {"r", "rb"}
        if event in EVENTS and not reads and data in str(arguments[0]):
            points += 1
            if points == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    open_version(Path(data), source_files(Path(root)), ontology_dir=Path(root) / "ontology")
    return points

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        print(os.getpid(), flush=True)
        print(build(*json.loads(line)), flush=True)
        os._exit(0)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Builders:
    """One builder after the other, each in a process of its own."""

    def __init__(self, requests: IO[str], reports: IO[str]) -> None:
        self._requests, self._reports = requests, reports
        self._pid = 0

    def start(self, small: Small, data: Path, last: int = 0) -> None:
        """Begin to open a version.

        Args:
            small: the dataset.
            data: the data directory.
            last: the point, from 1, at which the builder kills itself; with 0 it does not.
        """
        print(json.dumps([str(small.root), str(data), last]), file=self._requests, flush=True)
        self._pid = int(self._reports.readline())

    def end(self) -> tuple[int, int]:
        """Wait until the builder has ended; return its exit status and, if it was not killed, its points."""
        first = self._reports.readline()
        last = first if first.startswith("ended") else self._reports.readline()
        return int(last.removeprefix("ended")), 0 if first is last else int(first)

    def kill(self, seconds: float) -> None:
        """Kill the builder after some time, unless it has ended by then."""
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)


@contextmanager
def builders() -> Iterator[Builders]:
    """Start the process that forks builders, and end it."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Builders(process.stdin, process.stdout)
