"""Articles as pages show them: who printed what, and how much of each text the graph accounts for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from forumkg.pages.graph import Graph, Row
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.passages import Passage, PassageKind, read_passages
from forumkg.pages.segments import stretches

__all__ = ["Article", "ArticleMark", "article_query", "list_articles", "read_articles", "with_passages"]


@dataclass(frozen=True, slots=True)
class ArticleMark:
    """A stretch of the strip that stands for a text: what it is there for, and the passage that says so.

    `passage` is None for what lies between passages.
    """

    start: int
    end: int
    kind: PassageKind | None = None
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its passages.

    Attributes:
        quality: how its English came about, and beside it what that means.
        length: of the text in code points.
        digest: the SHA-256 of the text.
    """

    iri: str
    name: str
    length: int
    digest: str
    publisher: str = ""
    publisher_name: str = ""
    issued: date | None = None
    quality: str = ""
    quality_meaning: str = ""
    passages: tuple[Passage, ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements that its passages support, in the order of the text, each once."""
        return tuple(dict.fromkeys(iri for passage in self.passages for iri in passage.statements))

    @property
    def most(self) -> int:
        """The number of statements on the passage that has the most of them; 1 where there are none."""
        return max((len(passage.statements) for passage in self.passages), default=0) or 1

    @property
    def mapped(self) -> tuple[Passage, ...]:
        """The passages on which something stands."""
        return tuple(passage for passage in self.passages if not passage.omitted)

    @property
    def omitted(self) -> tuple[Passage, ...]:
        """The passages that were left out on purpose."""
        return tuple(passage for passage in self.passages if passage.omitted)

    @property
    def marks(self) -> tuple[ArticleMark, ...]:
        """The strip of the text, from its start to its end."""
        spans = [(passage.start, passage.end) for passage in self.passages]
        return tuple(
            _mark(stretch.start, stretch.end, [self.passages[index] for index in stretch.passages])
            for stretch in stretches(self.length, spans)
        )

    def covered(self, *kinds: PassageKind) -> int:
        """Return how many code points lie in passages of some kinds."""
        return sum(mark.end - mark.start for mark in self.marks if mark.kind in kinds)

    def share(self, *kinds: PassageKind) -> float:
        """Return which share of the text, from 0 to 1, lies in passages of some kinds."""
        return self.covered(*kinds) / self.length if self.length else 0.0


def article_query(wanted: Collection[str] | None = None) -> PageQuery:
    """Return the query for some articles, or for all."""
    return page_query("articles", **({} if wanted is None else {"articles": iris(wanted)}))


def list_articles(graph: Graph, wanted: Collection[str] | None = None) -> tuple[Article, ...]:
    """Return some articles, or all, without their passages, the earliest first, those without a day last."""
    rows = {row.iri("article"): row for row in reversed(graph.select(article_query(wanted).text))}
    return tuple(sorted(map(_article, rows.values()), key=lambda each: (each.issued or date.max, each.iri)))


def read_articles(graph: Graph, wanted: Collection[str] | None = None) -> tuple[Article, ...]:
    """Return some articles, or all, with their passages, in the same order."""
    return with_passages(graph, list_articles(graph, wanted))


def with_passages(graph: Graph, articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return articles with their passages."""
    passages = read_passages(graph, (article.iri for article in articles))
    return tuple(replace(article, passages=passages.get(article.iri, ())) for article in articles)


def _article(row: Row) -> Article:
    return Article(
        iri=row.iri("article"),
        name=row.text("name"),
        length=row.count("length"),
        digest=row.text("digest"),
        publisher=row.iri("publisher"),
        publisher_name=row.text("publisherName"),
        issued=row.date("issued"),
        quality=row.text("quality"),
        quality_meaning=row.text("qualityMeaning"),
    )


def _mark(start: int, end: int, passages: Sequence[Passage]) -> ArticleMark:
    """Return the mark of a stretch; where passages overlap, one with statements takes precedence."""
    order = list(PassageKind)
    first = min(passages, key=lambda passage: order.index(passage.kind), default=None)
    return ArticleMark(start, end, None if first is None else first.kind, first)
