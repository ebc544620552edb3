"""What an attacker needs: connections from any address of this machine, and requests of any bytes."""

import re
import socket
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

__all__ = [
    "ATTACKER",
    "Response",
    "ask",
    "connect",
    "exchange",
    "head",
    "metric",
    "query_target",
    "read_response",
    "resident_mib",
]

# A client of its own: all of 127.0.0.0/8 is this machine, and the good client is 127.0.0.1.
ATTACKER = "127.0.0.66"


class Response(NamedTuple):
    """A response: its status, its headers by their names in lower case, and its body."""

    status: int
    headers: dict[str, str]
    body: bytes


def connect(port: int | None, address: str = ATTACKER, seconds: float = 60) -> socket.socket:
    """Connect from an address."""
    assert port
    return socket.create_connection(("127.0.0.1", port), timeout=seconds, source_address=(address, 0))


def head(method: str, target: str, length: int | None = None, **headers: str) -> bytes:
    """Return the head of a request."""
    fields = {"Host": "127.0.0.1", **headers}
    if length is not None:
        fields["Content-Length"] = str(length)
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, "", ""]).encode("latin-1")


def exchange(connection: socket.socket, request: bytes) -> Response:
    """Send a request, and read the response to its end."""
    connection.sendall(request)
    return read_response(connection)


def read_response(connection: socket.socket) -> Response:
    """Read a response to its end."""
    with connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        headers: dict[str, str] = {}
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return Response(status, headers, stream.read(int(headers.get("content-length", "0"))))


def query_target(query: str, **parameters: str) -> str:
    """Return the target of a request that sends a query by its address."""
    return f"/sparql?{urlencode({'query': query, **parameters})}"


def ask(port: int | None, request: bytes, address: str = ATTACKER) -> Response:
    """Send a request on a connection of its own."""
    with connect(port, address) as connection:
        return exchange(connection, request)


def metric(port: int | None, name: str) -> float:
    """Return a metric of a server, summed over labels that are not named; read by the good client."""
    text = ask(port, head("GET", "/metrics"), "127.0.0.1").body.decode()
    pattern = re.escape(name) if name.endswith("}") else f"{name}(?:{{[^}}]*}})?"
    values = re.findall(rf"^{pattern} (\S+)$", text, re.MULTILINE)
    assert values, f"no metric {name}"
    return sum(map(float, values))


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096 / 1024 / 1024
