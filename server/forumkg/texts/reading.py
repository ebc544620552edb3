"""Read the text of an article exactly as it is, and measure it as the graph does.

Offsets are Unicode code points of the decoded text and digests are those of its UTF-8 bytes, so nothing may
be translated while reading: no line ends, no byte order mark, no normal form.
https://www.w3.org/TR/annotation-model/#text-position-selector
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from forumkg.errors import DataError

__all__ = ["Text", "digest", "read_text", "read_texts", "respelling"]


@dataclass(frozen=True, slots=True)
class Text:
    """An article text, with the digest and the length by which its article is found."""

    name: str
    content: str = field(repr=False)
    sha256: str

    @property
    def code_point_length(self) -> int:
        """The number of Unicode code points."""
        return len(self.content)

    @classmethod
    def of(cls, name: str, content: str) -> "Text":
        """Measure a text that is already decoded."""
        return cls(name, content, digest(content))


def digest(content: str) -> str:
    """Return the SHA-256 of the UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def read_text(path: Path) -> Text:
    """Read a text without changing a code point.

    Raises:
        DataError: the file cannot be read or is not UTF-8.
    """
    if path.exists() and not path.is_file():
        # To read a pipe would wait for someone to write to it.
        raise DataError(f"Cannot read {path}: it is not a regular file.")
    try:
        return Text.of(path.name, path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not UTF-8 (byte {error.start}): offsets count the code points of UTF-8."
        ) from error


def read_texts(folder: Path, skip: Callable[[DataError], None] | None = None) -> tuple[Text, ...]:
    """Read every `*.txt` of a folder, ordered by name.

    Args:
        folder: the folder.
        skip: called with the reason for each file that cannot be read, which is left out then.

    Raises:
        DataError: a file cannot be read or is not UTF-8, and `skip` is not given.
    """
    found = []
    for path in sorted(folder.glob("*.txt")):
        try:
            found.append(read_text(path))
        except DataError as error:
            if skip is None:
                raise
            skip(error)
    return tuple(found)


def respelling(text: Text, sha256: str) -> str | None:
    """Return how to save a text so that it has this digest; None where no way is known.

    Args:
        text: a text whose own digest is another, perhaps because an editor or a download changed it.
        sha256: the digest that an article records.

    Returns:
        An instruction, such as "save it with LF line ends".
    """
    return next((how for how, content in _respellings(text.content) if digest(content) == sha256), None)


def _respellings(content: str) -> Iterator[tuple[str, str]]:
    unmarked = content.removeprefix("\ufeff")
    yield "save it without a byte order mark", unmarked
    yield "save it with LF line ends", content.replace("\r\n", "\n")
    yield "save it with LF line ends and without a byte order mark", unmarked.replace("\r\n", "\n")
    yield "remove the line end at its end", content.removesuffix("\n")
    yield "end it with a line end", f"{content}\n"
