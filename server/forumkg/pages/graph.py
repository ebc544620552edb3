"""Query the graph for pages, and read the rows as text, numbers, dates or links."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final, Protocol

import pyoxigraph as ox

from forumkg.errors import QueryError
from forumkg.pages.translated_text import TranslatedText
from forumkg.rdf.terms import named
from forumkg.sparql.evaluation import Store, evaluate

__all__ = ["Graph", "Row", "StoreGraph", "Term", "day_of", "number_of", "read_rows", "read_truth"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_TRUE: Final = frozenset({"true", "1"})
_DATE: Final = named("xsd:date")


def number_of(term: Term | None) -> Decimal | None:
    """Return the finite number that a literal has as its lexical form; None for any other term."""
    if not isinstance(term, ox.Literal):
        return None
    try:
        number = Decimal(term.value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def day_of(term: Term | None) -> date | None:
    """Return the day of an xsd:date without a time zone, in the years from 1 to 9999; None for others."""
    if not isinstance(term, ox.Literal) or term.datatype != _DATE:
        return None
    try:
        return date.fromisoformat(term.value)
    except ValueError:
        return None


class Row(Mapping[str, Term]):
    """The terms that one solution binds; what it leaves unbound is not there, and reads as nothing."""

    __slots__ = ("_printed", "_terms", "_translations")

    def __init__(
        self,
        terms: Mapping[str, Term],
        translations: Mapping[ox.Literal, str] = MappingProxyType({}),
        printed: Collection[str] = (),
    ) -> None:
        self._printed = printed
        self._terms = terms
        self._translations = translations

    def __getitem__(self, name: str) -> Term:
        return self._terms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __repr__(self) -> str:
        return f"Row({dict(self._terms)!r})"

    def iri(self, name: str) -> str:
        """Return an IRI; nothing for any other term."""
        term = self._terms.get(name)
        return term.value if isinstance(term, ox.NamedNode) else ""

    def text(self, name: str) -> str:
        """Return the words of a literal, as `TranslatedText` where they are of a language, or the IRI."""
        term = self._terms.get(name)
        if isinstance(term, ox.Literal) and term.language:
            translation = "" if name in self._printed else self._translations.get(term, "")
            return TranslatedText(term.value, term.language, translation)
        if isinstance(term, ox.NamedNode | ox.Literal):
            return term.value
        return "" if term is None else str(term)

    def translated(self, translations: Mapping[ox.Literal, str], printed: Collection[str] = ()) -> "Row":
        """Return the row with translations of its texts; of the variables in `printed` it has none."""
        return Row(self._terms, translations, printed)

    def language(self, name: str) -> str:
        """Return the language tag of a literal."""
        term = self._terms.get(name)
        return (term.language or "") if isinstance(term, ox.Literal) else ""

    def number(self, name: str) -> Decimal | None:
        """Return the number of a literal, as `number_of` does."""
        return number_of(self._terms.get(name))

    def count(self, name: str) -> int:
        """Return a whole number; 0 where there is none."""
        return int(self.number(name) or 0)

    def flag(self, name: str) -> bool:
        """Return a truth value; false where there is none."""
        return self.text(name) in _TRUE

    def date(self, name: str) -> date | None:
        """Return the day of an xsd:date, as `day_of` does."""
        return day_of(self._terms.get(name))


class Graph(Protocol):
    """The graph that pages query.

    Each method raises QueryError where a query cannot be evaluated, and LimitError where one is given up.
    """

    def select(self, query: str) -> tuple[Row, ...]:
        """Return the solutions of a SELECT."""

    def ask(self, query: str) -> bool:
        """Return the truth value of an ASK."""

    def construct(self, query: str) -> tuple[ox.Triple, ...]:
        """Return the triples of a CONSTRUCT, each once, in no order."""


class StoreGraph:
    """A graph in a store of this process: for tests, measurements and commands."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def select(self, query: str) -> tuple[Row, ...]:
        """Return the solutions of a SELECT."""
        return read_rows(evaluate(self._store, query))

    def ask(self, query: str) -> bool:
        """Return the truth value of an ASK."""
        return read_truth(evaluate(self._store, query))

    def construct(self, query: str) -> tuple[ox.Triple, ...]:
        """Return the triples of a CONSTRUCT."""
        answer = evaluate(self._store, query)
        if not isinstance(answer, ox.QueryTriples):
            raise QueryError("The query is not a CONSTRUCT.")
        return tuple(set(answer))


def read_rows(answer: object) -> tuple[Row, ...]:
    """Return the solutions of an answer.

    Raises:
        QueryError: it is not the answer to a SELECT.
    """
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("The query is not a SELECT.")
    names = [variable.value for variable in answer.variables]
    return tuple(
        Row({name: term for name, term in zip(names, solution, strict=True) if term is not None})
        for solution in answer
    )


def read_truth(answer: object) -> bool:
    """Return the truth value of an answer.

    Raises:
        QueryError: it is not the answer to an ASK.
    """
    if not isinstance(answer, ox.QueryBoolean):
        raise QueryError("The query is not an ASK.")
    return bool(answer)
