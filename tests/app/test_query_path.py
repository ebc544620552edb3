"""The way of a query through the server, from its socket to its answer."""

import asyncio
import io
import sys
from pathlib import Path
from types import FrameType
from urllib.parse import urlencode

import pytest
from processes import until

import forumkg
from forumkg.app.assembly import assemble
from forumkg.dataset.versions import Version
from forumkg.web.http.connection import Connection
from forumkg.web.http.connections import Connections
from forumkg.web.http.limits import ServerLimits
from forumkg.web.logs import LogWriter
from forumkg.web.policy import Policy
from forumkg.web.request_handler import RequestHandler
from forumkg.workers.pool import Limits, Pool

PACKAGE = str(Path(forumkg.__file__).parent)
MOST = 15


@pytest.fixture
def handler(small_version: Version, small_pool: Pool) -> RequestHandler:
    """Answer requests on the small dataset, look-ups in this process."""
    with LogWriter(io.StringIO()) as log:
        handler = assemble(small_version, small_pool, Policy(), log)
    lookups = handler._queries._lookups
    assert lookups is not None
    until(lambda: lookups.is_filled)
    return handler


async def entered_by(handler: RequestHandler, queries: list[str]) -> list[set[str]]:
    """Return the modules whose functions each query enters; they come one after the other on a connection."""
    connections = Connections(handler, ServerLimits(), 10)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(connections), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    found = []
    for query in queries:
        entered: set[str] = set()

        def note(frame: FrameType, event: str, _: object, entered: set[str] = entered) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(PACKAGE):
                entered.add(frame.f_code.co_filename.removeprefix(f"{PACKAGE}/"))

        sys.setprofile(note)
        writer.write(f"GET /sparql?{urlencode({'query': query})} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        sys.setprofile(None)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        (length,) = (line[16:] for line in head.split(b"\r\n") if line.startswith(b"Content-Length: "))
        await reader.readexactly(int(length))
        found.append(entered)
    writer.close()
    server.close()
    await connections_ended(connections)
    return found


async def connections_ended(connections: Connections) -> None:
    """Wait until all connections have ended."""
    connections.stop()
    await connections.ended()


def test_modules_of_a_look_up(handler: RequestHandler) -> None:
    """A look-up that no cache knows is followed through few modules, none of them of the workers."""
    queries = [
        f"SELECT ?p{n} ?o {{ <https://w3id.org/zgc-forum/id/edition/2023> ?p{n} ?o }}" for n in range(3)
    ]

    *_, entered = asyncio.run(entered_by(handler, queries))

    assert len(entered) <= MOST, sorted(entered)
    assert "sparql/lookups.py" in entered
    assert not {module for module in entered if module.startswith("workers/")}


@pytest.mark.parametrize(("more", "is_copied"), [(0, True), (-1, False)])
def test_copy_of_a_large_dataset(small_version: Version, more: int, is_copied: bool) -> None:
    """A dataset with more triples than may be in memory is not copied for look-ups, not even in part."""
    limits = Limits(in_memory=small_version.info.triples + more)
    with LogWriter(io.StringIO()) as log, Pool(small_version.path / "store", limits, is_lazy=True) as pool:
        lookups = assemble(small_version, pool, Policy(), log)._queries._lookups
    assert lookups is not None

    if is_copied:
        until(lambda: lookups.is_filled)
    else:
        assert lookups._thread is None
