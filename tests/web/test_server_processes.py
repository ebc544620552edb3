"""Several server processes on one address, and their replacement under load."""

import http.client
import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import small_dataset
from processes import children, exists, tree, until
from servers import SCRIPTS, Server, forumkg_server
from small_dataset import PREFIXES, Small

from forumkg.dataset.versions import current, open_version

QUERY = f"/sparql?query={quote(PREFIXES + 'SELECT ?year { ?edition zgc:year ?year } ORDER BY ?year')}"
CLIENTS = tuple(f"127.0.0.{number}" for number in range(2, 8))


@pytest.fixture
def dataset(tmp_path: Path) -> Small:
    """Write the small dataset."""
    return small_dataset.write(tmp_path / "root")


@pytest.fixture
def data(dataset: Small, tmp_path: Path) -> Path:
    """Build the first version, and return the data directory."""
    publish(dataset, tmp_path / "data")
    return tmp_path / "data"


def publish(dataset: Small, data: Path) -> str:
    """Build a version from the files as they are, and return its label."""
    info = open_version(data, dataset.files, ontology_dir=dataset.ontology_dir).info
    return info.label


@contextmanager
def served(data: Path, processes: int = 2, *, log_level: str = "warning") -> Iterator[Server]:
    """Serve what a data directory has."""
    options = [
        "--no-build",
        "--data",
        str(data),
        "--port",
        "0",
        "--client-seconds",
        "0",
        "--log-level",
        log_level,
    ]
    command = [str(SCRIPTS / "forumkg"), "serve", *options, "--processes", str(processes)]
    with forumkg_server(command) as server:
        try:
            yield server
        finally:
            pids = tree(server.process.pid)
            server.process.kill()
            until(lambda: not any(exists(pid) for pid in pids))


def request(server: Server, path: str, client: str) -> tuple[int, str, bytes]:
    """Return status, version and body of a response to a client on a new connection."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, 60, (client, 0))) as connection:
        connection.request("GET", path, headers={"Accept": "text/csv"})
        response = connection.getresponse()
        return response.status, response.getheader("Forumkg-Version", ""), response.read()


def served_requests(server: Server, client: str) -> int:
    """Return how many requests the process of a client has answered."""
    _, _, body = request(server, "/metrics", client)
    return sum(
        int(count) for count in re.findall(rb"^forumkg_requests_total\{.*\} (\d+)", body, re.MULTILINE)
    )


class Load:
    """Clients that send requests until they are stopped, on new connections and on one that is kept."""

    def __init__(self, server: Server) -> None:
        self.versions: dict[str, list[str]] = {client: [] for client in CLIENTS}
        self.failures: list[str] = []
        self._server = server
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=[client]) for client in CLIENTS]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, client: str) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            try:
                status, version, body = request(self._server, f"{QUERY}%20%23{number}", client)
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                continue
            if status != 200 or not body.endswith(b"\r\n"):
                self.failures.append(f"{status} {body!r}")
            self.versions[client].append(version)

    def all_have(self, version: str) -> bool:
        """Whether each client has been answered from a version last."""
        return all(versions[-1:] == [version] for versions in self.versions.values())


def test_client_stays_with_its_process(data: Path) -> None:
    """All connections of a client go to one process, and those of many clients to each of them."""
    with served(data) as server:
        before = {client: served_requests(server, client) for client in CLIENTS}
        for _ in range(5):
            assert request(server, QUERY, CLIENTS[0])[0] == 200
        after = {client: served_requests(server, client) for client in CLIENTS}

    assert after[CLIENTS[0]] - before[CLIENTS[0]] >= 5
    grown = {client for client in CLIENTS if after[client] - before[client] >= 5}
    assert CLIENTS[0] in grown
    assert grown != {*CLIENTS}


def test_roll_out_and_back_under_load(dataset: Small, data: Path) -> None:
    """SIGHUP serves the next version: no request fails, and no client goes back to an older one."""
    first = publish(dataset, data)
    entities = dataset.root / "graph" / "entities.ttl"
    text = entities.read_text(encoding="utf-8")

    with served(data) as server, Load(server) as load:
        until(lambda: load.all_have(first))
        entities.write_text(f"{text}\n# changed\n", encoding="utf-8")
        second = publish(dataset, data)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: load.all_have(second))
        entities.write_text(text, encoding="utf-8")
        third = publish(dataset, data)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: load.all_have(third))

    assert load.failures == []
    assert (first.split(";")[1], first) == (third.split(";")[1], first)
    for versions in load.versions.values():
        assert versions == sorted(versions, key=[first, second, third].index)


def test_log_of_a_replacement(dataset: Small, data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The log says once when the new processes have taken over, and which version they serve."""
    with served(data, log_level="info") as server:
        dataset.add_edition(1999)
        second = publish(dataset, data)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: all(request(server, QUERY, client)[1] == second for client in CLIENTS))

    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    found = [line for line in lines if line["event"] == "server processes replaced"]
    assert [(line["level"], line["version"], line["processes"]) for line in found] == [("info", second, 2)]


def without_number(data: Path) -> None:
    """Let a data directory name a version that it does not have."""
    (data / "CURRENT").write_text("99\n", encoding="utf-8")


def with_changed_byte(data: Path) -> None:
    """Change one byte of the store of the version that a data directory has."""
    path = next((data / "versions" / (data / "CURRENT").read_text("utf-8").strip()).glob("store/*.sst"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.faults
@pytest.mark.parametrize("damage", [without_number, with_changed_byte], ids=["missing", "changed-byte"])
def test_version_that_cannot_be_served(
    dataset: Small, data: Path, capfd: pytest.CaptureFixture[str], damage: Callable[[Path], None]
) -> None:
    """The old version goes on where the new one is damaged, and the log says why in lines of JSON."""
    label = publish(dataset, data)
    log = ""
    with served(data) as server:
        dataset.add_edition(1999)
        publish(dataset, data)
        damage(data)
        number = (data / "CURRENT").read_text(encoding="utf-8").strip()
        pids = {*children(server.process.pid)}
        server.process.send_signal(signal.SIGHUP)

        def has_failed() -> bool:
            nonlocal log
            log += capfd.readouterr().err
            return "replacement failed" in log

        until(has_failed)
        # For a process that is replaced meanwhile.
        (data / "CURRENT").write_text("1\n", encoding="utf-8")

        assert {request(server, QUERY, client)[:2] for client in CLIENTS} == {(200, label)}
        assert pids <= {*children(server.process.pid)}

    lines = [json.loads(line) for line in log.splitlines()]
    reasons = {line["reason"] for line in lines if line["event"] == "server process cannot start"}
    assert [reason.startswith(f"The version {number} in {data} is damaged") for reason in reasons] == [True]


@pytest.mark.faults
def test_new_process_killed_during_a_roll_out(dataset: Small, data: Path) -> None:
    """The old version is served until the next SIGHUP, and no client goes back to it afterwards."""
    first = publish(dataset, data)
    with served(data) as server, Load(server) as load:
        until(lambda: load.all_have(first))
        old = {*children(server.process.pid)}
        dataset.add_edition(1999)
        second = publish(dataset, data)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: {*children(server.process.pid)} - old)
        for pid in {*children(server.process.pid)} - old:
            os.kill(pid, signal.SIGKILL)
        # A SIGHUP that comes while processes start waits for them.
        server.process.send_signal(signal.SIGHUP)
        until(lambda: load.all_have(second))
        until(lambda: not any(exists(pid) for pid in old))

    for versions in load.versions.values():
        assert versions == sorted(versions, key=[first, second].index)


@pytest.mark.faults
def test_supervisor_killed_during_a_roll_out(dataset: Small, data: Path) -> None:
    """Neither an old nor a new process stays behind, and a start afterwards serves the new version."""
    with served(data) as server:
        old = {*children(server.process.pid)}
        dataset.add_edition(1999)
        second = publish(dataset, data)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: {*children(server.process.pid)} - old)
        pids = tree(server.process.pid)
        server.process.kill()
        server.process.wait(60)

        until(lambda: not any(exists(pid) for pid in pids))
    with served(data) as server:
        assert request(server, QUERY, CLIENTS[0])[:2] == (200, second)


def test_killed_process_is_replaced(data: Path) -> None:
    """A process that ends by itself is started again; meanwhile the other one serves its clients."""
    with served(data) as server:
        killed = children(server.process.pid)[0]
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in (pids := children(server.process.pid)) and len(pids) == 2)

        def answered() -> bool:
            try:
                return all(request(server, QUERY, client)[0] == 200 for client in CLIENTS)
            except (OSError, http.client.HTTPException):
                return False  # The connection was handed over at the moment of the end.

        until(answered)


def test_stop(data: Path) -> None:
    """SIGTERM ends all processes in order, with status 0."""
    with served(data) as server:
        assert request(server, QUERY, CLIENTS[0])[0] == 200
        pids = tree(server.process.pid)
        server.process.terminate()

        assert server.process.wait(60) == 0
        until(lambda: not any(exists(pid) for pid in pids))


def test_supervisor_killed(data: Path) -> None:
    """Server processes end when their supervisor has gone."""
    with served(data) as server:
        pids = tree(server.process.pid)
        server.process.kill()
        server.process.wait(60)

        until(lambda: not any(exists(pid) for pid in pids))


def test_nothing_to_serve(tmp_path: Path) -> None:
    """Without a version the command says where to get one, and ends."""
    command = [str(SCRIPTS / "forumkg"), "serve", "--no-build", "--data", str(tmp_path), "--port", "0"]
    ended = subprocess.run(
        [*command, "--processes", "2"], capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert set(ended.stderr.splitlines()) == {
        f"Error: The data directory {tmp_path} has no version: build one with `forumkg serve`, or copy one "
        "with `forumkg pull`."
    }
    assert current(tmp_path) is None
