"""Route requests for the SPARQL endpoint: queries to the query service, browsers to the editor.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from http import HTTPStatus

from flask import Blueprint, Response, redirect, request

from forumkg.pages.editor import views
from forumkg.pages.languages import DEFAULT, language, root_of_site
from forumkg.sparql.negotiation import asks_for_page, choose
from forumkg.sparql.parameters import asks_for_description
from forumkg.sparql.result_writers import serialize_triples
from forumkg.sparql.service_description import SERVICE_PREFIXES, describe_service
from forumkg.web.documents import document
from forumkg.web.ids import QUERY_ID
from forumkg.web.paths import QUERIES_PATH, SPARQL_PATH
from forumkg.web.query_operation import SparqlRequest
from forumkg.web.rate_limits import current_client
from forumkg.web.state import endpoint, query_service, served

__all__ = ["blueprint"]

blueprint = Blueprint("sparql", __name__)


@blueprint.route(SPARQL_PATH, methods=["GET", "POST"])
def sparql() -> Response:
    """Return the answer to a query, the service description, or the page of the editor."""
    accept = request.headers.get("Accept", "")
    if asks_for_page(request.method, request.query_string, accept):
        return views.show()
    if language() != DEFAULT:
        # The endpoint has one address, where queries are answered without a thread of the pages.
        query = request.query_string.decode("latin-1")
        return redirect(
            f"{root_of_site()}{SPARQL_PATH}{'?' * bool(query)}{query}", HTTPStatus.TEMPORARY_REDIRECT
        )  # type: ignore[return-value]
    if asks_for_description(request.method, request.query_string):
        return _describe(accept)
    reply = query_service().wait_for_answer(
        SparqlRequest(
            request.method,
            request.query_string,
            request.headers.get("Content-Type", ""),
            request.get_data(),
            accept,
            request.headers.get("Accept-Encoding", ""),
            request.headers.get("If-None-Match", ""),
            current_client(),
            request.headers.get(QUERY_ID, ""),
            request.headers.get("Timeout", ""),
        )
    )
    return Response(reply.body, reply.status, [*reply.headers], direct_passthrough=True)


@blueprint.delete(f"{QUERIES_PATH}<query_id>")
def cancel(query_id: str) -> Response:
    """Cancel a query of the client."""
    query_service().cancel(query_id, current_client())
    return Response(status=204)


def _describe(accept: str) -> Response:
    """Return the service description: https://www.w3.org/TR/sparql11-service-description/#accessing."""
    wishes = (*request.args.getlist("format"), *request.args.getlist("output"))
    # A description has the formats of graphs.
    format_ = choose("DESCRIBE", wishes, accept)
    triples = describe_service(served().store, endpoint())
    return document(serialize_triples(triples, format_, SERVICE_PREFIXES), format_)
