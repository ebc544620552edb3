"""A proxy on this machine that breaks a connection in mid-answer, as a dying engine does."""

import socket
import threading
from contextlib import suppress
from typing import Final, Self
from urllib.parse import urlsplit

from forumkg.engine.connection import tls_context

__all__ = ["CuttingProxy"]

_PIECE: Final = 64 * 1024
_PATIENCE: Final = 60.0


class CuttingProxy:
    """Pass connections on to an engine; end each after so many bytes of what the engine sends.

    Use it as a context manager: it accepts connections within.

    Attributes:
        url: the address to send requests to, in place of that of the engine.
        passed: the bytes that the engine has sent on the last connection.
    """

    def __init__(self, url: str, most: int | None = None) -> None:
        """Listen on a free port of this machine.

        Args:
            url: the address of the engine.
            most: the bytes after which a connection is cut; None passes all.
        """
        self._target = urlsplit(url)
        self._most = most
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = self._target._replace(scheme="http", netloc=f"127.0.0.1:{port}").geturl()
        self.passed = 0
        self._thread = threading.Thread(target=self._serve, name="cutting proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # A listener that is only closed leaves accept(2) waiting.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(_PATIENCE)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with client, suppress(OSError), self._connect() as engine:
                    self._pass_on(client, engine)

    def _connect(self) -> socket.socket:
        host = self._target.hostname or ""
        default = 443 if self._target.scheme == "https" else 80
        engine = socket.create_connection((host, self._target.port or default), timeout=_PATIENCE)
        if self._target.scheme == "https":
            return tls_context().wrap_socket(engine, server_hostname=host)
        return engine

    def _pass_on(self, client: socket.socket, engine: socket.socket) -> None:
        client.settimeout(_PATIENCE)
        self.passed = 0
        sending = threading.Thread(target=_copy, args=[client, engine], daemon=True)
        sending.start()
        while self._most is None or self.passed < self._most:
            left = _PIECE if self._most is None else min(_PIECE, self._most - self.passed)
            piece = engine.recv(left)
            if not piece:
                break
            self.passed += len(piece)
            client.sendall(piece)
        # Wakes the thread, too.
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        sending.join(_PATIENCE)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    # The client has disconnected, so stop waiting for the engine.
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
