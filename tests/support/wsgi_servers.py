"""The application under WSGI servers that others wrote: Flask's own for development, and gunicorn."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from processes import killed_at_the_end
from servers import SCRIPTS, Server

__all__ = ["flask_server", "gunicorn_server"]

_PATIENCE = 60.0


@contextmanager
def flask_server(application: str) -> Iterator[Server]:
    """Run an application, such as `forumkg`, in Flask's server."""
    port = _free_port()
    with _running(port, [str(SCRIPTS / "flask"), "--app", application, "run", "--port", str(port)]) as server:
        yield server


@contextmanager
def gunicorn_server(application: str, *options: str) -> Iterator[Server]:
    """Run an application, such as `forumkg:create_app()`, in gunicorn, with two worker processes."""
    port = _free_port()
    command = [str(SCRIPTS / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    with _running(port, [*command, "--log-level", "warning", *options, application]) as server:
        yield server


@contextmanager
def _running(port: int, command: list[str]) -> Iterator[Server]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    started = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.DEVNULL)
    with killed_at_the_end(started) as process:
        try:
            _wait(port, process)
            yield Server(process, f"http://127.0.0.1:{port}/")
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _wait(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        assert process.poll() is None, "the server has ended"
        assert time.monotonic() < deadline, "the server does not answer"
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as connection:
                connection.request("GET", "/livez")
                connection.getresponse().read()
                return
        except OSError:
            time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
