"""The editions: their list, year by year, and the page of each with what is stated of it and by whom.

https://schema.org/Event
"""

from typing import Any, Final

from flask import Blueprint, Response, request

from forumkg.pages.class_views import page_of
from forumkg.pages.edition_list import Edition, edition_queries, read_editions
from forumkg.pages.editions.edition import EditionPage, read_edition
from forumkg.pages.graph import Graph
from forumkg.pages.languages import N_, gettext, ngettext
from forumkg.pages.linked_data import item_list
from forumkg.pages.names import Name, names_of
from forumkg.pages.paging import Scope, current_lists, page_number, read_filter, read_page, read_scope
from forumkg.pages.rendering import page, why_address
from forumkg.pages.translated_text import plain
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import HTML, path_of

__all__ = ["blueprint"]

blueprint = Blueprint("editions", __name__)

# How many a page shows.
_EDITIONS: Final = 25
_STATEMENTS: Final = 150
# To how many others an edition links for a comparison.
_COMPARED: Final = 12
# The chapters of the page: an id, a heading, and the properties of their statements.
_CHAPTERS: Final = (
    ("when", N_("When"), ("statesPeriod",)),
    ("where", N_("Where"), ("statesPlace",)),
    ("theme", N_("Theme"), ("statesTheme",)),
    ("hosts", N_("Hosts and organizers"), ("statesHost", "statesOrganizer")),
    ("attendees", N_("Who takes part"), ("statesAttendee",)),
    ("outcomes", N_("Outcomes"), ("statesOutcome",)),
    ("topics", N_("Topics"), ("statesTopic",)),
)


@blueprint.get("/editions")
def editions() -> Response:
    """Show the list of editions."""
    lists, graph = current_lists(), current_graph()
    scope = read_scope(lists)
    listed = read_page(lists, "editions", scope, _EDITIONS)
    wanted = None if listed.is_whole else listed.things
    listing = read_editions(graph, wanted)
    return page(
        "editions/editions.html",
        title=gettext("Editions"),
        description=gettext(
            "The editions of the Zhongguancun Forum that the sources cover: when and where each took place, "
            "under which theme, and who hosted it."
        ),
        queries=edition_queries(wanted),
        json_ld=item_list(map(_event, listing.editions)),
        path=listed.path,
        links=listed.links,
        listing=listing,
        listed=listed,
        filter=read_filter(graph, lists, "editions", listed),
    )


@page_of("zgc:Edition")
def show_edition(iri: str) -> Response | None:
    """Show an edition: what is stated of it, thing by thing, with the statements.

    None where the graph does not say in which year it lies.
    """
    graph = current_graph()
    edition = next((each for each in read_editions(graph, [iri]).editions if each.iri == iri), None)
    if edition is None:
        return None
    listed = read_page(current_lists(), "statements", Scope(number=page_number()), _STATEMENTS, part=iri)
    shown = read_edition(graph, edition, None if listed.pages == 1 else listed.things)
    return page(
        "editions/edition.html",
        title=edition.name,
        description=_description(shown),
        queries=shown.queries,
        json_ld=_event(edition),
        about=iri,
        path=path_of(iri, HTML) + listed.scope.query(),
        shown=shown,
        listed=listed,
        edition=edition,
        others=_others(graph, edition),
        chapters=[(id_, gettext(heading), properties) for id_, heading, properties in _CHAPTERS],
        why=why_address,
    )


def _others(graph: Graph, edition: Edition) -> tuple[Name, ...]:
    """Return the first other editions of the same forum, with which this one can be compared."""
    found = current_lists().things("editions", edition.forum, number=_COMPARED + 1)
    return tuple(names_of(graph, (iri for iri in found if iri != edition.iri)).values())[:_COMPARED]


def _description(shown: EditionPage) -> str:
    edition = shown.edition
    when = gettext(", ").join(plain(period.name) for period in edition.periods)
    words = ngettext(
        "What %(articles)s news article says of the %(edition)s%(when)s: %(statements)s statements "
        "with their passages, %(figures)s printed figures.",
        "What %(articles)s news articles say of the %(edition)s%(when)s: %(statements)s statements "
        "with their passages, %(figures)s printed figures.",
        edition.articles,
    )
    return words % {
        "articles": edition.articles,
        "edition": plain(edition.name),
        "when": gettext(" (%(when)s)") % {"when": when} if when else "",
        "statements": edition.statements,
        "figures": len(shown.quantities),
    }


def _event(edition: Edition) -> dict[str, Any]:
    """Return what the curators accept of an edition, in the terms of schema.org."""
    event: dict[str, Any] = {
        "@type": "Event",
        "@id": edition.iri,
        "name": edition.name,
        "url": request.url_root.rstrip("/") + path_of(edition.iri, HTML),
    }
    if edition.other_names:
        event["alternateName"] = [
            {"@value": name, "@language": language} if language else name
            for name, language in edition.other_names
        ]
    first = [period.first for period in edition.periods if period.first]
    last = [period.last for period in edition.periods if period.last]
    if first:
        event["startDate"] = min(first).isoformat()
    if last:
        event["endDate"] = max(last).isoformat()
    if edition.places:
        event["location"] = [
            {"@type": "Place", "@id": place.iri, "name": place.name} for place in edition.places
        ]
    if edition.hosts:
        event["organizer"] = [
            {"@type": "Organization", "@id": host.iri, "name": host.name} for host in edition.hosts
        ]
    if edition.forum:
        event["superEvent"] = {"@type": "EventSeries", "@id": edition.forum, "name": edition.forum_name}
    return event
