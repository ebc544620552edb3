"""The files of the dataset and the named graph that each of them is.

One file is one named graph: `ontology/core.ttl` is `graph/ontology/core`, `graph/articles/a.ttl` is
`graph/articles/a`, `shapes/statements.ttl` is `graph/shapes/statements`, each after the base IRI.
"""

from dataclasses import dataclass
from pathlib import Path

from forumkg import resources
from forumkg.errors import DataError
from forumkg.namespaces import GRAPH

__all__ = [
    "SourceFile",
    "source_files",
]


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
