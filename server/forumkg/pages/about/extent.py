"""What the page about the graph shows: how much it rests on, and by what statements agree and disagree."""

from dataclasses import dataclass

from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import PageQuery, page_query
from forumkg.pages.why_addresses import why_address

__all__ = ["Agreement", "about_queries", "read_agreement", "read_example", "read_extent"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A property by which statements agree or disagree: its name, its meaning, and how many pairs have it."""

    iri: str
    label: str
    definition: str
    pairs: int


def about_queries() -> tuple[PageQuery, ...]:
    """Return what the page stands on."""
    return page_query("about/extent"), page_query("about/agreement")


def read_extent(graph: Graph) -> dict[str, int]:
    """Return the numbers of what there is, by the names of the query `extent`."""
    extent, _ = about_queries()
    return {name: row.count(name) for row in graph.select(extent.text) for name in row}


def read_example(graph: Graph) -> tuple[str, str] | None:
    """Return a fact that follows from others, in words, and the path of its proof; None without one."""
    for row in graph.select(page_query("about/entailed-example").text):
        words = f"“{row.text('name')} {row.text('label')} {row.text('hostName')}”"
        return words, why_address(row.iri("edition"), row.iri("property"), row.iri("host"))
    return None


def read_agreement(graph: Graph) -> tuple[Agreement, ...]:
    """Return the properties by which statements agree and disagree."""
    _, agreement = about_queries()
    return tuple(
        Agreement(row.iri("property"), row.text("label"), row.text("definition"), row.count("pairs"))
        for row in graph.select(agreement.text)
    )
