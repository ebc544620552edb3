"""Answer look-ups: queries whose cost is proved to be small before they are evaluated.

A look-up is a SELECT of a few triple patterns on one constant subject, or of one triple pattern with a
constant object. It has no function, path, FILTER, OPTIONAL, subquery, GRAPH or ORDER BY. The grammar here is
a small part of that of SPARQL, with terms that can be read in one way only; any other text is not a look-up.

A store in memory finds the triples of a pattern among those that have the constant term, in any graph. Where
these are few, so are the steps of each pattern; and the solutions are at most the product of the triples that
match each pattern, in whichever order the patterns are joined.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import pyoxigraph as ox

from forumkg.formats import Format
from forumkg.sparql.evaluation import evaluate, serialize

__all__ = [
    "MAX_CHARACTERS",
    "MAX_PATTERNS",
    "MAX_SOLUTIONS",
    "MAX_STEPS",
    "Lookup",
    "LookupStore",
    "TriplePattern",
    "read_lookup",
]

# Bounds of a look-up: some microseconds to read it, and less than a millisecond to evaluate and write it.
MAX_QUERY: Final = 2_048
MAX_PATTERNS: Final = 8
MAX_STEPS: Final = 256
MAX_SOLUTIONS: Final = 256
MAX_CHARACTERS: Final = 64 * 1024

_SPACE: Final = r"[ \t\r\n]"
_IRI: Final = r"<[A-Za-z][A-Za-z0-9+.-]*+:[^\x00-\x20<>\"{}|^`\\]*+>"
_NAME: Final = r"[A-Za-z][A-Za-z0-9]*+:[A-Za-z0-9_][A-Za-z0-9_-]*+"
_VARIABLE: Final = r"[?$][A-Za-z_][A-Za-z0-9_]*+"
_TERM: Final = rf"(?:{_VARIABLE}|{_IRI}|{_NAME})"
_PROPERTY: Final = rf"(?:a|{_TERM}){_SPACE}++{_TERM}"
_TRIPLES: Final = rf"{_TERM}{_SPACE}++{_PROPERTY}(?:{_SPACE}*+;{_SPACE}*+{_PROPERTY})*+"
_LOOKUP: Final = re.compile(
    rf"{_SPACE}*+(?P<prologue>(?:PREFIX{_SPACE}++[A-Za-z][A-Za-z0-9]*+:{_SPACE}*+{_IRI}{_SPACE}*+)*+)"
    rf"SELECT(?:{_SPACE}++DISTINCT)?+(?:{_SPACE}*+\*|(?P<columns>(?:{_SPACE}++{_VARIABLE})++)){_SPACE}*+(?:WHERE{_SPACE}*+)?+"
    # A full stop directly before a name would belong to the name in front of it.
    rf"\{{{_SPACE}*+(?P<group>{_TRIPLES}(?:{_SPACE}*+\.{_SPACE}++{_TRIPLES})*+){_SPACE}*+(?:\.{_SPACE}*+)?+\}}"
    rf"(?:{_SPACE}*+LIMIT{_SPACE}++[0-9]{{1,9}}+)?+(?:{_SPACE}++OFFSET{_SPACE}++[0-9]{{1,9}}+)?+"
    rf"{_SPACE}*+(?:#[^\r\n]*+)?+{_SPACE}*+",
    re.IGNORECASE | re.ASCII,
)
_DECLARATION: Final = re.compile(rf"([A-Za-z][A-Za-z0-9]*+):{_SPACE}*+<([^>]*+)>", re.ASCII)
_PIECE: Final = re.compile(rf"{_TERM}|[Aa;.]", re.ASCII)
_DEFAULT_GRAPH: Final = ox.DefaultGraph()
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class TriplePattern(NamedTuple):
    """A triple pattern of a look-up; None stands for a variable."""

    subject: ox.NamedNode | None
    predicate: ox.NamedNode | None
    object: ox.NamedNode | None


class Lookup(NamedTuple):
    """The triple patterns of a look-up: several have one constant subject, one has a constant term."""

    patterns: tuple[TriplePattern, ...]

    @property
    def subject(self) -> ox.NamedNode | None:
        """The constant subject, if it has one."""
        return self.patterns[0].subject

    @property
    def object(self) -> ox.NamedNode | None:
        """The constant object of the first pattern, if it has one."""
        return self.patterns[0].object


class LookupStore:
    """A copy of a store in memory that answers look-ups, and nothing else.

    It counts the quads that have a term, and their characters, by which a look-up is proved to be small.
    """

    def __init__(self) -> None:
        self._store = ox.Store()
        self._subjects: dict[str, tuple[int, int]] = {}
        self._objects: dict[str, tuple[int, int]] = {}

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads; rows come in the order of a store that was filled in the same order."""
        added = [*quads]
        self._store.extend(added)
        for quad in added:
            length = len(str(quad.triple))
            for term, counts in ((quad.subject, self._subjects), (quad.object, self._objects)):
                if isinstance(term, ox.NamedNode):
                    number, characters = counts.get(term.value, (0, 0))
                    counts[term.value] = (number + 1, characters + length)

    def answer(self, query: str, format_: Format) -> bytes | None:
        """Return the answer to a query, as `write` writes it; None if the query is not a small look-up.

        Raises:
            NotAcceptable: the format cannot express the answer.
            QueryError: the query cannot be evaluated.
        """
        lookup = read_lookup(query)
        if lookup is None or not self.is_small(lookup):
            return None
        return serialize(evaluate(self._store, query), format_)

    def is_small(self, lookup: Lookup) -> bool:
        """Whether a look-up has at most `MAX_SOLUTIONS` solutions, of `MAX_CHARACTERS` in all.

        To find out, each pattern is compared with every quad of the constant term, `MAX_STEPS` times in all.
        """
        counts, term = (self._subjects, lookup.subject) if lookup.subject else (self._objects, lookup.object)
        number, characters = counts.get(term.value, (0, 0)) if term else (MAX_STEPS + 1, 0)
        if number * len(lookup.patterns) > MAX_STEPS or characters > MAX_CHARACTERS:
            return False
        if len(lookup.patterns) == 1:
            return True  # A solution is one of the quads.
        triples = [
            (quad.predicate, quad.object, len(str(quad.triple)))
            for quad in self._store.quads_for_pattern(term, None, None, _DEFAULT_GRAPH)
        ]
        solutions, longest = 1, 0
        for pattern in lookup.patterns:
            lengths = [
                length
                for predicate, object_, length in triples
                if pattern.predicate in (None, predicate) and pattern.object in (None, object_)
            ]
            solutions *= max(1, len(lengths))
            longest += max(lengths, default=0)
            if solutions > MAX_SOLUTIONS:
                return False
        return solutions * longest <= MAX_CHARACTERS


def read_lookup(query: str) -> Lookup | None:
    """Return the look-up that a query is; None where it is not one."""
    found = _LOOKUP.fullmatch(query) if len(query) <= MAX_QUERY else None
    if found is None:
        return None
    columns = (found["columns"] or "").replace("$", "?").split()
    declarations = _DECLARATION.findall(found["prologue"])
    prefixes = dict(declarations)
    if len(prefixes) < len(declarations) or len({*columns}) < len(columns):
        return None
    try:
        patterns = tuple(_patterns(_PIECE.findall(found["group"]), prefixes))
    except (KeyError, ValueError):  # A prefix is not declared, or an IRI is not one: a worker says where.
        return None
    first = patterns[0]
    is_star = first.subject is not None and all(each.subject == first.subject for each in patterns)
    is_one = len(patterns) == 1 and first.object is not None
    return Lookup(patterns) if (is_star and len(patterns) <= MAX_PATTERNS) or is_one else None


def _patterns(pieces: Iterable[str], prefixes: Mapping[str, str]) -> Iterator[TriplePattern]:
    """Yield the triple patterns of a group: terms, and the marks between its triples.

    Raises:
        KeyError: a prefix is not declared.
        ValueError: an IRI is not one.
    """
    terms: list[ox.NamedNode | None] = []
    for piece in pieces:
        if piece in {";", "."}:
            del terms[1 if piece == ";" else 0 :]
            continue
        terms.append(_constant(piece, prefixes))
        if len(terms) == len(TriplePattern._fields):
            yield TriplePattern(*terms)


def _constant(term: str, prefixes: Mapping[str, str]) -> ox.NamedNode | None:
    """Return a constant term; None for a variable."""
    if term[0] in "?$":
        return None
    if term[0] == "<":
        return ox.NamedNode(term[1:-1])
    prefix, colon, local = term.partition(":")
    return ox.NamedNode(prefixes[prefix] + local if colon else _TYPE)
