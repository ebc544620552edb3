"""Say where a query is wrong, and what to write instead.

The message of Oxigraph's parser points behind the longest keyword that it tried, so the place is found in
another way: what starts a query can be continued, and the first token with which it cannot is the wrong one.
"""

import re
from bisect import bisect_left
from types import TracebackType
from typing import Final

import pyoxigraph as ox

from forumkg.errors import QueryError
from forumkg.namespaces import PREFIXES, prefix_lines
from forumkg.rdf.sparql_tokens import Token, tokens

__all__ = ["evaluation_errors", "explain"]

# Longer than any keyword of the grammar: a parser that is stuck before the padding cannot point to its end.
_PADDING: Final = 64
_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
# Among the terminals that were expected stand sentences: what the parser found out beyond the grammar.
_SENTENCE: Final = re.compile(r"(?:^|, )([A-Z][\w*]+(?: [\w*]+)+)")
_NO_PREFIX: Final = "Prefix not found"
_NO_IRI: Final = "IRI parsing failed"
_TOO_EARLY: Final = "The query ends too early: a part is missing, or a bracket is not closed"
_REMEDIES: Final = {
    "The SELECT contains a variable that is unbound": " in a group: add it to GROUP BY, or aggregate it",
    "SELECT * is not authorized with GROUP BY": ": name the variables",
}


class evaluation_errors:  # noqa: N801 (a context manager, in a form that costs a query less than a function)
    """Raise what goes wrong inside as an error of the query.

    Raises:
        QueryError: the query cannot be parsed or evaluated.
    """

    __slots__ = ("_query",)

    def __init__(self, query: str = "") -> None:
        self._query = query

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Raise another error in the place of one of the store."""
        if isinstance(error, SyntaxError):
            raise explain(self._query, str(error.msg)) from error
        if isinstance(error, RuntimeError):
            raise QueryError(f"The query cannot be evaluated: {error}.") from error


def explain(query: str, message: str) -> QueryError:
    """Return the error of a query that the parser refused, with the place and the remedy.

    Args:
        query: the query.
        message: what the parser said of it.
    """
    found = tuple(tokens(query))
    wrong = bisect_left(found, True, key=lambda token: not _can_start_a_query(query[: token.end]))
    if wrong == len(found):
        end = Token("mark", "", len(query.rstrip()))
        finding = _finding(message) or _TOO_EARLY
        return end.error(query, f"{finding}{_REMEDIES.get(finding, '')}.")
    token = found[wrong]
    finding = _finding(_parser_message(query[: token.end]) or message)
    if finding == _NO_IRI:
        # An IRI with a space in it is several tokens.
        token = next((start for start in reversed(found[: wrong + 1]) if start.text.startswith("<")), token)
        written = query[token.start : found[wrong].end]
        return token.error(query, f"{written} is no absolute IRI: write it in full, or declare a BASE.")
    return token.error(query, _remedy(token, finding))


def _can_start_a_query(text: str) -> bool:
    """Whether the parser reads to the end of a text and would go on, or is content."""
    message = _parser_message(f"{text}\n{' ' * _PADDING}")
    place = _PLACE.match(message)
    return place is None or (int(place[1]), int(place[2])) == (text.count("\n") + 2, _PADDING + 1)


def _parser_message(text: str) -> str:
    try:
        ox.Store().query(text)
    except SyntaxError as error:
        return str(error.msg)
    except RuntimeError:
        pass  # The text was parsed, and cannot be evaluated.
    return ""


def _finding(message: str) -> str:
    place = _PLACE.match(message)
    sentence = _SENTENCE.search(place[3]) if place else None
    return sentence[1] if sentence else ""


def _remedy(token: Token, finding: str) -> str:
    if token.kind == "open":
        return (
            f"The string that starts with {token.text} is not closed before the end of the line or the query."
        )
    if finding == _NO_PREFIX and token.kind == "name":
        prefix = token.text.partition(":")[0]
        line = prefix_lines(prefix).strip() if prefix in PREFIXES else f"PREFIX {prefix}: <https://...>"
        return f"The prefix {prefix!r} is not declared. Add this line at the top of the query: {line}"
    return f"Did not expect {token.text!r} here." + (f" {finding}." if finding else "")
