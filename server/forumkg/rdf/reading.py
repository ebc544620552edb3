"""Read Turtle files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from forumkg.errors import DataError, TurtleError

__all__ = ["parse", "parsed", "read_text"]


def parse(path: Path, text: str | None = None) -> tuple[ox.Triple, ...]:
    """Return the triples of a Turtle file, or of the text given instead of its content.

    Raises:
        TurtleError: the text is not Turtle; the message has line and column.
        DataError: the file cannot be read or is not UTF-8.
    """
    return tuple(quad.triple for quad in _quads(path, read_text(path) if text is None else text))


def parsed(path: Path) -> Iterator[ox.Quad]:
    """Yield the triples of a Turtle file as quads, as they are read; see `parse` for the errors."""
    yield from _quads(path, read_text(path))


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, line ends unchanged: a literal may contain one.

    Raises:
        DataError: the file cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8.") from error


def _quads(path: Path, text: str) -> Iterable[ox.Quad]:
    if text.startswith("\ufeff"):
        message = "The file begins with a byte order mark (U+FEFF): save it without one."
        raise TurtleError(message, path=str(path), line=1, column=1)
    try:
        yield from ox.parse(text, format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        message = str(error.msg)
        raise TurtleError(
            message, path=str(path), line=error.lineno or 1, column=error.offset or 1
        ) from error
