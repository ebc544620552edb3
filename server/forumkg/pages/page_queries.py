"""The queries behind the pages: `.rq` files of the page families, in which `$name` stands for a term.

`$name` is a variable of SPARQL, so that each file can be parsed and run as it is. A line
`# VALUES ?thing { $things }` is left out, unless the page gives the things to which it narrows the query.
https://www.w3.org/TR/sparql11-query/#rVARNAME
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import pyoxigraph as ox

from forumkg.pages.translated_text import catalogued
from forumkg.rdf.sparql_tokens import query_form

__all__ = [
    "PageQuery",
    "all_match",
    "count_matches",
    "iris",
    "literals",
    "page_query",
    "pairs",
    "sparql_term",
    "text_literal",
]

_TITLE: Final = re.compile(r"# (?P<title>\S.*\?)\n")
_NARROWING: Final = re.compile(r"^(?P<space> *)# (?P<values>VALUES .*\$(?P<name>\w+).*\n)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PageQuery:
    """A query behind a page: what it asks, in words and in SPARQL, and the name of its file."""

    title: str
    text: str
    name: str = "query"

    @property
    def is_graph(self) -> bool:
        """Whether it answers triples, which have no rows."""
        return query_form(self.text) in {"CONSTRUCT", "DESCRIBE"}

    def first(self, rows: int) -> str:
        """Return the query for its first rows, or triples, alone."""
        return f"{self.text.rstrip()}\nLIMIT {rows}\n"


def page_query(name: str, **terms: str) -> PageQuery:
    """Return a query with its `$name`s replaced.

    Args:
        name: `family/name` of the file `family/queries/name.rq`, or `name` of a file in `queries/`,
            which the families share; its first line is the question.
        terms: for each `$name` the IRI that it stands for, or SPARQL that `iris`, `sparql_term`
            or `text_literal` made.

    Raises:
        ValueError: a term is not an IRI, the first line of the file is not a question, or it has no `$name`.
    """
    title, text = _load(name)
    text = _NARROWING.sub(
        lambda found: found["space"] + found["values"] if found["name"] in terms else "", text
    )
    for variable, term in terms.items():
        pattern = re.compile(rf"\${variable}\b")
        if not pattern.search(text):
            raise ValueError(f"The query {name} has no ${variable}.")
        written = str(term) if isinstance(term, _Sparql) else str(ox.NamedNode(term))
        text = pattern.sub(written.replace("\\", r"\\"), text)
    return PageQuery(catalogued(title), text, name.rpartition("/")[2])


class _Sparql(str):
    """Text that is SPARQL already."""

    __slots__ = ()


def iris(values: Iterable[str]) -> str:
    """Return IRIs for the place of one `$name` inside the braces of VALUES."""
    return _Sparql(" ".join(str(ox.NamedNode(value)) for value in values))


def literals(values: Iterable[ox.Literal]) -> str:
    """Return literals for the place of one `$name` inside the braces of VALUES."""
    return _Sparql(" ".join(map(str, values)))


def pairs(values: Iterable[Iterable[str]]) -> str:
    """Return tuples of IRIs for the place of one `$name` inside the braces of VALUES of several variables."""
    return _Sparql(" ".join(f"({iris(value)})" for value in values))


def text_literal(text: str) -> str:
    """Return a plain literal for the place of a `$name`."""
    return _Sparql(ox.Literal(text))


def sparql_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """Return a term of a triple, a literal of any type too, for the place of a `$name`."""
    return _Sparql(term)


def all_match(variable: str, patterns: Iterable[str]) -> str:
    """Return a condition for the place of a `$name` in FILTER: that a text matches every pattern.

    Without regard to case: https://www.w3.org/TR/sparql11-query/#func-regex

    Args:
        variable: the name of the variable of the text.
        patterns: regular expressions; without one, every text matches.
    """
    tests = (f'REGEX(?{variable}, {ox.Literal(pattern)}, "i")' for pattern in patterns)
    return _Sparql(" && ".join(tests) or "true")


def count_matches(variable: str, patterns: Iterable[str]) -> str:
    """Return an expression for the place of a `$name` in BIND: how many of some patterns a text matches."""
    tests = (f'IF(REGEX(?{variable}, {ox.Literal(pattern)}, "i"), 1, 0)' for pattern in patterns)
    return _Sparql(" + ".join(tests) or "0")


@cache
def _load(name: str) -> tuple[str, str]:
    family, _, file = name.rpartition("/")
    text = resources.files(__package__).joinpath(family, "queries", f"{file}.rq").read_text(encoding="utf-8")
    title = _TITLE.match(text)
    if title is None:
        raise ValueError(f"{name}.rq: make the first line the question, as in '# Who hosted which edition?'.")
    return title["title"], text
