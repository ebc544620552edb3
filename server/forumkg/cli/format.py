"""`forumkg format`: rewrite Turtle files canonically, each as a whole or not at all.

A file with comments is refused: a parser drops them, and they would be lost.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from forumkg import resources
from forumkg.errors import DataError
from forumkg.rdf.reading import parse, read_text
from forumkg.rdf.turtle.positions import locations
from forumkg.rdf.turtle.writer import canonical_turtle

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
    for path in _turtle_files(paths or (resources.graph_dir(),)):
        try:
            canonical = _canonical_file(path, drop_comments=drop_comments)
            if _is_canonical(path, canonical):
                continue
            if not check:
                _rewrite(path, canonical)
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


def _turtle_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files among the paths and the Turtle files of the folders among them, each once.

    Raises:
        DataError: a folder has no Turtle file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        files = sorted(path.rglob("*.ttl")) if path.is_dir() else [path]
        if not files:
            raise DataError(f"No file *.ttl in {path}: name a Turtle file or a folder of Turtle files.")
        found |= dict.fromkeys(files)
    return tuple(found)


def _canonical_file(path: Path, *, drop_comments: bool = False) -> str:
    """Return the canonical form of a Turtle file.

    Args:
        path: The file, which is only read.
        drop_comments: Whether comments may be dropped.

    Raises:
        TurtleError: the file is not Turtle.
        DataError: the file cannot be read, has a blank node, or a comment that may not be dropped.
    """
    text = read_text(path)
    triples = parse(path, text)
    comments = locations(text).comments
    if comments and not drop_comments:
        raise DataError(
            f"{path}:{comments[0]}: a comment would be lost: write it as a zgc:editorialNote, "
            "or run forumkg format --drop-comments."
        )
    try:
        return canonical_turtle(triples)
    except DataError as error:
        raise DataError(f"{path}: {error}") from error


def _is_canonical(path: Path, canonical: str) -> bool:
    """Whether a file holds exactly these bytes, line ends included."""
    return path.read_bytes() == canonical.encode()


def _rewrite(path: Path, text: str) -> None:
    """Replace a file atomically; its mode stays.

    Raises:
        DataError: the folder or the file cannot be written.
    """
    target = path.resolve()  # a link keeps pointing to its file
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as draft:
            draft.write(text.encode())
    except OSError as error:
        raise DataError(f"Cannot write in {target.parent}: {error.strerror}.") from error
    finished = Path(draft.name)
    try:
        finished.chmod(target.stat().st_mode)
        finished.replace(target)
    except OSError as error:
        finished.unlink()
        raise DataError(f"Cannot write {path}: {error.strerror}.") from error
