"""`forumkg format`: rewrite Turtle files canonically."""

from pathlib import Path

import click

from forumkg import resources
from forumkg.errors import DataError
from forumkg.rdf.formatting import canonical_file, is_canonical, rewrite, turtle_files

__all__ = ["command"]


@click.command("format")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--check", is_flag=True, help="Rewrite nothing: list the files that differ, and exit 1 if any does."
)
@click.option("--drop-comments", is_flag=True, help="Rewrite a file with comments too, and lose them.")
def command(paths: tuple[Path, ...], *, check: bool, drop_comments: bool) -> None:
    """Rewrite Turtle files in the one form that the graph is kept in.

    PATH is a file, or a folder whose *.ttl files are meant; without one, the graph itself. The canonical form
    has the prefixes that are used, a block for each subject, a line for each predicate, and all of it in an
    order that depends on what the file says and not on who wrote it: so a change is a small diff.

    \b
    forumkg format                              the whole graph
    forumkg format graph/articles/daily-1.ttl   one article
    forumkg format --check                      list the files, change nothing

    The names of rewritten (or differing) files go to standard output. A file that is not Turtle, has a blank
    node or has a comment stays as it is. Exit 0 when all files are canonical now, 1 when one is not, 2 on
    wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    failed, differing = False, []
    for path in turtle_files(paths or (resources.graph_dir(),)):
        try:
            canonical = canonical_file(path, drop_comments=drop_comments)
            if is_canonical(path, canonical):
                continue
            if not check:
                rewrite(path, canonical)
        except DataError as error:
            failed = True
            click.echo(f"Error: {error}", err=True)
            continue
        differing.append(path)
        click.echo(path)
    if check and differing:
        click.echo(f"Not canonical. Repair with: forumkg format {' '.join(map(str, differing))}", err=True)
    if failed or (check and differing):
        raise SystemExit(1)
