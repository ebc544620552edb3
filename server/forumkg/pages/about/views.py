"""Tell how the graph is made and served: method, limits, promises, figures, licence and how to cite it."""

from flask import Blueprint, Response, request

from forumkg.pages.about.extent import about_queries, read_agreement, read_example, read_extent
from forumkg.pages.dataset_facts import read_dataset
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import current_graph
from forumkg.web.state import served

__all__ = ["blueprint"]

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def about() -> Response:
    """Show the page."""
    return page(
        "about/about.html",
        title="About",
        description="How the Zhongguancun Forum graph is made: from article to passage to statement, how "
        "disagreement is derived, what the server promises, and how to cite it.",
        queries=about_queries(),
        extent=read_extent(current_graph()),
        agreement=read_agreement(current_graph()),
        example=read_example(current_graph()),
        facts=read_dataset(current_graph()),
        year=served().info.time[:4],
        home=request.url_root,
    )
