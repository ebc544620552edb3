"""Compare the printed figures: the list of all indicators, and a page for each."""

from typing import Final

from flask import Blueprint, Response, request

from forumkg.errors import NotFound
from forumkg.formats import Format
from forumkg.pages.charts import samples
from forumkg.pages.compare.comparisons import read_comparison, read_overview
from forumkg.pages.compare.figures_csv import figures_csv
from forumkg.pages.compare.linked_data import comparison_json_ld
from forumkg.pages.page_queries import page_query
from forumkg.pages.quantity_groups import read_entries
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import HTML, path_of
from forumkg.web.documents import document

__all__ = ["blueprint"]

CSV: Final = Format("csv", "CSV", "text/csv", "csv")

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def overview() -> Response:
    """Show all that is counted, each with its figures in small."""
    found = read_overview(current_graph())
    names = ", ".join(each.indicator.name for each in found.summaries[:6])
    return page(
        "compare/compare.html",
        title="Compare figures",
        description=f"Every figure reported about the Zhongguancun Forum, edition by edition: {names} …",
        queries=found.queries,
        overview=found,
        samples=samples(found.entries),
    )


@blueprint.get("/data/figures.csv")
def spreadsheet() -> Response:
    """Send all reported quantities as a spreadsheet."""
    entries = read_entries(current_graph(), page_query("compare/figures"))
    response = document(figures_csv(entries, _page_of), CSV)
    response.headers["Content-Disposition"] = 'attachment; filename="forumkg-figures.csv"'
    return response


def _page_of(iri: str) -> str:
    return request.root_url.rstrip("/") + path_of(iri, HTML)


@blueprint.get("/compare/<name>")
def comparison(name: str) -> Response:
    """Show every printed figure of one indicator, with its evidence."""
    found = read_comparison(current_graph(), name)
    if found is None:
        raise NotFound(f"There is no indicator {name!r}: {request.script_root}/compare lists all.")
    return page(
        "compare/comparison.html",
        title=f"{found.indicator.title}, by edition",
        description=f"{found.indicator.definition} Every reported figure, its publisher and its passage.",
        queries=found.queries,
        json_ld=comparison_json_ld(found),
        comparison=found,
        samples=samples(found.entries),
    )
