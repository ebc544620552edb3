"""A document that a client sends to be validated.

In a module of its own: the server, which imports no parser and no SHACL engine, hands it to a worker.
"""

from dataclasses import dataclass

from forumkg.formats import Format

__all__ = ["Document"]


@dataclass(frozen=True, slots=True)
class Document:
    """A text to validate.

    Attributes:
        text: the text.
        format: its syntax.
        name: the name of its file.
    """

    text: str
    format: Format
    name: str
