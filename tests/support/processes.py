"""Processes as /proc describes them: whose child they are, what they have open, whether they live."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import subprocess

__all__ = ["children", "descriptors", "exists", "killed_at_the_end", "sockets", "state", "tree", "until"]

# Seconds between two looks: a condition asked without a pause takes a core from what it waits for.
_PAUSE: Final = 0.001

_Text = TypeVar("_Text", str, bytes)


def state(pid: int) -> dict[str, str]:
    """Return what the kernel says of a process; nothing where there is none."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def exists(pid: int) -> bool:
    """Whether a process lives; a zombie does not."""
    return state(pid).get("State", "Z")[0] not in "ZX"


def children(pid: int) -> list[int]:
    """Return the children of a process, zombies included."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # A thread may end between list and file.
            found += [int(word) for word in path.read_text(encoding="ascii").split()]
    return found


def tree(pid: int) -> list[int]:
    """Return the descendants of a process."""
    return [found for child in children(pid) for found in (child, *tree(child))]


def descriptors(pid: int) -> list[str]:
    """Return what a process has open."""
    found = []
    for path in [*Path(f"/proc/{pid}/fd").iterdir()]:
        with suppress(FileNotFoundError):  # The list of a process's own has what it was read by.
            found.append(str(path.readlink()))
    return sorted(found)


@contextmanager
def killed_at_the_end(process: "subprocess.Popen[_Text]") -> Iterator["subprocess.Popen[_Text]"]:
    """Kill a process at the end of a test; `Popen` itself would wait for one that a failed test leaves."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def resident(pid: int) -> int:
    """Return the bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def sockets(pid: int) -> list[str]:
    """Return the sockets that a process has open."""
    return [name for name in descriptors(pid) if name.startswith("socket:")]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that another process does; fail where it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(_PAUSE)
