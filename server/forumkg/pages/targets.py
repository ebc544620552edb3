"""The target of a citation or of a report: the thing or the page that the parameter `of` names."""

from typing import Final

from flask import request

from forumkg.errors import BadRequest
from forumkg.namespaces import BASE
from forumkg.pages.graph import Graph
from forumkg.pages.languages import gettext
from forumkg.pages.page_queries import page_query
from forumkg.sparql.identifiers import names, split

__all__ = ["is_page", "read_target", "statements_of", "thing_of", "unknown_target"]

_LONGEST: Final = 2000


def read_target() -> str:
    """Return the parameter `of` of the current request; empty without one.

    Raises:
        BadRequest: it is too long.
    """
    of = request.args.get("of", "")
    if len(of) > _LONGEST:
        raise BadRequest(
            f"Parameter of has {len(of)} characters: give an IRI or a path of at most {_LONGEST}."
        )
    return of


def unknown_target(of: str) -> BadRequest:
    """Return the error for a target that is neither one of our IRIs nor a path."""
    words = gettext("Parameter of is %(value)s: give an IRI of the dataset, or a path such as %(path)s.")
    return BadRequest(words % {"value": repr(of), "path": "/compare"})


def thing_of(of: str) -> str:
    """Return the IRI of the thing that a target names, by IRI or by the path of its page; empty for none."""
    if of.startswith(BASE):
        return of
    document = split(of.removeprefix("/"))
    known = names(document[0] if document else of.removeprefix("/")) if of.startswith("/id/") else ()
    return known[0] if known else ""


def is_page(of: str) -> bool:
    """Whether a target is a path on this host."""
    return of.startswith("/") and not of.startswith("//")


def statements_of(graph: Graph, iri: str) -> list[str]:
    """Return the IRIs of the statements that give a figure; for any other thing, its own IRI."""
    if "/quantity/" not in iri:
        return [iri]
    return [row.iri("statement") for row in graph.select(page_query("statements-of", thing=iri).text)]
