"""A server that listens and answers nothing, to see whether it is called."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["listening"]


@contextmanager
def listening() -> Iterator[tuple[str, list[object]]]:
    """Listen on 127.0.0.1; yield the address, and who has called."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                connection, caller = server.accept()
                connection.close()
                if caller == stop:
                    return
                callers.append(caller)

        closing = socket.socket()
        closing.bind(("127.0.0.1", 0))
        stop = closing.getsockname()
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}", callers
        finally:
            with closing:
                closing.connect(server.getsockname())
            thread.join()
