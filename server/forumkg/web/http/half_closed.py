"""Find out whether a client that has ended its direction of a connection still reads.

Whether it half-closed its socket or closed it, the end looks the same. A client that is gone answers any byte
by a reset, so it is sent an interim response, which every client of HTTP/1.1 skips.
https://www.rfc-editor.org/rfc/rfc9110#section-15.2
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from forumkg.web.http.responses import CONTINUE

__all__ = ["abort_if_gone"]

# Seconds until the connection is probed, and between two looks at what came of it.
_INTERVAL: Final = 0.25
# The state of a TCP connection that has ended: tcp_states.h of Linux.
_TCP_CLOSE: Final = 7


def abort_if_gone(
    loop: asyncio.AbstractEventLoop, transport: asyncio.Transport, is_waited_for: Callable[[], bool]
) -> None:
    """Abort a connection as soon as it is seen that its client is gone.

    Args:
        loop: the event loop of the transport.
        transport: the connection, whose client has ended its direction.
        is_waited_for: whether its client still waits for the response.
    """

    def probe() -> None:
        if is_waited_for():
            transport.write(CONTINUE)
            loop.call_later(_INTERVAL, look)

    def look() -> None:
        if not is_waited_for():
            return
        with suppress(OSError):
            state = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
            if state[0] == _TCP_CLOSE:
                transport.abort()
                return
        loop.call_later(_INTERVAL, look)

    loop.call_later(_INTERVAL, probe)
