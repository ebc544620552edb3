"""Collect what a query can name: prefixes, and the classes, properties and things of the graph.

An editor completes these names: https://www.w3.org/TR/sparql11-query/#prefNames
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from forumkg.namespaces import PREFIXES, shorten
from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import page_query

__all__ = ["Name", "names", "vocabulary"]

# What each query finds, and what an editor calls that.
_KINDS: Final = {
    "editor/named-classes": "class",
    "editor/named-properties": "property",
    "editor/named-things": "individual",
}
# A name without escapes, as people write it.
_WRITTEN: Final = re.compile(r"[a-z]+:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Name:
    """A prefixed name that a query can hold.

    Attributes:
        name: as `zgc:Edition`.
        kind: `class`, `property` or `individual`.
        label: its words, empty where it has none in English.
        note: its definition, empty where it has none in English.
        count: how many things a class has, in how many triples a property is, how many point to a thing.
    """

    name: str
    kind: str
    label: str = ""
    note: str = ""
    count: int = 0


def names(graph: Graph) -> tuple[Name, ...]:
    """Return the names of the graph: of classes, of properties, of things, each in alphabetical order."""
    return tuple(_names(graph))


def vocabulary(graph: Graph) -> dict[str, Any]:
    """Return the document that an editor reads: `prefixes`, and `terms` with the members of `Name`."""
    return {"prefixes": dict(PREFIXES), "terms": [asdict(name) for name in names(graph)]}


def _names(graph: Graph) -> Iterator[Name]:
    for query, kind in _KINDS.items():
        for row in graph.select(page_query(query).text):
            written = shorten(row.iri("term"))
            # What has no short name is found by asking, not by typing.
            if _WRITTEN.fullmatch(written):
                yield Name(written, kind, row.text("label"), row.text("note"), row.count("count"))
