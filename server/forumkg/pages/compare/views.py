"""Compare the printed figures: the list of all indicators, and a page for each."""

from flask import Blueprint, Response, request

from forumkg.errors import NotFound
from forumkg.pages.charts import samples
from forumkg.pages.compare.comparisons import read_comparison, read_overview
from forumkg.pages.compare.linked_data import comparison_json_ld
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import asking

__all__ = ["blueprint"]

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def overview() -> Response:
    """Show all that is counted, each with its figures in small."""
    found = read_overview(asking())
    names = ", ".join(each.indicator.name for each in found.summaries[:6])
    return page(
        "compare/compare.html",
        title="Compare the figures",
        description=f"Every figure that is printed of the Zhongguancun Forum, edition by edition: {names} …",
        queries=found.queries,
        overview=found,
        samples=samples(found.entries),
    )


@blueprint.get("/compare/<name>")
def comparison(name: str) -> Response:
    """Show every printed figure of one indicator, with its evidence."""
    found = read_comparison(asking(), name)
    if found is None:
        raise NotFound(
            f"Nothing that is counted has the name {name!r}: see {request.script_root}/compare for all."
        )
    return page(
        "compare/comparison.html",
        title=f"{found.indicator.title}, by edition",
        description=f"{found.indicator.definition} Every printed figure, who printed it, and where.",
        queries=found.queries,
        json_ld=comparison_json_ld(found),
        comparison=found,
        samples=samples(found.entries),
    )
