"""Articles as pages show them: who printed what, and how much of each text the graph accounts for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from forumkg.model.terms import named
from forumkg.pages.asking import Ask, Row
from forumkg.pages.claims import Claim, read_claims
from forumkg.pages.neighbours import Neighbour, read_neighbours
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.passages import Kind, Passage, read_passages
from forumkg.pages.stretches import stretches

__all__ = [
    "Article",
    "ArticlePage",
    "Mark",
    "Metadata",
    "Named",
    "TextPart",
    "list_articles",
    "read_article",
    "read_articles",
]

# The property that each part of the metadata comes from.
_METADATA: Final = {
    "carriers": "zgc:isCarriedBy",
    "writers": "zgc:isWrittenBy",
    "editors": "zgc:isEditedBy",
    "addresses": "schema:url",
    "notes": "zgc:editorialNote",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its name, or a literal without an IRI."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the strip that stands for a text: what it is there for, and the passage that says so.

    `passage` is None for what lies between passages.
    """

    start: int
    end: int
    kind: Kind | None = None
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
        """The statements that stand on its passages, in the order of the text, each once."""
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
    def marks(self) -> tuple[Mark, ...]:
        """The strip of the text, from its start to its end."""
        spans = [(passage.start, passage.end) for passage in self.passages]
        return tuple(
            _mark(stretch.start, stretch.end, [self.passages[index] for index in stretch.passages])
            for stretch in stretches(self.length, spans)
        )

    def covered(self, *kinds: Kind) -> int:
        """Return how many code points lie in passages of some kinds."""
        return sum(mark.end - mark.start for mark in self.marks if mark.kind in kinds)

    def share(self, *kinds: Kind) -> float:
        """Return which share of the text, from 0 to 1, lies in passages of some kinds."""
        return self.covered(*kinds) / self.length if self.length else 0.0


@dataclass(frozen=True, slots=True)
class TextPart:
    """A passage with what is told there.

    Attributes:
        claims: the statements that are told here first.
        again: those that also stand on a passage before this one.
        around: the passages that it lies in.
    """

    passage: Passage
    claims: tuple[Claim, ...] = ()
    again: tuple[Claim, ...] = ()
    around: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who had a hand in an article, where it stood, and what the curators note."""

    carriers: tuple[Named, ...] = ()
    writers: tuple[Named, ...] = ()
    editors: tuple[Named, ...] = ()
    addresses: tuple[Named, ...] = ()
    notes: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """What the page of an article shows.

    Attributes:
        parts: its passages in the order of the text.
        accepted: the statements that the curators accept.
        neighbours: how a statement agrees or disagrees with others, where it does.
    """

    article: Article
    metadata: Metadata
    parts: tuple[TextPart, ...]
    accepted: frozenset[str]
    neighbours: Mapping[str, tuple[Neighbour, ...]]


def list_articles(ask: Ask) -> tuple[Article, ...]:
    """Return all articles without their passages, the earliest first, those without a day last."""
    rows = {row.iri("article"): row for row in reversed(ask.rows(page_query("articles").text))}
    return tuple(sorted(map(_article, rows.values()), key=lambda each: (each.issued or date.max, each.iri)))


def read_articles(ask: Ask) -> tuple[Article, ...]:
    """Return all articles with their passages, in the same order."""
    return _with_passages(ask, list_articles(ask))


def read_article(ask: Ask, listed: Article) -> ArticlePage:
    """Return what the page of an article shows."""
    (article,) = _with_passages(ask, [listed])
    claims = {claim.iri: claim for claim in read_claims(ask, article.statements)}
    accepted = ask.rows(page_query("accepted", statements=iris(claims)).text)
    return ArticlePage(
        article,
        _metadata(ask, article.iri),
        _parts(article.passages, claims),
        accepted=frozenset(row.iri("statement") for row in accepted),
        neighbours=read_neighbours(ask, claims),
    )


def _with_passages(ask: Ask, articles: Sequence[Article]) -> tuple[Article, ...]:
    passages = read_passages(ask, (article.iri for article in articles))
    return tuple(replace(article, passages=passages.get(article.iri, ())) for article in articles)


def _metadata(ask: Ask, iri: str) -> Metadata:
    values: defaultdict[str, list[Named]] = defaultdict(list)
    for row in ask.rows(page_query("article-metadata", article=iri).text):
        values[row.iri("property")].append(Named(row.iri("value"), row.text("name") or row.text("value")))
    return Metadata(**{key: tuple(values[named(name).value]) for key, name in _METADATA.items()})


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


def _mark(start: int, end: int, passages: Sequence[Passage]) -> Mark:
    """Return the mark of a stretch; where passages overlap, what tells something counts before the rest."""
    order = list(Kind)
    first = min(passages, key=lambda passage: order.index(passage.kind), default=None)
    return Mark(start, end, None if first is None else first.kind, first)


def _parts(passages: Sequence[Passage], claims: dict[str, Claim]) -> tuple[TextPart, ...]:
    told: set[str] = set()
    parts = []
    for passage in passages:
        known = [claims[iri] for iri in passage.statements if iri in claims]
        parts.append(
            TextPart(
                passage,
                tuple(claim for claim in _numbered(known) if claim.iri not in told),
                tuple(claim for claim in _numbered(known) if claim.iri in told),
                tuple(_around(passage, passages)),
            )
        )
        told.update(passage.statements)
    return tuple(parts)


def _numbered(claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims of one article by the numbers at the end of their IRIs."""

    def number(claim: Claim) -> tuple[int, str]:
        last = claim.iri.rpartition("/")[2]
        return (int(last) if last.isascii() and last.isdigit() else 0, claim.iri)

    return sorted(claims, key=number)


def _around(passage: Passage, passages: Iterable[Passage]) -> Iterable[Passage]:
    for other in passages:
        if other is not passage and other.start <= passage.start and passage.end <= other.end:
            yield other
