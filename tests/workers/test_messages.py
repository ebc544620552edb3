"""The stream between the processes of the engine."""

import os
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import MessageError
from forumkg.workers.messages import Decoder, Message, encode, receive, send

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
HEADS = st.dictionaries(st.text(), JSON, max_size=4)
FRAMES = st.builds(Message, HEADS, st.binary(max_size=400))


@given(messages=st.lists(FRAMES, max_size=5), data=st.data())
def test_decoder_reads_what_was_encoded_however_it_is_cut(
    messages: list[Message], data: st.DataObject
) -> None:
    """Frames come out as they went in, in their order, wherever the stream is cut into pieces."""
    stream = b"".join(encode(message.head, message.body) for message in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    decoder = Decoder(400)
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        message = decoder.feed(stream[start:end])
        while message:
            found.append(message)
            message = decoder.feed(b"")
    decoder.end()

    assert found == messages


@given(noise=st.binary(min_size=1, max_size=200))
def test_decoder_gives_frames_or_one_error_for_any_bytes(noise: bytes) -> None:
    """Bytes of any kind are a message, the start of one, or an error: nothing else is raised."""
    decoder = Decoder(100)
    try:
        while decoder.feed(noise):
            noise = b""
        decoder.end()
    except MessageError:
        return
    assert decoder.is_empty


@given(head=HEADS, body=st.binary(min_size=1, max_size=50), data=st.data())
def test_decoder_end_within_a_message(head: dict[str, Any], body: bytes, data: st.DataObject) -> None:
    """A stream that ends within a message is an error, wherever it ends."""
    stream = encode(head, body)
    decoder = Decoder(50)

    assert decoder.feed(stream[: data.draw(st.integers(1, len(stream) - 1))]) is None
    with pytest.raises(MessageError, match="within a message"):
        decoder.end()


def test_decoder_body_too_long() -> None:
    """A message that says it is longer than it may be is refused before its body comes."""
    with pytest.raises(MessageError, match="too long"):
        Decoder(9).feed(encode({}, b"0123456789")[:8])


@pytest.mark.parametrize("head", [b"[]", b"{", b"\xff\xff"])
def test_decoder_head_is_no_object(head: bytes) -> None:
    """A head that is no JSON object is refused."""
    with pytest.raises(MessageError, match="The head of a message"):
        Decoder(9).feed(len(head).to_bytes(4, "big") + bytes(4) + head)


def test_descriptors_travel_beside_a_message() -> None:
    """A descriptor arrives as another one of the same file, and the end of the stream is reported."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        file = os.memfd_create("test")
        os.write(file, b"kept")
        send(ours, {"a": 1}, b"body", [file])
        ours.close()
        decoder = Decoder(100)
        received = receive(theirs, decoder)
        assert received is not None
        message, (copy,) = received
        content = os.pread(copy, 100, 0)
        os.close(file)
        os.close(copy)

        assert (message, content) == (Message({"a": 1}, b"body"), b"kept")
        assert receive(theirs, decoder) is None
