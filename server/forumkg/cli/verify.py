"""`forumkg verify`: compare the version that a data directory serves with its digests."""

import hashlib
from pathlib import Path

import click

from forumkg.cli.options import data_option
from forumkg.dataset.disk import MANIFEST
from forumkg.dataset.versions import VERSIONS, verify

__all__ = ["command"]


@click.command("verify")
@data_option
def command(data: Path) -> None:
    """Compare each file of the version that is served with its SHA-256.

    A start of the server does so too, but only for versions of less than 1 GiB.
    """
    info = verify(data)
    manifest = (data / VERSIONS / str(info.number) / MANIFEST).read_bytes()
    click.echo(f"Version {info.number} in {data} is as it was built: {info.triples:,} triples.")
    click.echo(f"digest           {info.digest}")
    click.echo(f"{MANIFEST}    {hashlib.sha256(manifest).hexdigest()}")
