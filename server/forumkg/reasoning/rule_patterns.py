"""Read the triple patterns of a CONSTRUCT rule: what it concludes, and from what.

A part of https://www.w3.org/TR/sparql11-query/#sparqlGrammar: triple patterns with `;`, `,` and alternatives
of properties, OPTIONAL, FILTER and VALUES. Whatever else a group may hold is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.rdf.sparql_tokens import Token, tokens
from forumkg.reasoning.owl import RDF_TYPE

__all__ = ["Bindings", "Node", "Pattern", "RulePatterns", "Slot", "bound", "read_rule", "unified"]

Node: TypeAlias = ox.NamedNode | ox.Literal
Slot: TypeAlias = ox.NamedNode | ox.Variable
Bindings: TypeAlias = Mapping[str, Node]

_CLOSING: Final = {"{": "}", "(": ")"}
_END: Final = Token("mark", "", 0)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern."""

    subject: Slot
    predicate: Slot
    object: Slot


@dataclass(frozen=True, slots=True)
class RulePatterns:
    """What a rule concludes, and what it reads.

    Attributes:
        heads: what it concludes, each for itself.
        premises: what holds wherever the rule applies.
        optional: what it reads where it is there: in OPTIONAL, or as one of several alternatives.
        where: what stands between the braces of WHERE, with full IRIs.
    """

    heads: tuple[Pattern, ...]
    premises: tuple[Pattern, ...]
    optional: tuple[Pattern, ...]
    where: str


def read_rule(query: str) -> RulePatterns:
    """Return the patterns of a CONSTRUCT query.

    Raises:
        DataError: it is not `CONSTRUCT { … } WHERE { … }`, or a group has something that is not read here.
    """
    reader = _Reader(query)
    heads, _ = reader.template()
    start = reader.token
    premises, optional = reader.group()
    where = _replaced(query[start.end : reader.end - 1], reader.in_full)
    return RulePatterns(tuple(heads), tuple(premises), tuple(optional), where)


def bound(where: str, bindings: Bindings) -> str:
    """Return SPARQL in which terms stand in the place of variables."""

    def write(token: Token) -> str:
        term = bindings.get(token.text[1:]) if token.kind == "variable" else None
        return token.text if term is None else str(term)

    return _replaced(where, write)


def unified(pattern: Pattern, triple: ox.Triple) -> dict[str, Node] | None:
    """Return the terms of the variables with which a pattern is the triple; None where it cannot be."""
    found: dict[str, Node] = {}
    slots = (pattern.subject, pattern.predicate, pattern.object)
    for slot, term in zip(slots, (triple.subject, triple.predicate, triple.object), strict=True):
        if not isinstance(term, ox.NamedNode | ox.Literal):
            return None
        if isinstance(slot, ox.Variable):
            if found.setdefault(slot.value, term) != term:
                return None
        elif slot != term:
            return None
    return found


def _replaced(text: str, write: Callable[[Token], str]) -> str:
    """Return SPARQL with each token written anew; white space and comments stay as they are."""
    parts: list[str] = []
    end = 0
    for token in tokens(text):
        parts += text[end : token.start], write(token)
        end = token.end
    return "".join((*parts, text[end:]))


class _Reader:
    """Walks over the tokens of a query: `token` is the one at hand, `end` where the one before it ended."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = tokens(query)
        self._prefixes: dict[str, str] = {}
        self.end = 0
        self.token = next(self._tokens, _END)

    def template(self) -> tuple[list[Pattern], list[Pattern]]:
        """Read prologue and template, up to the group."""
        while self.token.keyword == "PREFIX":
            self._take()
            prefix = self._take().text.removesuffix(":")
            self._prefixes[prefix] = self._take().text[1:-1]
        self._expect("CONSTRUCT")
        heads = self.group()
        self._expect("WHERE")
        return heads

    def group(self) -> tuple[list[Pattern], list[Pattern]]:
        """Read `{ … }`; return the patterns that must hold, and those that may."""
        required: list[Pattern] = []
        optional: list[Pattern] = []
        self._expect("{")
        while self.token.text != "}":
            if self.token.text == ".":
                self._take()
            elif self.token.keyword == "OPTIONAL":
                self._take()
                for patterns in self.group():
                    optional += patterns
            elif self.token.keyword in {"FILTER", "VALUES"}:
                self._skip_condition()
            else:
                for pattern, is_certain in self._triples():
                    (required if is_certain else optional).append(pattern)
        self._take()
        return required, optional

    def in_full(self, token: Token) -> str:
        """Return a token as it is written, a name as the IRI that it stands for."""
        return str(self._iri(token)) if token.kind == "name" else token.text

    def _triples(self) -> Iterator[tuple[Pattern, bool]]:
        """Yield the patterns on one subject, and whether each of them must hold."""
        subject = self._slot()
        while self.token.kind in {"iri", "name", "variable"} or self.token.text == "a":
            properties = self._separated("|")
            for object_ in self._separated(","):
                for property_ in properties:
                    yield Pattern(subject, property_, object_), len(properties) == 1
            if self.token.text != ";":
                return
            self._take()

    def _separated(self, mark: str) -> list[Slot]:
        slots = [self._slot()]
        while self.token.text == mark:
            self._take()
            slots.append(self._slot())
        return slots

    def _slot(self) -> Slot:
        token = self._take()
        if token.kind == "variable":
            return ox.Variable(token.text[1:])
        if token.text == "a":
            return ox.NamedNode(RDF_TYPE)
        if token.kind in {"iri", "name"}:
            return self._iri(token)
        raise self._unread(token)

    def _iri(self, token: Token) -> ox.NamedNode:
        if token.kind == "iri":
            return ox.NamedNode(token.text[1:-1])
        prefix, _, local = token.text.partition(":")
        if prefix not in self._prefixes:
            raise self._unread(token)
        return ox.NamedNode(self._prefixes[prefix] + local)

    def _skip_condition(self) -> None:
        """Pass over FILTER and VALUES: they choose, and say nothing of their own."""
        is_values = self._take().keyword == "VALUES"
        if is_values and self.token.text == "(":
            self._skip_brackets()
        while self.token.text not in _CLOSING:
            self._take()
        self._skip_brackets()

    def _skip_brackets(self) -> None:
        awaited = [_CLOSING[self._take().text]]
        while awaited:
            token = self._take()
            if token.text in _CLOSING:
                awaited.append(_CLOSING[token.text])
            elif token.text == awaited[-1]:
                awaited.pop()

    def _expect(self, text: str) -> None:
        token = self._take()
        if text not in {token.text, token.keyword}:
            raise self._unread(token)

    def _take(self) -> Token:
        token = self.token
        if token is _END:
            raise DataError("The rule ends too early: write it as CONSTRUCT { … } WHERE { … }.")
        self.end = token.end
        self.token = next(self._tokens, _END)
        return token

    def _unread(self, token: Token) -> DataError:
        error = token.error(
            self._query,
            f"Found {token.text!r}, which no rule has: write triple patterns, OPTIONAL, FILTER and VALUES.",
        )
        return DataError(str(error))
