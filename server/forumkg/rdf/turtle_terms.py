"""Write one term in Turtle, in the one way that the files of the graph have it.

https://www.w3.org/TR/turtle/#sec-grammar-grammar. The lexical form of a literal is never changed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.namespaces import PREFIXES

__all__ = ["TermWriter"]

_XSD: Final = PREFIXES["xsd"]
# The local names that every parser reads without an escape.
_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
# What is written bare; other spellings of the same value (007, +1, 1.50) keep quotes and datatype.
_BARE: Final = {
    f"{_XSD}boolean": re.compile(r"true|false"),
    f"{_XSD}integer": re.compile(r"0|-?[1-9][0-9]*"),
    f"{_XSD}decimal": re.compile(r"(?:0|-?[1-9][0-9]*)\.0|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]"),
}
# Controls, and characters that an editor hides or that turn the direction of the text around them.
_ESCAPED: Final = re.compile(r'[\x00-\x1f"\\\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
_LETTERS: Final = {
    "\t": r"\t",
    "\b": r"\b",
    "\n": r"\n",
    "\r": r"\r",
    "\f": r"\f",
    '"': r"\"",
    "\\": r"\\",
}


@dataclass(frozen=True, slots=True)
class TermWriter:
    """Writes terms with a table of prefixes, and keeps which of them were used."""

    prefixes: Mapping[str, str]
    used: set[str] = field(default_factory=set)

    def iri(self, node: ox.NamedNode) -> str:
        """Return a prefixed name, or the IRI in full where its local part would need an escape."""
        fitting = [
            (len(namespace), prefix)
            for prefix, namespace in self.prefixes.items()
            if node.value.startswith(namespace) and _PLAIN_LOCAL.fullmatch(node.value[len(namespace) :])
        ]
        if not fitting:
            return f"<{node.value}>"
        length, prefix = max(fitting)
        self.used.add(prefix)
        return f"{prefix}:{node.value[length:]}"

    def literal(self, literal: ox.Literal) -> str:
        """Return a number or boolean bare where it is canonical, any other literal in quotes on one line.

        Raises:
            DataError: the literal has a base direction, which Turtle 1.1 does not know.
        """
        if literal.direction is not None:
            raise DataError(f"Turtle 1.1 has no base direction: write {literal} as a string with a language.")
        datatype = literal.datatype
        bare = _BARE.get(datatype.value)
        if bare and bare.fullmatch(literal.value):
            return literal.value
        quoted = f'"{_ESCAPED.sub(_escape, literal.value)}"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if datatype.value == f"{_XSD}string" else f"{quoted}^^{self.iri(datatype)}"


def _escape(match: re.Match[str]) -> str:
    return _LETTERS.get(match.group(), f"\\u{ord(match.group()):04X}")
