"""Write triples in canonical Turtle, so that a change of the graph is a small diff.

Turtle 1.1 (https://www.w3.org/TR/turtle/) with the prefixes that are used, one block a subject in reading
order, one predicate a line, and the full stop on a line of its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.namespaces import ID, PREFIXES, shorten
from forumkg.rdf.turtle.order import object_key, predicate_key, subjects_in_order

__all__ = ["canonical_turtle"]

_XSD: Final = PREFIXES["xsd"]
# The local names that every parser reads without an escape.
_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
# What is written bare. Other spellings of the same value (007, +1, 1.50) keep quotes and datatype, and so do
# decimals below a millionth: bare, rdflib's parser reads them with an exponent, which XSD does not allow.
_BARE: Final = {
    f"{_XSD}boolean": re.compile(r"true|false"),
    f"{_XSD}integer": re.compile(r"0|-?[1-9][0-9]*"),
    f"{_XSD}decimal": re.compile(r"(?:0|-?[1-9][0-9]*)\.0|-?(?:0(?!\.0{6})|[1-9][0-9]*)\.[0-9]*[1-9]"),
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
_WIDTH: Final = 110
_TYPE: Final = ox.NamedNode(f"{PREFIXES['rdf']}type")
# Of blank nodes and of triple terms of RDF 1.2.
_NAMELESS: Final = "has no name that others could use: give it an IRI."

_Object: TypeAlias = ox.NamedNode | ox.Literal
_Blocks: TypeAlias = dict[ox.NamedNode, dict[ox.NamedNode, set[_Object]]]


def canonical_turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return the canonical Turtle of a set of triples; the empty text for none.

    The same triples give the same text in any order. Where all statements (or quantities) are
    of one article, they are written with the prefix `s` (or `q`).

    Args:
        triples: no blank nodes, no triple terms.
        prefixes: the prefixes that may be used, by name.

    Raises:
        DataError: a blank node, or a term that Turtle 1.1 cannot write.
    """
    triples = set(triples)
    blocks = _blocks(triples)
    writer = _TermWriter({**prefixes, **_local_prefixes(blocks)})
    written = [_block(subject, blocks[subject], writer) for subject in subjects_in_order(triples)]
    head = "".join(f"@prefix {name}: <{writer.prefixes[name]}> .\n" for name in sorted(writer.used))
    return "\n".join([head, *written] if head else written)


def _blocks(triples: Iterable[ox.Triple]) -> _Blocks:
    blocks: _Blocks = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, ox.NamedNode):
            raise DataError(f"The subject {subject} of {shorten(predicate.value)} {_NAMELESS}")
        if not isinstance(value, ox.NamedNode | ox.Literal):
            raise DataError(f"{value}, {shorten(predicate.value)} of {shorten(subject.value)}, {_NAMELESS}")
        blocks[subject][predicate].add(value)
    return blocks


def _local_prefixes(blocks: _Blocks) -> dict[str, str]:
    """Return the prefixes of the statements and the quantities of the one article that a file is about."""
    found: dict[str, str] = {}
    for prefix, kind in (("s", "statement"), ("q", "quantity")):
        pattern = re.compile(rf"{re.escape(ID)}{kind}/[^/]+/")
        spaces = {match.group() for subject in blocks if (match := pattern.match(subject.value))}
        if len(spaces) == 1:
            found[prefix] = spaces.pop()
    return found


def _block(subject: ox.NamedNode, predicates: dict[ox.NamedNode, set[_Object]], writer: "_TermWriter") -> str:
    lines = [writer.iri(subject)]
    for predicate in sorted(predicates, key=predicate_key):
        name = "a" if predicate == _TYPE else writer.iri(predicate)
        lines.append(
            _line(name, [_term(value, writer) for value in sorted(predicates[predicate], key=object_key)])
        )
    return "\n".join([*lines, ".\n"])


def _line(predicate: str, values: list[str]) -> str:
    line = f"    {predicate} {', '.join(values)} ;"
    if len(values) == 1 or len(line) <= _WIDTH:
        return line
    return f"    {predicate}\n        " + ",\n        ".join(values) + " ;"


def _term(value: _Object, writer: "_TermWriter") -> str:
    return writer.iri(value) if isinstance(value, ox.NamedNode) else writer.literal(value)


@dataclass(frozen=True, slots=True)
class _TermWriter:
    """Writes terms with a table of prefixes, and records the prefixes used."""

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
        """Return a canonical number or boolean bare, any other literal in quotes on one line.

        Raises:
            DataError: the literal has a base direction, which Turtle 1.1 does not have.
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
