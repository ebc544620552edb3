"""What is asked of the pool of workers, what it gives back, and the bounds that it keeps."""

from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple, Self

from forumkg.formats import Format

__all__ = ["Answer", "Job", "Limits", "PoolStatistics"]

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of the pool; the defaults suit a public endpoint on two cores with 2 to 4 GB.

    Attributes:
        timeout: seconds from the arrival of a job to its answer; a job may ask for less, never for more.
        memory: bytes that a worker may take beyond what it has at its start.
        workers: queries that run at the same time in the fast lane.
        slow_workers: queries that run longer at the same time, with the lowest priority.
        fast_seconds: seconds of work after which a query moves to the slow lane, or waits for a place there.
        queue: jobs that wait for each lane; more are refused.
        max_result: bytes of the longest answer.
        spool: bytes of all long answers that wait to be read, however slowly, by their clients.
        in_memory: triples of the largest dataset (in its default graph, or in its named graphs together)
            that workers hold in memory, which they share; a larger one they read from disk.
    """

    timeout: float = 30.0
    memory: int = 256 * _MIB
    workers: int = 2
    slow_workers: int = 4
    fast_seconds: float = 1.0
    queue: int = 64
    max_result: int = 1024 * _MIB
    spool: int = 4096 * _MIB
    in_memory: int = 100_000


class Job(NamedTuple):
    """A query to evaluate.

    Attributes:
        query: SPARQL of one of the four query forms.
        format: how to write the answer.
        default_graphs: graphs whose merge is the default graph, in the place of what the query says.
        named_graphs: graphs that GRAPH reaches, in the place of what the query says.
        timeout: seconds, if less than the pool's.
        client: who asks (an address); clients share the pool evenly.
        id: a name to cancel the job by.
    """

    query: str
    format: Format
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None
    client: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; its receiver closes it.

    Attributes:
        body: the bytes, or a file without a name that holds them and is read from its start.
        length: how many bytes there are.
        rows: how many rows, triples or truth values; None where they were not counted.
        seconds: what the evaluation and the writing took.
        waited: seconds from the arrival of the job to its start.
    """

    body: bytes | BinaryIO
    length: int
    rows: int | None
    seconds: float
    waited: float

    def read(self) -> bytes:
        """Return the whole body, whatever its size, and close the answer."""
        with self:
            return self.body if isinstance(self.body, bytes) else self.body.read()

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        if not isinstance(self.body, bytes):
            self.body.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """What the pool does now, and what it has done since its start.

    Attributes:
        idle: workers that wait for a query.
        fast: queries that run in the fast lane.
        slow: queries that run in the slow lane.
        queued: jobs that wait for the fast lane.
        slow_queued: jobs that wait for the slow lane.
        outcomes: how many jobs ended how: `answered`, or the name of an error.
        forks: workers that were started.
        fork_servers: how often the process that forks workers was started.
        spooled: bytes of long answers that wait to be read.
    """

    idle: int
    fast: int
    slow: int
    queued: int
    slow_queued: int
    outcomes: dict[str, int]
    forks: int
    fork_servers: int
    spooled: int = 0
