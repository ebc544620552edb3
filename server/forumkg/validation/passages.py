"""Articles and their passages as values, and whether the text has each passage at its offsets.

A passage is an `oa:TextPositionSelector` on an article: the span from `oa:start` to before `oa:end`.
https://www.w3.org/TR/annotation-model/#text-position-selector
Its IRI ends in the same numbers: https://www.rfc-editor.org/rfc/rfc5147
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from forumkg.namespaces import OA, ZGC
from forumkg.texts.reading import Text, digest, respelling

__all__ = [
    "ArticleMetadata",
    "PassageProblem",
    "PassageSelector",
    "check_selectors",
    "is_inside",
    "read_articles",
    "read_passages",
    "stands_in",
    "verify",
]

_ZGC: Final = Namespace(ZGC)
_OA: Final = Namespace(OA)
_POSITION: Final = re.compile(r"/char=(\d+),(\d+)$")


@dataclass(frozen=True, slots=True)
class ArticleMetadata:
    """The metadata by which the graph knows a text, without the text itself."""

    iri: str
    sha256: str
    code_point_length: int


@dataclass(frozen=True, slots=True)
class PassageSelector:
    """A span of an article, mapped or deliberately left out (`omitted`, with a `reason`)."""

    iri: str
    article: str
    start: int
    end: int
    sha256: str
    part: str | None = None
    omitted: bool = False
    reason: str | None = None
    supports: bool = False

    @property
    def span(self) -> str:
        """The offsets as they are usually written."""
        return f"{self.start},{self.end}"


@dataclass(frozen=True, slots=True)
class PassageProblem:
    """A problem of the evidence: the thing, the name of the check, what is wrong, what to write instead.

    `excerpt` holds words of the text for the reader's terminal; nothing stores it. `predicate` is the
    property in question, where there is one.
    """

    iri: str
    check: str
    message: str
    advice: str
    excerpt: str | None = None
    predicate: str | None = None
    is_warning: bool = False


def read_articles(graph: Graph) -> tuple[ArticleMetadata, ...]:
    """Return the articles that have a digest and a length, ordered by IRI; SHACL reports the others."""
    found = []
    for node in graph.subjects(RDF.type, _ZGC.Article, unique=True):
        sha256, length = _text(graph, node, _ZGC.sha256), _number(graph, node, _ZGC.codePointLength)
        if sha256 is not None and length is not None:
            found.append(ArticleMetadata(str(node), sha256, length))
    return tuple(sorted(found, key=lambda article: article.iri))


def read_passages(graph: Graph) -> tuple[PassageSelector, ...]:
    """Return the passages that have an article, a selector and a digest, by article and place in it.

    SHACL reports the others.
    """
    kinds = (_ZGC.Passage, _ZGC.OmittedPassage)
    nodes = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    passages = (_passage(graph, node) for node in nodes)
    return tuple(sorted((p for p in passages if p), key=lambda p: (p.article, p.start, p.end, p.iri)))


def _passage(graph: Graph, node: Node) -> PassageSelector | None:
    article, selector = _iri(graph, node, _OA.hasSource), graph.value(node, _OA.hasSelector, any=True)
    start, end = _number(graph, selector, _OA.start), _number(graph, selector, _OA.end)
    sha256 = _text(graph, node, _ZGC.sha256)
    if article is None or start is None or end is None or sha256 is None:
        return None
    return PassageSelector(
        iri=str(node),
        article=article,
        start=start,
        end=end,
        sha256=sha256,
        part=_iri(graph, node, _ZGC.hasSourcePart),
        omitted=(node, RDF.type, _ZGC.OmittedPassage) in graph,
        reason=_iri(graph, node, _ZGC.hasOmissionReason),
        supports=any((None, p, node) in graph for p in (_ZGC.isSupportedBy, _ZGC.isAttestedBy)),
    )


def _iri(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    return min((str(o) for o in graph.objects(node, predicate) if isinstance(o, URIRef)), default=None)


def _text(graph: Graph, node: Node, predicate: URIRef) -> str | None:
    return min((str(o) for o in graph.objects(node, predicate) if isinstance(o, Literal)), default=None)


def _number(graph: Graph, node: Node | None, predicate: URIRef) -> int | None:
    values = (
        [] if node is None else [o.value for o in graph.objects(node, predicate) if isinstance(o, Literal)]
    )
    return min((value for value in values if type(value) is int), default=None)


def check_selectors(
    article: ArticleMetadata, passages: Iterable[PassageSelector]
) -> Iterator[PassageProblem]:
    """Yield the passages whose IRI and selector disagree or that lie outside the text; needs no text."""
    for passage in passages:
        named = offsets_of(passage.iri)
        if named != (passage.start, passage.end):
            yield PassageProblem(
                passage.iri,
                "selector-disagrees",
                f"The IRI says {'no offsets' if named is None else f'{named[0]},{named[1]}'}, "
                f"the selector says {passage.span}.",
                "Write the offsets meant in both; `forumkg locate` finds those of words.",
            )
        elif not 0 <= passage.start < passage.end <= article.code_point_length:
            yield PassageProblem(
                passage.iri,
                "selector-bounds",
                f"The span {passage.span} does not lie in a text of {article.code_point_length} code points.",
                "Give 0 <= start < end <= length; `forumkg locate` finds the offsets of words.",
            )


def offsets_of(iri: str) -> tuple[int, int] | None:
    """Return the offsets that the IRI of a passage names, or None."""
    position = _POSITION.search(iri)
    return None if position is None else (int(position[1]), int(position[2]))


def verify(
    article: ArticleMetadata, passages: Iterable[PassageSelector], text: Text
) -> tuple[PassageProblem, ...]:
    """Compare an article and its passages with the text.

    Args:
        article: the digest and length to expect.
        passages: those of the article.
        text: the text at hand.

    Returns:
        One problem and nothing else where it is another text; else one for each span that is not what its
        digest says. What `check_selectors` reports is not reported again.
    """
    if text.sha256 != article.sha256:
        return (_another(article, text),)
    placed = (p for p in passages if is_inside(p, text) and offsets_of(p.iri) == (p.start, p.end))
    return tuple(_misplaced(passage) for passage in placed if not stands_in(passage, text))


def is_inside(passage: PassageSelector, text: Text) -> bool:
    """Return whether the span is one of the text."""
    return 0 <= passage.start < passage.end <= text.code_point_length


def stands_in(passage: PassageSelector, text: Text) -> bool:
    """Return whether the span of the text has the digest of the passage."""
    return digest(text.content[passage.start : passage.end]) == passage.sha256


def _another(article: ArticleMetadata, text: Text) -> PassageProblem:
    how = respelling(text, article.sha256)
    return PassageProblem(
        article.iri,
        "another-text",
        f"{text.name} is another text: it has {text.code_point_length} code points and the SHA-256 "
        f"{text.sha256}, the article has {article.code_point_length} and {article.sha256}.",
        f"To make it the same text, {how}."
        if how
        else "Offsets and digests hold for that one text only: "
        "give the text that was mapped, or map this one as an article of its own.",
    )


def _misplaced(passage: PassageSelector) -> PassageProblem:
    return PassageProblem(
        passage.iri,
        "passage-digest",
        f"The span {passage.span} of the text does not have the SHA-256 {passage.sha256}.",
        'Correct the offsets, or the digest: `forumkg locate TEXT "words"` prints both for the words meant.',
    )
