"""Read the graph for a page in another language: each text with its translation, if there is one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import DEFAULT
from forumkg.pages.page_queries import literals, page_query, text_literal
from forumkg.pages.translated_text import catalogued

__all__ = ["TranslatedGraph"]

# A query may have at most so many texts of at most so many characters.
_AT_ONCE: Final = 100
_LONGEST: Final = 1000
# The variables of words as they are printed, which are never translated.
_PRINTED: Final = frozenset({"printed", "wording"})


class TranslatedGraph:
    """A graph that asks for the translations of all texts in its rows.

    The translation of a text is that of the same property of the same thing. A text that several things have,
    with different translations, stays as it is. The sentences of the ontology, which has none, are
    translated by the catalogue.
    """

    def __init__(self, graph: Graph, language: str) -> None:
        """Read a graph for pages in a language."""
        self._graph = graph
        self._language = language
        self._known: dict[ox.Literal, str] = {}

    def select(self, query: str) -> tuple[Row, ...]:
        """Return the solutions of a SELECT, their texts with translations."""
        rows = self._graph.select(query)
        self._ask({text for row in rows for text in _texts(row)} - self._known.keys())
        return tuple(row.translated(self._known, _PRINTED) for row in rows)

    def ask(self, query: str) -> bool:
        """Return the truth value of an ASK."""
        return self._graph.ask(query)

    def construct(self, query: str) -> tuple[ox.Triple, ...]:
        """Return the triples of a CONSTRUCT."""
        return self._graph.construct(query)

    def _ask(self, texts: Iterable[ox.Literal]) -> None:
        wanted = sorted(texts, key=str)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            query = page_query("translations", texts=literals(some), language=text_literal(self._language))
            found = _unambiguous(self._graph.select(query.text))
            self._known.update({text: found.get(text) or _in_catalogue(text) for text in some})


def _texts(row: Mapping[str, object]) -> Iterator[ox.Literal]:
    for name, term in row.items():
        if (
            name not in _PRINTED
            and isinstance(term, ox.Literal)
            and term.language == DEFAULT
            and len(term.value) <= _LONGEST
        ):
            yield term


def _in_catalogue(text: ox.Literal) -> str:
    """Return the translation of a sentence; a name may be the same as a word of the interface by chance."""
    return catalogued(text.value).translation if text.value.endswith(".") else ""


def _unambiguous(rows: Iterable[Row]) -> dict[ox.Literal, str]:
    found: dict[ox.Literal, set[str]] = {}
    for row in rows:
        text = row["text"]
        if isinstance(text, ox.Literal):
            found.setdefault(text, set()).add(row.text("translation"))
    return {text: next(iter(each)) for text, each in found.items() if len(each) == 1}
