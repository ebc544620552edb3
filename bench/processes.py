"""Start a program, and read from Linux what it and its descendants use.

https://www.kernel.org/doc/html/latest/filesystems/proc.html
"""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = [
    "Peak",
    "come_to_rest",
    "cpu_seconds",
    "disk_bytes",
    "free_port",
    "memory_bytes",
    "own_cpu_seconds",
    "started",
]

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PATIENCE: Final = 5.0
# The part of a processor that a program at rest uses less than.
_AT_REST: Final = 0.05


@contextmanager
def started(command: Sequence[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program in a process group of its own, which is ended with all that is in it.

    Python keeps compiled code between its starts, as it does unless PYTHONDONTWRITEBYTECODE is set.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (
        log.open("ab") as output,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=environment,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process, its descendants and the ended ones among them have used."""
    # utime, stime, cutime, cstime are the fields 14 to 17; the name in field 2 may have spaces.
    return sum(sum(map(int, fields[11:15])) for fields in map(_stat, _tree(pid)) if fields) / _TICKS


def own_cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and its children have used, without the children of those."""
    family = [each for each in _tree(pid) if each == pid or _parent(each) == pid]
    return sum(sum(map(int, fields[11:13])) for fields in map(_stat, family) if fields) / _TICKS


def come_to_rest(used: Callable[[], float], pause: float = 0.5, most: int = 60) -> None:
    """Wait until a program uses hardly any processor time: a server goes on with its start after an answer.

    Args:
        used: returns the CPU seconds that it has used until now.
        pause: the seconds over which it must rest.
        most: how many pauses are waited for.
    """
    before = used()
    for _ in range(most):
        time.sleep(pause)
        now = used()
        if now - before < _AT_REST * pause:
            return
        before = now


def memory_bytes(pid: int) -> int:
    """Return the proportional set size of a process and its descendants: shared pages are counted once."""
    return sum(map(_pss, _tree(pid)))


def disk_bytes(folder: Path) -> int:
    """Return the space that the files below a folder take, each once however many links it has."""
    stats = {(stat.st_dev, stat.st_ino): stat for stat in (path.stat() for path in folder.rglob("*"))}
    return sum(stat.st_blocks * 512 for stat in stats.values())


class Peak:
    """A context that looks at the memory of a process several times a second and keeps the largest."""

    def __init__(self, pid: int, interval: float = 0.1) -> None:
        self.bytes = 0
        self._pid = pid
        self._interval = interval
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peak":
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look a last time."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.bytes = max(self.bytes, memory_bytes(self._pid))
            if self._over.wait(self._interval):
                return


def _tree(pid: int) -> list[int]:
    """Return the process and its descendants."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(path.name)):
            children.setdefault(int(fields[1]), []).append(int(path.name))
    found = [pid]
    for process in found:
        found.extend(children.get(process, ()))
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of a process from the third on; none where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _parent(pid: int) -> int:
    return int(fields[1]) if (fields := _stat(pid)) else 0


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
