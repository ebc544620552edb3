"""The quantities of an indicator as a data set with reviews, in the terms of schema.org."""

from flask import request

from forumkg.namespaces import BASE
from forumkg.pages.compare.comparisons import Comparison
from forumkg.pages.linked_data import LICENCE, NAME, Described, reviews

__all__ = ["comparison_json_ld"]


def comparison_json_ld(comparison: Comparison) -> Described:
    """Return the description of the figures of an indicator, and of what the curators judged of them."""
    indicator = comparison.indicator
    years = [entry.year for entry in comparison.entries if entry.year]
    dataset: Described = {
        "@type": "Dataset",
        "@id": request.base_url,
        "name": f"{NAME}: {indicator.name}",
        "description": f"{indicator.definition} Every reported figure, with the passage that supports it.",
        "url": request.base_url,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "isPartOf": {"@id": f"{BASE}dataset"},
        "variableMeasured": list(comparison.counted) or [indicator.name],
    }
    if years:
        dataset["temporalCoverage"] = f"{min(years)}/{max(years)}"
    statements = {entry.statement.iri: entry.statement for entry in comparison.entries}
    return {"@graph": [dataset, *reviews(statements.values())]}
