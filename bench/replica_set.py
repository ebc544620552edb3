"""Start replicas of one version and HAProxy before them, as docs/scale.md has it."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import quote

import click

from bench.processes import started
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import open_version

__all__ = ["PATIENCE", "ROOT", "build", "haproxy", "is_served", "nginx", "pull", "replica", "until"]

ROOT: Final = Path(__file__).resolve().parent.parent
# Seconds that a server may take to come to a state.
PATIENCE: Final = 60.0

_FORUMKG: Final = str(Path(sys.executable).with_name("forumkg"))
_PAUSE: Final = 0.05
_CERTIFICATES: Final = re.compile(r"^ *ssl_certificate.*\n", re.MULTILINE)
_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def build(root: Path, data: Path) -> str:
    """Build a version of the files below a folder, and return its digest."""
    return open_version(data, source_files(root), ontology_dir=root / "ontology").info.digest


def pull(source: Path, data: Path) -> None:
    """Copy the version of a data directory into another one."""
    subprocess.run([_FORUMKG, "pull", source, "--data", data], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def replica(folder: Path, number: int, port: int, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve a version that was pulled."""
    command = [_FORUMKG, "serve", "--no-build", "--data", str(folder / str(number)), "--port", str(port)]
    options = ["--processes", "1", "--trusted-proxies", "127.0.0.1", "--client-seconds", "0"]
    with started([*command, *options, "--log-level", "warning"], log) as process:
        until(lambda: is_served(port))
        yield process


@contextmanager
def haproxy(front: int, ports: Sequence[int], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Balance the replicas on some ports of 127.0.0.1, three at most."""
    names = ("FORUMKG_ONE", "FORUMKG_TWO", "FORUMKG_THREE")
    servers = {name: f"127.0.0.1:{port}" for name, port in zip(names, ports, strict=True)}
    settings = {"FORUMKG_BIND": f"127.0.0.1:{front}", **servers}
    command = ["env", *(f"{name}={value}" for name, value in settings.items())]
    with started([*command, "haproxy", "-db", "-f", str(ROOT / "deploy" / "haproxy.cfg")], log) as process:
        yield process


@contextmanager
def nginx(front: int, ports: Sequence[int], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Balance three replicas as `haproxy` does, by the file in deploy/; clients come without TLS."""
    text = (ROOT / "deploy" / "nginx-replicas.conf").read_text(encoding="utf-8")
    for number, port in enumerate(ports, 11):
        text = text.replace(f"192.0.2.{number}:8000", f"127.0.0.1:{port}")
    text = _CERTIFICATES.sub("", text).replace("listen 443 ssl", f"listen 127.0.0.1:{front}")
    folder = log.parent / "nginx"
    folder.mkdir()
    paths = "".join(f"{name}_temp_path {folder / name};\n" for name in _TEMPORARY)
    settings = folder / "nginx.conf"
    settings.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{paths}{text}\n}}\n",
        encoding="utf-8",
    )
    with started(["nginx", "-p", str(folder), "-c", str(settings)], log) as process:
        yield process


def is_served(port: int) -> bool:
    """Whether a query on a port is answered."""
    with (
        suppress(OSError, HTTPException),
        closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection,
    ):
        connection.request("GET", f"/sparql?query={quote('ASK {}')}")
        return connection.getresponse().status == HTTPStatus.OK
    return False


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition.

    Raises:
        click.ClickException: it does not become true.
    """
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise click.ClickException("A server did not come to the state that was waited for.")
        time.sleep(_PAUSE)
