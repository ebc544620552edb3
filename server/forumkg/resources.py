"""Locate the packaged ontology, graph, shapes and docs, in a wheel and in an editable install.

The environment variable FORUMKG_GRAPH names another folder of facts than the shipped `graph/`.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from forumkg.errors import DataError

__all__ = ["documents", "graph_dir", "ontology_dir", "root", "shapes_dir"]

# Documents beside `docs/`, where visitors of the repository look for them.
_AT_THE_TOP: Final = {
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "security": "SECURITY.md",
}


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


@cache
def documents() -> Mapping[str, Path]:
    """Return the files of the documentation by name: the path in `docs/` without the ending."""
    top = root()
    found = {
        path.relative_to(top / "docs").with_suffix("").as_posix(): path for path in top.glob("docs/**/*.md")
    }
    found |= {name: top / file for name, file in _AT_THE_TOP.items()}
    return MappingProxyType(dict(sorted(found.items())))


def ontology_dir() -> Path:
    """Return the folder of the ontology, its vocabulary, rules and questions."""
    return root() / "ontology"


def graph_dir() -> Path:
    """Return the folder of the graph: that of FORUMKG_GRAPH, else the shipped one."""
    chosen = os.environ.get("FORUMKG_GRAPH")
    return Path(chosen) if chosen else root() / "graph"


def shapes_dir() -> Path:
    """Return the folder of the SHACL shapes."""
    return root() / "shapes"
