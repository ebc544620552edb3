"""Clients of several replicas: what they notice while these are disturbed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import quote

from bench.replica_set import PATIENCE

__all__ = ["CLIENTS", "Load", "Phase", "phase_table"]

CLIENTS: Final = tuple(f"127.0.2.{number}" for number in range(1, 9))


@dataclass(slots=True)
class Phase:
    """What clients noticed during one disturbance."""

    name: str
    answers: int = 0
    failures: list[str] = field(default_factory=list)
    longest: float = 0.0


class Load:
    """Clients that send one distinct query after the other, each from an address of its own.

    Attributes:
        phases: what they noticed, one disturbance after the other.
        versions: the digests of the versions that answered each client, each change of them.
    """

    def __init__(self, port: int, query: str, is_right: Callable[[bytes, str], bool]) -> None:
        """Send nothing yet.

        Args:
            port: where the balancer listens, on 127.0.0.1.
            query: the query, to the end of which a comment is added.
            is_right: whether an answer in CSV is right for the digest of a version.
        """
        self.phases: list[Phase] = []
        self.versions: dict[str, list[str]] = {client: [] for client in CLIENTS}
        self._port, self._query, self._is_right = port, query, is_right
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=[client]) for client in CLIENTS]

    @contextmanager
    def running(self) -> Iterator["Load"]:
        """Send queries while the block runs."""
        self.phases.append(Phase("nothing"))
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def begin(self, name: str) -> None:
        """Count what follows for another disturbance."""
        with self._lock:
            self.phases.append(Phase(name))

    def all_have(self, digest: str) -> bool:
        """Whether the last answer of each client was from a version."""
        return all(versions[-1:] == [digest] for versions in self.versions.values())

    def _run(self, client: str) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            began = time.perf_counter()
            failure, digest = self._ask(client, number)
            with self._lock:
                phase = self.phases[-1]
                phase.answers += 1
                phase.longest = max(phase.longest, time.perf_counter() - began)
                if failure:
                    phase.failures.append(failure)
                elif self.versions[client][-1:] != [digest]:
                    self.versions[client].append(digest)

    def _ask(self, client: str, number: int) -> tuple[str, str]:
        """Return why a query failed, or nothing, and the digest of the version."""
        path = f"/sparql?query={quote(f'{self._query} #{client} {number}')}"
        try:
            with closing(HTTPConnection("127.0.0.1", self._port, PATIENCE, (client, 0))) as connection:
                connection.request("GET", path, headers={"Accept": "text/csv"})
                response = connection.getresponse()
                body = response.read()
        except (OSError, HTTPException) as error:
            return repr(error), ""
        digest = response.headers.get("Forumkg-Version", "").partition("; ")[2]
        if response.status != HTTPStatus.OK or not self._is_right(body, digest):
            return f"{response.status} {body[:80]!r}", ""
        return "", digest


def phase_table(load: Load, order: str) -> str:
    """Return a table of what clients noticed; `order` says from which versions each was answered."""
    lines = ["| disturbance | queries | failed | longest answer, s |", "|---|---:|---:|---:|"]
    lines += [
        f"| {phase.name} | {phase.answers:,} | {len(phase.failures)} | {phase.longest:.2f} |"
        for phase in load.phases
    ]
    examples = sorted({failure for phase in load.phases for failure in phase.failures})[:5]
    notes = [f"\nFailures: {'; '.join(examples)}."] if examples else []
    clients = f"\n{len(CLIENTS)} clients; each had {order}."
    return "\n".join([*lines, clients, *notes, ""])
