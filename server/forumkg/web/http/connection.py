"""One connection: requests in, one after the other, and their responses out in the same order.

```
            first byte        head complete        body complete
    IDLE ─────────────▶ HEAD ──────────────▶ BODY ──────────────▶ ANSWERING ──▶ SENDING ──▶ IDLE
                          │                    │                                   │
                          └──── refused ───────┴────────▶ SENDING ──▶ LINGERING ◀──┘ last response
```

A response that is known at once is sent within `data_received`. Otherwise a task answers the request, and is
cancelled when the client hangs up. The connection is read meanwhile, or no hang-up would be noticed.

The server closes in stages: it ends its own direction, and reads on until the client ends the other one. So a
client that is still sending can read why it was refused. https://www.rfc-editor.org/rfc/rfc9112#section-9.6
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Final, cast

from forumkg.errors import BadRequest, LimitError, RequestError, RequestTimeout
from forumkg.web.addresses import client_key, is_trusted
from forumkg.web.http.connections import Connections, State
from forumkg.web.http.half_closed import abort_if_gone
from forumkg.web.http.request import (
    SAFE_METHODS,
    HttpRequest,
    address_of,
    check_framing,
    check_start,
    read_head,
)
from forumkg.web.http.responses import CONTINUE, Later, Reply, Sender, has_body, write_head

if TYPE_CHECKING:
    from asyncio import Task, Transport

__all__ = ["Connection"]

_logger: Final = logging.getLogger(__name__)

_END_OF_HEAD: Final = b"\r\n\r\n"
# Requests that are answered at once before other connections have their turn.
_IN_A_ROW: Final = 16
# Pieces of a long body that are sent before other connections have their turn.
_PIECES_IN_A_ROW: Final = 8
_NEVER: Final = float("inf")


class Connection(asyncio.Protocol):
    """A connection with a client. For the thread of one event loop.

    Attributes:
        is_new: whether no request has come yet.
    """

    _transport: "Transport"

    def __init__(self, server: Connections) -> None:
        self._server = server
        self._state = State.IDLE
        self._buffer = b""
        self._at = 0
        self._deadline = self._last_moment = _NEVER
        self._request: HttpRequest | None = None
        self._body = bytearray()
        self._payer, self._held = "", 0  # The client whose share the body takes, and how much of it.
        self._sender: Sender | None = None
        self._task: Task[None] | None = None
        self._has_eof = self._is_advancing = self._is_closing = False
        self._is_paused = self._is_resuming = False
        self._is_reading = self.is_new = True

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the connection, or refuse it."""
        self._transport = cast("Transport", transport)
        self._peer = address_of(transport.get_extra_info("peername"))
        self._us = address_of(transport.get_extra_info("sockname"))
        self._client = client_key(self._peer[0])
        # A pause ends when the kernel has taken every byte: until then a response counts as unsent.
        self._transport.set_write_buffer_limits(0, 0)
        server = self._server
        server.open.add(self)
        self._wait(State.IDLE, server.limits.header_seconds)
        # A trusted proxy speaks for many clients, and limits them itself.
        has_share = not is_trusted(self._peer[0], server.handler.trusted)
        if not server.admission.enter(self._client, self, has_share=has_share):
            self._turn_away()

    def data_received(self, data: bytes) -> None:
        """Read what the client sends."""
        if self._is_closing:
            if self._state is State.LINGERING:
                self._deadline = self._server.loop.time() + self._server.limits.linger_seconds
            return
        self._buffer = self._buffer[self._at :] + data if self._at < len(self._buffer) else data
        self._at = 0
        if not self._is_resuming and (self.is_idle or self.is_receiving):
            self._advance()
        self._regulate()

    def eof_received(self) -> bool:
        """Learn that the client sends nothing more; return whether there is still something to send to it."""
        self._has_eof = True
        if self._state is State.BODY:
            self._refuse_cut_body()
            return True
        request = self._request
        # HTTP/1.0 knows no interim responses: there, a query ends at its deadline.
        if self._state is State.ANSWERING and request is not None and request.version != "1.0":
            abort_if_gone(self._server.loop, self._transport, lambda: self._request is request)
        return self._is_resuming or self._state is State.ANSWERING or self._state is State.SENDING

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (why does not matter)
        """Give up what is under way."""
        self._state = State.ENDED
        self._deadline = _NEVER
        if self._task is not None:
            self._task.cancel()
        self._sender = self._request = None
        self._buffer = b""
        self._release()
        self._server.admission.leave(self._client, self)
        self._server.leave(self)

    def pause_writing(self) -> None:
        """Wait until the client has read more."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Send the next piece."""
        self._is_paused = False
        if self._state is State.SENDING:
            self._send_on()

    # What the server calls.

    @property
    def state(self) -> str:
        """The name of the state, in lower case."""
        return self._state.name.lower()

    @property
    def is_idle(self) -> bool:
        """Whether no request is under way."""
        return self._state is State.IDLE or self._state is State.LINGERING

    @property
    def is_receiving(self) -> bool:
        """Whether a request has not come to its end."""
        return self._state is State.HEAD or self._state is State.BODY

    def wait_for_first_request(self, seconds: float) -> None:
        """Wait for a first request no longer than this."""
        self._wait(State.IDLE, seconds)

    def close(self) -> None:
        """End the connection once what is written has been sent."""
        self._transport.close()

    def abort(self) -> None:
        """End the connection now."""
        self._transport.abort()

    def check_deadline(self, now: float) -> None:
        """End what has waited too long."""
        if self._state is State.SENDING:
            limits, sender = self._server.limits, self._sender
            if sender is not None and sender.is_stalled(now, limits.unread_seconds, limits.least_pace):
                self._transport.abort()
        elif now < min(self._deadline, self._last_moment):
            return
        elif self._state is State.BODY:
            seconds = self._server.limits.body_seconds
            text = f"The body of the request did not come within {seconds:g} seconds: send it faster."
            self._refuse(RequestTimeout(text))
        elif self._state is State.LINGERING:
            self._transport.abort()
        else:
            self._transport.close()

    # Receiving.

    def _wait(self, state: State, seconds: float) -> None:
        self._state = state
        self._deadline = self._server.loop.time() + seconds

    def _advance(self) -> None:
        """Answer the requests that have come, as far as they can be answered at once."""
        self._is_advancing = True
        answered = 0
        while answered < _IN_A_ROW and self._receive():
            answered += 1
        self._is_advancing = False
        if answered == _IN_A_ROW:
            # Others have their turn.
            self._resume_soon()

    def _resume_soon(self) -> None:
        if not self._is_resuming:
            self._is_resuming = True
            self._server.loop.call_soon(self._resume)

    def _resume(self) -> None:
        self._is_resuming = False
        if not self._is_closing and (self.is_idle or self.is_receiving):
            self._advance()
            self._regulate()

    def _regulate(self) -> None:
        """Read no more than one head ahead of the request that is answered, and keep only what is unread."""
        if self._at >= len(self._buffer):
            self._buffer, self._at = b"", 0
        reads = len(self._buffer) - self._at <= self._server.limits.header_bytes
        if reads is self._is_reading or self._state is State.ENDED:
            return
        self._is_reading = reads
        if reads:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _receive(self) -> bool:
        """Read on; return whether a request was answered, and the next one may be read."""
        if (self._state is State.IDLE or self._state is State.HEAD) and not self._receive_head():
            return False
        if self._state is State.BODY and not self._receive_body():
            return False
        if self._state is State.ANSWERING and self._request is not None:
            self._respond(self._request)
        may_have_more = self._at < len(self._buffer) or self._has_eof
        return may_have_more and self._state is State.IDLE and not self._is_closing

    def _receive_head(self) -> bool:
        """Read a head; return whether it is there."""
        buffer, limits = self._buffer, self._server.limits
        # https://www.rfc-editor.org/rfc/rfc9112#section-2.2-6
        while buffer.startswith(b"\r\n", self._at):
            self._at += 2
        if self._at >= len(buffer):
            if self._has_eof:
                self._transport.close()
            return False
        is_new = self._state is State.IDLE
        if is_new:
            self.is_new = False
            self._wait(State.HEAD, limits.header_seconds)
        end = buffer.find(_END_OF_HEAD, self._at, self._at + limits.header_bytes)
        try:
            if end < 0:
                start = buffer[self._at :]
                # Not for each packet: a client that sends single bytes shall not make much work.
                if start != b"\r" and (is_new or len(start) >= limits.header_bytes):
                    check_start(start, longest=limits.header_bytes)
                if self._has_eof:
                    self._transport.close()
                return False
            end += len(_END_OF_HEAD)
            head, self._at = buffer[self._at : end], end
            self._request = read_head(head, self._peer, self._us, self._server.handler.trusted)
            check_framing(self._request, limits)
        except RequestError as error:
            self._refuse(error)
            return False
        self._begin_body(self._request)
        return True

    def _begin_body(self, request: HttpRequest) -> None:
        if not request.content_length:
            self._state = State.ANSWERING
            return
        self._wait(State.BODY, self._server.limits.body_seconds)
        self._payer = request.client
        if request.expects_continue and self._at >= len(self._buffer):
            self._transport.write(CONTINUE)

    def _receive_body(self) -> bool:
        """Read a body; return whether it is there."""
        request = cast("HttpRequest", self._request)
        came = memoryview(self._buffer)[self._at : self._at + request.content_length - len(self._body)]
        if not self._server.admission.hold(self._payer, len(came)):
            text = "The bodies of other requests take all the room that there is: send this one later."
            self._refuse(LimitError(text, retry_after=5))
            return False
        self._held += len(came)
        self._body += came
        self._at += len(came)
        if len(self._body) < request.content_length:
            if self._has_eof:
                self._refuse_cut_body()
            return False
        # A body of GET or HEAD has no meaning: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.1
        body = b"" if request.method in SAFE_METHODS else bytes(self._body)
        self._body, self._request = bytearray(), request._replace(body=body)
        self._state = State.ANSWERING
        return True

    def _refuse_cut_body(self) -> None:
        length = self._request.content_length if self._request else 0
        self._refuse(BadRequest(f"The body ended after {len(self._body)} of {length} bytes: send it again."))

    # Answering.

    def _respond(self, request: HttpRequest) -> None:
        self._deadline = _NEVER
        reply = self._server.handler.respond(request)
        if isinstance(reply, Reply):
            self._send(request, reply)
        else:
            self._task = self._server.loop.create_task(self._answer(request, reply))

    async def _answer(self, request: HttpRequest, later: Later) -> None:
        reply = await later()
        self._task = None
        if self._state is State.ANSWERING:
            self._send(request, reply)

    def _refuse(self, error: RequestError) -> None:
        """Say why the request is refused, and end the connection."""
        self._is_closing = True
        self._send(
            self._request, self._server.handler.refuse(error, self._request or self._buffer, self._peer)
        )

    def _turn_away(self) -> None:
        """Refuse the connection, without waiting until the client has read why."""
        error = LimitError("Too many connections are open: close some, or try again.", retry_after=5)
        reply = self._server.handler.refuse(error, b"", self._peer)
        self._is_closing = True
        self._wait(State.LINGERING, 0)
        body = reply.body if isinstance(reply.body, bytes) else b""
        self._transport.write(write_head(None, reply, close=True) + body)
        self._transport.close()

    def _send(self, request: HttpRequest | None, reply: Reply) -> None:
        """Send a response."""
        self._release()
        if request is None or not request.keep_alive or self._server.is_stopping:
            self._is_closing = True
        try:
            head = write_head(request, reply, close=self._is_closing)
        except ValueError:
            _logger.exception("a response has a wrong header")
            self._transport.abort()
            return
        body = reply.body if has_body(request.method if request else "", reply.status) else b""
        self._request = None
        self._state = State.SENDING
        self._deadline = _NEVER
        self._sender = sender = Sender(self._transport, head, body, self._server.loop.time())
        if sender.has_more or self._is_paused:
            self._send_on()
        else:
            self._sent(is_whole=True)

    def _send_on(self) -> None:
        """Hand the body over as far as the client reads it."""
        sender = self._sender
        if sender is None or self._is_paused:
            return
        for _ in range(_PIECES_IN_A_ROW):
            may_go_on = sender.send_more()
            if self._is_paused:
                return
            if not may_go_on:
                self._sent(is_whole=sender.is_whole)
                return
        self._server.loop.call_soon(self._send_on)

    def _sent(self, *, is_whole: bool) -> None:
        """Go on after a response whose last byte the kernel has taken."""
        self._sender = None
        if self._is_closing or not is_whole:
            # A body that is shorter than its Content-Length is seen to be cut.
            self._linger()
            return
        self._wait(State.IDLE, self._server.limits.header_seconds)
        if not self._is_advancing and (self._at < len(self._buffer) or self._has_eof):
            self._resume_soon()

    def _linger(self) -> None:
        """End the server's direction, and read on until the client ends the other one."""
        self._is_closing = True
        self._buffer = b""
        self._regulate()
        self._wait(State.LINGERING, self._server.limits.linger_seconds)
        self._last_moment = self._server.loop.time() + self._server.limits.body_seconds
        if self._has_eof:
            self._transport.close()
        else:
            self._transport.write_eof()

    def _release(self) -> None:
        """Release the body of the request."""
        if self._held:
            self._server.admission.release(self._payer, self._held)
            self._held = 0
        self._body = bytearray()
