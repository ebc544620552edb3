"""A connection that breaks: what a client gets when it loses the server just before the end of an answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from servers import Server

_TIMEOUT = 20.0  # so that a failing test ends


@contextmanager
def cut_connection(server: Server) -> Iterator[str]:
    """Stand between clients and a server, and hang up before the last line of each answer.

    Gives the address of the endpoint to ask. An answer on a single line loses its last byte: what arrives
    looks as whole as a cut answer can.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, server.port))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(listener: socket.socket, port: int | None) -> None:
    with suppress(OSError):  # the listener is shut down when the test is over
        while True:
            client, _ = listener.accept()
            with client, socket.create_connection(("127.0.0.1", port), _TIMEOUT) as server:
                client.settimeout(_TIMEOUT)
                server.sendall(_request(client))
                client.sendall(_shortened(_everything(server)))


def _request(client: socket.socket) -> bytes:
    """Read a request to its end, and ask for a connection that the server closes."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536)
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.split(b"\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(b":") for line in lines[1:])}
    while len(body) < int(headers.get(b"content-length", 0)):
        body += client.recv(65536)
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close", b"", body])


def _everything(server: socket.socket) -> bytes:
    return b"".join(iter(lambda: server.recv(65536), b""))


def _shortened(response: bytes) -> bytes:
    head, body = response.split(b"\r\n\r\n", 1)
    last_line = body.rfind(b"\n", 0, -1) + 1
    return head + b"\r\n\r\n" + body[: last_line or -1]
