"""The first page: what this is, how much of it there is, and questions to start from."""

from typing import Final

from flask import Blueprint, Response

from forumkg.engine.queries import number
from forumkg.namespaces import prefix_lines
from forumkg.web.examples import examples
from forumkg.web.frame import page
from forumkg.web.state import served

__all__ = ["COUNTS", "blueprint"]

blueprint = Blueprint("home", __name__)


def _count(class_name: str) -> str:
    return f"{prefix_lines('zgc')}SELECT (COUNT(DISTINCT ?thing) AS ?number) {{ ?thing a zgc:{class_name} }}"


# What is counted, and the query that counts it; each number links to its query.
COUNTS: Final = {
    "statements": _count("Statement"),
    "figures": _count("Quantity"),
    "passages": _count("Passage"),
    "articles": _count("Article"),
    "editions": _count("Edition"),
}


@blueprint.get("/")
def home() -> Response:
    """Show the first page."""
    version = served()
    counts = [(label, query, number(version.store, query)) for label, query in COUNTS.items()]
    return page(
        "home.html",
        title="Zhongguancun Forum graph",
        description="What is said of the Zhongguancun Forum, by whom, and where it is printed.",
        is_home=True,
        counts=counts,
        examples=examples(version.store),
    )
