"""The files of the dataset and the named graph that each of them is.

One file is one named graph: `ontology/core.ttl` is `graph/ontology/core`, `graph/articles/a.ttl` is
`graph/articles/a`, `shapes/statements.ttl` is `graph/shapes/statements`, each after the base IRI.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg import resources
from forumkg.errors import DataError, TurtleError
from forumkg.namespaces import GRAPH

__all__ = [
    "DERIVED",
    "DESCRIPTION",
    "ENTAILED",
    "QUESTIONS",
    "SourceFile",
    "parse",
    "read_text",
    "source_files",
]

# The graphs that the build writes itself.
ENTAILED: Final = f"{GRAPH}entailed"
DERIVED: Final = f"{GRAPH}derived"
QUESTIONS: Final = f"{GRAPH}questions"
DESCRIPTION: Final = f"{GRAPH}description"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Turtle file of the dataset and the IRI of the named graph that it is served as."""

    path: Path
    graph: str

    @property
    def name(self) -> str:
        """The path of the graph after the base of graphs: `articles/xinhua-2021-09-15`."""
        return self.graph.removeprefix(GRAPH)

    @property
    def is_shapes(self) -> bool:
        """Whether the file holds SHACL shapes, which stay out of the default graph."""
        return self.name.startswith("shapes/")

    @property
    def is_ontology(self) -> bool:
        """Whether the file declares terms rather than facts."""
        return self.name.startswith("ontology/")


def source_files(root: Path | None = None) -> tuple[SourceFile, ...]:
    """Return the Turtle files of a root that holds `ontology/`, `graph/` and `shapes/`, ordered by graph.

    Raises:
        DataError: the root has no Turtle file in one of the three folders.
    """
    root = root or resources.root()
    found: list[SourceFile] = []
    for folder in ("ontology", "graph", "shapes"):
        paths = sorted((root / folder).rglob("*.ttl"))
        if not paths:
            raise DataError(f"No Turtle file in {root / folder}.")
        for path in paths:
            name = path.relative_to(root).with_suffix("").as_posix()
            found.append(SourceFile(path, GRAPH + name.removeprefix("graph/")))
    return tuple(sorted(found, key=lambda file: file.graph))


def parse(path: Path, text: str | None = None) -> tuple[ox.Triple, ...]:
    """Return the triples of a Turtle file, or of the text that stands in its place.

    Raises:
        TurtleError: the text is not Turtle; the message has its place.
        DataError: the file cannot be read or is not UTF-8.
    """
    return tuple(quad.triple for quad in _quads(path, read_text(path) if text is None else text))


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, line ends as they are: a literal may hold one.

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
    try:
        yield from ox.parse(text, format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        message = str(error.msg)
        raise TurtleError(
            message, path=str(path), line=error.lineno or 1, column=error.offset or 1
        ) from error
