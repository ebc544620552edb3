"""Share connections and memory for bodies among clients."""

from collections import Counter
from itertools import islice
from typing import Final, Protocol

from forumkg.web.http.limits import ServerLimits

__all__ = ["Admission"]

_OLDEST: Final = 32


class Closable(Protocol):
    """A connection, as far as admission knows it."""

    @property
    def is_idle(self) -> bool:
        """Whether no request of it is under way."""

    @property
    def is_receiving(self) -> bool:
        """Whether a request has not come to its end."""

    def close(self) -> None:
        """End it."""


class Admission:
    """The connections that are open, and the bytes of the bodies that are held, in all and by client.

    For the thread of one event loop.
    """

    def __init__(self, limits: ServerLimits, connections: int) -> None:
        """Set the bounds.

        Args:
            limits: the shares of a client, and the bytes of all bodies.
            connections: how many may be open, which may be fewer than the limits say.
        """
        self._limits = limits
        self._most = connections
        self._share = min(limits.client_connections, max(1, connections // 2))
        self._open: dict[str, dict[Closable, None]] = {}
        self._count = 0
        self._bodies: Counter[str] = Counter()
        self._bodies_total = 0

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return self._count

    @property
    def bodies_bytes(self) -> int:
        """How many bytes of bodies are held."""
        return self._bodies_total

    def enter(self, client: str, connection: Closable, *, has_share: bool = True) -> bool:
        """Admit a connection, if need be by closing one of the client that has the most.

        Args:
            client: the other end.
            connection: the connection, which has to `leave` if it is admitted.
            has_share: whether the share of a client holds for this one.

        Returns:
            Whether it is admitted.
        """
        if has_share and len(self._open.get(client, ())) >= self._share:
            heaviest = client
        elif self._count >= self._most:
            heaviest = max(self._open, key=lambda each: len(self._open[each]))
        else:
            heaviest = ""
        if heaviest and not self._close_one(heaviest):
            return False
        self._open.setdefault(client, {})[connection] = None
        self._count += 1
        return True

    def leave(self, client: str, connection: Closable) -> None:
        """Stop counting a connection; one that has left already may do so again."""
        connections = self._open.get(client, {})
        if connection not in connections:
            return
        del connections[connection]
        self._count -= 1
        if not connections:
            del self._open[client]

    def _close_one(self, client: str) -> bool:
        """Close an old connection on which nothing is answered; return whether there was one.

        An idle one, where there is one among the oldest: to look through all takes longer than to accept.
        """
        connections = self._open[client]
        found = next((each for each in islice(connections, _OLDEST) if each.is_idle), None)
        found = found or next((each for each in connections if each.is_idle or each.is_receiving), None)
        if found is None:
            return False
        self.leave(client, found)
        found.close()
        return True

    def hold(self, client: str, length: int) -> bool:
        """Count bytes of a body of a client; return whether there was room for them."""
        limits = self._limits
        if (
            self._bodies[client] + length > limits.client_bodies_bytes
            or self._bodies_total + length > limits.bodies_bytes
        ):
            return False
        self._bodies[client] += length
        self._bodies_total += length
        return True

    def release(self, client: str, length: int) -> None:
        """Release bytes of a body."""
        self._bodies_total -= length
        self._bodies[client] -= length
        if self._bodies[client] <= 0:
            del self._bodies[client]
