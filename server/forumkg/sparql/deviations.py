"""Rewrite or refuse what Oxigraph evaluates differently from SPARQL.

Only tokens that Oxigraph's own parser confirms are rewritten, so that nothing in a string, a comment or an
IRI changes. What can be neither rewritten nor recognized is listed in docs/clients.md.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, NoReturn

import pyoxigraph as ox

from forumkg.errors import PatternError
from forumkg.rdf.sparql_tokens import Token
from forumkg.sparql.graph_clauses import check_graph
from forumkg.sparql.query_text import CLOSING, OPENING, QueryText
from forumkg.sparql.syntax_errors import AGGREGATES
from forumkg.sparql.xpath_patterns import (
    PATTERN,
    REPLACED,
    REPLACEMENT,
    regex_pattern,
    replace_pattern,
    replacement,
)

__all__ = ["corrected"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_EXACT_TYPES: Final = frozenset(
    {
        *("decimal", "integer", "byte", "short", "int", "long"),
        *("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"),
        *("positiveInteger", "negativeInteger", "nonPositiveInteger", "nonNegativeInteger"),
    }
)
# Shorter numbers are in the engine's range.
_SHORT_NUMBER: Final = 18
_PATTERN_AT: Final = 1
_REPLACEMENT_AT: Final = 2


class _Edit(NamedTuple):
    """A piece of the query and its replacement."""

    start: int
    end: int
    text: str


def corrected(query: QueryText) -> str:
    """Return the query as Oxigraph must evaluate it, which is the text itself for most queries.

    Raises:
        QueryError: the engine would give a wrong answer; the message says how to write the query instead.
    """
    return _Correction(query).text()


class _Correction:
    """One query, with the ends of its brackets."""

    def __init__(self, query: QueryText) -> None:
        self._query = query
        self._tokens = query.tokens
        self._closing = query.closing

    def text(self) -> str:
        for index, token in enumerate(self._tokens):
            self._check(index, token)
        return self._written(0, len(self._tokens), 0, len(self._query.text))

    def _check(self, index: int, token: Token) -> None:
        keyword = token.keyword
        if token.kind == "number" and len(token.text) > _SHORT_NUMBER:
            self._refuse_long_number(token, token.text)
        elif token.kind == "string" and self._follows(index, "^^"):
            self._refuse_long_literal(index, token)
        elif keyword == "BNODE" and self._follows(index, "(") and not self._follows(index + 1, ")"):
            self._refuse(
                token,
                "BNODE with an argument is refused: the engine would give one blank node to all solutions. "
                "Write BNODE() for a new one in each, or an IRI: "
                'IRI(CONCAT("urn:example:", ENCODE_FOR_URI(?text))).',
            )
        elif keyword in AGGREGATES and self._follows(index, "("):
            self._refuse_nested_aggregate(index)
        elif keyword == "HAVING":
            self._refuse_later_name(index)
        elif keyword == "GRAPH" and self._kind(index + 1) == "variable" and self._follows(index + 1, "{"):
            check_graph(self._query, index + 1)

    def _follows(self, index: int, text: str) -> bool:
        return index + 1 < len(self._tokens) and self._tokens[index + 1].text == text

    def _kind(self, index: int) -> str:
        return self._tokens[index].kind if index < len(self._tokens) else ""

    def _refuse(self, token: Token, message: str) -> NoReturn:
        raise token.error(self._query.text, message)

    def _refuse_long_literal(self, index: int, token: Token) -> None:
        text = token.text.strip("\"'")
        datatype = self._tokens[index + 2].text.rstrip(">") if index + 2 < len(self._tokens) else ""
        name = datatype.replace("#", ":").rpartition(":")[2]
        digits = text.strip().lstrip("+-").replace(".", "", 1)
        if len(text) > _SHORT_NUMBER and name in _EXACT_TYPES and digits.isdecimal():
            self._refuse_long_number(token, f'"{text}"^^<{_XSD}{name}>')

    def _refuse_long_number(self, token: Token, literal: str) -> None:
        if "e" in token.text.lower():
            return
        if not ox.Store().query(f"ASK {{ FILTER(isNumeric({literal})) }}"):
            self._refuse(
                token,
                f"{token.quoted} is outside of the range of the engine, which would not read it as a number. "
                "It has integers of 64 bits, and decimals of 128 bits with 18 digits behind the point: "
                "write a smaller number, or a double as in 1e20.",
            )

    def _refuse_nested_aggregate(self, index: int) -> None:
        last = self._closing.get(index + 1, index)
        at = index + 2
        while at < last:
            token = self._tokens[at]
            if token.text == "{":
                at = self._closing.get(at, last)
            elif token.keyword in AGGREGATES and self._follows(at, "("):
                self._refuse(
                    token,
                    f"The aggregate {token.keyword} is inside another one: "
                    "compute the inner one in a subquery.",
                )
            at += 1

    def _refuse_later_name(self, index: int) -> None:
        """Refuse a HAVING with a name that SELECT gives: it has no value yet when HAVING is evaluated."""
        names = self._later_names(index)
        for token in self._until(index + 1, {"ORDER", "LIMIT", "OFFSET", "VALUES"}):
            if token.kind == "variable" and token.text[1:] in names:
                self._refuse(
                    token,
                    f"{token.text} has no value in HAVING, which comes before the expressions of SELECT: "
                    "repeat the expression, as in HAVING (COUNT(*) > 1).",
                )

    def _later_names(self, index: int) -> frozenset[str]:
        """Return the names after AS in the SELECT clause to which a HAVING belongs."""
        names = set()
        depth = 0
        before_where = False
        for at in range(index - 1, -1, -1):
            token = self._tokens[at]
            depth += (token.text in CLOSING) - (token.text in OPENING)
            before_where |= token.text == "{" and depth == 0
            if depth < 0 or (depth == 0 and token.keyword == "SELECT"):
                break
            if before_where and depth == 1 and token.keyword == "AS":
                names.add(self._tokens[at + 1].text[1:])
        return frozenset(names)

    def _until(self, index: int, keywords: set[str]) -> Iterator[Token]:
        depth = 0
        for token in self._tokens[index:]:
            depth += (token.text in OPENING) - (token.text in CLOSING)
            if depth < 0 or (depth == 0 and token.keyword in keywords):
                return
            yield token

    def _written(self, first: int, last: int, start: int, end: int) -> str:
        """Return the text from one offset to another, with the functions among its tokens translated."""
        edits: list[_Edit] = []
        at = first
        while at < last:
            token = self._tokens[at]
            if token.keyword in {"REGEX", "REPLACE"} and self._follows(at, "(") and at + 1 in self._closing:
                self._confirm(token)
                edits.extend(self._translated(token, at + 1))
                at = self._closing[at + 1]
            at += 1
        return _apply(self._query.text, edits, start, end)

    def _confirm(self, token: Token) -> None:
        if not self._query.is_keyword(token):
            self._refuse(
                token,
                f"{token.keyword} could be read in two ways here: write white space around each < before it.",
            )

    def _translated(self, function: Token, bracket: int) -> Iterator[_Edit]:
        arguments = tuple(self._arguments(bracket))
        is_replace = function.keyword == "REPLACE"
        flags_at = 3 if is_replace else 2
        if not flags_at <= len(arguments) <= flags_at + 1:
            return  # The parser checks the number of arguments.
        texts = [self._written(first, last + 1, *self._span(first, last)) for first, last in arguments]
        literals = [self._literal(first, last) for first, last in arguments]
        flags, known_flags = (
            (texts[flags_at], literals[flags_at]) if len(arguments) > flags_at else ('""', "")
        )
        pattern, known_pattern = texts[_PATTERN_AT], literals[_PATTERN_AT]
        new = list(texts)
        try:
            if known_pattern is not None and known_flags is not None:
                translate = replace_pattern if is_replace else regex_pattern
                new[_PATTERN_AT] = str(ox.Literal(translate(known_pattern, known_flags)))
            else:
                new[_PATTERN_AT] = f"<{REPLACED if is_replace else PATTERN}>({pattern}, {flags})"
            if is_replace:
                known = literals[_REPLACEMENT_AT]
                if known is not None and known_pattern is not None and known_flags is not None:
                    new[_REPLACEMENT_AT] = str(ox.Literal(replacement(known_pattern, known, known_flags)))
                else:
                    new[_REPLACEMENT_AT] = f"<{REPLACEMENT}>({pattern}, {texts[_REPLACEMENT_AT]}, {flags})"
        except PatternError as error:
            self._refuse(function, str(error))
        for (first, last), text in zip(arguments, new, strict=True):
            yield _Edit(*self._span(first, last), text)

    def _arguments(self, bracket: int) -> Iterator[tuple[int, int]]:
        """Yield the first and the last token of each argument in brackets."""
        first = at = bracket + 1
        end = self._closing[bracket]
        while at < end:
            if self._tokens[at].text == "," and at > first:
                yield first, at - 1
                first = at + 1
            at = self._closing.get(at, at) + 1
        if end > first:
            yield first, end - 1

    def _span(self, first: int, last: int) -> tuple[int, int]:
        return self._tokens[first].start, self._tokens[last].end

    def _literal(self, first: int, last: int) -> str | None:
        """Return the text of an argument that is a string and nothing else."""
        if first != last or self._tokens[first].kind != "string":
            return None
        text = self._tokens[first].text
        if "\\" not in text:
            quotes = 3 if text.startswith(('"""', "'''")) else 1
            return text[quotes:-quotes]
        rows = ox.Store().query(f"SELECT ({text} AS ?text) {{}}")
        value = next(iter(rows))[0] if isinstance(rows, ox.QuerySolutions) else None
        return value.value if isinstance(value, ox.Literal) else None


def _apply(text: str, edits: Iterable[_Edit], start: int, end: int) -> str:
    pieces: list[str] = []
    for edit in edits:
        pieces.extend((text[start : edit.start], edit.text))
        start = edit.end
    return "".join((*pieces, text[start:end]))
