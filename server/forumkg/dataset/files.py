"""The files of the dataset and the named graph that each of them is.

One file is one named graph: `ontology/core.ttl` is `graph/ontology/core`, `graph/articles/a.ttl` is
`graph/articles/a`, `shapes/statements.ttl` is `graph/shapes/statements`, each after the base IRI.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forumkg import __version__, resources
from forumkg.dataset.list_queries import list_query_texts
from forumkg.errors import DataError
from forumkg.namespaces import GRAPH
from forumkg.rdf.reading import read_text

__all__ = ["LAYOUT", "SourceFile", "digest", "source_files"]

# Raise it when the files of a version on disk change: each version is built anew, and others are refused.
LAYOUT: Final = 12


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
    """Return the Turtle files of a dataset, ordered by graph.

    Args:
        root: a folder with `ontology/`, `graph/` and `shapes/`; by default the folders of `resources`.

    Raises:
        DataError: the dataset has no Turtle file in one of the three folders.
    """
    folders = {
        "ontology": root / "ontology" if root else resources.ontology_dir(),
        "graph": root / "graph" if root else resources.graph_dir(),
        "shapes": root / "shapes" if root else resources.shapes_dir(),
    }
    found: list[SourceFile] = []
    for kind, folder in folders.items():
        paths = sorted(folder.rglob("*.ttl"))
        if not paths:
            raise DataError(f"No Turtle file in {folder}.")
        for path in paths:
            name = f"{kind}/{path.relative_to(folder).with_suffix('').as_posix()}"
            found.append(SourceFile(path, GRAPH + name.removeprefix("graph/")))
    return tuple(sorted(found, key=lambda file: file.graph))


def digest(files: Iterable[SourceFile], *, ontology_dir: Path | None = None) -> str:
    """Return a SHA-256 over what a build depends on: names and texts of its files, and our version.

    Args:
        files: The Turtle files, in any order.
        ontology_dir: The folder of `rules/` and `questions/`, by default that of the package.

    Raises:
        DataError: a file cannot be read.
    """
    folder = ontology_dir or resources.ontology_dir()
    inputs = {file.graph: file.path for file in files}
    inputs |= {path.relative_to(folder).as_posix(): path for path in folder.glob("*/*.rq")}
    state = hashlib.sha256(f"{__version__} {LAYOUT}".encode())
    for name, path in sorted(inputs.items()):
        # Names and texts by their digests: of one length each, no two sets of files run together.
        for text in (name, read_text(path)):
            state.update(hashlib.sha256(text.encode()).digest())
    for texts in sorted(list_query_texts().items()):
        for text in texts:
            state.update(hashlib.sha256(text.encode()).digest())
    return state.hexdigest()
