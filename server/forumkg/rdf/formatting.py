"""Rewrite Turtle files canonically: whole or not at all.

A file with comments is refused: a parser drops them, and they would be lost.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from forumkg.errors import DataError
from forumkg.rdf.reading import parse, read_text
from forumkg.rdf.turtle.positions import locations
from forumkg.rdf.turtle.writer import canonical_turtle

__all__ = ["canonical_file", "is_canonical", "rewrite", "turtle_files"]


def turtle_files(paths: Iterable[Path]) -> tuple[Path, ...]:
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


def canonical_file(path: Path, *, drop_comments: bool = False) -> str:
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


def is_canonical(path: Path, canonical: str) -> bool:
    """Whether a file holds exactly these bytes, line ends included."""
    return path.read_bytes() == canonical.encode()


def rewrite(path: Path, text: str) -> None:
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
