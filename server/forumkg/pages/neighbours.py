"""What each statement has to do with others, from its own side: what contradicts it, what bears it out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from forumkg.namespaces import ZGC
from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.relations import DISAGREEMENTS

__all__ = ["Neighbour", "read_neighbours"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another statement, or the indicator whose maximum a statement exceeds.

    Attributes:
        relation: the name of the property, such as `isFulfilledBy`, and beside it its label.
        iri: of the other one.
        says: its paraphrase, or the name of the indicator.
    """

    relation: str
    relation_name: str
    iri: str
    says: str

    @property
    def is_dispute(self) -> bool:
        """Whether the two do not go together."""
        return self.relation in DISAGREEMENTS


def read_neighbours(graph: Graph, statements: Iterable[str]) -> dict[str, tuple[Neighbour, ...]]:
    """Return the neighbours of each of some statements that has any.

    What contradicts a statement differs from it too: only the stronger relation is told.
    """
    found: defaultdict[str, dict[str, Neighbour]] = defaultdict(dict)
    for row in graph.select(page_query("statement-neighbours", statements=iris(statements)).text):
        other = Neighbour(
            row.iri("relation").removeprefix(ZGC),
            row.text("relationName"),
            row.iri("other"),
            row.text("says"),
        )
        # Ordered by the relation, so that `contradicts` comes before `differsFrom`.
        found[row.iri("statement")].setdefault(other.iri, other)
    return {statement: tuple(others.values()) for statement, others in found.items()}
