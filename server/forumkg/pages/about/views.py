"""The page about the graph: method, extent, limits, promises, licence and citation."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from forumkg.pages.dataset_facts import read_dataset
from forumkg.pages.graph import Graph
from forumkg.pages.languages import gettext, root_of_site
from forumkg.pages.page_queries import PageQuery, page_query
from forumkg.pages.rendering import page
from forumkg.pages.translated_text import catalogued
from forumkg.pages.why_addresses import why_address
from forumkg.pages.worker_graph import current_graph
from forumkg.web.state import served

__all__ = ["Agreement", "blueprint", "read_agreement", "read_extent"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A property by which statements agree or disagree: its name, its meaning, and how many pairs have it."""

    iri: str
    label: str
    definition: str
    pairs: int


@dataclass(frozen=True, slots=True)
class EntailedExample:
    """A fact that follows from others: in words, and the path of its proof."""

    edition: str
    label: str
    host: str
    path: str


def about_queries() -> tuple[PageQuery, ...]:
    """Return the queries behind the page."""
    return page_query("about/extent"), page_query("about/agreement")


def read_extent(graph: Graph) -> dict[str, int]:
    """Return the numbers of what there is, by the names of the query `extent`."""
    extent, _ = about_queries()
    return {name: row.count(name) for row in graph.select(extent.text) for name in row}


def read_example(graph: Graph) -> EntailedExample | None:
    """Return a fact that follows from others; None without one."""
    for row in graph.select(page_query("about/entailed-example").text):
        path = why_address(row.iri("edition"), row.iri("property"), row.iri("host"))
        return EntailedExample(row.text("name"), row.text("label"), row.text("hostName"), path)
    return None


def read_agreement(graph: Graph) -> tuple[Agreement, ...]:
    """Return the properties by which statements agree and disagree."""
    _, agreement = about_queries()
    return tuple(
        Agreement(
            row.iri("property"),
            row.text("label"),
            catalogued(str(row.text("definition"))),
            row.count("pairs"),
        )
        for row in graph.select(agreement.text)
    )


blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def about() -> Response:
    """Show the page."""
    return page(
        "about/about.html",
        title=gettext("About"),
        description=gettext(
            "How the Zhongguancun Forum graph is made: from article to passage to statement, how "
            "disagreement is derived, what the server promises, and how to cite it."
        ),
        queries=about_queries(),
        extent=read_extent(current_graph()),
        agreement=read_agreement(current_graph()),
        example=read_example(current_graph()),
        facts=read_dataset(current_graph()),
        year=served().info.time[:4],
        home=f"{request.host_url.rstrip('/')}{root_of_site()}/",
    )
