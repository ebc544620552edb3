"""Limit how deep an XML document is nested.

At each element the reader of RDF/XML looks through all elements that are open: 100,000 within each other take
it minutes.
"""

from typing import Final
from xml.parsers.expat import XMLParserType

__all__ = ["DEEPEST", "limit_depth"]

# Elements within each other: half a second of reading. Engines write a list of RDF with two for each item.
DEEPEST: Final = 10_000


def limit_depth(parser: XMLParserType) -> None:
    """Make a parser raise ValueError where elements are nested deeper than `DEEPEST`."""
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"more than {DEEPEST:,} elements are within each other")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
