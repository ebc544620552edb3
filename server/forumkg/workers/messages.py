"""Messages between the server and its processes: a JSON head and a body of bytes.

A message is two lengths (32 bits each, big-endian), a JSON object, and as many bytes as the second length
says.
JSON and not pickle: a worker that a query has broken must not be able to make its reader run anything.
Descriptors travel beside a message: https://man7.org/linux/man-pages/man7/unix.7.html (SCM_RIGHTS).
"""

import array
import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from forumkg.errors import MessageError

__all__ = [
    "MAX_HEAD",
    "Decoder",
    "Message",
    "encode",
    "receive",
    "receive_now",
    "send",
    "send_now",
]

# A head holds names of graphs and error messages: a longer one was not written by this module.
MAX_HEAD: Final = 16 * 1024 * 1024

_write: Final = json.JSONEncoder(separators=(",", ":")).encode
_read: Final = json.JSONDecoder().decode
_LENGTHS: Final = struct.Struct("!II")
# Most messages are shorter. Allocating a larger buffer costs more than reading most messages.
_READ: Final = 16 * 1024
_READ_ON: Final = 256 * 1024
_INT: Final = array.array("i").itemsize
_ANCILLARY: Final = socket.CMSG_SPACE(4 * _INT)  # Four descriptors.


class Message(NamedTuple):
    """A head, and the bytes that it describes."""

    head: Mapping[str, Any]
    body: bytes = b""


def encode(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a message as the bytes that are sent."""
    encoded = _write(head).encode("ascii")
    return b"".join((_LENGTHS.pack(len(encoded), len(body)), encoded, body))


class Decoder:
    """Decodes messages from a stream of bytes that arrives in pieces of any size."""

    __slots__ = ("_data", "_max_body")

    def __init__(self, max_body: int) -> None:
        self._data = bytearray()
        self._max_body = max_body

    @property
    def is_empty(self) -> bool:
        """Whether no incomplete message is buffered."""
        return not self._data

    def feed(self, data: bytes) -> Message | None:
        """Take some bytes, and return the next message as soon as it is whole.

        Raises:
            MessageError: the bytes are not a message, or one that is too long.
        """
        # Fast path: nearly every message arrives in one piece, which is not copied.
        is_first = not self._data
        if not is_first:
            self._data += data
        with memoryview(data if is_first else self._data) as whole:
            message, end = self._cut(whole)
            rest = bytes(whole[end:]) if is_first else b""
        if is_first:
            self._data += rest
        else:
            del self._data[:end]
        return message

    def _cut(self, whole: memoryview) -> tuple[Message | None, int]:
        """Return the first message and where it ends; nothing and 0 where it is not whole."""
        if len(whole) < _LENGTHS.size:
            return None, 0
        head_length, body_length = _LENGTHS.unpack_from(whole)
        if head_length > MAX_HEAD or body_length > self._max_body:
            raise MessageError(f"A message of {head_length} and {body_length} bytes is too long.")
        start, end = _LENGTHS.size + head_length, _LENGTHS.size + head_length + body_length
        if len(whole) < end:
            return None, 0
        return Message(_head(bytes(whole[_LENGTHS.size : start])), bytes(whole[start:end])), end

    def end(self) -> None:
        """Take the end of the stream.

        Raises:
            MessageError: it lies within a message.
        """
        if self._data:
            raise MessageError("The other side ended within a message.")


def send(
    connection: socket.socket, head: Mapping[str, Any], body: bytes = b"", descriptors: Sequence[int] = ()
) -> None:
    """Send a message, with descriptors beside it.

    Raises:
        OSError: the other side is gone, or does not read in the time that the socket has.
    """
    data = memoryview(encode(head, body))
    sent = connection.sendmsg([data], _rights(descriptors))
    if sent < len(data):
        connection.sendall(data[sent:])


def send_now(connection: socket.socket, data: bytes, descriptors: Sequence[int] = ()) -> int:
    """Send as much of an encoded message as a non-blocking socket takes; return the number of bytes.

    Raises:
        OSError: the other side is gone.
    """
    try:
        return connection.sendmsg([data], _rights(descriptors)) if descriptors else connection.send(data)
    except BlockingIOError:
        return 0


def receive(connection: socket.socket, decoder: Decoder) -> tuple[Message, tuple[int, ...]] | None:
    """Wait for the next message and the descriptors beside it; None where the other side has ended.

    Raises:
        MessageError: what came is not a message.
        OSError: the connection failed, or the time that the socket has is over.
    """
    found: list[int] = []
    message = decoder.feed(b"")
    try:
        while message is None:
            size = _READ if decoder.is_empty else _READ_ON
            data, ancillary, _, _ = connection.recvmsg(size, _ANCILLARY)
            for _, _, rights in ancillary:
                found += array.array("i", rights[: len(rights) // _INT * _INT])
            if not data:
                decoder.end()
                return None
            message = decoder.feed(data)
    except BaseException:
        for descriptor in found:
            os.close(descriptor)
        raise
    return message, tuple(found)


def receive_now(connection: socket.socket, decoder: Decoder) -> Message | None:
    """Return the next message from a non-blocking socket; None while it is incomplete.

    Raises:
        MessageError: what came is not a message.
        OSError: the connection failed, or the other side has ended.
    """
    message = None if decoder.is_empty else decoder.feed(b"")
    with suppress(BlockingIOError):
        while message is None:
            data = connection.recv(_READ if decoder.is_empty else _READ_ON)
            if not data:
                raise ConnectionResetError("The other side has ended.")
            message = decoder.feed(data)
    return message


def _rights(descriptors: Sequence[int]) -> list[tuple[int, int, "array.array[int]"]]:
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []


def _head(text: bytes) -> Mapping[str, Any]:
    try:
        head = _read(text.decode())
    except ValueError as error:
        raise MessageError(f"The head of a message is not JSON: {error}.") from error
    if not isinstance(head, dict):
        raise MessageError("The head of a message is not a JSON object.")
    return head
