"""Locate the packaged ontology, graph, shapes and docs, in a wheel and in an editable install."""

from pathlib import Path

from forumkg.errors import DataError

__all__ = ["docs_dir", "graph_dir", "ontology_dir", "root", "shapes_dir"]


def root() -> Path:
    """Return the folder that holds `ontology/`, `graph/` and `shapes/`.

    Raises:
        DataError: the installation has no data.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent.parent):
        if (folder / "ontology" / "core.ttl").is_file():
            return folder
    raise DataError(f"No ontology/core.ttl in {package / 'data'} or beside it: install forumkg again.")


def docs_dir() -> Path:
    """Return the folder of the documentation."""
    return root() / "docs"


def ontology_dir() -> Path:
    """Return the folder of the ontology, its vocabulary, rules and questions."""
    return root() / "ontology"


def graph_dir() -> Path:
    """Return the folder of the graph."""
    return root() / "graph"


def shapes_dir() -> Path:
    """Return the folder of the SHACL shapes."""
    return root() / "shapes"
