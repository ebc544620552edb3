"""How responses are written and sent."""

import re

import pytest
from http_heads import read
from hypothesis import given
from hypothesis import strategies as st

from forumkg.sparql.problem import Problem
from forumkg.web.http.responses import File, Reply, Sender, refuse, write_head


class Pipe:
    """A transport that keeps what its client does not read."""

    def __init__(self) -> None:
        self.written = b""
        self.was_read = 0

    def write(self, data: bytes) -> None:
        """Take bytes."""
        self.written += data

    def get_write_buffer_size(self) -> int:
        """Return how many bytes the client has not read."""
        return len(self.written) - self.was_read


def test_write_head() -> None:
    """A head has its status line, a date, and the headers of the reply."""
    head = write_head(read(), Reply(404, (("Content-Length", "3"),)), close=False).decode()

    assert head.startswith("HTTP/1.1 404 Not Found\r\nDate: ")
    assert head.endswith(" GMT\r\nContent-Length: 3\r\n\r\n")


@given(st.text())
def test_write_head_of_a_refusal(detail: str) -> None:
    """The reason phrase goes on with what went wrong, in one line of visible ASCII."""
    reply = refuse(Problem(400, detail), "*/*")

    line, _, rest = write_head(read(), reply, close=False).partition(b"\r\n")

    assert re.fullmatch(rb"HTTP/1\.1 400 Bad Request(: [ -~]{0,300})?", line)
    assert rest.startswith(b"Date: ")


def test_write_head_of_a_syntax_error() -> None:
    """What clients show of a refusal, which read no body, is the message."""
    reply = refuse(Problem(400, "line 1, column 30: The prefix '论坛' is not declared."), "*/*")

    assert write_head(read(), reply, close=False).startswith(
        b"HTTP/1.1 400 Bad Request: line 1, column 30: The prefix '??' is not declared.\r\n"
    )


def test_write_head_of_no_content() -> None:
    """https://www.rfc-editor.org/rfc/rfc9110#section-8.6 has a 204 say no length."""
    assert b"Content-Length" not in write_head(read(), Reply(204, (("Content-Length", "0"),)), close=False)


@pytest.mark.parametrize("value", ["a\r\nX: b", "a\nb", "a\rb"])
def test_write_head_with_a_line_end(value: str) -> None:
    """No header makes another one, or the end of the head."""
    with pytest.raises(ValueError, match="line end"):
        write_head(read(), Reply(200, (("X-A", value),)), close=False)


@pytest.mark.parametrize("length", [0, 10, 65_536, 200_000])
@pytest.mark.parametrize("in_file", [False, True])
def test_send(length: int, in_file: bool) -> None:
    """A body is sent whole, from memory or in pieces from a file."""
    data = bytes(range(256)) * (length // 256 + 1)
    pipe = Pipe()
    sender = Sender(pipe, b"head", File.holding(data) if in_file else data, 0.0)
    while sender.send_more():
        pass

    assert pipe.written == b"head" + data
    assert sender.is_whole


def test_send_stalled() -> None:
    """A client that reads nothing is given up after a while, as is one that reads too slowly on average."""
    pipe = Pipe()
    sender = Sender(pipe, b"", bytes(100_000), 0.0)

    assert not sender.is_stalled(60.0, 60.0, 1000.0)
    assert sender.is_stalled(60.5, 60.0, 1000.0)
    pipe.was_read = 61_000
    assert not sender.is_stalled(60.5, 60.0, 1000.0)
    pipe.was_read = 61_001
    assert not sender.is_stalled(61.0, 60.0, 1000.0)
    pipe.was_read = 61_002
    assert sender.is_stalled(62.0, 60.0, 1000.0)
