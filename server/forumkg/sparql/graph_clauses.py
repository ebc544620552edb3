"""Refuse a GRAPH ?g clause for which Oxigraph loses the graph, or mixes the graphs.

SPARQL evaluates the group once for each named graph and binds the variable afterwards; Oxigraph binds it with
the triple patterns: https://github.com/oxigraph/oxigraph/issues/1450
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, takewhile
from typing import Final, NoReturn

from forumkg.rdf.sparql_tokens import Token
from forumkg.sparql.query_text import QueryText
from forumkg.sparql.syntax_errors import AGGREGATES

__all__ = ["check_graph"]

_BEFORE_STAR: Final = frozenset({"SELECT", "DISTINCT", "REDUCED", "DESCRIBE"})
# What has another value for all graphs together than for each of them.
_WHOLE: Final = frozenset({*AGGREGATES, "DISTINCT", "REDUCED", "GROUP", "LIMIT", "OFFSET"})
_TERMS: Final = frozenset({"variable", "iri", "name", "string", "number", "blank"})


def check_graph(query: QueryText, at: int) -> None:
    """Refuse a group of GRAPH ?g that the engine would evaluate differently from SPARQL.

    Args:
        query: the query.
        at: the index of the token of the variable; the next token is the brace of its group.

    Raises:
        QueryError: the engine would give a wrong answer.
    """
    graph = query.tokens[at]
    for first, last in _groups(query, at + 1):
        if query.tokens[first + 1].keyword == "SELECT":
            _check_subquery(query, at, first + 1, last)
        else:
            _check_group(query, graph, first, last)


def _groups(query: QueryText, start: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last token of a group, and of each group within it."""
    for at in range(start, query.closing.get(start, start)):
        if query.tokens[at].text == "{" and at in query.closing and not _is_data(query.tokens, at):
            yield at, query.closing[at]


def _is_data(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a brace opens the rows of VALUES."""
    before = at - 1
    if tokens[before].text == ")":
        while before > 0 and tokens[before].text != "(":
            before -= 1
    return before > 0 and tokens[before - 1].keyword == "VALUES"


def _check_subquery(query: QueryText, graph: int, start: int, end: int) -> None:
    name = query.tokens[graph].text
    clause = [*takewhile(lambda token: token.text != "{", query.tokens[start:end])]
    is_all = any(token.text == "*" for token in clause[:3])
    projected = _names(query.tokens[start:end] if is_all else clause)
    if name[1:] not in projected:
        if _is_merely_a_union(query, graph, start, end):
            return
        _refuse(
            query,
            query.tokens[start],
            f"The engine would lose {name} at this subquery in GRAPH {name}: write GRAPH {name} "
            f"into the subquery, and {name} behind its SELECT and, with an aggregate, in its GROUP BY.",
        )
    at = start
    while at < end:
        token = query.tokens[at]
        if token.keyword in {"LIMIT", "OFFSET"}:
            _refuse(
                query,
                token,
                f"The engine would take the {token.keyword} of this subquery for all graphs together: "
                f"write GRAPH <…> with one graph, or the {token.keyword} outside of GRAPH {name}.",
            )
        at = query.closing.get(at, at) + 1


def _is_merely_a_union(query: QueryText, graph: int, start: int, end: int) -> bool:
    """Whether GRAPH ?g has only a subquery, and ?g is not used: then the engine is right."""
    first, last = graph + 1, query.closing[graph + 1]
    within, around = query.tokens[start:end], (*query.tokens[:start], *query.tokens[end:])
    name = query.tokens[graph].text[1:]
    uses = sum(token.kind == "variable" and token.text[1:] == name for token in around)
    is_shown = any(token.text == "*" and before.keyword in _BEFORE_STAR for before, token in pairwise(around))
    return (
        uses == 1
        and not is_shown
        and not any(token.keyword in _WHOLE for token in within)
        and all(token.text == "{" for token in query.tokens[first:start])
        and all(token.text == "}" for token in query.tokens[end:last])
    )


def _check_group(query: QueryText, graph: Token, first: int, last: int) -> None:
    content = _Group(query.tokens, query.closing, first, last)
    if content.without_graph and not content.has_triples:
        culprit = content.without_graph[0]
        _refuse(
            query,
            culprit,
            f"The engine would lose {graph.text} at a {culprit.keyword} without a triple pattern beside it: "
            f"write it outside of GRAPH {graph.text} {{ … }}.",
        )
    for minus, shared in content.subtractions:
        if not shared - {graph.text[1:]}:
            _refuse(
                query,
                minus,
                "This MINUS shares no variable with the patterns before it, so that it removes nothing; "
                f"the engine would compare {graph.text}: leave it out, or write FILTER NOT EXISTS.",
            )


class _Group:
    """The direct content of a group, without that of groups within it."""

    def __init__(self, tokens: tuple[Token, ...], closing: Mapping[int, int], first: int, last: int) -> None:
        self.has_triples = False
        self.without_graph: list[Token] = []
        self.subtractions: list[tuple[Token, frozenset[str]]] = []
        self._tokens = tokens
        self._closing = closing
        seen: set[str] = set()
        at = first + 1
        while at < last:
            at = self._read(at, last, seen)

    def _read(self, at: int, last: int, seen: set[str]) -> int:
        """Read a piece of the group, and return where the next one starts."""
        token = self._tokens[at]
        end = at
        if token.keyword in {"FILTER", "BIND"}:
            # Brackets, the call of a function, or EXISTS with its group.
            end = self._behind(at, last, {"(", "{"})
        elif token.keyword in {"VALUES", "GRAPH"}:
            self.without_graph.append(token)
            end = self._behind(at, last, {"{"})
        elif token.keyword == "MINUS":
            end = self._behind(at, last, {"{"})
            self.subtractions.append((token, _names(self._tokens[at:end]) & seen))
            return end + 1
        elif token.text == "{":
            end = self._closing.get(at, last)
        elif token.kind in _TERMS or token.keyword == "A" or token.text in {"[", "("}:
            self.has_triples = True
        seen |= _names(self._tokens[at : end + 1])
        return end + 1

    def _behind(self, at: int, last: int, brackets: set[str]) -> int:
        """Return where the next bracket closes."""
        while at < last and self._tokens[at].text not in brackets:
            at += 1
        return self._closing.get(at, last)


def _refuse(query: QueryText, token: Token, message: str) -> NoReturn:
    raise token.error(query.text, message)


def _names(tokens: Iterable[Token]) -> frozenset[str]:
    return frozenset(token.text[1:] for token in tokens if token.kind == "variable")
