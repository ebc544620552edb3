"""Confirm that an engine still holds the version that is served, before an answer of it is passed on.

An answer is confirmed by a comparison that begins after the answer was whole. At most one comparison is
under way; all answers that have come meanwhile share the next one, so that the load of an engine by
comparisons is bounded by one connection, however many queries there are.
"""

import asyncio
from typing import Final

from forumkg.engine.connection import Engine, EngineConnection
from forumkg.engine.stored import require_stored
from forumkg.errors import EngineError

__all__ = ["VersionGuard"]

# Seconds to connect, and for the answer to a query for one triple.
_PATIENCE: Final = 5.0


class VersionGuard:
    """Compares the version of an engine with the one that is served; for one event loop."""

    def __init__(self, engine: Engine) -> None:
        """Compare nothing yet; the engine has the digest of the version."""
        self._engine = engine
        self._connection: EngineConnection | None = None
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def confirm(self) -> None:
        """Return once a comparison that begins after this call has found the version.

        Raises:
            EngineVersionError: the engine holds something else.
            LimitError: it does not answer; its subclasses say why.
        """
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._compare(self._running))
            self._next.add_done_callback(_retrieve)
        # A client that goes away cancels its own wait, and not the comparison of others.
        await asyncio.shield(self._next)

    def close(self) -> None:
        """Close the connection; for the end, when no answer waits any more."""
        if self._connection is not None:
            self._connection.close()

    async def _compare(self, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        await asyncio.to_thread(self._require)

    def _require(self) -> None:
        """Compare, in a thread, of which there is one at a time."""
        connection = self._connection
        if connection is not None and connection.is_open:
            try:
                require_stored(connection, _PATIENCE)
            except EngineError:
                connection.close()  # An engine ends a connection that it has had for long enough.
            else:
                return
        self._connection = connection = EngineConnection(self._engine, _PATIENCE)
        require_stored(connection, _PATIENCE)


def _retrieve(task: "asyncio.Task[None]") -> None:
    """Keep asyncio from logging the error of a comparison for which no answer waits any more."""
    if not task.cancelled():
        task.exception()
