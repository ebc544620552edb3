"""The limits of the HTTP server."""

from dataclasses import dataclass
from typing import Final

__all__ = ["MAX_BODY", "MAX_FIELDS", "MAX_FIELD_BYTES", "ServerLimits"]

_MIB: Final = 1024 * 1024

# No query that people write comes near it, and no article that they map; parsers take time for what is long.
MAX_BODY: Final = _MIB
# Header fields of one request; browsers send some twenty.
MAX_FIELDS: Final = 100
# Of one field: some are read by parsers that take milliseconds for what is longer.
MAX_FIELD_BYTES: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """How long the server waits for its clients, and how much it holds for them.

    A client is an address, or a network of 64 bits in IPv6, behind the proxies that are trusted.

    Attributes:
        header_seconds: for the head of a request, and for an idle connection.
        header_bytes: of the head of a request.
        body_seconds: for the body of a request.
        body_bytes: of the body of a request.
        bodies_bytes: of all bodies that are being received or answered.
        client_bodies_bytes: the same for one client.
        unread_seconds: without a byte that the client reads; then the connection ends.
        least_pace: bytes a second that a client reads on average, after the first `unread_seconds`.
        linger_seconds: for a client to read the last response of its connection.
        connections: at the same time, as far as the system lets a process have so many files.
        client_connections: the same for one client; trusted proxies have no such limit.
        grace_seconds: for running requests when the server stops.
    """

    header_seconds: float = 15.0
    header_bytes: int = 64 * 1024
    body_seconds: float = 30.0
    body_bytes: int = MAX_BODY
    bodies_bytes: int = 64 * _MIB
    client_bodies_bytes: int = 16 * _MIB
    unread_seconds: float = 60.0
    least_pace: float = 16 * 1024
    linger_seconds: float = 5.0
    connections: int = 4096
    client_connections: int = 1024
    grace_seconds: float = 10.0
