"""`forumkg serve`: the endpoint and its pages over HTTP."""

import errno
import signal
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
import waitress
from waitress.server import MultiSocketServer

from forumkg.cli.options import data_option
from forumkg.engine.versions import Version, open_version
from forumkg.model.files import source_files
from forumkg.web.app import create_app

__all__ = ["command", "serve"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@data_option
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder with ontology/, graph/ and shapes/ to serve in the place of the packaged ones.",
)
def command(host: str, port: int, data: Path, root: Path | None) -> None:
    """Serve the graph over HTTP: a SPARQL endpoint at /sparql, and pages to start from.

    The first start builds a store in the data directory, later ones open it.
    """
    version = open_version(data, source_files(root), ontology_dir=root and root / "ontology")
    serve(version, host, port, data)


def serve(version: Version, host: str, port: int, data: Path) -> None:
    """Serve a version until the process is told to stop (SIGINT, SIGTERM).

    Raises:
        click.ClickException: the address cannot be listened on.
    """
    try:
        server = waitress.create_server(create_app(version), host=host, port=port)
    except (OSError, ValueError) as error:
        raise click.ClickException(_refusal(host, port, error)) from error
    signal.signal(signal.SIGTERM, _stop)
    for address, bound in _addresses(server):
        click.echo(f"http://{address}:{bound}/")
    info = version.info
    click.echo(f"{info.triples:,} triples, version {info.number}, in {data}", err=True)
    server.run()


def _addresses(server: object) -> list[tuple[str, int]]:
    listening = server.effective_listen if isinstance(server, MultiSocketServer) else None
    pairs = listening or [(server.effective_host, server.effective_port)]  # type: ignore[attr-defined]
    return [(f"[{host}]" if ":" in host else host, int(port)) for host, port in pairs]


def _refusal(host: str, port: int, error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use: choose another one with --port, or --port 0 for a free one."
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"Cannot listen on port {port} of {host} ({reason}): choose another --host or --port."


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
