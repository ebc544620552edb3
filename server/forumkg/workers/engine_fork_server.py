"""Fork workers that have a remote engine evaluate queries: a separate program.

`python -m forumkg.workers.engine_fork_server` is the fork server. A worker opens its one connection to the
engine, then gives up the network for good, and takes queries. When the connection ends, so does the worker.
"""

import json
import os
import select
import socket
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

from forumkg.engine.answers import answer_by_engine
from forumkg.engine.authorization import read_authorization
from forumkg.engine.connection import Engine, EngineConnection, tls_context
from forumkg.engine.profiles import PROFILES
from forumkg.engine.queries import read_for_engine
from forumkg.errors import EngineError, StoreError
from forumkg.formats import Format
from forumkg.sparql.result_writers import Output
from forumkg.workers import sandbox
from forumkg.workers.fork_server_process import obey, outlive_signals, try_to_confine
from forumkg.workers.messages import send
from forumkg.workers.queries import NOT_BEGUN, Limits
from forumkg.workers.query_loop import Facts, take_queries

__all__ = ["EngineForkSettings", "main", "serve"]

# Seconds to connect, and between two attempts while no query waits.
_CONNECT: Final = 5.0
_PAUSE: Final = 1.0
# The only folder that a worker may read: one that holds no secret.
_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class EngineForkSettings:
    """The command line of the process.

    Attributes:
        engine: the engine to query; its Authorization header is passed in the environment.
        limits: those of the pool.
        confined: refuse to start where queries cannot be kept from the network.
    """

    engine: Engine
    limits: Limits
    confined: bool

    def command(self, control: int) -> list[str]:
        """Return module and arguments of a fork server for a control socket; `read` is the inverse."""
        engine = self.engine
        graphs = engine.graphs if engine.profile.names_graphs else ()
        settings = {
            "profile": engine.profile.name,
            "url": engine.url,
            "graphs": graphs,
            "limits": asdict(self.limits),
            "confined": self.confined,
        }
        return ["forumkg.workers.engine_fork_server", str(control), json.dumps(settings)]

    @classmethod
    def read(cls, words: list[str]) -> tuple[Self, int]:
        """Return what the arguments say, and the descriptor of the socket."""
        control, text = words
        settings = json.loads(text)
        engine = Engine(
            PROFILES[settings["profile"]],
            settings["url"],
            tuple(settings["graphs"]),
            authorization=read_authorization(),
        )
        return cls(engine, Limits(**settings["limits"]), settings["confined"]), int(control)


def main(settings: EngineForkSettings, descriptor: int) -> None:
    """Fork workers until the control socket is closed."""
    outlive_signals()
    control = socket.socket(fileno=descriptor)
    confine = partial(sandbox.confine, folder=_FOLDER, memory=settings.limits.memory)
    try:
        try_to_confine(partial(confine, confined=settings.confined))
    except (OSError, StoreError) as error:
        send(control, {"error": str(error)})
        return
    if settings.engine.url.startswith("https:"):
        tls_context()  # Reads the certificate authorities once for all workers.
    obey(control, partial(confine, confined=False), partial(serve, settings=settings))


def serve(connection: socket.socket, errors: int, settings: EngineForkSettings) -> None:
    """Connect to the engine, give up the network, then have queries evaluated until the other side ends."""
    remote = _connect(settings.engine, connection)
    if settings.confined:
        sandbox.isolate(_FOLDER)
    take_queries(
        connection,
        errors,
        partial(_evaluate, remote),
        settings.limits.max_result,
        await_query=partial(_await_query, connection, remote),
        is_spent=lambda: not isinstance(remote, EngineConnection) or not remote.is_open,
    )


def _connect(engine: Engine, connection: socket.socket) -> EngineConnection | EngineError:
    """Return a connection to the engine, or the error of an attempt that was made while a query waits."""
    is_awaited = False
    while True:
        try:
            return EngineConnection(engine, _CONNECT)
        except EngineError as error:
            if is_awaited:
                return error
        is_awaited = bool(select.select([connection], [], [], _PAUSE)[0])


def _await_query(connection: socket.socket, remote: EngineConnection | EngineError) -> None:
    """Wait for a query; end this process if the engine ends its connection before one is sent to it."""
    if not isinstance(remote, EngineConnection) or not remote.is_open:
        return
    readable: list[int] = []
    while connection.fileno() not in readable:
        readable, _, _ = select.select([connection.fileno(), remote.fileno()], [], [])
        if remote.fileno() in readable and remote.has_ended():
            os._exit(NOT_BEGUN)  # A query that has arrived is given to another worker.


def _evaluate(
    remote: EngineConnection | EngineError, facts: Facts, text: str, format_: Format, output: Output
) -> None:
    """Have the engine answer a query in what is left of its time."""
    query = read_for_engine(text, facts["default"], facts["named"])
    if isinstance(remote, EngineError):
        raise remote
    answer_by_engine(remote, query, format_, output, seconds=facts["deadline"] - time.monotonic())


if __name__ == "__main__":
    main(*EngineForkSettings.read(sys.argv[1:]))
