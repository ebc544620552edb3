"""How much a query has worked, whatever else the machine does."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pools import job
from processes import until

from forumkg.workers.scheduler import QueryTask
from forumkg.workers.worker_handle import Worker

# Seconds since the query began, by the clock of the event loop.
LONG = 1000.0
# A process whose child has its memory until it ends waits as one does that reads a disk.
VFORK = "import ctypes; libc = ctypes.CDLL(None); libc.vfork() or libc.sleep(600)"


def state(pid: int) -> str:
    """Return the letter of the state of a process."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0]


@contextmanager
def working(*command: str) -> Iterator[tuple[QueryTask, int]]:
    """Return a query that a process has worked on for long, and the process."""
    loop = asyncio.new_event_loop()
    near, far = socket.socketpair()
    process = subprocess.Popen(command, start_new_session=True)
    errors = os.open(os.devnull, os.O_RDONLY)
    worker = Worker(process.pid, os.pidfd_open(process.pid), near, errors)
    try:
        task = QueryTask(job("ASK {}"), loop.create_future())
        task.worker = worker
        yield task, process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        worker.wait()
        process.wait()
        far.close()
        loop.close()


def test_work_of_a_process_that_waits_for_a_processor() -> None:
    """However long a query has been with its worker, it has worked only as long as that had a processor."""
    with working("sleep", "600") as (task, pid):
        until(lambda: state(pid) == "S")
        assert task.work(LONG) < 10

        os.kill(pid, signal.SIGSTOP)
        until(lambda: state(pid) == "T")
        assert task.work(LONG) < 10


def test_work_of_a_process_that_waits_for_a_disk() -> None:
    """The time with a disk that does not answer counts in part, as it keeps a place from others."""
    with working(sys.executable, "-c", VFORK) as (task, pid):
        # While Python is read from the disk, it waits for moments too.
        until(lambda: state(pid) == "D" and task.work(LONG) == pytest.approx(LONG / 3))


def test_work_without_a_process() -> None:
    """A query that waits has done no work."""
    loop = asyncio.new_event_loop()
    try:
        assert QueryTask(job("ASK {}"), loop.create_future()).work(LONG) == 0
    finally:
        loop.close()
