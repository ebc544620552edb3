"""Descriptions of pages in schema.org, for search engines.

https://schema.org/docs/gs.html and
https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from flask import request

from forumkg.pages.statements import Speaker, Statement

__all__ = [
    "LICENCE",
    "NAME",
    "Described",
    "appearance",
    "in_language",
    "item_list",
    "news_article",
    "reviews",
    "reviews_json_ld",
    "speaker_described",
]

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"

NAME: Final = "Zhongguancun Forum graph"
# How a statement that the curators judge wrong is rated, on a scale from 1 to 5, and in words.
_WRONG: Final = (1, "Judged wrong")


# The types of what is in the language of a page, not in that of an article.
_PAGES: Final = frozenset({"WebPage", "WebSite"})

Described = dict[str, Any]


def in_language(described: Mapping[str, Any], page: str, language: str) -> Described:
    """Return the description of a page with the language of the page.

    It is the language of what is a page or a site; where nothing is, that of the page with the address.
    """
    nodes = described.get("@graph", [described])
    shown = [_with_language(node, language) for node in nodes]
    if shown == nodes:
        own: Described = {"@type": "WebPage", "@id": page, "inLanguage": language}
        if "@graph" not in described:
            return {**described, "mainEntityOfPage": own}
        shown.append(own)
    return {"@graph": shown} if "@graph" in described else shown[0]


def _with_language(node: Mapping[str, Any], language: str) -> Described:
    found = {
        key: _with_language(value, language) if isinstance(value, dict) else value
        for key, value in node.items()
    }
    return {**found, **({"inLanguage": language} if node.get("@type") in _PAGES else {})}


def item_list(items: Iterable[Described]) -> Described:
    """Return a list of things that are described."""
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "item": item}
            for position, item in enumerate(items, 1)
        ],
    }


def news_article(iri: str, name: str, publisher: str, publisher_name: str, issued: date | None) -> Described:
    """Return the metadata of an article; never its headline or text."""
    described: Described = {"@type": "NewsArticle", "@id": iri, "name": name, "inLanguage": "en"}
    if publisher_name:
        described["publisher"] = {"@type": "NewsMediaOrganization", "@id": publisher, "name": publisher_name}
    if issued:
        described["datePublished"] = issued.isoformat()
    return described


def appearance(statement: Statement) -> Described:
    """Return the article in which a statement appears."""
    return news_article(
        statement.article,
        statement.article_name,
        statement.publisher,
        statement.publisher_name,
        statement.issued,
    )


def reviews_json_ld(statements: Iterable[Statement]) -> Described:
    """Return the reviews of the statements of a page."""
    return {"@graph": list(reviews(statements))}


def reviews(statements: Iterable[Statement]) -> Iterator[Described]:
    """Return a review for each statement that the curators judge wrong, and for no other.

    To prefer one figure to another is a choice between sources, not a verdict on a claim.
    """
    return (_review(statement) for statement in statements if statement.disputed)


def _review(statement: Statement) -> Described:
    value, name = _WRONG
    claim: Described = {"@type": "Claim", "@id": statement.iri, "appearance": appearance(statement)}
    if statement.speakers:
        claim["author"] = [speaker_described(each) for each in statement.speakers]
    elif statement.publisher_name:
        claim["author"] = {
            "@type": "Organization",
            "@id": statement.publisher,
            "name": statement.publisher_name,
        }
    if statement.issued:
        claim["datePublished"] = statement.issued.isoformat()
    review: Described = {
        "@type": "ClaimReview",
        "url": f"{request.base_url}#{statement.anchor}",
        "claimReviewed": statement.says,
        "author": {"@type": "Organization", "name": NAME, "url": request.url_root},
        "itemReviewed": claim,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": value,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": name,
        },
    }
    return review | ({"reviewBody": " ".join(statement.notes)} if statement.notes else {})


def speaker_described(speaker: Speaker) -> Described:
    """Return a speaker as a person or an organization."""
    kind = "Person" if "/id/person/" in speaker.iri else "Organization"
    return {"@type": kind, "@id": speaker.iri, "name": speaker.name}
