"""Choose the page of a thing by its classes: the modules of the pages register which classes they show."""

from collections.abc import Callable
from typing import Final

from flask import Response

from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import iris, page_query
from forumkg.rdf.terms import named

__all__ = ["View", "page_of", "view_of"]

# It is given the IRI of the thing, and returns None where the thing lacks what the page needs: its facts are
# shown then. The Link header is added to what it returns.
View = Callable[[str], Response | None]

_VIEWS: Final[dict[str, View]] = {}


def page_of(*classes: str) -> Callable[[View], View]:
    """Register a view for the things of some classes, in the module of the view when it is imported.

    Args:
        classes: prefixed names, as `zgc:Edition`; no other view has any of them.
    """

    def register(view: View) -> View:
        for name in classes:
            if _VIEWS.setdefault(named(name).value, view) is not view:
                raise ValueError(f"{name} has a view: {_VIEWS[named(name).value].__name__}.")
        return view

    return register


def view_of(graph: Graph, iri: str) -> View | None:
    """Return the view of a thing: of several that of the class registered first; None where there is none."""
    rows = graph.select(page_query("registered-classes", thing=iri, classes=iris(_VIEWS)).text)
    found = {row.iri("class") for row in rows}
    return next((view for name, view in _VIEWS.items() if name in found), None)
