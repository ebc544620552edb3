"""Find the line of a subject, a predicate or an object in Turtle of any layout.

Parsers return triples without positions. This follows the structure of https://www.w3.org/TR/turtle/#sec-grammar
so that a finding about a triple can name its line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import PREFIXES
from forumkg.rdf.turtle.tokens import TurtleToken, tokens, unescape_local, unescape_string

__all__ = ["UNLABELLED", "Locations", "locations"]

# Denotes the first unlabelled blank node that is the subject of a statement.
UNLABELLED: Final = "_:"

_TYPE: Final = f"{PREFIXES['rdf']}type"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_AFTER: Final = {"subject": "predicate", "predicate": "object", "object": "object"}

_Place = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Locations:
    """Lines of subjects, predicates and objects in a text, 1-based.

    A line is None if a term is in the text at an unknown position.
    Keys are IRIs, `_:name` for labelled blank nodes, and the lexical forms of literals. What an
    unlabelled blank node is the subject of has no key; the first such node has a line.
    """

    lines: Mapping[_Place, int | None]
    prefixes: Mapping[str, str]
    comments: tuple[int, ...]

    def line(self, subject: str, predicate: str | None = None, object: str | None = None) -> int | None:  # noqa: A002 (RDF's own word)
        """Return the line of the object, else of the predicate, else of the subject, else None."""
        for place in ((subject, predicate, object), (subject, predicate, None), (subject, None, None)):
            if place in self.lines:
                return self.lines[place]
        return None


def locations(text: str, base: str | None = None) -> Locations:
    """Return the lines of the subjects, predicates and objects of a Turtle text.

    Args:
        text: Turtle, TriG, N-Triples or N-Quads; nothing after a syntax error is found.
        base: the IRI against which relative IRIs are resolved until the text declares another.
    """
    reader = _Reader(base)
    reader.read(text)
    return Locations(
        MappingProxyType(reader.lines), MappingProxyType(reader.prefixes), tuple(reader.comments)
    )


@dataclass(slots=True)
class _Node:
    """The node that is being described: the subject of a statement, a `[…]` or a `(…)`."""

    awaits: str
    subject: str | None = None
    predicate: str | None = None


@dataclass(slots=True)
class _Reader:
    """Reads tokens with a stack of nodes, the innermost last."""

    base: str | None
    lines: dict[_Place, int] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    comments: list[int] = field(default_factory=list)
    stack: list[_Node] = field(default_factory=lambda: [_Node("subject")])

    def read(self, text: str) -> None:
        """Record the line of every term of the text."""
        stream = self._without_comments(text)
        for token in stream:
            match token.text:
                case "@prefix" | "@base" if self.stack[-1].awaits == "subject":  # else it is a language
                    self._declare(token.text[1:], stream)
                case "^^":
                    next(stream, None)  # the datatype is not an object
                case _ if token.kind == "mark":
                    self._mark(token)
                case word if token.kind == "word" and word.casefold() in ("prefix", "base"):
                    self._declare(word.casefold(), stream)
                case _ if token.kind != "at":  # a language is part of the string before it
                    self._take(self._value(token), token.line)

    def _without_comments(self, text: str) -> Iterator[TurtleToken]:
        for token in tokens(text):
            if token.kind == "comment":
                self.comments.append(token.line)
            else:
                yield token

    def _declare(self, directive: str, stream: Iterator[TurtleToken]) -> None:
        prefix = next(stream, None) if directive == "prefix" else None
        iri = next(stream, None)
        if iri is None:
            return
        if prefix is None:
            self.base = self._value(iri)
        else:
            self.prefixes[prefix.text.removesuffix(":")] = self._value(iri) or ""

    def _mark(self, token: TurtleToken) -> None:
        node = self.stack[-1]
        match token.text:
            case "[":
                self._take(None, token.line)
                self.stack.append(_Node("predicate"))
            case "(":
                self._take(None, token.line)
                self.stack.append(_Node("object"))
            case "]" | ")" if len(self.stack) > 1:
                self.stack.pop()
            case ";":
                node.awaits = "predicate"
            case "." | "{" | "}":  # what stands before a brace is the name of a graph
                self.stack = [_Node("subject")]

    def _take(self, value: str | None, line: int) -> None:
        """Use a term where the innermost node expects one; None is a blank node without a label."""
        node = self.stack[-1]
        if node.awaits == "subject":
            node.subject = value
            self._note(UNLABELLED if value is None else value, None, None, line)
        elif node.awaits == "predicate":
            node.predicate = value
            self._note(node.subject, value, None, line)
        else:
            self._note(node.subject, node.predicate, value, line)
        node.awaits = _AFTER[node.awaits]

    def _note(self, subject: str | None, predicate: str | None, value: str | None, line: int) -> None:
        if subject is not None:
            self.lines.setdefault((subject, predicate, value), line)

    def _value(self, token: TurtleToken) -> str | None:
        match token.kind:
            case "iri":
                return self._resolved(unescape_string(token.text[1:-1]))
            case "name":
                prefix, _, local = token.text.partition(":")
                return self.prefixes.get(prefix, "") + unescape_local(local)
            case "string":
                quotes = 3 if token.text[:3] in ('"""', "'''") else 1
                return unescape_string(token.text[quotes:-quotes])
            case "word" if token.text == "a" and self.stack[-1].awaits == "predicate":
                return _TYPE
        return token.text

    def _resolved(self, iri: str) -> str:
        if self.base is None or _SCHEME.match(iri):
            return iri
        # By the parser itself, so that it cannot differ from what the triples say.
        try:
            triple = next(ox.parse(f"<{iri}> a <x:> .", format=ox.RdfFormat.TURTLE, base_iri=self.base))
        except (SyntaxError, ValueError):  # no IRI, or no base to resolve against
            return iri
        return triple.subject.value if isinstance(triple.subject, ox.NamedNode) else iri
