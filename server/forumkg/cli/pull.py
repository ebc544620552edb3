"""`forumkg pull`: copy a version that was built elsewhere."""

import re
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Final

import click

from forumkg.cli.options import data_option
from forumkg.cli.progress import Progress, report_nothing
from forumkg.dataset.pulling import pull
from forumkg.dataset.versions import current, verify

__all__ = ["command"]

_DIGEST: Final = re.compile(r"[0-9a-fA-F]{64}")


def _digest(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _DIGEST.fullmatch(value):
        raise click.BadParameter(f"{value!r} is not a SHA-256: write its 64 hexadecimal digits.")
    return value


@click.command("pull")
@click.argument("source", metavar="DIR|URL")
@data_option
@click.option(
    "--manifest-sha256",
    "manifest_digest",
    callback=_digest,
    metavar="DIGEST",
    help="Accept no other version than the one whose manifest `forumkg verify` prints so.",
)
def command(source: str, data: Path, manifest_digest: str | None) -> None:
    """Copy the version that the data directory DIR serves, or the one under the address URL.

    Each file is compared with its SHA-256 while it is copied; the new version is served by the next start of
    `forumkg serve --no-build`, and at once by a running one that gets SIGHUP (see --processes).
    """
    with Progress(patience=0) if sys.stderr.isatty() else nullcontext(report_nothing) as progress:
        is_new = pull(source, data, manifest_digest=manifest_digest, progress=progress)
        if not is_new:
            progress("Comparing the version that is there with its digests")
            verify(data)
    info = current(data)
    if info is not None:
        verb = "Copied" if is_new else "Nothing to copy, the data directory has"
        click.echo(f"{verb} version {info.number}: {info.triples:,} triples, digest {info.digest}.")
