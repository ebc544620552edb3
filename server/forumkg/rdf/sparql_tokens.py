"""Tokenize SPARQL, and read the query form without evaluating the query.

The terminals of https://www.w3.org/TR/sparql11-query/#sparqlGrammar. Text that is not SPARQL gives tokens
too: the parser decides what is wrong. Each terminal is matched in time linear in the text, whatever the text.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, Literal, NamedTuple, NoReturn

from forumkg.errors import QueryError

__all__ = [
    "BOM",
    "FORMS",
    "MAX_DECLARATIONS",
    "MAX_PROLOGUE",
    "Form",
    "Token",
    "close_match",
    "dataset_clauses",
    "form_token",
    "query_form",
    "tokens",
]

Form = Literal["ASK", "CONSTRUCT", "DESCRIBE", "SELECT"]

FORMS: Final[tuple[Form, ...]] = ("ASK", "CONSTRUCT", "DESCRIBE", "SELECT")
# Bounds of a prologue: the server reads it in its event loop.
MAX_DECLARATIONS: Final = 1_000
MAX_PROLOGUE: Final = 65_536
# Editors on Windows put it before a text; it is not part of the query.
BOM: Final = "\ufeff"

_FORM_OF: Final[dict[str, Form]] = {form: form for form in FORMS}
_ONE_OF_THE_FORMS: Final = f"one of {', '.join(FORMS)}"
_UPDATES: Final = frozenset(
    {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"},
)
_EXAMPLES: Final = {
    "BASE": "BASE <https://example.org/>",
    "PREFIX": "PREFIX ex: <https://example.org/>",
    "VERSION": 'VERSION "1.2"',
}

_BASE_CHARS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_VARIABLE_CHARS = rf"{_BASE_CHARS}_0-9\u00b7\u0300-\u036f\u203f\u2040"
_NAME_CHARS = rf"{_VARIABLE_CHARS}\-"
_RUN = rf"[{_BASE_CHARS}](?:[{_NAME_CHARS}]++|\.++(?=[{_NAME_CHARS}]))*+"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[{_BASE_CHARS}_:0-9]|{_ESCAPED})(?:[{_NAME_CHARS}:]|{_ESCAPED}|\.++(?=[{_NAME_CHARS}:%\\]))*+"
_EXPONENT = r"[eE][+-]?+[0-9]++"
_UCHAR = (
    r"\\u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}|\\U00(?:0[1-9a-fA-F]|10)[0-9A-Fa-f]{4}"
    r"|\\U0000(?![dD][89a-fA-F])[0-9A-Fa-f]{4}"
)
_ESCAPE = rf"\\[tbnrf\"'\\]|{_UCHAR}"
_IRI = rf"<(?:[^\x00-\x20<>\"{{}}|^`\\]|{_UCHAR})*+>"

# The order matters: a long string before a short one, a name before a word. Every repetition is possessive or
# cannot be read in two ways, or an unclosed string or a dotted word would take quadratic time.
_TERMINALS: Final = (
    ("space", r"[ \t\r\n]++|#[^\r\n]*+"),
    ("string", rf'"""(?:[^"\\]++|{_ESCAPE}|"{{1,2}}+(?!"))*+"""'),
    ("string", rf"'''(?:[^'\\]++|{_ESCAPE}|'{{1,2}}+(?!'))*+'''"),
    ("endless", r"\"\"\"|'''"),
    ("string", rf'"(?:[^"\\\r\n]++|{_ESCAPE})*+"'),
    ("string", rf"'(?:[^'\\\r\n]++|{_ESCAPE})*+'"),
    ("open", r'"[^\r\n]*+'),
    ("open", r"'[^\r\n]*+"),
    ("iri", _IRI),
    ("variable", rf"[?$][{_VARIABLE_CHARS}]++"),
    ("language", r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"),
    ("blank", rf"_:[{_BASE_CHARS}_0-9](?:[{_NAME_CHARS}]++|\.++(?=[{_NAME_CHARS}]))*+"),
    (
        "number",
        rf"(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++){_EXPONENT}|[0-9]*+\.[0-9]++|[0-9]++",
    ),
    ("name", rf"(?:{_RUN})?+:(?:{_LOCAL})?+"),
    ("run", _RUN),
    ("word", r"\w++"),
    ("mark", r"\^\^|\|\||&&|<<\(?|\)?>>|\{\||\|\}|[<>!]=|."),
)
_NO_NAMES: Final = tuple(terminal for terminal in _TERMINALS if terminal[0] not in {"name", "run"})


def _pattern(terminals: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"({pattern})" for _, pattern in terminals), re.DOTALL)


_TOKEN: Final = _pattern(_TERMINALS)
_TOKEN_BUT_NAME: Final = _pattern(_NO_NAMES)
_KINDS: Final = tuple(kind for kind, _ in _TERMINALS)
_KINDS_BUT_NAME: Final = tuple(kind for kind, _ in _NO_NAMES)

# How most queries start; white space or a mark behind the word keeps it from being the start of a name.
_PLAIN_START: Final = re.compile(
    rf"[ \t\r\n]*+(?:PREFIX[ \t\r\n]++[A-Za-z][A-Za-z0-9]*+:[ \t\r\n]*+{_IRI}[ \t\r\n]*+)*+"
    r"(ASK|CONSTRUCT|DESCRIBE|SELECT)(?=[ \t\r\n{*?$(<])",
    re.IGNORECASE | re.ASCII,
)
# A plain start of this length has fewer declarations than are allowed.
_LONGEST_PLAIN_START: Final = 8_192
# An open string up to the first backslash that starts no escape, unless its quotes come before.
_TO_ESCAPE: Final = re.compile(
    rf"(?:\"\"\"(?:[^\"\\]++|{_ESCAPE}|\"{{1,2}}+(?!\"))*+|'''(?:[^'\\]++|{_ESCAPE}|'{{1,2}}+(?!'))*+"
    rf"|\"(?:[^\"\\]++|{_ESCAPE})*+|'(?:[^'\\]++|{_ESCAPE})*+)(\\.?)",
    re.DOTALL,
)
_WRITTEN: Final = re.compile(r"[^\s<>]+")
_DECLARED: Final = re.compile(r"[ \t]+((?:[^\s:<>]{0,40}: *)?<[^\s<>]{0,80}>)")
_QUOTED: Final = 40


class Token(NamedTuple):
    """A token as it is written, its kind, and its offset in the query (code points, from 0).

    The kind `open` is a string that is not closed before the end of its line or, if long, of the query, or
    that has an escape that SPARQL does not have. It goes on to that end.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind the token."""
        return self.start + len(self.text)

    @property
    def keyword(self) -> str:
        """The word in capitals; empty for a token that is not a word."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def wrong_escape(self) -> "Token | None":
        """The escape that keeps an `open` string from being one; None where it is not closed."""
        found = _TO_ESCAPE.match(self.text)
        return Token("mark", found[1], self.start + found.start(1)) if found else None

    @property
    def quoted(self) -> str:
        """The token as a message shows it."""
        return repr(self.text if len(self.text) <= _QUOTED else f"{self.text[:_QUOTED]}…")

    def error(self, query: str, message: str) -> QueryError:
        """Return an error that points at this token of the query."""
        before = query[: self.start]
        line = before.count("\n") + 1
        return QueryError(message, line=line, column=self.start - (before.rfind("\n") + 1) + 1)


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of a query, without white space and comments."""
    position, end = 0, len(query)
    while position < end:
        match = _TOKEN.match(query, position)
        # The last mark is any character, so there is a match.
        kind = _KINDS[(match.lastindex or 1) - 1] if match else ""
        text = match.group() if match else ""
        if kind == "run":
            for word in _words(query, position, position + len(text)):
                yield word
                position = word.end
            continue
        if kind == "endless":
            yield Token("open", query[position:], position)
            return
        if kind != "space":
            yield Token(kind, text, position)
        position += len(text)


def _words(query: str, position: int, end: int) -> Iterator[Token]:
    """Yield the tokens from the start of a dotted run on, until its end is reached.

    No colon follows the run, so no name starts within it. To look for one at each of its dots would take
    quadratic time.
    """
    while position < end:
        match = _TOKEN_BUT_NAME.match(query, position)
        text = match.group() if match else ""
        yield Token(_KINDS_BUT_NAME[(match.lastindex or 1) - 1] if match else "", text, position)
        position += len(text)


def form_token(query: str) -> Token:
    """Return the token that names the query form: the first one behind the prologue.

    At most `MAX_PROLOGUE` characters are read.

    Raises:
        QueryError: the prologue is malformed or too long, or the text is an update or starts otherwise.
    """
    plain = _PLAIN_START.match(query, 0, _LONGEST_PLAIN_START)
    return Token("word", plain[1], plain.start(1)) if plain else _form_behind_prologue(query)


def query_form(query: str) -> Form:
    """Return the form of a query: whether it gives rows, a truth value or triples.

    Raises:
        QueryError: what `form_token` raises.
    """
    return _FORM_OF[form_token(query).keyword]


def _form_behind_prologue(query: str) -> Token:
    """Return the token that names the query form, however the query starts; raise what `form_token` does."""
    found = _Prologue(query)
    token = found.take()
    count = 0
    while token.keyword in _EXAMPLES:
        count += 1
        if count > MAX_DECLARATIONS:
            raise token.error(
                query,
                f"The query has more than {MAX_DECLARATIONS:,} BASE and PREFIX declarations: "
                "declare only the prefixes that it uses.",
            )
        found.declaration(token)
        token = found.take()
    if token.keyword not in FORMS:
        _refuse_start(query, token)
    return token


class _Prologue:
    """Reads the declarations before the query form, and points at the first mistake in them."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._start = query[:MAX_PROLOGUE]
        self._tokens = tokens(self._start)

    def take(self) -> Token:
        """Return the next token; one without text is the end of the query."""
        token = next(self._tokens, Token("", "", len(self._start)))
        if token.end >= len(self._start) < len(self._query):
            raise QueryError(
                f"The query form does not come within the first {MAX_PROLOGUE:,} characters: "
                "shorten the prologue and the comments before it."
            )
        return token

    def declaration(self, keyword: Token) -> None:
        """Read what follows BASE, PREFIX or VERSION."""
        name = keyword.keyword
        if name == "VERSION":
            version = self.take()
            if version.kind != "string":
                self._refuse(version, name, "a version in quotes")
            return
        written = keyword.text
        if name == "PREFIX":
            prefix = self.take()
            if prefix.kind != "name" or not prefix.text.endswith(":"):
                self._refuse(prefix, name, "a prefix that ends in a colon")
            written = f"{written} {prefix.text}"
        iri = self.take()
        if iri.kind != "iri":
            bare = _WRITTEN.match(self._start, iri.start) if iri.kind in {"name", "word"} else None
            if bare:
                raise iri.error(
                    self._query, f"An IRI needs < and >: write {written} <{bare.group()[:_QUOTED]}>."
                )
            self._refuse(iri, name, "an IRI between < and >, without white space")

    def _refuse(self, token: Token, keyword: str, wanted: str) -> NoReturn:
        if token.text == "\\":
            _refuse_escape(self._query, token)
        found = f"found {token.quoted}" if token.text else "the query ends"
        raise token.error(
            self._query, f"{keyword} needs {wanted}, but {found}: write for instance {_EXAMPLES[keyword]}."
        )


def _refuse_start(query: str, token: Token) -> NoReturn:
    if not token.text:
        raise QueryError(f"The query asks nothing: write {_ONE_OF_THE_FORMS}.")
    if token.keyword in _UPDATES:
        raise token.error(
            query,
            f"{token.keyword} is an update, and this graph is only read: ask with {_ONE_OF_THE_FORMS}.",
        )
    if token.text.casefold() in {"@prefix", "@base"}:
        keyword = token.text[1:].upper()
        declared = _DECLARED.match(query, token.end)
        written = f"{keyword} {declared[1]}" if declared else _EXAMPLES[keyword]
        raise token.error(
            query, f"{token.text} is Turtle: in a query write {written}, without @ and full stop."
        )
    if token.text == "\\":
        _refuse_escape(query, token)
    if token.text == "." and token.start:
        raise token.error(query, "A declaration of a query has no full stop: leave it out.")
    guess = close_match(token.text, (*FORMS, *_EXAMPLES))
    raise token.error(query, f"Expected {_ONE_OF_THE_FORMS}, but found {token.quoted}.{guess}")


def _refuse_escape(query: str, token: Token) -> NoReturn:
    raise token.error(
        query,
        "An escape such as \\u0061 is read in strings and IRIs only, as in SPARQL 1.2: "
        "write the character itself.",
    )


def close_match(word: str, known: tuple[str, ...]) -> str:
    """Return a sentence with the known word that is closest to a word; empty where none is close."""
    found = get_close_matches(word.upper(), known, n=1, cutoff=0.8) if len(word) <= _QUOTED else []
    return f" Did you mean {found[0]}?" if found and found[0] != word.upper() else ""


def dataset_clauses(query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the graphs after FROM and those after FROM NAMED, as they are written.

    https://www.w3.org/TR/sparql11-query/#specifyingDataset
    """
    default: list[str] = []
    named: list[str] = []
    # Searching the text is a hundred times faster than tokenizing it.
    found = tuple(tokens(query)) if "from" in query.casefold() else ()
    for index, token in enumerate(found):
        if token.keyword != "FROM":
            continue
        is_named = found[index + 1 : index + 2] and found[index + 1].keyword == "NAMED"
        graph = found[index + (2 if is_named else 1) :][:1]
        if graph and graph[0].kind in {"iri", "name"}:
            (named if is_named else default).append(graph[0].text)
    return tuple(default), tuple(named)
