"""List the prefixes, and the classes, properties and individuals of the graph, for completion.

These are the prefixed names of SPARQL: https://www.w3.org/TR/sparql11-query/#prefNames
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from forumkg.namespaces import PREFIXES, shorten
from forumkg.pages.graph import Graph
from forumkg.pages.languages import DEFAULT
from forumkg.pages.page_queries import page_query, text_literal

__all__ = ["VocabularyName", "names", "vocabulary"]

# The kind of name that each query returns.
_KINDS: Final = {
    "editor/named-classes": "class",
    "editor/named-properties": "property",
    "editor/named-things": "individual",
}
# A name without escapes, as people write it.
_WRITTEN: Final = re.compile(r"[a-z]+:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


@dataclass(frozen=True, slots=True)
class VocabularyName:
    """A prefixed name that a query can hold.

    Attributes:
        name: as `zgc:Edition`.
        kind: `class`, `property` or `individual`.
        label: its words in a language, else in English, empty where it has none.
        note: its definition, likewise.
        count: the instances of a class, the triples of a property, or the links to an individual.
    """

    name: str
    kind: str
    label: str = ""
    note: str = ""
    count: int = 0


def names(graph: Graph, language: str = DEFAULT) -> tuple[VocabularyName, ...]:
    """Return the names of the graph: of classes, of properties, of things, each in alphabetical order.

    Args:
        graph: has the names.
        language: that of their labels and definitions, as a tag of BCP 47; English where there are no others.
    """
    return tuple(_names(graph, language))


def vocabulary(graph: Graph, language: str = DEFAULT) -> dict[str, Any]:
    """Return what an editor reads: `prefixes`, and `terms` with the members of `VocabularyName`."""
    return {"prefixes": dict(PREFIXES), "terms": [asdict(name) for name in names(graph, language)]}


def _names(graph: Graph, language: str) -> Iterator[VocabularyName]:
    for query, kind in _KINDS.items():
        for row in graph.select(page_query(query, language=text_literal(language)).text):
            written = shorten(row.iri("term"))
            # A term without a prefixed name is found by a query, not by completion.
            if _WRITTEN.fullmatch(written):
                yield VocabularyName(written, kind, row.text("label"), row.text("note"), row.count("count"))
