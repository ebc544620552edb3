"""Cut SPARQL into tokens, and say what a query asks for without evaluating it.

The terminals of https://www.w3.org/TR/sparql11-query/#sparqlGrammar, as far as strings, IRIs, comments and
words must be told apart. What is no SPARQL still gives tokens: the parser is the one to say what is wrong.
"""

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Final, Literal, NamedTuple

from forumkg.errors import QueryError

__all__ = [
    "FORMS",
    "Form",
    "Token",
    "dataset_clauses",
    "form_token",
    "query_form",
    "refuse_service",
    "tokens",
]

Form = Literal["ASK", "CONSTRUCT", "DESCRIBE", "SELECT"]

FORMS: Final[tuple[Form, ...]] = ("ASK", "CONSTRUCT", "DESCRIBE", "SELECT")
_FORM_OF: Final[dict[str, Form]] = {form: form for form in FORMS}
_UPDATES: Final = frozenset(
    {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"},
)
_PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})

# \w has more letters than the grammar: what follows such a letter is an error to the parser, never a keyword.
_PREFIX = r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?"
_LOCAL = r"(?:(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.)(?:\.*(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.))*)?"

# The order matters: a long string before a short one, a name before a word.
_TERMINALS: Final = (
    ("space", r"\s+|#[^\r\n]*"),
    ("string", r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"""'),
    ("string", r"'''(?:[^'\\]|\\.|'{1,2}(?!'))*+'''"),
    ("open", r"\"\"\"|'''"),
    ("string", r'"(?:[^"\\\r\n]|\\.)*+"'),
    ("string", r"'(?:[^'\\\r\n]|\\.)*+'"),
    ("open", r"[\"']"),
    ("iri", r"<[^\x00-\x20<>\"{}|^`]*>"),
    ("variable", r"[?$]\w+"),
    ("language", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
    ("blank", r"_:\w(?:[\w.-]*[\w-])?"),
    ("number", r"(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+|\d*\.\d+|\d+"),
    ("name", rf"{_PREFIX}:{_LOCAL}"),
    ("word", r"\w+"),
    ("mark", r"\^\^|\|\||&&|<<\(?|\)?>>|\{\||\|\}|[<>!]=|."),
)
# How most queries start; white space or a mark behind the word keeps it from being the start of a name.
_PLAIN_START: Final = re.compile(
    r"\s*(?:PREFIX\s+[A-Za-z][A-Za-z0-9]*:\s*<[^\x00-\x20<>\"{}|^`]*>\s*)*"
    r"(ASK|CONSTRUCT|DESCRIBE|SELECT)(?=[\s{*?$(<])",
    re.IGNORECASE | re.ASCII,
)
_KINDS: Final = tuple(kind for kind, _ in _TERMINALS)
_TOKEN: Final = re.compile("|".join(f"({pattern})" for _, pattern in _TERMINALS), re.DOTALL)


class Token(NamedTuple):
    """A token as it is written, its kind, and where it stands in the query (code points, from 0)."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token has ended."""
        return self.start + len(self.text)

    @property
    def keyword(self) -> str:
        """The word in capitals; empty for what is no word."""
        return self.text.upper() if self.kind == "word" else ""

    def error(self, query: str, message: str) -> QueryError:
        """Return an error that points at this token of the query."""
        before = query[: self.start]
        line = before.count("\n") + 1
        return QueryError(message, line=line, column=self.start - (before.rfind("\n") + 1) + 1)


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of a query, without white space and comments."""
    for match in _TOKEN.finditer(query):
        kind = _KINDS[(match.lastindex or 1) - 1]
        if kind != "space":
            yield Token(kind, match.group(), match.start())


def form_token(query: str) -> Token:
    """Return the token that names the query form: the first one behind the prologue.

    Raises:
        QueryError: the text is an update, or starts with something else.
    """
    plain = _PLAIN_START.match(query)
    return Token("word", plain[1], plain.start(1)) if plain else _form_behind_prologue(query)


def _form_behind_prologue(query: str) -> Token:
    """Return the token that names the query form, however the query starts; raise what `form_token` does."""
    # No token behind it is cut off: a server asks for the form of queries of any length.
    found = tokens(query)
    token = next(found, None)
    while token and token.keyword in _PROLOGUE:
        behind = 3 if token.keyword == "PREFIX" else 2
        token = next(islice(found, behind - 1, None), None)
    if token is None:
        raise QueryError(f"The query asks nothing: write one of {', '.join(FORMS)}.")
    if token.keyword in _UPDATES:
        raise token.error(
            query,
            f"{token.keyword} is an update, and this graph is only read: ask with one of {', '.join(FORMS)}.",
        )
    if token.keyword not in FORMS:
        raise token.error(query, f"Found {token.text!r} where a query says one of {', '.join(FORMS)}.")
    return token


def query_form(query: str) -> Form:
    """Return the form of a query: whether it gives rows, a truth value or triples.

    Raises:
        QueryError: the text is an update, or starts with something else.
    """
    return _FORM_OF[form_token(query).keyword]


def dataset_clauses(query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the graphs after FROM and those after FROM NAMED, as they are written.

    https://www.w3.org/TR/sparql11-query/#specifyingDataset
    """
    default: list[str] = []
    named: list[str] = []
    # A search through the text is a hundred times faster than its tokens.
    found = tuple(tokens(query)) if "from" in query.casefold() else ()
    for index, token in enumerate(found):
        if token.keyword != "FROM":
            continue
        is_named = found[index + 1 : index + 2] and found[index + 1].keyword == "NAMED"
        graph = found[index + (2 if is_named else 1) :][:1]
        if graph and graph[0].kind in {"iri", "name"}:
            (named if is_named else default).append(graph[0].text)
    return tuple(default), tuple(named)


def refuse_service(query: str) -> None:
    """Refuse a query that would have the store call another server.

    Oxigraph reads SERVICE also where no space parts it from the rest (`trueSERVICE<…>`, `SERVICEex:a {`):
    a word that contains it is refused, and so is a name that does, before a brace and not behind GRAPH.

    Raises:
        QueryError: the query has a SERVICE outside strings, IRIs and comments.
    """
    if "service" not in query.casefold():
        return
    found = tuple(tokens(query))
    previous = ""
    for token, following in pairwise((*found, Token("mark", "", len(query)))):
        prefix = token.text.partition(":")[0].upper() if token.kind == "name" else ""
        calls = "SERVICE" in prefix and following.text == "{" and previous != "GRAPH"
        if calls or "SERVICE" in token.keyword:
            raise token.error(
                query,
                "SERVICE is refused: this endpoint calls no other server. "
                "Ask the other endpoint yourself and join the two answers, for instance with VALUES.",
            )
        previous = token.keyword
