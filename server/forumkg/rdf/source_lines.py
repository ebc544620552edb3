"""Find the lines of the terms of a document in any RDF syntax, as precisely as the syntax allows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import unescape
from types import MappingProxyType
from typing import Final

from forumkg.formats import Format
from forumkg.namespaces import shorten
from forumkg.rdf.turtle.positions import Locations, locations

__all__ = ["document_locations"]

# A string, or the end of a line: what JSON and the attributes of XML have in common.
_PIECE: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'([^\'\n]*)\'|\r\n?|\n')
_LIKE_TURTLE: Final = frozenset({"turtle", "trig", "ntriples", "nquads"})


def document_locations(text: str, format_: Format, triples: Iterable[tuple[str, str, str]]) -> Locations:
    """Return the lines of the terms of a document.

    In Turtle, TriG, N-Triples and N-Quads each triple has its line. In JSON-LD and RDF/XML a subject, with
    all its triples, has the line on which its IRI first occurs in quotes, in full or with a prefix of ours.

    Args:
        text: the document.
        format_: its syntax.
        triples: its triples, blank nodes as `_:name`, literals by their lexical forms.
    """
    if format_.name in _LIKE_TURTLE:
        found = locations(text)
        # Only Turtle has a canonical form, in which there are none.
        return found if format_.name == "turtle" else replace(found, comments=())
    quoted = _quoted(text)
    lines: dict[tuple[str, str | None, str | None], int | None] = {}
    for subject, predicate, value in triples:
        line = quoted.get(subject) or quoted.get(shorten(subject))
        for place in ((subject, None, None), (subject, predicate, None), (subject, predicate, value)):
            lines[place] = line
    return Locations(MappingProxyType(lines), MappingProxyType({}), ())


def _quoted(text: str) -> Mapping[str, int]:
    """Return the first line of each string between quotes."""
    line, found = 1, dict[str, int]()
    for piece in _PIECE.finditer(text):
        if piece.group()[0] in "\r\n":
            line += 1
        else:
            found.setdefault(unescape(piece[1] or piece[2] or ""), line)
    return found
