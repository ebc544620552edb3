"""`forumkg serve`: the endpoint and its pages over HTTP."""

import errno
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING, Final, TypeVar

import click

from forumkg.cli.options import DAY, FOLDER, GIB, Number, data_option
from forumkg.cli.own_texts import for_own_machine, read_own_texts
from forumkg.cli.progress import Progress, report_nothing
from forumkg.dataset.files import source_files
from forumkg.dataset.version_info import VersionInfo
from forumkg.dataset.versions import Version, current, open_current, open_version
from forumkg.engine.profiles import PROFILES
from forumkg.texts.reading import Text
from forumkg.web.addresses import Network, parse_hosts, parse_networks
from forumkg.web.contact import parse_contact
from forumkg.web.handover import Handover, logged_errors
from forumkg.web.http.limits import ServerLimits
from forumkg.web.http.listener import listen
from forumkg.web.logs import LEVELS, LogWriter, configure
from forumkg.web.policy import Policy
from forumkg.web.server_processes import fork_servers, hold_sighup
from forumkg.workers.pool import Limits, Pool
from forumkg.workers.validation_workers import ValidationWorkers

if TYPE_CHECKING:
    from forumkg.engine.connection import Engine

__all__ = ["command", "serve"]

_DEFAULTS: Final = Limits()
_POLICY: Final = Policy()
_MIB: Final = 1024 * 1024

_T = TypeVar("_T")


def _parsed(parse: Callable[[str], _T], advice: str = "") -> Callable[..., _T]:
    """Return the callback of an option whose text a function reads, or refuses with a ValueError."""

    def callback(_: click.Context, __: click.Parameter, value: str) -> _T:
        try:
            return parse(value)
        except ValueError as error:
            raise click.BadParameter(f"{error}.{advice}") from error

    return callback


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=Number(0, 65_535, whole=True),
    help="Port; 0 takes a free one.",
)
@data_option
@click.option(
    "--no-build",
    is_flag=True,
    show_default="off",
    help="Serve the version that the data directory has, whatever it was built from.",
)
@click.option(
    "--processes",
    type=Number(1, 256, whole=True),
    metavar="N",
    show_default="one, without a supervisor",
    help="Server processes that share the clients; SIGHUP replaces them by ones on the current version.",
)
@click.option(
    "--root",
    type=FOLDER,
    metavar="DIR",
    help="Folder with ontology/, graph/ and shapes/ to serve instead of the packaged ones.",
)
@click.option(
    "--engine",
    metavar="URL",
    show_default="none",
    help="SPARQL engine that evaluates all queries; see `forumkg engine load`.",
)
@click.option(
    "--profile", type=click.Choice([*PROFILES]), show_default="none", help="What kind of engine it is."
)
@click.option(
    "--timeout",
    default=_DEFAULTS.timeout,
    show_default=True,
    type=Number(0.01, DAY),
    metavar="SECONDS",
    help="Seconds after which a query is given up; a client may ask for less by ?timeout=.",
)
@click.option(
    "--memory",
    default=_DEFAULTS.memory // _MIB,
    show_default=True,
    type=Number(16, 1024 * GIB, whole=True),
    metavar="MIB",
    help="Memory that one query may take.",
)
@click.option(
    "--workers",
    default=_DEFAULTS.workers,
    show_default=True,
    type=Number(1, 1024, whole=True),
    metavar="N",
    help=f"Queries that run at the same time; those that take over {_DEFAULTS.fast_seconds:g} s make room.",
)
@click.option(
    "--queue",
    default=_DEFAULTS.queue,
    show_default=True,
    type=Number(1, 1_000_000, whole=True),
    metavar="N",
    help="Queries that wait for a worker; more are answered 503.",
)
@click.option(
    "--max-result",
    default=_DEFAULTS.max_result // _MIB,
    show_default=True,
    type=Number(1, 1024 * GIB, whole=True),
    metavar="MIB",
    help="Length of the longest answer.",
)
@click.option(
    "--in-memory",
    default=_DEFAULTS.in_memory,
    show_default=True,
    type=Number(0, 1_000_000_000, whole=True),
    metavar="TRIPLES",
    help="Largest dataset to hold in memory, some 2.6 kB a triple; a larger one is read from disk.",
)
@click.option(
    "--client-seconds",
    default=_POLICY.client_seconds,
    show_default=True,
    type=Number(0, DAY),
    metavar="SECONDS",
    help="Time of workers that one client may use in a minute; 0 is no limit.",
)
@click.option(
    "--client-errors",
    default=_POLICY.client_errors,
    show_default=True,
    type=Number(0, 1_000_000),
    metavar="N",
    help="Failed queries that one client may send in a minute; 0 is no limit.",
)
@click.option(
    "--trusted-proxies",
    default="",
    show_default="none",
    callback=_parsed(
        parse_networks, " Write addresses or networks with commas between, as in 127.0.0.1,10.0.0.0/8."
    ),
    metavar="NETWORKS",
    help="Reverse proxies whose X-Forwarded-For is believed, with commas between.",
)
@click.option(
    "--allowed-hosts",
    default="",
    show_default="any",
    callback=_parsed(
        parse_hosts, " Write names with commas between, without scheme and port, as in example.org,[::1]."
    ),
    metavar="NAMES",
    help="Names that a request may call this server by, with commas between; others are answered 421.",
)
@click.option(
    "--contact",
    default="",
    show_default="none",
    callback=_parsed(parse_contact),
    metavar="ADDRESS",
    help="Where readers report errors: a page (https://…) or a mail address (mailto:…).",
)
@click.option(
    "--texts",
    show_default="none",
    type=FOLDER,
    metavar="FOLDER",
    help="Texts of articles (*.txt) to show on their pages; on this machine alone, as they are not public.",
)
@click.option(
    "--slow-query",
    default=_POLICY.slow_query,
    show_default=True,
    type=Number(0, DAY),
    metavar="SECONDS",
    help="Time in a worker from which a query is logged as a slow one.",
)
@click.option(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(LEVELS),
    help="The least grave of what is logged; at debug with the text of queries.",
)
def command(  # noqa: PLR0913 (an option each)
    *,
    host: str,
    port: int,
    data: Path,
    no_build: bool,
    processes: int | None,
    root: Path | None,
    engine: str | None,
    profile: str | None,
    timeout: float,
    memory: int,
    workers: int,
    queue: int,
    max_result: int,
    in_memory: int,
    client_seconds: float,
    client_errors: float,
    trusted_proxies: tuple[Network, ...],
    allowed_hosts: frozenset[str],
    contact: str,
    texts: Path | None,
    slow_query: float,
    log_level: str,
) -> None:
    """Serve the graph over HTTP: a SPARQL endpoint at /sparql, and pages to start from.

    The first start builds a store in the data directory, later ones open it. SIGTERM lets running queries
    end for some seconds.
    """
    limits = Limits(
        timeout=timeout,
        memory=memory * _MIB,
        workers=workers,
        queue=queue,
        max_result=max_result * _MIB,
        in_memory=in_memory,
    )
    policy = Policy(
        client_seconds=client_seconds,
        client_errors=client_errors,
        trusted_proxies=trusted_proxies,
        allowed_hosts=allowed_hosts,
        slow_query=slow_query,
        contact=contact,
    )
    own_texts = read_own_texts(texts, host, policy) if texts else ()
    if own_texts:
        policy = for_own_machine(policy, host)
    if no_build and root:
        raise click.UsageError(
            "--no-build serves what was built before, and --root names what to build: leave out one."
        )
    if bool(engine) != bool(profile):
        raise click.UsageError("--engine says where the engine is, and --profile what it is: give both.")
    hold_sighup()
    listener = _listen(host, port, ServerLimits())
    source: socket.socket | Handover = listener
    if processes:
        # What is imported and compiled before is in memory once for all of them.
        _import_application().compile_templates()
        announce = partial(_announce_processes, listener, processes, data)
        source = fork_servers(listener, processes, trusted_proxies, announce, log_level)
    with configure(log_level, sys.stderr) as log, logged_errors(source):
        version = open_current(data) if no_build else _open_version(data, root, source)
        remote = _loaded_engine(engine, profile, version, data) if engine and profile else None
        serve(
            version,
            source,
            data=data,
            limits=limits,
            policy=policy,
            log=log,
            texts=own_texts,
            engine=remote,
        )


def _open_version(data: Path, root: Path | None, source: socket.socket | Handover) -> Version:
    """Return the version of the files, which is built unless the data directory has it."""
    ontology = root and root / "ontology"
    with _progress(source) as progress:
        return open_version(data, source_files(root), ontology_dir=ontology, progress=progress)


def _loaded_engine(url: str, profile: str, version: Version, data: Path) -> "Engine":
    """Return the engine at an address, which must hold the version that is served."""
    from forumkg.cli.engine import engine_of  # noqa: PLC0415 (a start without an engine needs none of it)
    from forumkg.engine.marks import require_loaded  # noqa: PLC0415

    engine = engine_of(url, profile, version)
    require_loaded(data, engine, version.info)
    return engine


def _progress(source: socket.socket | Handover) -> AbstractContextManager[Callable[[str], None]]:
    """Return what reports the steps of a build.

    Not to a file or the journal, where a log has one JSON object a line, and from one process alone.
    """
    is_one = isinstance(source, socket.socket) or source.is_first
    return Progress(patience=0) if is_one and sys.stderr.isatty() else nullcontext(report_nothing)


def serve(  # noqa: PLR0913 (what a server is made of)
    version: Version,
    source: socket.socket | Handover,
    *,
    data: Path,
    limits: Limits,
    policy: Policy,
    log: LogWriter,
    server_limits: ServerLimits | None = None,
    texts: tuple[Text, ...] = (),
    engine: "Engine | None" = None,
) -> None:
    """Serve a version until SIGINT or SIGTERM.

    Args:
        version: what is served.
        source: where connections come from: a socket that listens, or a supervisor.
        data: the data directory, for the message at the start.
        limits: the bounds of queries.
        policy: the rules for clients.
        log: writes the log.
        server_limits: the bounds of connections.
        texts: article texts that pages show.
        engine: evaluates the queries, in place of our own store.

    Raises:
        StoreError: the store cannot be opened, or the workers cannot be confined on this system.
    """
    # This process has nothing else to do until the workers have started.
    importing = Thread(target=_import_application, name="imports")
    importing.start()
    queries = Pool(version.path / "store", limits, engine=engine)
    with queries as pool, ValidationWorkers(version.path) as validators:
        importing.join()
        from forumkg.app.application import compile_in_background  # noqa: PLC0415
        from forumkg.app.assembly import assemble  # noqa: PLC0415 (see `_import_application`)
        from forumkg.web.server import run  # noqa: PLC0415

        handler = assemble(version, pool, policy, log, texts=texts, validation_workers=validators)

        def ready() -> None:
            _announce(source, version.info, data)
            compile_in_background()

        run(handler, source, server_limits or ServerLimits(), ready)


def _import_application() -> ModuleType:
    """Import the application, which takes as long as the start of the workers, and return its module."""
    from forumkg.app import application, assembly  # noqa: F401, PLC0415 (after the start of the workers)
    from forumkg.web import server  # noqa: F401, PLC0415

    return application


def _listen(host: str, port: int, limits: ServerLimits) -> socket.socket:
    """Return a socket that listens.

    Raises:
        click.ClickException: the address cannot be listened on.
    """
    try:
        return listen(host, port, limits)
    except (OSError, UnicodeError) as error:
        raise click.ClickException(_refusal(host, port, error)) from error


def _announce(source: socket.socket | Handover, info: VersionInfo, data: Path) -> None:
    if isinstance(source, socket.socket):
        address, port = source.getsockname()[:2]
        click.echo(f"http://[{address}]:{port}/" if ":" in address else f"http://{address}:{port}/")
        click.echo(f"{info.triples:,} triples, version {info.number}, in {data}")


def _announce_processes(listener: socket.socket, processes: int, data: Path) -> None:
    info = current(data)
    if info is not None:
        _announce(listener, info, data)
    click.echo("1 server process" if processes == 1 else f"{processes} server processes")


def _refusal(host: str, port: int, error: OSError | UnicodeError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use: choose another one with --port, or --port 0 for a free one."
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"Cannot listen on port {port} of {host} ({reason}): choose another --host or --port."
