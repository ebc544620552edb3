"""`forumkg unmap`: the worksheet of an article of the graph, to correct it."""

from pathlib import Path

import click

from forumkg.cli.options import FILE, root_option
from forumkg.cli.worksheet_files import refuse_tracked, write_new
from forumkg.dataset.files import source_files
from forumkg.errors import DataError
from forumkg.mapping.decompiler import make_worksheet
from forumkg.mapping.known_things import KnownThings
from forumkg.mapping.writer import write_worksheet
from forumkg.rdf.reading import parse
from forumkg.texts.reading import read_text

__all__ = ["command"]


@click.command("unmap")
@click.argument("name")
@click.option(
    "--text",
    type=FILE,
    required=True,
    help="The text of the article.",
)
@root_option
@click.option("--force", is_flag=True, help="Replace a worksheet that exists.")
def command(name: str, *, text: Path, root: Path | None, force: bool) -> None:
    """Make the worksheet NAME.map of the article NAME of the graph, beside its text.

    `forumkg map NAME.map --write` then gives the same files, byte for byte. The worksheet has the words of
    the text: it is not written into a Git work tree that does not ignore it.

    \b
    forumkg unmap xinhua-2023-05-24 --text texts/xinhua-2023-05-24.txt

    Exit 0 when the worksheet is written, 1 otherwise, 2 on wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    files = {file.name: file for file in source_files(root)}
    if f"articles/{name}" not in files:
        articles = [one.removeprefix("articles/") for one in files if one.startswith("articles/")]
        raise DataError(f"The graph has no article {name!r}. It has: {', '.join(articles)}.")
    target = text.parent / f"{name}.map"
    refuse_tracked(target)
    known = KnownThings.read(
        triple for file in files.values() if not file.is_shapes for triple in parse(file.path)
    )
    curation = parse(files["curation"].path) if "curation" in files else ()
    worksheet = make_worksheet(
        parse(files[f"articles/{name}"].path), curation, read_text(text), known, text.name
    )
    write_new(target, write_worksheet(worksheet), force=force)
    click.echo(target)
