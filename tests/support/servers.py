"""Servers that tests start on 127.0.0.1 and stop: ours, and Oxigraph's own."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from processes import killed_at_the_end

SCRIPTS = Path(sys.executable).parent


class Server:
    """A running server: its process, the address that it printed, and what it answers."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process = process
        self.url = url
        self.port = urlsplit(url).port

    def request(
        self, method: str, path: str, body: str | bytes | None = None, **headers: str
    ) -> tuple[int, str, bytes]:
        """Return status, Content-Type and body of a response."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return response.status, response.getheader("Content-Type", ""), response.read()


@contextmanager
def forumkg_server(command: list[str], environment: dict[str, str] | None = None) -> Iterator[Server]:
    """Run our server for the time of a test, by default in our environment; it prints its address first.

    Its log goes where that of the tests goes: a pipe that is not read would fill and stop it.
    """
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address, "the server did not start"
            yield Server(process, address)
        finally:
            process.kill()


@contextmanager
def oxigraph_server(*options: str) -> Iterator[Server]:
    """Run Oxigraph's server in memory for the time of a test, with options of its command."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [str(SCRIPTS / "oxigraph"), "serve", "--bind", address, *options]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with killed_at_the_end(started) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Listening")
        yield Server(process, f"http://{address}")
