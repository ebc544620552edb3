"""Say what a page is about in the terms that search engines read.

https://schema.org/docs/gs.html and
https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from flask import request

from forumkg.namespaces import BASE, ZGC
from forumkg.pages.claims import Claim, Speaker
from forumkg.pages.comparisons import Comparison
from forumkg.pages.thing import Thing

__all__ = [
    "LICENCE",
    "claim_json_ld",
    "comparison_json_ld",
    "item_list",
    "news_article",
    "reviews_json_ld",
    "site_json_ld",
    "thing_json_ld",
]

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"

_NAME: Final = "Zhongguancun Forum graph"
# The judgement of the curators by the rank that they give, on a scale from 1 to 5.
_RATINGS: Final = {"deprecated": (1, "Held to be wrong"), "preferred": (5, "Preferred by the curators")}


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


def _appearance(claim: Claim) -> Described:
    return news_article(
        claim.article, claim.article_name, claim.publisher, claim.publisher_name, claim.issued
    )


def site_json_ld(description: str) -> Described:
    """Return the description of the site, of its search, and of the dataset."""
    home = request.url_root
    return {
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
                "license": LICENCE,
                "isAccessibleForFree": True,
            },
        ],
    }


def comparison_json_ld(comparison: Comparison) -> Described:
    """Return the description of the figures of an indicator, and of what the curators judged of them."""
    indicator = comparison.indicator
    years = [entry.year for entry in comparison.entries if entry.year]
    dataset: Described = {
        "@type": "Dataset",
        "@id": request.base_url,
        "name": f"{_NAME}: {indicator.name}",
        "description": f"{indicator.definition} Every printed figure, with the passage that prints it.",
        "url": request.base_url,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "isPartOf": {"@id": f"{BASE}dataset"},
        "variableMeasured": list(comparison.counted) or [indicator.name],
    }
    if years:
        dataset["temporalCoverage"] = f"{min(years)}/{max(years)}"
    claims = {entry.claim.iri: entry.claim for entry in comparison.entries}
    return {"@graph": [dataset, *_reviews(claims.values())]}


def reviews_json_ld(claims: Iterable[Claim]) -> Described:
    """Return the description of what the curators judged of claims that stand on a page."""
    return {"@graph": list(_reviews(claims))}


def _reviews(claims: Iterable[Claim]) -> Iterator[Described]:
    return (_review(claim) for claim in claims if claim.rank in _RATINGS and claim.notes)


def _review(claim: Claim) -> Described:
    value, name = _RATINGS[claim.rank]
    return {
        "@type": "ClaimReview",
        "url": f"{request.base_url}#{claim.anchor}",
        "claimReviewed": claim.says,
        "reviewBody": " ".join(claim.notes),
        "author": {"@type": "Organization", "name": _NAME, "url": request.url_root},
        "itemReviewed": {"@type": "Claim", "@id": claim.iri, "appearance": _appearance(claim)},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": value,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": name,
        },
    }


def claim_json_ld(claim: Claim) -> Described:
    """Return a statement as a claim: who makes it, and in which article it appears.

    https://schema.org/Claim
    """
    described: Described = {
        "@type": "Claim",
        "@id": claim.iri,
        "text": claim.says,
        "appearance": _appearance(claim),
    }
    if claim.speakers:
        described["author"] = [_speaker(each) for each in claim.speakers]
    return described


def _speaker(speaker: Speaker) -> Described:
    kind = "Person" if "/id/person/" in speaker.iri else "Organization"
    return {"@type": kind, "@id": speaker.iri, "name": speaker.name}


def thing_json_ld(shown: Thing, class_name: str) -> Described | None:
    """Return a thing of a class, given by its prefixed name, where schema.org has the like; else None."""
    found = _KINDS.get(class_name)
    if found is None:
        return None
    kind, more = found
    names = [value.text for value in (*shown.labels, *shown.other_labels)]
    described = {"@type": kind, "@id": shown.iri, "name": shown.name.text, **more(shown)}
    return described | {"alternateName": names} if names else described


def _links(shown: Thing, property_: str, name: str, kind: str) -> Described:
    """Return what a property of ours leads to, as a property of schema.org."""
    found = [
        {"@type": kind, "@id": value.iri, "name": value.text}
        for value in shown.values(f"{ZGC}{property_}")
        if value.iri
    ]
    return {name: found} if found else {}


def _event(shown: Thing) -> Described:
    return (
        _links(shown, "isSectionOf", "superEvent", "Event")
        | _links(shown, "takesPlaceIn", "location", "Place")
        | _links(shown, "isOrganizedBy", "organizer", "Organization")
    )


_KINDS: Final[Mapping[str, tuple[str, Callable[[Thing], Described]]]] = {
    "zgc:Person": ("Person", lambda shown: _links(shown, "isAffiliatedWith", "affiliation", "Organization")),
    "zgc:Organization": ("Organization", lambda _: {}),
    "zgc:Place": ("Place", lambda shown: _links(shown, "isLocatedIn", "containedInPlace", "Place")),
    "zgc:ProgrammeSection": ("Event", _event),
    "zgc:Forum": ("EventSeries", lambda _: {}),
}
