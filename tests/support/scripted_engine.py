"""An engine that answers as its script says: whole, cut, late, with the wrong status or not at all."""

import gc
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from forumkg.engine.connection import Engine, EngineConnection
from forumkg.engine.profiles import PROFILES, Profile

__all__ = ["JSON_TYPE", "ScriptedAnswer", "ScriptedEngine", "scripted_engine"]

_VERSION = b"http://purl.org/dc/terms/identifier"
JSON_TYPE = "application/sparql-results+json"


@dataclass(frozen=True)
class ScriptedAnswer:
    """What the engine sends.

    Attributes:
        body: the body.
        status: the status.
        content_type: the Content-Type.
        headers: further header fields.
        framing: `length`, `chunked`, or `close`: the end of the connection ends the body.
        cut: the bytes of the body after which the connection ends, although the framing promises more.
        waits: whether it sends nothing before `ScriptedEngine.go` is set.
        drips: the part that it sends byte by byte, each after a tenth of a second: `head`, `body` or none.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    framing: str = "length"
    cut: int | None = None
    waits: bool = False
    drips: str = ""


class ScriptedEngine:
    """A running engine.

    Attributes:
        answer: what it sends next, and until this is changed.
        versions: the digests of the versions that it says it holds; None answers that query by the script.
        received: the requests: path, headers and body; those for the version left out.
        compared: how often it was asked for the version.
        go: lets answers go that wait.
        port: where it listens.
    """

    def __init__(self, server: "_Server", profile: Profile) -> None:
        self.answer = ScriptedAnswer()
        self.versions: tuple[str, ...] | None = None
        self.compared = 0
        self.received: list[tuple[str, Mapping[str, str], bytes]] = []
        self.go = threading.Event()
        self.port = server.server_port
        self.engine = Engine(profile, f"http://127.0.0.1:{self.port}")
        self._server = server
        self.connections: list[EngineConnection] = []

    def open_connection(self) -> EngineConnection:
        """Return a connection to the engine that is closed with it."""
        self.connections.append(EngineConnection(self.engine, 60))
        return self.connections[-1]

    @property
    def accepted(self) -> int:
        """How many connections it has accepted."""
        return len(self._server.connections)

    def end_connections(self) -> None:
        """End all connections, as an engine does that has waited long enough for the next request."""
        self._server.close_all()


def _versions(digests: tuple[str, ...]) -> ScriptedAnswer:
    """Return the answer to the query for the version."""
    rows = [{"value": {"type": "literal", "value": digest}} for digest in digests]
    document = {"head": {"vars": ["value"]}, "results": {"bindings": rows}}
    return ScriptedAnswer(json.dumps(document).encode())


@contextmanager
def scripted_engine(profile: str | Profile = "oxigraph", *, port: int = 0) -> Iterator[ScriptedEngine]:
    """Run an engine for the time of a test, on a free port unless one is named."""
    # Answers of pyoxigraph that tests before have left must not be dropped by a thread of this server.
    gc.collect()
    gc.freeze()  # The next time is cheap.
    server = _Server(("127.0.0.1", port), _Handler)
    kind = PROFILES[profile] if isinstance(profile, str) else profile
    found = ScriptedEngine(server, kind)
    server.engine = found
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.go.set()
        for connection in found.connections:
            connection.close()
        server.shutdown()
        server.close_all()
        server.server_close()
        thread.join()


@contextmanager
def reserved_port() -> Iterator[int]:
    """Keep a port that scripted engines may come to and leave: without one, connections to it are refused.

    A port that is free for a moment may be given to another process.
    """
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_POST(self) -> None:
        found = self.server.engine
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if found.versions is not None and _VERSION in body:
            found.compared += 1
            self._send(_versions(found.versions))
            return
        found.received.append((self.path, dict(self.headers.items()), body))
        answer = found.answer
        if answer.waits:
            found.go.wait(60)
        self._send(answer)

    do_GET = do_POST  # noqa: N815 (names of the library)
    do_PUT = do_POST  # noqa: N815

    def _drip(self, data: bytes) -> None:
        """Send byte by byte until the client has gone."""
        with suppress(OSError):
            for byte in data:
                self.wfile.write(bytes([byte]))
                if self.server.engine.go.wait(0.1):
                    break
        self.close_connection = True

    def _send(self, answer: ScriptedAnswer) -> None:
        if answer.drips == "head":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000)
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.framing == "length":
            self.send_header("Content-Length", str(len(answer.body)))
        elif answer.framing == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        sent = answer.body[: answer.cut]
        if answer.drips == "body":
            self._drip(sent)
            return
        if answer.framing == "chunked":
            for start in range(0, len(sent), 50):
                piece = sent[start : start + 50]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n" if answer.cut is None else b"")
        else:
            self.wfile.write(sent)
        if answer.framing == "close" or answer.cut is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Write no log."""


class _Server(ThreadingHTTPServer):
    """Keeps its connections, to end them as a process does that dies."""

    daemon_threads = True
    allow_reuse_address = True
    allow_reuse_port = True  # For a port of `reserved_port`.

    engine: ScriptedEngine

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.connections: list[socket.socket] = []
        super().__init__(address, handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address

    def close_all(self) -> None:
        for connection in [*self.connections]:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that has gone."""
