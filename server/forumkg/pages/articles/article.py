"""The page of an article: its metadata, its passages with their statements, and its marked text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from forumkg.pages.article_list import Article, with_passages
from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.passages import Passage
from forumkg.pages.relations import Relation, read_relations_of_each
from forumkg.pages.segments import stretches
from forumkg.pages.statements import Statement, read_statements
from forumkg.rdf.terms import named
from forumkg.texts.reading import Text, digest

__all__ = [
    "ArticlePage",
    "MarkedText",
    "Metadata",
    "Named",
    "TextPart",
    "TextPiece",
    "mark_text",
    "read_article",
]

# The property that each part of the metadata comes from.
_METADATA: Final = {
    "distributors": "zgc:isDistributedBy",
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
class TextPart:
    """A passage with its statements.

    Attributes:
        statements: that no passage before this one supports.
        again: statements that a passage before this one supports, too.
        around: the passages that it lies in.
    """

    passage: Passage
    statements: tuple[Statement, ...] = ()
    again: tuple[Statement, ...] = ()
    around: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who had a hand in an article, where it stood, and what the curators note."""

    distributors: tuple[Named, ...] = ()
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
        relations: of each statement that has any.
    """

    article: Article
    metadata: Metadata
    parts: tuple[TextPart, ...]
    accepted: frozenset[str]
    relations: Mapping[str, tuple[Relation, ...]]


def read_article(graph: Graph, listed: Article) -> ArticlePage:
    """Return what the page of an article shows."""
    (article,) = with_passages(graph, [listed])
    statements = {statement.iri: statement for statement in read_statements(graph, article.statements)}
    accepted = graph.select(page_query("accepted", statements=iris(statements)).text)
    return ArticlePage(
        article,
        _metadata(graph, article.iri),
        _parts(article.passages, statements),
        accepted=frozenset(row.iri("statement") for row in accepted),
        relations=read_relations_of_each(graph, statements),
    )


def _metadata(graph: Graph, iri: str) -> Metadata:
    values: defaultdict[str, list[Named]] = defaultdict(list)
    for row in graph.select(page_query("articles/article-metadata", article=iri).text):
        values[row.iri("property")].append(Named(row.iri("value"), row.text("name") or row.text("value")))
    return Metadata(**{key: tuple(values[named(name).value]) for key, name in _METADATA.items()})


def _parts(passages: Sequence[Passage], statements: dict[str, Statement]) -> tuple[TextPart, ...]:
    shown: set[str] = set()
    parts = []
    for passage in passages:
        known = [statements[iri] for iri in passage.statements if iri in statements]
        parts.append(
            TextPart(
                passage,
                tuple(statement for statement in _numbered(known) if statement.iri not in shown),
                tuple(statement for statement in _numbered(known) if statement.iri in shown),
                tuple(_around(passage, passages)),
            )
        )
        shown.update(passage.statements)
    return tuple(parts)


def _numbered(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements of one article by the numbers at the end of their IRIs."""

    def number(statement: Statement) -> tuple[int, str]:
        last = statement.iri.rpartition("/")[2]
        return (int(last) if last.isascii() and last.isdigit() else 0, statement.iri)

    return sorted(statements, key=number)


def _around(passage: Passage, passages: Iterable[Passage]) -> Iterable[Passage]:
    for other in passages:
        if other is not passage and other.start <= passage.start and passage.end <= other.end:
            yield other


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Some words of a text that lie in the same passages.

    Attributes:
        words: of the text.
        passages: that the words lie in, the shortest first.
        opened: passages that start here.
    """

    words: str
    passages: tuple[Passage, ...] = ()
    opened: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text in pieces, and its passages that do not stand where the graph says."""

    pieces: tuple[TextPiece, ...]
    misplaced: tuple[Passage, ...] = ()


def mark_text(text: Text, passages: Sequence[Passage]) -> MarkedText:
    """Return a text with passages marked in it."""
    content = text.content
    spans = [(passage.start, passage.end) for passage in passages]
    pieces = []
    for stretch in stretches(len(content), spans):
        within = tuple(passages[index] for index in stretch.passages)
        opened = tuple(passage for passage in within if passage.start == stretch.start)
        pieces.append(TextPiece(content[stretch.start : stretch.end], within, opened))
    misplaced = (each for each in passages if digest(content[each.start : each.end]) != each.digest)
    return MarkedText(tuple(pieces), tuple(misplaced))
