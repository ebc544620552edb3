"""Turtle without prefix lines, for tests."""

from pathlib import Path

import pyoxigraph as ox

from forumkg.namespaces import PREFIXES
from forumkg.rdf.reading import parse

_HEADER = "@prefix ex: <http://example.org/> .\n" + "".join(
    f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()
)


def triples(text: str) -> tuple[ox.Triple, ...]:
    """Return the triples of a text that uses `ex:` and the prefixes of the project."""
    return parse(Path("test.ttl"), _HEADER + text)
