"""RDF terms as pages show them: in words, with a link, a language or a datatype."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import shorten
from forumkg.pages.graph import Term, day_of, number_of
from forumkg.pages.names import Name, short_name

__all__ = ["ShownTerm", "shown_term"]

_NUMBERS: Final = frozenset({"xsd:integer", "xsd:decimal", "xsd:double", "xsd:float"})
# The datatypes of plain text.
_PLAIN: Final = frozenset({"xsd:string", "rdf:langString"})
_DIGEST: Final = re.compile(r"[0-9a-f]{40,}")


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A term as a page shows it; an unbound variable has no text.

    Attributes:
        text: the lexical form of a literal, or the name of a resource.
        iri: of a resource.
        language: of the text.
        datatype: the short name of the datatype of a literal, unless it is plain text.
        day: the value of an xsd:date.
        number: the value of a number.
        length: of the whole text in code points, where the text is cut; else 0.
        is_code: whether it identifies without words: a blank node, a quoted triple or a digest.
    """

    text: str = ""
    iri: str = ""
    language: str = ""
    datatype: str = ""
    day: date | None = None
    number: Decimal | None = None
    length: int = 0
    is_code: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its datatype is numeric."""
        return self.datatype in _NUMBERS


def shown_term(
    term: Term | None, names: Mapping[str, Name] | None = None, *, longest: int | None = None
) -> ShownTerm:
    """Return a term as pages show it.

    Args:
        term: None for an unbound variable.
        names: of resources; one without a name shows its short IRI.
        longest: the number of code points to which the text is cut.
    """
    match term:
        case None:
            return ShownTerm()
        case ox.NamedNode():
            name = (names or {}).get(term.value) or Name(term.value, short_name(term.value))
            return ShownTerm(
                name.text[:longest], term.value, name.language, length=_length(name.text, longest)
            )
        case ox.Literal():
            return _shown_literal(term, longest)
    text = str(term)
    return ShownTerm(text[:longest], length=_length(text, longest), is_code=True)


def _shown_literal(literal: ox.Literal, longest: int | None) -> ShownTerm:
    text = literal.value
    datatype = shorten(literal.datatype.value)
    return ShownTerm(
        text[:longest],
        language=literal.language or "",
        datatype="" if datatype in _PLAIN else datatype,
        day=day_of(literal),
        number=number_of(literal) if datatype in _NUMBERS else None,
        length=_length(text, longest),
        is_code=datatype in _PLAIN and bool(_DIGEST.fullmatch(text)),
    )


def _length(text: str, longest: int | None) -> int:
    return 0 if longest is None or len(text) <= longest else len(text)
