"""The site, its search and the dataset, in the terms of schema.org."""

from flask import request

from forumkg.namespaces import BASE
from forumkg.pages.linked_data import LICENCE, NAME, Described

__all__ = ["site_json_ld"]


def site_json_ld(description: str) -> Described:
    """Return the description of the site, of its search, and of the dataset."""
    home = request.url_root
    return {
        "@graph": [
            {
                "@type": "WebSite",
                "name": NAME,
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
                "name": NAME,
                "description": description,
                "url": f"{home}data",
                "license": LICENCE,
                "isAccessibleForFree": True,
            },
        ],
    }
