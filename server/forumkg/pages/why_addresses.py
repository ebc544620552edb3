"""The address of the page that proves a fact: `/why?s=…&p=…&o=…`.

`s` and `p` are IRIs; `o` is an IRI, or a literal as N-Triples write it, with its quotation marks:
https://www.w3.org/TR/n-triples/#sec-literals
"""

from typing import Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from forumkg.errors import BadRequest
from forumkg.rdf.terms import iri_from

__all__ = ["WHY_PATH", "address_of", "read_fact", "why_address"]

WHY_PATH: Final = "/why"
_EXAMPLE: Final = "?s=https://example.org/a&p=https://example.org/b&o=https://example.org/c"


def why_address(subject: str, predicate: str, object_: str | ox.Literal) -> str:
    """Return the path and the parameters that lead to the proof of a fact.

    Args:
        subject: an IRI.
        predicate: an IRI.
        object_: an IRI, or a literal: the term, or as N-Triples write it.
    """
    parameters = {"s": subject, "p": predicate, "o": str(object_)}
    # A colon and a slash may stand in a parameter: https://www.rfc-editor.org/rfc/rfc3986#section-3.4
    return f"{WHY_PATH}?{urlencode(parameters, quote_via=quote, safe='/:,')}"


def address_of(triple: ox.Triple) -> str:
    """Return the path and the parameters that lead to the proof of a triple without blank nodes."""
    subject, predicate, value = (
        term.value if isinstance(term, ox.NamedNode) else str(term)
        for term in (triple.subject, triple.predicate, triple.object)
    )
    return why_address(subject, predicate, value)


def read_fact(subject: str, predicate: str, object_: str) -> ox.Triple:
    """Return the triple that the parameters `s`, `p` and `o` name.

    Raises:
        BadRequest: one of them is missing, or is not such a term; the message says what to write.
    """
    for name, text in (("s", subject), ("p", predicate), ("o", object_)):
        if not text:
            raise BadRequest(
                f"Parameter {name} is missing: name all three terms of the fact, as in {_EXAMPLE}."
            )
    return ox.Triple(
        _iri("s", subject),
        _iri("p", predicate),
        _literal(object_) if object_.startswith('"') else _iri("o", object_),
    )


def _iri(name: str, text: str) -> ox.NamedNode:
    found = iri_from(text)
    if found is None:
        literal = ", or a literal with its quotation marks" if name == "o" else ""
        raise BadRequest(f"The {name} {text!r} is not an IRI: write it in full{literal}, as in {_EXAMPLE}.")
    return found


def _literal(text: str) -> ox.Literal:
    try:
        terms = [quad.object for quad in ox.parse(f"<urn:s> <urn:p> {text} .", format=ox.RdfFormat.N_TRIPLES)]
    except SyntaxError:
        terms = []
    if len(terms) == 1 and isinstance(terms[0], ox.Literal):
        return terms[0]
    raise BadRequest(
        f"The o {text!r} is not a literal: write it as in N-Triples, "
        'as in "2021"^^<http://www.w3.org/2001/XMLSchema#integer> or "forum"@en.'
    )
