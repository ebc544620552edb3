"""Compare the printed figures: the list of all indicators, and a page for each."""

from flask import Blueprint, Response, request

from forumkg.errors import NotFound
from forumkg.namespaces import BASE
from forumkg.pages.charts import samples
from forumkg.pages.compare.comparisons import Comparison, read_comparison, read_overview
from forumkg.pages.linked_data import LICENCE, NAME, Described, reviews
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

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
        json_ld=_json_ld(found),
        comparison=found,
        samples=samples(found.entries),
    )


def _json_ld(comparison: Comparison) -> Described:
    """Return the description of the figures of an indicator, and of what the curators judged of them."""
    indicator = comparison.indicator
    years = [entry.year for entry in comparison.entries if entry.year]
    dataset: Described = {
        "@type": "Dataset",
        "@id": request.base_url,
        "name": f"{NAME}: {indicator.name}",
        "description": f"{indicator.definition} Every reported figure, with the passage that supports it.",
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
