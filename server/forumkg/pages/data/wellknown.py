"""The descriptions of service, dataset and prefixes, at the addresses where clients look for them.

https://www.w3.org/TR/sparql11-service-description/#accessing and https://www.w3.org/TR/void/#well-known
"""

import json
from typing import Final

from flask import Blueprint, Response, request

from forumkg.dataset.catalog import SPDX, describe_catalog
from forumkg.dataset.description import DATASET
from forumkg.dataset.questions import prefix_declarations
from forumkg.formats import GRAPH_FORMATS, TURTLE, Format
from forumkg.namespaces import PREFIXES
from forumkg.pages.data.views import catalog_files
from forumkg.pages.languages import gettext
from forumkg.pages.rendering import page
from forumkg.sparql.identifiers import HTML, path_of
from forumkg.sparql.negotiation import negotiate, prefers_html
from forumkg.sparql.result_writers import serialize_triples
from forumkg.sparql.service_description import describe_dataset
from forumkg.web.documents import document, open_to_all, see_other
from forumkg.web.state import endpoint, served

__all__ = ["blueprint"]

blueprint = Blueprint("wellknown", __name__)
blueprint.after_request(open_to_all)

_JSON: Final = Format("json", "JSON", "application/json", "json")
_PREFIX_FORMATS: Final = {format_.extension: format_ for format_ in (_JSON, TURTLE, HTML)}


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Return the description of the dataset; send a browser to its page."""
    accept = request.headers.get("Accept", "")
    if prefers_html(accept):
        return see_other(request.script_root + path_of(DATASET, HTML))
    format_ = negotiate(GRAPH_FORMATS, accept)
    store, folder = served().store, f"{request.root_url.rstrip('/')}/data/"
    triples = describe_dataset(store, endpoint()) | frozenset(
        describe_catalog(store, catalog_files(), folder, endpoint())
    )
    return document(serialize_triples(triples, format_, {**PREFIXES, "spdx": SPDX}), format_)


@blueprint.get("/prefixes")
def prefixes() -> Response:
    """Return the prefixes of the dataset in the format that the client likes best."""
    return _prefixes(negotiate(tuple(_PREFIX_FORMATS.values()), request.headers.get("Accept", "")))


@blueprint.get(f"/prefixes.<any({', '.join(_PREFIX_FORMATS)}):ending>")
def prefixes_as(ending: str) -> Response:
    """Return the prefixes in the format of a file ending."""
    return _prefixes(_PREFIX_FORMATS[ending])


def _prefixes(format_: Format) -> Response:
    if format_ == HTML:
        return page(
            "data/prefixes.html",
            title=gettext("Prefixes"),
            description=gettext("The prefixes of the Zhongguancun Forum graph, for SPARQL, Turtle and JSON."),
            path="/prefixes.html",
            prefixes=PREFIXES,
        )
    if format_ == _JSON:
        return document(json.dumps(dict(PREFIXES), indent=2) + "\n", format_)
    return document(serialize_triples(prefix_declarations(), format_), format_)
