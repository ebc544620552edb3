"""What the terms of a proof are called: by their labels, or by where they stand in the text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import ID
from forumkg.pages.graph import Graph, Row
from forumkg.pages.names import cut, names_of, short_name
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.quantities import read_quantity
from forumkg.rdf.terms import named

__all__ = ["Names", "Word", "read_names"]

_STATEMENT: Final = f"{ID}statement/"
_TEXTS: Final = frozenset({named("xsd:string"), named("rdf:langString")})
# A longer text is cut: a proof names it, and does not tell it.
_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class Word:
    """One or several words of a sentence.

    Attributes:
        text: the words.
        iri: of the term that they name, if they do.
        language: of the words, where that is known.
    """

    text: str
    iri: str = ""
    language: str = ""


class Names:
    """The names of some things."""

    def __init__(self, names: Mapping[str, Word], *, several_articles: bool) -> None:
        self._names = names
        self._several_articles = several_articles

    def of(self, term: object) -> Word:
        """Return the name of a term of a triple."""
        if isinstance(term, ox.NamedNode):
            return self.of_iri(term.value)
        if isinstance(term, ox.Literal):
            text = cut(term.value, _LONGEST)
            shown = f"“{text}”" if term.datatype in _TEXTS else text
            return Word(shown, language=term.language or "")
        return Word(str(term))

    def of_iri(self, iri: str) -> Word:
        """Return the name of a thing or of a term of the ontology."""
        if iri.startswith(_STATEMENT):
            article, _, number = iri.removeprefix(_STATEMENT).rpartition("/")
            return Word(f"statement {number}{f' of {article}' if self._several_articles else ''}", iri)
        return self._names.get(iri) or Word(short_name(iri), iri)


def read_names(graph: Graph, things: Iterable[str]) -> Names:
    """Return the names of things and of terms of the ontology."""
    wanted = sorted(set(things))
    names = {iri: Word(name.text, iri, name.language) for iri, name in names_of(graph, wanted).items()}
    for row in graph.select(page_query("why/proof-names", things=iris(wanted)).text):
        names[row.iri("thing")] = _name(row)
    articles = {iri.rpartition("/")[0] for iri in wanted if iri.startswith(_STATEMENT)}
    return Names(names, several_articles=len(articles) > 1)


def _name(row: Row) -> Word:
    if "quantity" in row:
        return Word(f"the figure “{read_quantity(row).words}”", row.iri("thing"))
    return Word(f"characters {row.count('start'):,} to {row.count('end'):,}", row.iri("thing"))
