"""Descriptions of pages in schema.org, for search engines.

https://schema.org/docs/gs.html and
https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from flask import request

from forumkg.pages.statements import Statement

__all__ = [
    "LICENCE",
    "NAME",
    "Described",
    "appearance",
    "item_list",
    "news_article",
    "reviews",
    "reviews_json_ld",
]

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"

NAME: Final = "Zhongguancun Forum graph"
# The judgement of the curators by the rank that they give, on a scale from 1 to 5.
_RATINGS: Final = {"deprecated": (1, "Judged wrong"), "preferred": (5, "Preferred by the curators")}


Described = dict[str, Any]


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
    """Return a review for each statement that the curators rank and comment."""
    return (_review(statement) for statement in statements if statement.rank in _RATINGS and statement.notes)


def _review(statement: Statement) -> Described:
    value, name = _RATINGS[statement.rank]
    return {
        "@type": "ClaimReview",
        "url": f"{request.base_url}#{statement.anchor}",
        "claimReviewed": statement.says,
        "reviewBody": " ".join(statement.notes),
        "author": {"@type": "Organization", "name": NAME, "url": request.url_root},
        "itemReviewed": {"@type": "Claim", "@id": statement.iri, "appearance": appearance(statement)},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": value,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": name,
        },
    }
