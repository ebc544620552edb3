"""The patterns of rules: what a rule concludes and reads, and how patterns meet triples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from forumkg.rdf.sparql_tokens import Token, tokens

__all__ = ["Bindings", "Node", "Pattern", "RulePatterns", "Slot", "bound", "replaced", "unified"]

Node: TypeAlias = ox.NamedNode | ox.Literal
Slot: TypeAlias = ox.NamedNode | ox.Variable
Bindings: TypeAlias = Mapping[str, Node]


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
        optional: what it reads if it is there: in OPTIONAL, or as one of several alternatives.
        where: what stands between the braces of WHERE, with full IRIs.
    """

    heads: tuple[Pattern, ...]
    premises: tuple[Pattern, ...]
    optional: tuple[Pattern, ...]
    where: str


def bound(where: str, bindings: Bindings) -> str:
    """Return SPARQL in which terms replace variables."""

    def write(token: Token) -> str:
        term = bindings.get(token.text[1:]) if token.kind == "variable" else None
        return token.text if term is None else str(term)

    return replaced(where, write)


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


def replaced(text: str, write: Callable[[Token], str]) -> str:
    """Return SPARQL with each token written anew; white space and comments stay as they are."""
    parts: list[str] = []
    end = 0
    for token in tokens(text):
        parts += text[end : token.start], write(token)
        end = token.end
    return "".join((*parts, text[end:]))
