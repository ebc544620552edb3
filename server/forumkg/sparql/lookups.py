"""Answer look-ups: queries whose cost is proved to be small before they are evaluated.

A look-up is a SELECT of a few triple patterns on one constant subject, or of one triple pattern with a
constant object. It has no function, path, FILTER, OPTIONAL, subquery, GRAPH or ORDER BY. The grammar here is
a small part of that of SPARQL, with terms that can be read in one way only; any other text is not a look-up.

The way to a worker and back costs more than a look-up, so these are evaluated in the process of the server,
on a copy of the default graph in memory. Such a store finds the triples of a pattern among those that have
the constant term. Where these are few, so are the steps of each pattern; and the solutions are at most the
product of the triples that match each pattern, in whichever order the patterns are joined.
"""

import re
import threading
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, NamedTuple

import pyoxigraph as ox

from forumkg.formats import Format
from forumkg.sparql.result_writers import serialize_rows

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

# Quads that are copied in one go, in less than a millisecond: the event loop waits for this thread meanwhile.
_BATCH: Final = 64

_SPACE: Final = r"[ \t\r\n]"
_IRI: Final = r"<[A-Za-z][A-Za-z0-9+.-]*+:[^\x00-\x20<>\"{}|^`\\]*+>"
_NAME: Final = r"[A-Za-z][A-Za-z0-9]*+:[A-Za-z0-9_][A-Za-z0-9_-]*+"
_VARIABLE: Final = r"[?$][A-Za-z_][A-Za-z0-9_]*+"
_TERM: Final = rf"(?:{_VARIABLE}|{_IRI}|{_NAME})"
_PROPERTY: Final = rf"(?:(?-i:a)|{_TERM}){_SPACE}++{_TERM}"
_TRIPLES: Final = rf"{_TERM}{_SPACE}++{_PROPERTY}(?:{_SPACE}*+;{_SPACE}*+{_PROPERTY})*+"
_LOOKUP: Final = re.compile(
    rf"{_SPACE}*+(?P<prologue>(?:PREFIX{_SPACE}++[A-Za-z][A-Za-z0-9]*+:{_SPACE}*+{_IRI}{_SPACE}*+)*+)"
    rf"SELECT(?:{_SPACE}++DISTINCT)?+(?:{_SPACE}*+(?P<star>\*)|(?P<columns>(?:{_SPACE}++{_VARIABLE})++)){_SPACE}*+(?:WHERE{_SPACE}*+)?+"
    # A full stop directly before a name would belong to the name in front of it.
    rf"\{{{_SPACE}*+(?P<group>{_TRIPLES}(?:{_SPACE}*+\.{_SPACE}++{_TRIPLES})*+){_SPACE}*+(?:\.{_SPACE}*+)?+\}}"
    rf"(?:{_SPACE}*+LIMIT{_SPACE}++[0-9]{{1,9}}+)?+(?:{_SPACE}++OFFSET{_SPACE}++[0-9]{{1,9}}+)?+"
    rf"{_SPACE}*+(?:#[^\r\n]*+)?+{_SPACE}*+",
    re.IGNORECASE | re.ASCII,
)
_DECLARATION: Final = re.compile(rf"([A-Za-z][A-Za-z0-9]*+):{_SPACE}*+<([^>]*+)>", re.ASCII)
_PIECE: Final = re.compile(rf"{_TERM}|[a;.]", re.ASCII)
_DEFAULT_GRAPH: Final = ox.DefaultGraph()
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class TriplePattern(NamedTuple):
    """A triple pattern of a look-up; None stands for a variable."""

    subject: ox.NamedNode | None
    predicate: ox.NamedNode | None
    object: ox.NamedNode | None


class Lookup(NamedTuple):
    """A look-up: several triple patterns have one constant subject, one has a constant term.

    Attributes:
        query: the query, with its columns by name; the engine would sort those of `SELECT *`.
        patterns: the triple patterns.
    """

    query: str
    patterns: tuple[TriplePattern, ...]


class LookupStore:
    """A copy of a store in memory that answers look-ups, and nothing else; it is empty until it is filled.

    It counts the triples that have a term, and their characters, by which a look-up is proved to be small.
    """

    def __init__(self) -> None:
        self.is_filled = False
        self._store = ox.Store()
        self._subjects: dict[str, tuple[int, int]] = {}
        self._objects: dict[str, tuple[int, int]] = {}
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def fill(self, source: ox.Store) -> None:
        """Copy the default graph of a read-only store in a thread."""
        self._thread = threading.Thread(target=self._copy, args=(source,), name="lookups", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop copying."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _copy(self, source: ox.Store) -> None:
        quads = source.quads_for_pattern(None, None, None, _DEFAULT_GRAPH)
        while batch := [*islice(quads, _BATCH)]:
            if self._closing.is_set():
                return
            self.extend(batch)
        self.is_filled = True

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads; rows come in the order of a store that was filled in the same order."""
        added = [*quads]
        self._store.extend(added)
        for quad in added:
            subject, object_, length = quad.subject, quad.object, len(str(quad.triple))
            if isinstance(subject, ox.NamedNode):
                number, characters = self._subjects.get(subject.value, (0, 0))
                self._subjects[subject.value] = (number + 1, characters + length)
            if isinstance(object_, ox.NamedNode):
                number, characters = self._objects.get(object_.value, (0, 0))
                self._objects[object_.value] = (number + 1, characters + length)

    def answer(self, lookup: Lookup, format_: Format) -> bytes | None:
        """Return the answer as a worker would write it; None if a worker has to.

        Raises:
            NotAcceptable: the format cannot express the answer.
        """
        if not self.is_small(lookup):
            return None
        try:
            solutions = self._store.query(lookup.query)
        except SyntaxError:  # A prefix that no term has stands for something that is not an IRI.
            return None
        if not isinstance(solutions, ox.QuerySolutions):
            return None
        return serialize_rows(solutions, format_)

    def is_small(self, lookup: Lookup) -> bool:
        """Whether a look-up has at most `MAX_SOLUTIONS` solutions, of `MAX_CHARACTERS` in all.

        To find out, each pattern is compared with each triple of the constant term, `MAX_STEPS` times in all.
        """
        patterns = lookup.patterns
        subject, _, object_ = patterns[0]
        if subject is not None:
            number, characters = self._subjects.get(subject.value, (0, 0))
        elif object_ is not None:
            number, characters = self._objects.get(object_.value, (0, 0))
        else:
            return False
        if number * len(patterns) > MAX_STEPS or characters > MAX_CHARACTERS:
            return False
        # A solution of a single pattern is one of the triples.
        return len(patterns) == 1 or self._is_small_star(patterns)

    def _is_small_star(self, patterns: tuple[TriplePattern, ...]) -> bool:
        triples = [
            (quad.predicate, quad.object, len(str(quad.triple)))
            for quad in self._store.quads_for_pattern(patterns[0].subject, None, None, _DEFAULT_GRAPH)
        ]
        solutions, longest = 1, 0
        for pattern in patterns:
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
    prologue, star, columns, group = found["prologue"], found["star"], found["columns"], found["group"]
    declarations = _DECLARATION.findall(prologue) if prologue else []
    prefixes = dict(declarations)
    names = columns.replace("$", "?").split() if columns else []
    if len(prefixes) < len(declarations) or len({*names}) < len(names):
        return None
    pieces = _PIECE.findall(group)
    try:
        patterns = _patterns(pieces, prefixes)
    except (KeyError, ValueError):  # A prefix is not declared, or an IRI is not one: a worker says where.
        return None
    subject, _, object_ = patterns[0]
    if len(patterns) == 1:
        is_lookup = subject is not None or object_ is not None
    else:
        is_lookup = subject is not None and all(each.subject == subject for each in patterns)
    if not is_lookup or len(patterns) > MAX_PATTERNS:
        return None
    if star:
        # In the order in which the query names them first.
        variables = dict.fromkeys(f"?{piece[1:]}" for piece in pieces if piece[0] in "?$")
        at = found.start("star")
        query = f"{query[:at]} {' '.join(variables) or '*'} {query[at + 1 :]}"
    return Lookup(query, patterns)


def _patterns(pieces: Iterable[str], prefixes: Mapping[str, str]) -> tuple[TriplePattern, ...]:
    """Return the triple patterns of a group: terms, and the marks between its triples.

    Raises:
        KeyError: a prefix is not declared.
        ValueError: an IRI is not one.
    """
    found: list[TriplePattern] = []
    terms: list[ox.NamedNode | None] = []
    for piece in pieces:
        if piece in {";", "."}:
            del terms[1 if piece == ";" else 0 :]
            continue
        terms.append(None if piece[0] in "?$" else _constant(piece, prefixes))
        if len(terms) == len(TriplePattern._fields):
            found.append(TriplePattern(*terms))
    return (*found,)


def _constant(term: str, prefixes: Mapping[str, str]) -> ox.NamedNode:
    """Return a constant term."""
    if term[0] == "<":
        return ox.NamedNode(term[1:-1])
    prefix, colon, local = term.partition(":")
    return ox.NamedNode(prefixes[prefix] + local if colon else _TYPE)
