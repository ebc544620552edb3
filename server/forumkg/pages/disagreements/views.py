"""Show where the sources disagree, and where they only seem to."""

from flask import Blueprint, Response

from forumkg.pages.charts import samples
from forumkg.pages.disagreements.disagreements import read_disagreements
from forumkg.pages.linked_data import reviews_json_ld
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

blueprint = Blueprint("disagreements", __name__)


@blueprint.get("/disagreements")
def disagreements() -> Response:
    """Show all that does not agree, with both sides."""
    found = read_disagreements(current_graph())
    differing = (*found.contradictions, *found.differences)
    return page(
        "disagreements/disagreements.html",
        title="Where sources disagree",
        description="Statements about the Zhongguancun Forum that differ or cannot be true: both sides, "
        "their passages and the curators' notes; and figures that only look like a conflict, and why.",
        queries=found.queries,
        json_ld=reviews_json_ld(found.statements.values()),
        found=found,
        shown={
            statement.iri
            for each in differing
            for statement in (each.tie.statement, each.tie.other)
            if statement
        },
        samples=samples(found.charted),
    )
