"""TLS in front of a server on 127.0.0.1, with or without a password, as proxies of engines have it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["tls_proxy"]

_REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def tls_proxy(
    target: int,
    certificate: tuple[Path, Path],
    authorization: str = "",
    *,
    client_authority: Path | None = None,
) -> Iterator[int]:
    """Pass connections on to a port, and yield the port to connect to.

    Args:
        target: the port of the server.
        certificate: the files of the certificate and of its key.
        authorization: the value of the header without which a connection is refused; empty for none.
        client_authority: the authority of certificates that clients have to show; None for none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    if client_authority:
        context.load_verify_locations(client_authority)
        context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                arguments = (client, context, target, authorization)
                threading.Thread(target=_pass_on, args=arguments, daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _pass_on(client: socket.socket, context: ssl.SSLContext, target: int, authorization: str) -> None:
    with suppress(OSError), client, context.wrap_socket(client, server_side=True) as secured:
        first = secured.recv(65536)
        if f"\r\nAuthorization: {authorization}\r\n".encode() not in first and authorization:
            secured.sendall(_REFUSAL)
            secured.shutdown(socket.SHUT_WR)
            while secured.recv(65536):
                pass  # To close before all is read would take the answer from the client.
            return
        with socket.create_connection(("127.0.0.1", target)) as server:
            server.sendall(first)
            back = threading.Thread(target=_copy, args=[server, secured], daemon=True)
            back.start()
            _copy(secured, server)
            back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
