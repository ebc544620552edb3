"""The SPARQL service description of this server.

https://www.w3.org/TR/sparql11-service-description/#accessing
"""

from flask import Response, request

from forumkg.sparql.negotiation import choose
from forumkg.sparql.result_writers import serialize_triples
from forumkg.sparql.service_description import SERVICE_PREFIXES, describe_service
from forumkg.web.documents import document
from forumkg.web.paths import SPARQL_PATH
from forumkg.web.state import served

__all__ = ["describe", "endpoint"]


def describe() -> Response:
    """Return the service description in the format that the request asks for."""
    wishes = (*request.args.getlist("format"), *request.args.getlist("output"))
    # The family of a description is that of graphs.
    format_ = choose("DESCRIBE", wishes, request.headers.get("Accept", ""))
    triples = describe_service(served().store, endpoint())
    return document(serialize_triples(triples, format_, SERVICE_PREFIXES), format_)


def endpoint() -> str:
    """Return the address of the endpoint on this host."""
    return request.root_url.rstrip("/") + SPARQL_PATH
