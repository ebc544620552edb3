"""Compare the printed figures: the list of all indicators, and a page for each."""

from typing import Final

from flask import Blueprint, Response, request

from forumkg.dataset.page_lists import PageLists
from forumkg.errors import NotFound
from forumkg.namespaces import BASE
from forumkg.pages.chart_documents import chart_document
from forumkg.pages.chart_files import quantity_file_chart
from forumkg.pages.charts import samples
from forumkg.pages.compare.comparisons import (
    Comparison,
    Narrowed,
    read_comparison,
    read_overview,
)
from forumkg.pages.indicators import indicator_iri
from forumkg.pages.languages import gettext
from forumkg.pages.linked_data import LICENCE, NAME, Described, reviews
from forumkg.pages.names import names_of
from forumkg.pages.paging import (
    Choice,
    ListPage,
    Scope,
    current_lists,
    read_filter,
    read_page,
    read_scope,
)
from forumkg.pages.rendering import page
from forumkg.pages.translated_text import plain
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

# How many a page shows: figures in small, figures with their evidence, and forums.
_FIGURES: Final = 120
_CARDS: Final = 30
_FORUMS: Final = 200
# With more editions, a page compares those of its figures.
_EDITIONS: Final = 25

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def overview() -> Response:
    """Show all that is counted, each with its figures in small; where that is too much, the forums first."""
    lists = current_lists()
    scope = read_scope(lists)
    is_index = _is_index(lists, scope)
    listed = read_page(lists, "forums" if is_index else "figures", scope, _FORUMS if is_index else _FIGURES)
    if is_index:
        return _forums(lists, listed)
    graph = current_graph()
    found = read_overview(graph, _narrowed(lists, listed))
    names = gettext(", ").join(plain(each.indicator.name) for each in found.summaries[:6])
    return page(
        "compare/compare.html",
        title=gettext("Compare figures"),
        description=gettext(
            "Every figure printed about the Zhongguancun Forum, edition by edition: %(names)s …"
        )
        % {"names": names},
        queries=found.queries,
        path=listed.path,
        links=listed.links,
        overview=found,
        listed=listed,
        filter=read_filter(graph, lists, "figures", listed),
        samples=samples(found.entries),
    )


def _is_index(lists: PageLists, scope: Scope) -> bool:
    """Whether the figures are too many for a page, and of several forums."""
    return not scope.part and lists.count("figures") > _FIGURES and lists.count("forums") > 1


def _narrowed(lists: PageLists, listed: ListPage) -> Narrowed | None:
    """Return what of the figures a page shows; None where it shows all of them and all editions."""
    if listed.is_whole and lists.count("editions") <= _EDITIONS:
        return None
    subjects = dict.fromkeys(subject for _, _, subject in listed.items)
    editions = tuple(iri for iri in subjects if lists.count("editions", iri))
    return Narrowed(tuple(quantity for _, quantity, _ in listed.items), editions)


def _forums(lists: PageLists, listed: ListPage) -> Response:
    """Show how many figures there are of each forum."""
    counts = lists.counts("figures", listed.things)
    names = names_of(current_graph(), listed.things)
    return page(
        "compare/forums.html",
        title=gettext("Compare figures"),
        description=gettext("%(figures)s figures of %(forums)s forums: choose one.")
        % {"figures": f"{lists.count('figures'):,}", "forums": f"{listed.total:,}"},
        path=listed.path,
        links=listed.links,
        listed=listed,
        total=lists.count("figures"),
        forums=[
            (Choice(names[iri], counts.get(iri, 0)), lists.count("editions", iri)) for iri in listed.things
        ],
    )


@blueprint.get("/compare/<name>.<any(svg, png):ending>")
def comparison_chart(name: str, ending: str) -> Response:
    """Send the charts of an indicator as a file."""
    listed, found = _comparison(name)
    charts = tuple(quantity_file_chart(chart) for chart in found.charts)
    return chart_document(
        ending,
        f"zgc-forum-{name}",
        f"{found.indicator.title}, by edition",
        charts,
        page=f"/compare/{name}{listed.scope.query()}",
    )


@blueprint.get("/compare/<name>")
def comparison(name: str) -> Response:
    """Show every printed figure of one indicator, with its evidence."""
    lists, graph = current_lists(), current_graph()
    listed, found = _comparison(name)
    return page(
        "compare/comparison.html",
        title=gettext("%(indicator)s, by edition") % {"indicator": plain(found.indicator.title)},
        description=gettext("%(definition)s Every figure, its publisher and its passage.")
        % {"definition": plain(found.indicator.definition)},
        queries=found.queries,
        json_ld=_json_ld(found),
        path=listed.path,
        links=listed.links,
        comparison=found,
        listed=listed,
        filter=read_filter(graph, lists, f"figures/{indicator_iri(name)}", listed),
        samples=samples(found.entries),
    )


def _comparison(name: str) -> tuple[ListPage, Comparison]:
    """Return the page of the figures of an indicator that the address asks for.

    Raises:
        NotFound: there is no such indicator, or no such page of it.
    """
    lists = current_lists()
    listed = read_page(lists, f"figures/{indicator_iri(name)}", read_scope(lists), _CARDS)
    found = read_comparison(current_graph(), name, _narrowed(lists, listed))
    if found is None:
        raise NotFound(
            gettext("There is no indicator %(name)s: %(address)s lists all.")
            % {"name": repr(name), "address": f"{request.script_root}/compare"}
        )
    return listed, found


def _json_ld(comparison: Comparison) -> Described:
    """Return the description of the figures of an indicator, and of what the curators judged of them."""
    indicator = comparison.indicator
    years = [entry.year for entry in comparison.entries if entry.year]
    dataset: Described = {
        "@type": "Dataset",
        "@id": request.base_url,
        "name": f"{NAME}: {indicator.name}",
        "description": f"{indicator.definition} Every figure, with the passage that supports it.",
        "url": request.base_url,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "isPartOf": {"@id": f"{BASE}dataset"},
        "variableMeasured": list(comparison.counted) or [indicator.name],
    }
    if years:
        dataset["temporalCoverage"] = f"{min(years)}/{max(years)}"
    statements = {entry.statement.iri: entry.statement for entry in comparison.entries}
    return {"@graph": [dataset, *reviews(statements.values())]}
