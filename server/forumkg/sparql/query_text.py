"""Read a query by its tokens, and verify the reading by Oxigraph's parser.

Oxigraph reads characters, not tokens: in `FILTER(?x<?y)SERVICE#>` it finds a comparison and a keyword, where
the grammar of SPARQL has the IRI `<?y)SERVICE#>`. Altering the text shows how it reads a word: if the parser
takes it for a keyword, the text with other letters in its place cannot be parsed.
"""

import re
import secrets
import string
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Final

from forumkg.errors import QueryError
from forumkg.rdf.sparql_tokens import Token, tokens
from forumkg.sparql.syntax_errors import AGGREGATES, explain, parser_message

__all__ = ["CLOSING", "OPENING", "QueryText", "needs_reading"]

OPENING: Final = frozenset("([{")
CLOSING: Final = frozenset(")]}")

_SERVICE: Final = "SERVICE"
# The keywords of the dataset, of calls, and of what the engine evaluates differently from SPARQL.
_WORDS: Final = ("BNODE", "FROM", "GRAPH", "HAVING", "REGEX", "REPLACE", _SERVICE)
_LOWER: Final = tuple(word.lower() for word in _WORDS)
_AGGREGATES: Final = tuple(name.lower() for name in AGGREGATES)
_SIMPLE_AGGREGATE: Final = re.compile(
    rf"(?:{'|'.join(_AGGREGATES)})\s*+\(\s*+(?:distinct\s*+)?(?:\*|[?$]\w++)\s*+[;)]"
)
_OCCURRENCE: Final = re.compile("|".join(_WORDS), re.IGNORECASE | re.ASCII)
_LONG_NUMBER: Final = re.compile(r"[0-9][0-9.]{18}")
# Letters that no query can guess, as each process has its own; each word has its own, so that two variables
# stay two.
_OTHER: Final = {word: "".join(secrets.choice(string.ascii_uppercase) for _ in word) for word in _WORDS}
_COMPARISON: Final = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*+://)[^'#)]*+['#)]")
_REFUSAL: Final = (
    "SERVICE is refused: this endpoint calls no other server. "
    "Ask the other endpoint yourself and join the two answers, for instance with VALUES."
)


def needs_reading(query: str) -> bool:
    """Whether a text may need closer reading before it is evaluated; false for most queries."""
    lower = query.lower()
    return (
        any(word in lower for word in _LOWER)
        or _LONG_NUMBER.search(query) is not None
        or _may_nest_aggregates(lower)
    )


def _may_nest_aggregates(lower: str) -> bool:
    """Whether an aggregate may be inside another one: not where all are of a variable or a star."""
    count = sum(map(lower.count, _AGGREGATES))
    return count > 1 and len(_SIMPLE_AGGREGATE.findall(lower)) < count


class QueryText:
    """A query and its tokens; Oxigraph reads the words of `_WORDS` as the same tokens.

    Raises:
        QueryError: the query cannot be parsed, has a SERVICE, or could be read in two ways.
    """

    def __init__(self, query: str) -> None:
        self.text = query
        self.tokens = tuple(tokens(query))
        if _SERVICE in query.upper():
            self._refuse_service()
        self._confirm()

    def is_keyword(self, token: Token) -> bool:
        """Whether a word is a keyword to Oxigraph's parser too, which then fails without its letters."""
        if not self._is_ambiguous:
            return True
        altered = f"{self.text[: token.start]}{_altered(token.text)}{self.text[token.end :]}"
        return bool(parser_message(altered))

    @cached_property
    def closing(self) -> Mapping[int, int]:
        """The index of the closing token of each opening one, by the index of the latter."""
        stack: list[int] = []
        found: dict[int, int] = {}
        for index, token in enumerate(self.tokens):
            if token.text in OPENING:
                stack.append(index)
            elif token.text in CLOSING and stack:
                found[stack.pop()] = index
        return found

    @cached_property
    def _is_ambiguous(self) -> bool:
        """Whether Oxigraph may read an IRI of the tokens as a comparison before a string or a comment.

        What starts as `<https://` is not one, since two slashes are not an operator.
        """
        return any(
            token.kind == "open" or (token.kind == "iri" and _COMPARISON.match(token.text))
            for token in self.tokens
        )

    @cached_property
    def _keywords(self) -> frozenset[int]:
        """The offsets of the tokens that are keywords of `_WORDS`."""
        return frozenset(token.start for token in self.tokens if token.keyword in _WORDS)

    def _refuse_service(self) -> None:
        """Refuse SERVICE, also where no space parts it from the rest (`trueSERVICE<…>`, `SERVICEex:a {`)."""
        previous = ""
        for token, following in pairwise((*self.tokens, Token("mark", "", len(self.text)))):
            prefix = token.text.partition(":")[0].upper() if token.kind == "name" else ""
            calls = _SERVICE in prefix and following.text == "{" and previous != "GRAPH"
            if calls or _SERVICE in token.keyword:
                raise token.error(self.text, _REFUSAL)
            previous = token.keyword

    def _confirm(self) -> None:
        """Refuse the query if Oxigraph reads a keyword of `_WORDS` where the tokens have none."""
        hidden = tuple(self._hidden())
        if not hidden:
            return
        altered = _OCCURRENCE.sub(
            lambda found: found[0] if found.start() in self._keywords else _altered(found[0]), self.text
        )
        message = parser_message(altered)
        if not message:
            return
        error = explain(self.text, message, altered)
        culprit = self._culprit(hidden, error)
        if culprit is None:
            raise error
        word = culprit.text.upper()
        if word == _SERVICE:
            raise culprit.error(self.text, _REFUSAL)
        # Without a SERVICE in it, the text itself can be given to the parser.
        if not any(token.text.upper() == _SERVICE for token in hidden):
            message = parser_message(self.text)
            if message:
                raise explain(self.text, message)
        raise culprit.error(
            self.text,
            f"{word} could be read in two ways here: write white space around it, and around each <.",
        )

    def _hidden(self) -> Iterator[Token]:
        """Yield the words of `_WORDS` in strings, IRIs, comments, names and longer words."""
        for found in _OCCURRENCE.finditer(self.text):
            if found.start() not in self._keywords:
                yield Token("word", found[0], found.start())

    def _culprit(self, hidden: tuple[Token, ...], error: QueryError) -> Token | None:
        """Return the altered word that lies in the token at which the parser stops, or right before it."""
        line, column = error.line or 1, error.column or 1
        offset = sum(len(row) + 1 for row in self.text.split("\n")[: line - 1]) + column - 1
        before = [token for token in self.tokens if token.start <= offset][-2:]
        for stop in reversed(before):
            # A comparison that looks like the start of an IRI ends with a bracket.
            if stop.kind in {"iri", "string", "open"} and ")" not in stop.text:
                continue
            found = next((word for word in hidden if stop.start <= word.start < stop.end), None)
            if found:
                return found
        return None


def _altered(word: str) -> str:
    """Return other letters for one of `_WORDS`, large and small as they are."""
    return "".join(
        other if char.isupper() else other.lower()
        for char, other in zip(word, _OTHER[word.upper()], strict=True)
    )
