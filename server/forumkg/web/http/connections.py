"""The connections of one server, and the interface of the handler of their requests."""

import asyncio
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, Protocol

from forumkg.errors import RequestError
from forumkg.web.addresses import Network
from forumkg.web.http.admission import Admission
from forumkg.web.http.limits import ServerLimits
from forumkg.web.http.request import HttpRequest, SocketAddress
from forumkg.web.http.responses import Later, Reply

if TYPE_CHECKING:
    from forumkg.web.http.connection import Connection

__all__ = ["STATES", "Connections", "Handler", "State"]


# For the first request on a connection, when the server stops.
_FIRST_REQUEST_SECONDS: Final = 1.0


class State(Enum):
    """The state of a connection."""

    # Compared by identity: to look one up in a set calls a slow `__hash__` of Enum.
    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    ANSWERING = auto()
    SENDING = auto()
    LINGERING = auto()
    ENDED = auto()


# Those of open connections, as metrics name them.
STATES: Final = tuple(state.name.lower() for state in State if state is not State.ENDED)


class Handler(Protocol):
    """What answers requests. No method raises an error of its own."""

    @property
    def trusted(self) -> tuple[Network, ...]:
        """The proxies whose word on the client counts."""

    def respond(self, request: HttpRequest) -> Reply | Later:
        """Return the response to a request if it is known at once, else a coroutine function for it."""

    def refuse(self, error: RequestError, request: HttpRequest | bytes, peer: SocketAddress) -> Reply:
        """Return the response that says why a request is refused.

        Args:
            error: the reason.
            request: the request; what has come of it where it cannot be read.
            peer: the other end of the connection.
        """


class Connections:
    """The connections of one server, and what they share. For the thread of one event loop."""

    def __init__(self, handler: Handler, limits: ServerLimits, most: int) -> None:
        """Serve by a handler.

        Args:
            handler: answers the requests.
            limits: how long clients are waited for, and how much is held for them.
            most: how many connections may be open.
        """
        self.handler = handler
        self.limits = limits
        self.admission = Admission(limits, most)
        self.loop = asyncio.get_running_loop()
        self.is_stopping = False
        self.open: set[Connection] = set()
        self._ended = asyncio.Event()

    def stop(self) -> None:
        """End each connection after what runs on it; those on which nothing runs end now.

        A connection that is so new that no request has come gets its first one answered.
        """
        self.is_stopping = True
        for connection in tuple(self.open):
            if connection.is_idle and connection.is_new:
                connection.wait_for_first_request(_FIRST_REQUEST_SECONDS)
            elif connection.is_idle:
                connection.close()
        self._note_end()

    def abort(self) -> None:
        """End all connections, whatever runs on them."""
        for connection in tuple(self.open):
            connection.abort()

    async def ended(self) -> None:
        """Wait, after `stop`, until no connection is open."""
        await self._ended.wait()

    def count_by_state(self) -> dict[str, int]:
        """Return how many connections are in which state; for any thread."""
        counts = dict.fromkeys(STATES, 0)
        for connection in tuple(self.open):
            counts[connection.state] = counts.get(connection.state, 0) + 1
        return counts

    def leave(self, connection: "Connection") -> None:
        """Stop counting a connection."""
        self.open.discard(connection)
        self._note_end()

    def _note_end(self) -> None:
        if self.is_stopping and not self.open:
            self._ended.set()

    def check_deadlines(self) -> None:
        """End what has waited too long for its client."""
        now = self.loop.time()
        for connection in tuple(self.open):
            connection.check_deadline(now)
