"""List the people, the organizations, and the themes and topics."""

from collections.abc import Iterable

from flask import Blueprint, Response

from forumkg.pages.rendering import page
from forumkg.pages.things.listings import ORGANIZATIONS, PEOPLE, TOPICS, read_themes, theme_queries
from forumkg.pages.things.sections import Section, read_sections
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

blueprint = Blueprint("listings", __name__)


@blueprint.get("/people")
def people() -> Response:
    """List the people and the groups, with their posts and what they say and write."""
    return _listing(
        PEOPLE,
        "People",
        "People quoted about the Zhongguancun Forum, their posts, and the authors of the articles.",
    )


@blueprint.get("/organizations")
def organizations() -> Response:
    """List the organizations, with their parts in the editions and what is said for them."""
    return _listing(
        ORGANIZATIONS,
        "Organizations",
        "Who hosts, organizes and attends the editions of the Zhongguancun Forum, and who reports on them.",
    )


@blueprint.get("/themes")
def themes() -> Response:
    """List the themes in all wordings side by side, and the topics."""
    graph = current_graph()
    topics = read_sections(graph, "", TOPICS)
    return page(
        "things/themes.html",
        title="Themes",
        description="The themes of the Zhongguancun Forum in every wording that is printed, edition by "
        "edition: who prints which translation, and which is garbled.",
        queries=[*theme_queries(), *(told.query for told in topics)],
        themes=read_themes(graph),
        told=topics,
    )


def _listing(sections: Iterable[Section], title: str, description: str) -> Response:
    told = read_sections(current_graph(), "", sections)
    return page(
        "things/listing.html",
        title=title,
        description=description,
        queries=[each.query for each in told],
        told=told,
    )
