"""The values that facts have, as pages show them, and what properties and things are called there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import ID, ZGC, shorten
from forumkg.pages.graph import Term
from forumkg.pages.names import Name, cut
from forumkg.rdf.terms import named
from forumkg.rdf.turtle.order import predicate_key
from forumkg.reasoning.proofs import Origin

__all__ = ["Fact", "Source", "Value", "literal_value", "property_name", "property_place", "thing_name"]

_NAME: Final = 160

# Those that say plainly what their value is need no mention of it.
_PLAIN: Final = frozenset({named("xsd:string"), named("rdf:langString")})
# What people call those properties of other vocabularies that are read on every page.
_PROPERTY_WORDS: Final = {
    "dcterms:issued": "dated",
    "rdf:type": "is a",
    "skos:altLabel": "other label",
    "skos:broader": "broader",
    "skos:definition": "definition",
    "skos:inScheme": "is in the list",
    "skos:prefLabel": "label",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A statement that a fact stands on, by who printed it and when."""

    statement: str
    publisher: str
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is shown.

    Attributes:
        text: the words: of a literal as it is, else the name.
        iri: where it leads; empty for a literal and for what has no name.
        language: of the words, where they have one.
        datatype: of a literal, shortened, where it is more than text.
        origin: how the fact came into the graph.
        length: of a literal that is cut, in characters; 0 where it is whole.
        sources: the statements that the fact stands on.
        facts: of what has no name.
    """

    text: str
    iri: str = ""
    language: str = ""
    datatype: str = ""
    origin: Origin = Origin.ASSERTED
    length: int = 0
    sources: tuple[Source, ...] = ()
    facts: tuple["Fact", ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values, or the things that point by it.

    Attributes:
        by: the property.
        values: all of them, or some.
        count: how many there are.
    """

    by: Name
    values: tuple[Value, ...]
    count: int

    @property
    def is_whole(self) -> bool:
        """Whether all values are here."""
        return len(self.values) >= self.count

    @property
    def is_foreign(self) -> bool:
        """Whether it says in the terms of another vocabulary what others say in ours."""
        return all(value.origin is not Origin.ASSERTED for value in self.values) and not shorten(
            self.by.iri
        ).startswith(("rdf:type", "zgc:"))


def thing_name(name: Name, *, brief: bool = False) -> Name:
    """Return a name as a link can show it: not too long, and in words where it only has an IRI.

    Args:
        name: what it is called.
        brief: for a passage, leave out of which article.
    """
    article, mark, span = name.iri.removeprefix(ID).removesuffix("/selector").partition("/char=")
    start, comma, end = span.partition(",")
    if mark and comma and name.text.endswith(span):
        of = "" if brief else f" of {article.removeprefix('article/')}"
        return Name(name.iri, f"characters {_digits(start)} to {_digits(end)}{of}")
    return Name(name.iri, cut(name.text, _NAME), name.language)


def _digits(text: str) -> str:
    return f"{int(text):,}" if text.isascii() and text.isdigit() and len(text) < 10 else text  # noqa: PLR2004


def property_place(property_: str) -> tuple[object, ...]:
    """Return the place of a property: in reading order, ours before those of other vocabularies."""
    rank, name = predicate_key(ox.NamedNode(property_))
    return rank, not property_.startswith(ZGC), name


def literal_value(term: Term, origin: Origin, length: int = 0) -> Value:
    """Return the value of a literal; `length` is that of the whole where the literal is cut."""
    if not isinstance(term, ox.Literal):
        return Value("", origin=origin)
    datatype = "" if term.datatype in _PLAIN or length else shorten(term.datatype.value)
    return Value(term.value, language=term.language or "", datatype=datatype, origin=origin, length=length)


def property_name(iri: str, names: Mapping[str, Name]) -> Name:
    """Return what a property is called: plainly, else by its label, else by its short IRI."""
    plain = _PROPERTY_WORDS.get(shorten(iri))
    return Name(iri, plain) if plain else names.get(iri) or Name(iri, shorten(iri))
