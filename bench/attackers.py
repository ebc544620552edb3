"""Ten clients that ask nothing but queries without end, from 127.0.0.2 to 127.0.0.11.

Run as `python -m bench.attackers PORT PATH SECONDS`; each waits a moment between two of its requests.
"""

import itertools
import sys
import threading
import time
from http.client import HTTPConnection
from typing import Final

from bench.load import NUMBER, ask
from bench.workloads import attacks

__all__ = ["CLIENTS"]

CLIENTS: Final = 10
_PAUSE: Final = 0.05


def _attack(number: int, port: int, path: str, deadline: float) -> None:
    targets = attacks()
    source = (f"127.0.0.{number + 2}", 0)
    for turn in itertools.count(number):
        left = deadline - time.monotonic()
        if left <= 0:
            return
        connection = HTTPConnection("127.0.0.1", port, timeout=left, source_address=source)
        target = targets[turn % len(targets)].replace(NUMBER, str(turn * CLIENTS + number))
        ask(connection, f"{path}?{target}")
        connection.close()
        time.sleep(_PAUSE)


def _main(port: int, path: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    clients = [
        threading.Thread(target=_attack, args=(number, port, path, deadline)) for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
