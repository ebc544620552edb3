"""The places of a JSON-LD text: where its keys, strings and null are.

JSON parsers give values without places. This scans the tokens of a text that one of them has accepted.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyld import iri_resolver

__all__ = ["BASE", "FREE", "JsonSource", "JsonToken", "Loss", "is_like_keyword", "quoted"]

# An unresolvable relative IRI is recognized by this base, which no document has.
BASE: Final = "https://relative.invalid/"

_KEYWORD: Final = re.compile(r"@[A-Za-z]+")
# Those that may stand outside a context: https://www.w3.org/TR/json-ld11/#syntax-tokens-and-keywords
_KEYWORDS: Final = frozenset(
    {
        "@context",
        "@direction",
        "@graph",
        "@id",
        "@included",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@reverse",
        "@set",
        "@type",
        "@value",
    }
)
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[][{},:]|[^][{},:"\s]+')
_LONGEST_NAME: Final = 1000
_LONGEST_SHOWN: Final = 80
FREE: Final = "A value directly in a graph says nothing of any node: it is ignored."
_NEEDS_A_KEY: Final = "Write it after a key of a node."


@dataclass(frozen=True, slots=True)
class Loss:
    """What a processor ignores: why, what to write instead, and the 1-based place where it is known."""

    message: str
    advice: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class JsonToken:
    """A key, a string or null of the JSON outside contexts, and where it starts."""

    text: str
    start: int
    is_key: bool = False


@dataclass(slots=True)
class _Container:
    """An object or an array that is open.

    Attributes:
        is_object: whether it is an object.
        in_context: whether it is a part of a context.
        is_graph: whether it is an array whose members are the nodes of a graph.
        is_member: whether it is an object in place of such a node.
        keys: those of the object.
        key: the one whose value is being read.
    """

    is_object: bool
    in_context: bool
    is_graph: bool = False
    is_member: bool = False
    keys: set[str] = field(default_factory=set)
    key: str | None = None


class JsonSource:
    """The places of a JSON text: where keys, strings and null are."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]
        self._names = {keyword: {keyword} for keyword in ("@graph", "@list", "@set", "@value")}
        self._free: list[int] = []
        self._tokens: list[JsonToken] = []
        self._nulls: list[int] = []
        self._repeated: list[JsonToken] = []
        self.ignored_terms: set[str] = set()
        self._scan()

    def at(self, start: int, message: str, advice: str) -> Loss:
        """Return a loss at an offset of the text."""
        line = bisect_right(self._lines, start)
        return Loss(message, advice, line, start - self._lines[line - 1] + 1)

    def token(self, wanted: Callable[[str], bool], *, is_key: bool | None = None) -> JsonToken | None:
        """Return the first such key, or string, or either of them."""
        tokens = (token for token in self._tokens if is_key is None or token.is_key == is_key)
        return next((token for token in tokens if wanted(token.text)), None)

    def iri(self, iri: str) -> JsonToken | None:
        """Return the string that was expanded to an IRI, as far as this can be known."""
        if found := self._resolved.get(iri):
            return found
        cuts = range(max(0, len(iri) - _LONGEST_NAME), len(iri))
        return next((self._ends[iri[cut:]] for cut in cuts if iri[cut:] in self._ends), None)

    def losses(self, json_nulls: int) -> Iterator[Loss]:
        """Yield repeated keys, what looks like a keyword, and null but for that of JSON literals."""
        for token in self._repeated:
            yield self.at(
                token.start,
                f"The key {quoted(token.text)} is in this object already: one of the two is ignored.",
                "Write each key once, with an array for several values.",
            )
        for start in self._free:
            yield self.at(start, FREE, _NEEDS_A_KEY)
        for token in self._tokens:
            if token.is_key and is_like_keyword(token.text):
                yield self.at(
                    token.start,
                    f"{quoted(token.text)} is not a keyword of JSON-LD: it is ignored.",
                    "Write a keyword, or a name without @.",
                )
        if len(self._nulls) > json_nulls:
            for start in self._nulls:
                yield self.at(start, "null states nothing: it is ignored.", "Leave it out, with its key.")

    @property
    def has_free_values(self) -> bool:
        """Whether the place of a value is known that belongs to no node."""
        return bool(self._free)

    @cached_property
    def _resolved(self) -> Mapping[str, JsonToken]:
        """Each string as it is, and as a relative IRI."""
        tokens = tuple(reversed(self._tokens))
        relative = {
            iri_resolver.resolve(token.text, BASE): token for token in tokens if ":" not in token.text
        }
        return {**relative, **{token.text: token for token in tokens}}

    @cached_property
    def _ends(self) -> Mapping[str, JsonToken]:
        """What follows the prefix of a name, or all of a name without one."""
        ends = ((token.text.partition(":")[2] or token.text, token) for token in reversed(self._tokens))
        return {end: token for end, token in ends if end}

    def _scan(self) -> None:
        stack = [_Container(is_object=False, in_context=False, is_graph=True)]
        for match in _TOKEN.finditer(self._text):
            piece, inner = match.group(), stack[-1]
            match piece[0]:
                case "{" | "[":
                    in_context = inner.in_context or inner.key == "@context"
                    in_graph = self._has_members(inner) and not in_context
                    is_object = piece == "{"
                    stack.append(
                        _Container(is_object, in_context, in_graph and not is_object, in_graph and is_object)
                    )
                case "}" | "]":
                    stack.pop()
                case ",":
                    inner.key = None
                case ":":
                    pass
                case '"':
                    self._string(json.loads(piece), match.start(), stack)
                case "n":
                    self._null(match.start(), inner)
                case _:
                    self._scalar(match.start(), inner)

    def _has_members(self, inner: _Container) -> bool:
        """Whether what comes next stands in place of a node of a graph."""
        if not inner.is_object:
            return inner.is_graph
        is_set = inner.is_member and inner.key in self._names["@set"]
        return not inner.in_context and (is_set or inner.key in self._names["@graph"])

    def _scalar(self, start: int, inner: _Container) -> None:
        """Record a value that belongs to no node, which a graph may not have."""
        if self._has_members(inner):
            self._free.append(start)

    def _string(self, text: str, start: int, stack: Sequence[_Container]) -> None:
        inner = stack[-1]
        is_key = inner.is_object and inner.key is None
        token = JsonToken(text, start, is_key)
        if is_key:
            if text in inner.keys:
                self._repeated.append(token)
            inner.keys.add(text)
            inner.key = text
            if inner.is_member and (text in self._names["@value"] or text in self._names["@list"]):
                self._free.append(start)
        elif inner.in_context and text in self._names:
            # An alias: {"g": "@graph"}, or {"g": {"@id": "@graph"}}.
            self._names[text].add(str(stack[-2].key if inner.key == "@id" else inner.key))
        else:
            self._scalar(start, inner)
        # The name of a remote context is refused before; a literal cannot be an IRI.
        if not inner.in_context and inner.key not in ("@context", "@value" if not is_key else None):
            self._tokens.append(token)

    def _null(self, start: int, inner: _Container) -> None:
        if inner.in_context and inner.key is not None:
            self.ignored_terms.add(inner.key)
        elif inner.key != "@context":
            self._nulls.append(start)


def is_like_keyword(text: str) -> bool:
    """Whether a text has the form of a keyword, and is none: https://www.w3.org/TR/json-ld11/#keywords."""
    return bool(_KEYWORD.fullmatch(text)) and text not in _KEYWORDS


def quoted(text: str) -> str:
    """Return a text in quotes for messages, the end of a long one left out."""
    return json.dumps(
        text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…", ensure_ascii=False
    )
