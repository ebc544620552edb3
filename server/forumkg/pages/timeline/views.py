"""Show the timeline of the editions, with the articles and the statements about each."""

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response

from forumkg.dataset.page_lists import PageLists
from forumkg.pages.chart_documents import chart_document
from forumkg.pages.edition_list import Edition
from forumkg.pages.languages import gettext
from forumkg.pages.paging import ListPage, current_lists, read_filter, read_page, read_scope
from forumkg.pages.rendering import page
from forumkg.pages.stances import STANCES, stance_words
from forumkg.pages.timeline.drawings import (
    draw_article,
    draw_edition,
    draw_sample,
    draw_years,
    timeline_file_chart,
)
from forumkg.pages.timeline.timeline import Timeline, read_timeline, when_words
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

blueprint = Blueprint("timeline", __name__)

# How many editions a page shows, and how many statements of each.
_EDITIONS: Final = 6
_STATEMENTS: Final = 120


@blueprint.get("/timeline")
def timeline() -> Response:
    """Show when editions took place, when articles were published, and what these plan and report."""
    lists, graph = current_lists(), current_graph()
    listed = read_page(lists, "editions", read_scope(lists), _EDITIONS)
    shown = _read(lists, listed)
    return page(
        "timeline/timeline.html",
        title=gettext("Timeline"),
        description=gettext(
            "When the editions took place, when each article about them was published, and what the "
            "articles plan and report."
        ),
        queries=shown.queries,
        path=listed.path,
        links=listed.links,
        shown=shown,
        listed=listed,
        filter=read_filter(graph, lists, "editions", listed),
        many=len({each.forum for each in _editions(shown)}) > 1,
        draw_article=draw_article,
        draw_edition=draw_edition,
        draw_sample=draw_sample,
        stances=STANCES,
        stance_words=stance_words,
        axis=draw_years(shown),
        when_words=when_words,
    )


@blueprint.get("/timeline.<any(svg, png):ending>")
def timeline_chart(ending: str) -> Response:
    """Send the timeline as a file."""
    lists = current_lists()
    listed = read_page(lists, "editions", read_scope(lists), _EDITIONS)
    return chart_document(
        ending,
        "zgc-forum-timeline",
        "Timeline of the editions and the articles about them",
        (timeline_file_chart(_read(lists, listed)),),
        page=f"/timeline{listed.scope.query()}",
        legend="Bars: the days of an edition, open where one is not stated. "
        "Circles at the day of an article: "
        f"{'; '.join(stance.legend for stance in STANCES)}; the larger, the more statements.",
    )


def _read(lists: PageLists, listed: ListPage) -> Timeline:
    """Return the timeline of the editions of a page, and of the first statements of each."""
    totals = lists.counts("statements", listed.things)
    if listed.is_whole and all(total <= _STATEMENTS for total in totals.values()):
        return read_timeline(current_graph(), None, None, totals)
    statements = [
        iri for each in listed.things for iri in lists.things("statements", each, number=_STATEMENTS)
    ]
    return read_timeline(current_graph(), listed.things, statements, totals)


def _editions(shown: Timeline) -> Iterator[Edition]:
    return (band.edition for band in shown.bands if band.edition)
