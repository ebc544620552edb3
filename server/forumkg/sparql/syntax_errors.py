"""Locate and explain errors of a query.

The message of Oxigraph's parser points behind the longest keyword that it tried. So prefixes of the query are
parsed instead: the wrong token is the first one after which no continuation can be a query. A broken rule
beyond the grammar (BIND needs a new variable) is found by altering the variables that may break it.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice, pairwise
from types import TracebackType
from typing import Final

import pyoxigraph as ox

from forumkg.errors import QueryError
from forumkg.namespaces import PREFIXES, prefix_lines
from forumkg.rdf.sparql_tokens import Token, close_match, tokens

__all__ = ["AGGREGATES", "SCHEMES", "advice", "evaluation_errors", "explain", "parser_message"]

AGGREGATES: Final = ("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM")
_KEYWORDS: Final = (
    *AGGREGATES,
    *re.findall(
        r"\w+",
        """
        ABS AS ASC ASK BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS DATATYPE DAY DESC
        DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FILTER FLOOR FROM GRAPH GROUP HAVING HOURS IF IN IRI ISBLANK
        ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE LIMIT MD5 MINUS MINUTES MONTH NAMED NOT NOW
        OFFSET OPTIONAL ORDER PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SECONDS SELECT SEPARATOR SHA1
        SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR
        TIMEZONE TZ UCASE UNDEF UNION URI UUID VALUES WHERE YEAR
        """,
    ),
)
# Longer than any keyword of the grammar: a parser that is stuck before the padding cannot point to its end.
_PADDING: Final = 64
# Escapes whose number is not that of a character; JSON and Java write the others as two surrogates.
_NO_CHARACTER: Final = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})(?:\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2}))?"
    r"|(?P<lone>\\u[dD][c-fC-F][0-9A-Fa-f]{2}|\\U0000[dD][89a-fA-F][0-9A-Fa-f]{2})|\\U[0-9A-Fa-f]{8}"
)
_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
# The expected terminals include sentences: the rules beyond the grammar that the parser checks.
_SENTENCE: Final = re.compile(r"(?:^|, )([A-Z][\w*]+(?: [\w*]+)+)")
_NO_PREFIX: Final = "Prefix not found"
_NO_IRI: Final = "IRI parsing failed"
_TOO_EARLY: Final = "The query ends too early: a part is missing, or a bracket is not closed"
_REMEDIES: Final = {
    "The SELECT contains a variable that is unbound": " in a group: add it to GROUP BY, or aggregate it",
    "The SELECT contains an expression with a variable that is unbound": (
        " in a group: add the variable to GROUP BY, or aggregate it"
    ),
    "SELECT * is not authorized with GROUP BY": (
        " and aggregates: name the variables; a condition on an aggregate goes into HAVING"
    ),
}
# Variables that may break a rule are tried one by one, each by a parse.
_TRIED: Final = 50
_FRESH: Final = "forumkg_fresh"

_TERMS: Final = frozenset({"variable", "iri", "name", "string", "number", "blank"})
_WRITTEN: Final = re.compile(r"[^\s<>{}]+")
SCHEMES: Final = frozenset({"http", "https", "urn", "mailto", "file"})
_QUOTED: Final = 80

# What must follow a keyword.
_BEHIND: Final = {
    "FILTER": "FILTER needs its condition in brackets, as in FILTER (?x > 1).",
    "BIND": "BIND needs brackets, as in BIND (STR(?x) AS ?text).",
    "WHERE": "WHERE needs its patterns in braces, as in WHERE { ?s ?p ?o }.",
    "OPTIONAL": "OPTIONAL needs its patterns in braces, as in OPTIONAL { ?s ?p ?o }.",
    "UNION": "UNION needs its patterns in braces, as in { ?s ?p ?o } UNION { ?o ?p ?s }.",
    "MINUS": "MINUS needs its patterns in braces, as in MINUS { ?s ?p ?o }.",
    "EXISTS": "EXISTS needs its patterns in braces, as in EXISTS { ?s ?p ?o }.",
    "GRAPH": "GRAPH needs the name of a graph or a variable, as in GRAPH ?g { ?s ?p ?o }.",
    "FROM": "FROM needs the IRI of a graph, as in FROM <https://example.org/graph>.",
    "GROUP": "Write GROUP BY.",
    "ORDER": "Write ORDER BY.",
    "LIMIT": "LIMIT needs a whole number, as in LIMIT 10.",
    "OFFSET": "OFFSET needs a whole number, as in OFFSET 10.",
    "AS": "AS needs a variable, as in AS ?name.",
}
# Tokens that are often written in place of others.
_INSTEAD: Final = {
    "==": "Write one = to compare.",
    "&": "Write && for and.",
    "|": "Write || for or.",
    "@": "A language follows the @ without white space, as in 'forum'@en.",
}


class evaluation_errors:  # noqa: N801 (a context manager, in a form that costs a query less than a function)
    """Raise errors of the store inside the context as errors of the query.

    Raises:
        QueryError: the query cannot be parsed or evaluated.
    """

    __slots__ = ("_query",)

    def __init__(self, query: str = "") -> None:
        self._query = query

    def __enter__(self) -> None:
        """Enter the context."""

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Raise a QueryError in place of an error of the store."""
        if isinstance(error, SyntaxError):
            raise explain(self._query, str(error.msg)) from error
        if isinstance(error, RuntimeError):
            raise QueryError(f"The query cannot be evaluated: {error}.") from error


def explain(query: str, message: str, parsed: str = "") -> QueryError:
    """Return the error of a query that the parser refused, with the place and the remedy.

    Args:
        query: the query.
        message: that of the parser.
        parsed: a text to give to the parser in place of the query, of the same length.
    """
    parsed = parsed or query
    found = tuple(tokens(parsed))
    wrong = bisect_left(found, True, key=lambda token: not _can_start_a_query(parsed[: token.end]))
    at_end = wrong == len(found)
    if at_end and found and found[-1].kind == "open":
        return _unclosed(query, found[-1])
    broken = _broken_rule(parsed, found[: wrong + 1], at_end=at_end)
    if broken:
        token, rule = broken
        return token.error(query, rule)
    if at_end:
        end = Token("mark", "", len(query.rstrip()))
        finding = _finding(message) or _TOO_EARLY
        return end.error(query, f"{finding}{_REMEDIES.get(finding, '')}.")
    token = found[wrong]._replace(text=query[found[wrong].start : found[wrong].end])
    finding = _finding(parser_message(parsed[: token.end]) or message)
    if finding == _NO_IRI:
        # An IRI with a space in it is several tokens.
        token = next((start for start in reversed(found[: wrong + 1]) if start.text.startswith("<")), token)
        written = query[token.start : found[wrong].end]
        return token.error(query, f"{written} is not an absolute IRI: write it in full, or declare a BASE.")
    if token.kind == "open":
        return _unclosed(query, token)
    return token.error(query, _remedy(query, found[:wrong], token, finding))


def parser_message(text: str) -> str:
    """Return the parser's message on a text that it cannot parse; empty for a query.

    pyoxigraph has no function that only parses, so the query is evaluated on an empty store: it must not have
    a SERVICE.
    """
    try:
        ox.Store().query(text)
    except SyntaxError as error:
        return str(error.msg)
    except RuntimeError:
        pass  # The text was parsed, and cannot be evaluated.
    return ""


def _can_start_a_query(text: str) -> bool:
    """Whether the parser reads a text to its end: it accepts it, or expects more."""
    message = parser_message(f"{text}\n{' ' * _PADDING}")
    place = _PLACE.match(message)
    return place is None or (int(place[1]), int(place[2])) == (text.count("\n") + 2, _PADDING + 1)


def _broken_rule(query: str, found: tuple[Token, ...], *, at_end: bool) -> tuple[Token, str] | None:
    """Return the variable or blank node that breaks a rule beyond the grammar, and the rule."""
    if not found:
        return None
    last = found[-1]
    if last.kind == "blank" and any(token.text == last.text for token in found[:-1]):
        return (
            last,
            f"The blank node {last.text} is used in another group already: use a variable, or another label.",
        )
    text = query if at_end else query[: last.end]
    for token, other, rule in islice(_suspects(found), _TRIED):
        altered = f"{text[: token.start]}{other}{text[token.end :]}"
        if not parser_message(altered) if at_end else _can_start_a_query(altered):
            return token, rule
    return None


def _suspects(found: tuple[Token, ...]) -> Iterator[tuple[Token, str, str]]:
    """Yield variables that may break a rule, the last first, what to write in their place, and the rule."""
    named = Counter(token.text[1:] for token in found if token.kind == "variable")
    for before, token in reversed(tuple(pairwise(found))):
        if token.kind == "variable" and before.keyword == "AS" and named[token.text[1:]] > 1:
            rule = f"{token.text} has a value here already: choose another name after AS."
            yield token, f"?{_FRESH}", rule
    projected = tuple(_projected(found))
    for index, token in reversed(tuple(enumerate(projected))):
        name = token.text[1:]
        if any(name == earlier.text[1:] for earlier in projected[:index]):
            yield token, " ", f"{token.text} is selected twice: leave one out."
        yield (
            token,
            " (1 AS ?forumkg_one) ",
            (
                f"{token.text} is neither in GROUP BY nor in an aggregate, and the query has a group: "
                f"add it to GROUP BY, or write for instance (SAMPLE({token.text}) AS ?one)."
            ),
        )


def _projected(found: tuple[Token, ...]) -> Iterator[Token]:
    """Yield the variables between SELECT and WHERE, in each SELECT, except those in expressions."""
    depth = 0
    is_clause = False
    for token in found:
        if token.keyword == "SELECT":
            is_clause, depth = True, 0
        elif token.text in {"{", "}"} or token.keyword in {"WHERE", "FROM"}:
            is_clause = False
        elif token.text in {"(", ")"}:
            depth += 1 if token.text == "(" else -1
        elif is_clause and not depth and token.kind == "variable":
            yield token


def _finding(message: str) -> str:
    place = _PLACE.match(message)
    sentence = _SENTENCE.search(place[3]) if place else None
    return sentence[1] if sentence else ""


def _unclosed(query: str, token: Token) -> QueryError:
    if escape := token.wrong_escape:
        if number := _NO_CHARACTER.match(query, escape.start):
            return escape.error(query, _no_character(number))
        return escape.error(
            query,
            f"{escape.text.strip()} is not an escape of a string: write \\\\ for a backslash, "
            'as in "\\\\d+" for the digits of a pattern.',
        )
    quotes = token.text[:3] if token.text[:3] in {'"""', "'''"} else token.text[0]
    return token.error(
        query, f"The string that starts with {quotes} is not closed before the end of the line or the query."
    )


def _no_character(number: re.Match[str]) -> str:
    """Return what is wrong with an escape of four or eight digits that names no character, and what to do."""
    high, low = number["high"], number["low"]
    if high and low:
        character = 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00
        return (
            f"{number[0]} is a pair of surrogates, which strings of SPARQL do not have: "
            f"write \\U{character:08X}, or the character itself."
        )
    reason = "a surrogate, not a character" if high or number["lone"] else "beyond U+10FFFF, the last one"
    return f"{number[0]} is {reason}: write the character itself."


def _remedy(query: str, before: Sequence[Token], token: Token, finding: str) -> str:
    guess = close_match(token.text, _KEYWORDS) if token.kind == "word" else ""
    is_name = token.kind == "word" and not guess and token.keyword not in _KEYWORDS
    common = "" if finding and finding != _NO_PREFIX else advice(query, before, token, is_name=is_name)
    if finding == _NO_PREFIX and token.kind == "name" and token.text.partition(":")[0] not in SCHEMES:
        prefix = token.text.partition(":")[0]
        known = prefix if prefix in PREFIXES else _close_prefix(prefix)
        guess = f" Did you mean {known}:?" if known and known != prefix else ""
        line = prefix_lines(known).strip() if known else f"PREFIX {prefix}: <https://...>"
        return f"The prefix {prefix!r} is not declared.{guess} Add this line at the top of the query: {line}"
    if token.keyword in {"TRUE", "FALSE"}:
        return f"The engine reads truth values in small letters only: write {token.text.lower()}."
    found = f" {finding}." if finding and finding != _NO_PREFIX else f" {common}" if common else ""
    return f"Did not expect {token.quoted} here.{found}{guess}"


def _close_prefix(prefix: str) -> str:
    close = get_close_matches(prefix, PREFIXES, n=1, cutoff=0.8)
    return close[0] if close else ""


def advice(query: str, before: Sequence[Token], token: Token, *, is_name: bool) -> str:
    """Return a sentence that says what to write instead; empty where the mistake is not a common one.

    Args:
        query: the query.
        before: the tokens before the wrong one.
        token: the token at which the parser stops.
        is_name: whether it is a word that no keyword is close to.
    """
    last = before[-1] if before else Token("", "", 0)
    written = "==" if last.text == token.text == "=" else token.text
    return (
        _BEHIND.get(last.keyword)
        or _INSTEAD.get(written)
        or _of_select(before, token)
        or _of_order(before, token)
        or _of_brace(before, token)
        or _of_iri(query, token)
        or ("Write a text in quotes, a variable with a ?, and a name with its prefix." if is_name else "")
    )


def _of_select(before: Sequence[Token], token: Token) -> str:
    """Return advice about the clause of the last SELECT, where the token is in it."""
    starts = [index for index, word in enumerate(before) if word.keyword == "SELECT"]
    clause = before[starts[-1] :] if starts else ()
    if not clause or any(word.text == "{" for word in clause):
        return ""
    depth = sum((word.text == "(") - (word.text == ")") for word in clause)
    if token.text == "," and not depth:
        return "Variables of SELECT have no commas between them."
    if token.text == ")" and depth == 1:
        return "An expression of SELECT needs a name, as in (COUNT(*) AS ?number)."
    if token.kind == "word" and not depth:
        return "An expression of SELECT needs brackets and a name, as in (COUNT(*) AS ?number)."
    return ""


def _of_order(before: Sequence[Token], token: Token) -> str:
    is_late = any(word.keyword in {"LIMIT", "OFFSET"} for word in before)
    if is_late and token.keyword in {"ORDER", "GROUP", "HAVING"}:
        return f"{token.keyword} comes before LIMIT and OFFSET."
    return ""


def _of_iri(query: str, token: Token) -> str:
    written = _WRITTEN.match(query, token.start)
    if written and token.kind == "name" and token.text.partition(":")[0] in SCHEMES:
        return f"An IRI needs < and >: write <{written.group()[:_QUOTED]}>."
    return ""


def _of_brace(before: Sequence[Token], token: Token) -> str:
    if token.text != "}" or not before:
        return ""
    if sum((word.text == "{") - (word.text == "}") for word in before) < 1:
        return "It closes nothing: leave it out."
    if before[-1].kind in _TERMS or before[-1].keyword == "A":
        return "The pattern before it is not complete: it has a subject, a predicate and an object."
    return ""
