"""A dataset small enough to know by heart: five kinds of file, three articles' worth of nothing."""

from pathlib import Path
from typing import Final

from forumkg.dataset.files import SourceFile, source_files

__all__ = ["PREFIXES", "Small", "write"]

PREFIXES: Final = (
    "PREFIX edition: <https://w3id.org/zgc-forum/id/edition/>\n"
    "PREFIX graph: <https://w3id.org/zgc-forum/graph/>\n"
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n"
)

_HEAD: Final = (
    "@prefix edition: <https://w3id.org/zgc-forum/id/edition/> .\n"
    "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    "@prefix shapes: <https://w3id.org/zgc-forum/shapes/> .\n"
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n"
)

# `edition:2021 a zgc:Edition` stands in two graphs, and is one triple of the default graph.
_FILES: Final = {
    "ontology/core.ttl": "zgc:Edition a owl:Class .\n",
    "graph/entities.ttl": (
        'edition:2021 a zgc:Edition ; zgc:year 2021 ; skos:prefLabel "2021 edition"@en, "2021年"@zh .\n'
        'edition:2023 a zgc:Edition ; zgc:year 2023 ; skos:prefLabel "2023 edition"@en .\n'
    ),
    "graph/curation.ttl": 'edition:2021 a zgc:Edition ; zgc:editorialNote "One, \\"two\\"." .\n',
    "shapes/editions.ttl": "shapes:Edition a sh:NodeShape ; sh:targetClass zgc:Edition .\n",
}
_QUESTION: Final = (
    "# Which editions are there?\n"
    + PREFIXES
    + "SELECT ?edition { ?edition a zgc:Edition } ORDER BY ?edition\n"
)


class Small:
    """The small dataset in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ontology_dir = root / "ontology"

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The Turtle files, one for each named graph."""
        return source_files(self.root)

    def add_edition(self, year: int) -> None:
        """Write one more edition into the entities."""
        path = self.root / "graph" / "entities.ttl"
        path.write_text(f"{path.read_text()}edition:{year} a zgc:Edition ; zgc:year {year} .\n")


def write(root: Path) -> Small:
    """Write the small dataset into a folder."""
    for name, text in _FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_HEAD + text, encoding="utf-8")
    for folder in ("rules", "questions"):
        (root / "ontology" / folder).mkdir()
    (root / "ontology" / "questions" / "01-countries-2021.rq").write_text(_QUESTION, encoding="utf-8")
    return Small(root)
