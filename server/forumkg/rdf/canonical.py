"""Write triples as the files of the graph have them: one way only, so that a change is a small diff.

Turtle 1.1 (https://www.w3.org/TR/turtle/) with the prefixes that are used, one block a subject in reading
order, one predicate a line, and the full stop on a line of its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.namespaces import ID, PREFIXES, shorten
from forumkg.rdf.reading_order import object_key, predicate_key, subjects_in_order
from forumkg.rdf.turtle_terms import TermWriter

__all__ = ["canonical_turtle"]

_WIDTH: Final = 110
_TYPE: Final = ox.NamedNode(f"{PREFIXES['rdf']}type")
# Of blank nodes and of RDF 1.2's triple terms alike.
_NAMELESS: Final = "has no name that others could use: give it an IRI."

_Object: TypeAlias = ox.NamedNode | ox.Literal
_Blocks: TypeAlias = dict[ox.NamedNode, dict[ox.NamedNode, set[_Object]]]


def canonical_turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return the canonical Turtle of a set of triples; the empty text for none.

    The same triples give the same text in whatever order they come. Where all statements (or quantities) are
    of one article, they are written with the prefix `s` (or `q`).

    Args:
        triples: no blank nodes, no triple terms.
        prefixes: the prefixes that may be used, by name.

    Raises:
        DataError: a blank node, or a term that Turtle 1.1 cannot write.
    """
    triples = set(triples)
    blocks = _blocks(triples)
    writer = TermWriter({**prefixes, **_local_prefixes(blocks)})
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


def _block(subject: ox.NamedNode, predicates: dict[ox.NamedNode, set[_Object]], writer: TermWriter) -> str:
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


def _term(value: _Object, writer: TermWriter) -> str:
    return writer.iri(value) if isinstance(value, ox.NamedNode) else writer.literal(value)
