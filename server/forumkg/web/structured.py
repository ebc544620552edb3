"""Describe pages of figures to search engines, in the terms of schema.org.

https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from flask import request

from forumkg.namespaces import BASE
from forumkg.pages.claims import Claim
from forumkg.pages.comparisons import Comparison

__all__ = ["comparison_ld", "reviews_ld", "site_ld"]

_CONTEXT: Final = "https://schema.org"
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_NAME: Final = "Zhongguancun Forum graph"
# The judgement of the curators by the rank that they give, on a scale from 1 to 5.
_RATINGS: Final = {"deprecated": (1, "Held to be wrong"), "preferred": (5, "Preferred by the curators")}


def site_ld(description: str) -> dict[str, Any]:
    """Return the description of the site, of its search, and of the dataset."""
    home = request.url_root
    return {
        "@context": _CONTEXT,
        "@graph": [
            {
                "@type": "WebSite",
                "name": _NAME,
                "url": home,
                "description": description,
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {
                        "@type": "EntryPoint",
                        "urlTemplate": f"{home}search?q={{search_term_string}}",
                    },
                    "query-input": "required name=search_term_string",
                },
            },
            {
                "@type": "Dataset",
                "@id": f"{BASE}dataset",
                "name": _NAME,
                "description": description,
                "url": f"{home}data",
                "license": _LICENCE,
                "isAccessibleForFree": True,
            },
        ],
    }


def comparison_ld(comparison: Comparison) -> dict[str, Any]:
    """Return the description of the figures of an indicator, and of what the curators judged of them."""
    indicator = comparison.indicator
    years = [entry.year for entry in comparison.entries if entry.year]
    dataset: dict[str, Any] = {
        "@type": "Dataset",
        "@id": request.base_url,
        "name": f"{_NAME}: {indicator.name}",
        "description": f"{indicator.definition} Every printed figure, with the passage that prints it.",
        "url": request.base_url,
        "license": _LICENCE,
        "isAccessibleForFree": True,
        "isPartOf": {"@id": f"{BASE}dataset"},
        "variableMeasured": list(comparison.counted) or [indicator.name],
    }
    if years:
        dataset["temporalCoverage"] = f"{min(years)}/{max(years)}"
    claims = {entry.claim.iri: entry.claim for entry in comparison.entries}
    return {"@context": _CONTEXT, "@graph": [dataset, *_reviews(claims.values())]}


def reviews_ld(claims: Iterable[Claim]) -> dict[str, Any]:
    """Return the description of what the curators judged of claims that stand on a page."""
    return {"@context": _CONTEXT, "@graph": list(_reviews(claims))}


def _reviews(claims: Iterable[Claim]) -> Iterator[dict[str, Any]]:
    return (_review(claim) for claim in claims if claim.rank in _RATINGS and claim.notes)


def _review(claim: Claim) -> dict[str, Any]:
    value, name = _RATINGS[claim.rank]
    made: dict[str, Any] = {"@type": "CreativeWork", "@id": claim.article, "name": claim.article_name}
    if claim.issued:
        made["datePublished"] = claim.issued.isoformat()
    if claim.publisher_name:
        made["publisher"] = {"@type": "Organization", "@id": claim.publisher, "name": claim.publisher_name}
    return {
        "@type": "ClaimReview",
        "url": f"{request.base_url}#{claim.anchor}",
        "claimReviewed": claim.says,
        "reviewBody": " ".join(claim.notes),
        "author": {"@type": "Organization", "name": _NAME, "url": request.url_root},
        "itemReviewed": {"@type": "Claim", "@id": claim.iri, "appearance": made},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": value,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": name,
        },
    }
