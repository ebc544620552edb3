"""Write a dataset of any size in the terms of our ontology: made-up forums, articles, statements, figures.

The same seed gives the same bytes, and each forum is the same however many there are. The ontology and the
shapes are those of the project, so that the build, the rules and the checks run on it as on the real graph.
"""

import hashlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from forumkg import resources
from forumkg.namespaces import ID, PREFIXES

__all__ = ["ARTICLES", "STATEMENTS", "forums_for", "one_more", "write"]

# Measured on a build: what a forum adds to the default graph, and what the ontology and descriptions hold.
_TRIPLES_PER_FORUM: Final = 7_380
_TRIPLES_OF_THE_REST: Final = 2_500

_YEARS: Final = range(2015, 2025)
_SEASONS: Final = ("eve", "close")
# Of a forum, and of an article.
ARTICLES: Final = len(_YEARS) * len(_SEASONS)
STATEMENTS: Final = 12
_SPAN: Final = 100
_PERSONS: Final = 4
_TOPICS: Final = 10
_HEAD: Final = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
# Counts without a maximum and without a larger count that must not lie below them.
_INDICATORS: Final = (
    "activities",
    "exhibitors",
    "foreign-guests",
    "participants",
    "parallel-forums",
    "released-projects",
    "representatives",
    "trade-projects",
)
# What a statement of each kind says, and how many of twelve are of this kind.
_SAYS: Final = {
    "figure": ("a zgc:FigureStatement", "zgc:hasQuantity <{quantity}>"),
    "topic": ("a zgc:Statement", "zgc:statesTopic topic:{topic}"),
    "place": ("a zgc:Statement", "zgc:statesPlace place:{some}"),
    "period": ("a zgc:PeriodStatement", "zgc:statesPeriod period:{edition}"),
    "theme": ("a zgc:ThemeStatement", "zgc:statesTheme theme:{some}"),
    "outcome": ("a zgc:OutcomeStatement", "zgc:statesOutcome outcome:{edition}"),
    "participation": ("a zgc:ParticipationStatement", "zgc:states{part} organization:{some}"),
    "speech": ("a zgc:AttributedStatement", "zgc:isSaidAs role:{article}", "zgc:hasSpeechMode code:indirect"),
}
_OFTEN: Final = (4, 2, 1, 1, 1, 1, 1, 1)
_PARTS: Final = ("Host", "Organizer", "Attendee")


def forums_for(triples: int) -> int:
    """Return how many forums give a default graph of about so many triples, at least one."""
    return max(1, round((triples - _TRIPLES_OF_THE_REST) / _TRIPLES_PER_FORUM))


def write(root: Path, forums: int, seed: int = 1) -> None:
    """Write a root with `ontology/`, `graph/` and `shapes/`.

    Args:
        root: A folder that does not exist yet.
        forums: How many; each has ten editions and twenty articles.
        seed: Another one gives other numbers, days and subjects.
    """
    shipped = resources.root()
    for folder in ("ontology", "shapes"):
        shutil.copytree(shipped / folder, root / folder)
    for number in range(1, forums + 1):
        forum = _Forum(f"f{number:05}", random.Random(f"{seed}/{number}"))  # noqa: S311 (no secret)
        parts = {"entities": forum.entities(), "articles": forum.articles(), "curation": forum.accepted}
        for part, blocks in parts.items():
            path = root / "graph" / part / f"{forum.name}.ttl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_HEAD + "\n" + "\n".join(blocks), encoding="utf-8")


def one_more() -> str:
    """Return a file with one more article on the first edition of the first forum."""
    forum = _Forum("f00001", random.Random("one more"))  # noqa: S311 (no secret)
    year = _YEARS[0]
    return _HEAD + "\n" + "\n".join(forum.one_article(f"{forum.name}-{year}", "late", year))


class _Forum:
    """One forum: its things, its articles, and what of them is accepted once the articles are written."""

    def __init__(self, name: str, rng: random.Random) -> None:
        self.name = name
        self.accepted: list[str] = []
        self._rng = rng

    def entities(self) -> Iterator[str]:
        """Yield the things that the articles are about."""
        name = self.name
        yield _block(f"forum:{name}", "a zgc:Forum", *_labels(f"Forum {name}"))
        for number in range(_PERSONS):
            yield _block(f"person:{name}-{number}", "a zgc:Person", *_labels(f"Person {name}-{number}"))
            yield _block(
                f"organization:{name}-{number}", "a zgc:Organization", *_labels(f"Body {name}-{number}")
            )
            yield _block(
                f"post:{name}-{number}",
                "a zgc:Post",
                f"zgc:isPostIn organization:{name}-{number}",
                *_labels(f"Post {name}-{number}"),
            )
            yield _block(f"theme:{name}-{number}", "a zgc:Theme", *_labels(f"Theme {name}-{number}"))
            yield _block(f"place:{name}-{number}", "a zgc:Place", *_labels(f"Place {name}-{number}"))
        for number in range(_TOPICS):
            yield _block(f"topic:{name}-{number}", "a zgc:Topic", *_labels(f"Topic {name}-{number}"))
        yield _block(f"group:{name}", "a zgc:Group", *_labels(f"Organizers of {name}"))
        for year in _YEARS:
            yield from self._edition(f"{name}-{year}", year)

    def _edition(self, edition: str, year: int) -> Iterator[str]:
        yield _block(
            f"edition:{edition}",
            "a zgc:Edition",
            f"zgc:isEditionOf forum:{self.name}",
            f"zgc:year {year}",
            *_labels(f"{year} edition of {self.name}"),
        )
        yield _block(
            f"section:{edition}",
            "a zgc:ProgrammeSection",
            f"zgc:isSectionOf edition:{edition}",
            "zgc:hasSectionKind code:main-section",
            *_labels(f"Exhibition of {edition}"),
        )
        yield _block(
            f"period:{edition}",
            "a zgc:Period",
            f"zgc:year {year}",
            f'zgc:firstDay "{year}-05-{self._rng.randint(10, 20)}"^^xsd:date',
            f'zgc:lastDay "{year}-05-{self._rng.randint(21, 30)}"^^xsd:date',
            *_labels(f"May days of {edition}"),
        )
        yield _block(f"outcome:{edition}", "a zgc:Outcome", *_labels(f"Platform of {edition}"))

    def articles(self) -> Iterator[str]:
        """Yield the articles, their passages and what they say."""
        for year in _YEARS:
            for season in _SEASONS:
                yield from self.one_article(f"{self.name}-{year}", season, year)

    def one_article(self, edition: str, season: str, year: int) -> Iterator[str]:
        """Yield an article, its passages and what they say."""
        article = f"{edition}-{season}"
        publisher = self._rng.randrange(_PERSONS)
        day = f'"{year}-{"04-20" if season == "eve" else "06-10"}"^^xsd:date'
        yield _block(
            f"article:{article}",
            "a zgc:Article",
            f"zgc:isAttestedBy <{ID}article/{article}/char=0,{_SPAN - 10}>",
            f"zgc:isPublishedBy organization:{self.name}-{publisher}",
            "zgc:hasLanguageQuality code:edited",
            f"dcterms:issued {day}",
            f'schema:url "https://example.org/{article}"^^xsd:anyURI',
            f"zgc:codePointLength {STATEMENTS * _SPAN}",
            f'zgc:sha256 "{_digest(article)}"',
            f'skos:prefLabel "Report {article}"@en',
        )
        yield _block(
            f"role:{article}",
            "a zgc:RoleHolding",
            f"zgc:hasHolder person:{self.name}-{publisher}",
            f"zgc:isHoldingOf post:{self.name}-{publisher}",
            f"zgc:isAttestedBy <{ID}article/{article}/char=0,{_SPAN - 10}>",
            f"zgc:asOf {day}",
            f'skos:prefLabel "Holding {article}"@en',
        )
        for number in range(1, STATEMENTS + 1):
            passage = f"{ID}article/{article}/char={(number - 1) * _SPAN},{number * _SPAN - 10}"
            yield from _passage(passage, article, number)
            yield from self._statement(edition, season, number, passage)

    def _statement(self, edition: str, season: str, number: int, passage: str) -> Iterator[str]:
        name = f"{edition}-{season}/{number}"
        subject = f"{self._rng.choice(('edition', 'section'))}:{edition}"
        if number % 3 == 0:
            self.accepted.append(_block(f"<{ID}statement/{name}>", f"zgc:isAcceptedFor {subject}"))
        (kind,) = self._rng.choices(list(_SAYS), _OFTEN)
        yield _block(
            f"<{ID}statement/{name}>",
            *self._says(kind, edition, name),
            f"zgc:isAbout {subject}",
            f"zgc:isSupportedBy <{passage}>",
            f"zgc:hasStance code:{'planned' if season == 'eve' else 'accomplished'}",
            f'zgc:paraphrase "The {kind} numbered {number} of {edition} is reported."@en',
        )
        if kind == "figure":
            yield self._quantity(f"<{ID}quantity/{name}>")

    def _says(self, kind: str, edition: str, name: str) -> Iterator[str]:
        values = {
            "article": name.partition("/")[0],
            "edition": edition,
            "part": self._rng.choice(_PARTS),
            "quantity": f"{ID}quantity/{name}",
            "some": f"{self.name}-{self._rng.randrange(_PERSONS)}",
            "topic": f"{self.name}-{self._rng.randrange(_TOPICS)}",
        }
        return (line.format(**values) for line in _SAYS[kind])

    def _quantity(self, iri: str) -> str:
        number = self._rng.randint(10, 5000)
        comparator = self._rng.choice(("exact", "more-than"))
        is_exact = comparator == "exact"
        bounds = [f"zgc:lowerBound {number}", f"zgc:isLowerOpen {'false' if is_exact else 'true'}"]
        if is_exact:
            bounds += [f"zgc:upperBound {number}", "zgc:isUpperOpen false"]
        return _block(
            iri,
            "a zgc:Quantity",
            f"zgc:hasIndicator indicator:{self._rng.choice(_INDICATORS)}",
            f"zgc:hasComparator code:{comparator}",
            f"zgc:statedNumber {number}",
            *bounds,
        )


def _passage(iri: str, article: str, number: int) -> Iterator[str]:
    yield _block(
        f"<{iri}>",
        "a zgc:Passage",
        f"oa:hasSource article:{article}",
        f"oa:hasSelector <{iri}/selector>",
        "zgc:hasSourcePart code:body",
        f'zgc:sha256 "{_digest(iri)}"',
    )
    start = (number - 1) * _SPAN
    yield _block(
        f"<{iri}/selector>", "a oa:TextPositionSelector", f"oa:start {start}", f"oa:end {start + _SPAN - 10}"
    )


def _labels(name: str) -> tuple[str, str]:
    return f'skos:prefLabel "{name}"@en', f'skos:prefLabel "{name} 号"@zh'


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _block(subject: str, *predicates: str) -> str:
    return "\n".join((subject, *(f"    {predicate} ;" for predicate in predicates), ".\n"))
