"""What is taken from a worker before it sees a query."""

import ctypes
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pools import ENDLESS, background, busy, fork_server, job, workers, working
from processes import descriptors, exists, sockets, state, until

from forumkg.dataset.versions import Version
from forumkg.errors import ForumKgError, QueryOutOfMemory, StoreError
from forumkg.workers import sandbox
from forumkg.workers.pool import Limits, Pool

# These tests fork a process with threads: the copies only make system calls.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")

LIBC = ctypes.CDLL(None, use_errno=True)
X32_SOCKET = 0x40000000 + 41


@pytest.fixture
def store(small_version: Version) -> Path:
    """Return the folder of a store that no test changes."""
    return small_version.path / "store"


def in_child(*steps: Callable[[], object]) -> str:
    """Take steps in a copy of this process; return what the last of them returned or raised."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        result: object = None
        try:
            for step in steps:
                result = step()
        except (OSError, ForumKgError) as error:
            result = type(error).__name__
        except BaseException:  # noqa: BLE001 - the copy of a test must not go on as a test
            result = traceback.format_exc()
        os.write(writer, str(result).encode())
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:  # noqa: PTH123 - a descriptor
        said = pipe.read().decode()
    status = os.waitpid(child, 0)[1]
    return said or signal.Signals(status).name


def confine() -> None:
    """Confine this process as a worker is."""
    sandbox.no_new_privileges()
    sandbox.deny_calls()


def call(number: int, *arguments: int) -> str:
    """Make a system call, and return how it failed."""
    LIBC.syscall(number, *arguments)
    return os.strerror(ctypes.get_errno())


def is_filtered(pid: int) -> bool:
    """Whether the system calls of a process are filtered."""
    return state(pid)["Seccomp"] == "2"


class TestCalls:
    """The filter of system calls."""

    @pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK])
    def test_no_new_socket(self, family: socket.AddressFamily) -> None:
        """No socket of any family is made."""
        assert in_child(confine, lambda: socket.socket(family, socket.SOCK_DGRAM)) == "PermissionError"

    def test_no_way_around(self) -> None:
        """No other call makes a socket or reaches into another process, under whatever number."""
        machine = sandbox._MACHINES[platform.machine()]
        for number in machine.denied.values():
            assert in_child(confine, partial(call, number)) == "Operation not permitted"
        if platform.machine() == "x86_64":
            assert in_child(confine, partial(call, X32_SOCKET, 2, 1, 0)) == "Operation not permitted"

    def test_no_program(self) -> None:
        """No other program is started."""
        step = partial(os.execv, "/bin/true", ["true"])
        assert in_child(confine, step) == "PermissionError"

    def test_what_a_worker_does(self) -> None:
        """Reading, writing, memory and pipes are left."""
        assert (
            in_child(confine, lambda: Path("/proc/self/comm").read_bytes() and os.pipe() and "fine") == "fine"
        )

    def test_privileges_are_given_up_first(self) -> None:
        """Without root, filters need the promise first."""
        assert in_child(lambda: os.setuid(65534), sandbox.deny_calls) == "StoreError"
        assert in_child(lambda: os.setuid(65534), confine, lambda: "fine") == "fine"

    def test_unknown_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A machine whose system calls are not known is refused."""
        monkeypatch.setattr(platform, "machine", lambda: "pdp11")

        with pytest.raises(StoreError, match="no system calls are known for pdp11"):
            sandbox.deny_calls()


@pytest.mark.skipif(not sandbox.landlock_version(), reason="this kernel has no Landlock")
class TestFiles:
    """The file system behind Landlock."""

    def restrict(self, folder: Path) -> Callable[[], bool]:
        """Return a step that leaves only a folder."""

        def step() -> bool:
            sandbox.no_new_privileges()
            return sandbox.read_only_below(folder)

        return step

    def test_reads_below_the_folder(self, tmp_path: Path) -> None:
        """Files below the folder are read, also those in folders of it."""
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "b").write_text("kept")

        assert in_child(self.restrict(tmp_path), (tmp_path / "a" / "b").read_text) == "kept"

    def test_reads_nothing_else(self, tmp_path: Path) -> None:
        """Other files are not read, whatever the path."""
        for path in ("/etc/passwd", "/proc/self/environ", f"{tmp_path}{12 * '/..'}/etc/passwd"):
            assert in_child(self.restrict(tmp_path), Path(path).read_text) == "PermissionError"

    def test_writes_nothing(self, tmp_path: Path) -> None:
        """Nothing is written, also not below the folder."""
        assert in_child(self.restrict(tmp_path), lambda: (tmp_path / "x").write_text("")) == "PermissionError"

    def test_kills_no_process(self, tmp_path: Path) -> None:
        """No signal reaches another process, where the kernel supports that."""
        if sandbox.landlock_version() < 6:
            pytest.skip("this kernel's Landlock knows no scopes")
        assert in_child(self.restrict(tmp_path), lambda: os.kill(os.getppid(), 0)) == "PermissionError"


class TestWorker:
    """A worker as the pool makes it."""

    def test_is_confined(self, store: Path) -> None:
        """A worker is filtered, has no privileges to gain, and goes first when memory ends."""
        with Pool(store) as pool:
            pool.run(job("ASK {}"))
            for pid in workers(pool):
                until(partial(is_filtered, pid))
                assert state(pid)["NoNewPrivs"] == "1"
                assert Path(f"/proc/{pid}/oom_score_adj").read_text() == "1000\n"
                assert resource.prlimit(pid, resource.RLIMIT_CORE) == (0, 0)

    def test_is_not_confined_on_request(self, store: Path) -> None:
        """Workers may run without a filter where that is asked for."""
        with Pool(store, confined=False) as pool:
            pool.run(job("ASK {}"))

            assert {state(pid)["Seccomp"] for pid in workers(pool)} == {"0"}

    def test_has_no_descriptor_of_others(self, store: Path) -> None:
        """A worker has one socket of its own: none that listens or belongs to another process."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.set_inheritable(True)
            with Pool(store) as pool, background() as threads:
                busy(pool, threads, 2)
                for name in ["ASK {}"] * 3:
                    pool.run(job(name))
                theirs: set[str] = set()

                def one_each() -> bool:
                    # A worker that is being made shows its server's sockets too, until it has closed them.
                    pids = workers(pool)
                    theirs.clear()
                    theirs.update(name for pid in (fork_server(pool), *pids) for name in sockets(pid))
                    return len(theirs) == len(pids) + 1 and pids == workers(pool)

                until(one_each)
                assert theirs
                # Until a worker is ready, this process has the other end of its socket too.
                until(lambda: not {*sockets(os.getpid())} & theirs)
                pool.close()

    def test_opens_table_files_late(self, store: Path) -> None:
        """A worker that has given up the file system can still open the files of its store."""
        with Pool(store) as pool:
            assert pool.run(job("SELECT * { GRAPH ?g { ?s ?p ?o } }")).rows

    def test_memory(self, store: Path) -> None:
        """A query that takes more memory than it may ends with that error, and the next is answered."""
        hog = "SELECT (STRLEN(?x40) AS ?n) { BIND ('x' AS ?x0) " + " ".join(
            f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40)
        )
        with Pool(store, Limits(memory=64 * 1024 * 1024)) as pool:
            with pytest.raises(QueryOutOfMemory, match="more memory than one query may have"):
                pool.run(job(hog + " }"))
            assert pool.run(job("ASK {}")).length

    def test_refused_where_it_cannot_be_confined(self, store: Path) -> None:
        """A system that denies the filter is reported, and no pool starts."""
        script = (
            "import sys; from pathlib import Path; from forumkg.workers import sandbox, pool\n"
            "sandbox._MACHINES = {m: sandbox._Machine(a, {'prctl': {'x86_64': 157, 'aarch64': 167}[m]})\n"
            "    for m, (a, _) in sandbox._MACHINES.items()}\n"
            "sandbox.no_new_privileges(); sandbox.deny_calls()\n"
            "pool.Pool(Path(sys.argv[1]))\n"
        )
        ended = subprocess.run(
            [sys.executable, "-c", script, store], capture_output=True, text=True, check=False
        )

        assert ended.returncode == 1
        assert "StoreError" in ended.stderr
        assert "cannot be kept from the network" in ended.stderr

    def test_dies_with_its_fork_server(self, store: Path) -> None:
        """A worker that evaluates a query dies in the moment in which its fork server does."""
        with Pool(store) as pool, background() as threads:
            busy(pool, threads, id_="x")
            (pid,) = working(pool)
            os.kill(fork_server(pool), signal.SIGKILL)
            until(lambda: not exists(pid))
            pool.cancel("x")

    def test_store_is_as_open_as_before(self, store: Path) -> None:
        """Queries that end by force leave the fork server's descriptors as they were."""
        with Pool(store, Limits(timeout=0.1)) as pool:
            until(
                lambda: len(sockets(fork_server(pool))) == 1
            )  # It lets go of what it passed on to its workers.
            before = descriptors(fork_server(pool))
            for _ in range(3):
                with pytest.raises(ForumKgError):
                    pool.run(job(ENDLESS))

            until(lambda: descriptors(fork_server(pool)) == before)
