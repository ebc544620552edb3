"""The reader of the log stands still, and requests have the longest addresses that are read."""

import os
import subprocess
from urllib.parse import urlsplit

import pytest
from attackers import ask, head, resident_mib

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def test_log_whose_reader_stands_still(command: list[str]) -> None:
    """Every request is answered, and memory does not grow with them."""
    reader, writer = os.pipe()
    command = [*command[: command.index("--log-level")], "--log-level", "info"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=writer, text=True) as process:
        try:
            assert process.stdout is not None
            port = urlsplit(process.stdout.readline().strip()).port
            statuses = {ask(port, head("GET", f"/{number}" + "x" * 60_000)).status for number in range(50)}
            before = resident_mib(process.pid)
            for number in range(2000):
                statuses.add(ask(port, head("GET", f"/{number}" + "x" * 60_000)).status)

            assert statuses <= {400, 404, 414, 429}
            assert resident_mib(process.pid) - before < 60
        finally:
            process.kill()
            os.close(reader)
            os.close(writer)
