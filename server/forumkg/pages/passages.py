"""The passages of articles: their spans, and the statements that cite them or the reason for none."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from forumkg.pages.graph import Graph, Row
from forumkg.pages.page_queries import iris, page_query

__all__ = ["Attested", "Passage", "PassageKind", "read_passages"]


class PassageKind(StrEnum):
    """What a passage is there for."""

    SUPPORTING = "supporting"
    METADATA = "metadata"
    OMITTED = "omitted"


@dataclass(frozen=True, slots=True)
class Attested:
    """An article or a holding of a post that a passage attests."""

    iri: str
    name: str
    is_article: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of an article.

    Attributes:
        start: of its first code point.
        end: behind its last one.
        digest: the SHA-256 of its text.
        part: of the article in which it lies, such as `headline`.
        omitted: whether the curators left it out on purpose, and beside it the reason and what that means.
        statements: that cite it.
        attested: what else it attests.
    """

    iri: str
    article: str
    start: int
    end: int
    digest: str
    part: str = ""
    omitted: bool = False
    reason: str = ""
    reason_meaning: str = ""
    statements: tuple[str, ...] = ()
    attested: tuple[Attested, ...] = ()

    @property
    def anchor(self) -> str:
        """The id of the element that shows it on the page of its article."""
        return f"char-{self.start}-{self.end}"

    @property
    def kind(self) -> PassageKind:
        """What it is there for: statements, where it has some."""
        if self.omitted:
            return PassageKind.OMITTED
        return PassageKind.SUPPORTING if self.statements else PassageKind.METADATA

    @property
    def length(self) -> int:
        """The number of its code points."""
        return self.end - self.start


def read_passages(graph: Graph, articles: Iterable[str]) -> dict[str, tuple[Passage, ...]]:
    """Return the passages of each article, in the order of the text."""
    wanted = iris(articles)
    attested: defaultdict[str, list[Attested]] = defaultdict(list)
    for row in graph.select(page_query("attested", articles=wanted).text):
        attested[row.iri("passage")].append(
            Attested(row.iri("thing"), row.text("name"), row.flag("isArticle"))
        )
    rows = graph.select(page_query("article-passages", articles=wanted).text)
    found: defaultdict[str, list[Passage]] = defaultdict(list)
    for iri, of_one in groupby(rows, key=lambda row: row.iri("passage")):
        passage = _passage(tuple(of_one), tuple(attested[iri]))
        found[passage.article].append(passage)
    return {article: tuple(passages) for article, passages in found.items()}


def _passage(rows: tuple[Row, ...], attested: tuple[Attested, ...]) -> Passage:
    """Return the passage of the rows of one passage, which differ in the statement."""
    row = rows[0]
    return Passage(
        iri=row.iri("passage"),
        article=row.iri("article"),
        start=row.count("start"),
        end=row.count("end"),
        digest=row.text("digest"),
        part=row.text("part"),
        omitted=row.flag("omitted"),
        reason=row.text("reason"),
        reason_meaning=row.text("reasonMeaning"),
        statements=tuple(row.iri("statement") for row in rows if "statement" in row),
        attested=attested,
    )
