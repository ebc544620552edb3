"""Answer for the IRIs of the dataset: 303 to a document about the thing, and the documents.

https://www.w3.org/TR/cooluris/#r303gendocument
"""

from typing import NoReturn
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, Response, request

from forumkg import resources
from forumkg.dataset import things
from forumkg.errors import Gone, NotFound
from forumkg.formats import Format
from forumkg.namespaces import BASE
from forumkg.pages.class_views import view_of
from forumkg.pages.languages import gettext
from forumkg.pages.things.views import show_thing
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import (
    DOCUMENTS,
    HTML,
    document_links,
    names,
    path_of,
    read_withdrawn,
    split,
    thing_links,
)
from forumkg.sparql.negotiation import negotiate
from forumkg.sparql.result_writers import serialize_triples
from forumkg.web.documents import document, open_to_all, see_other
from forumkg.web.query_operation import SparqlRequest
from forumkg.web.rate_limits import current_client
from forumkg.web.state import app_state, query_service, served

__all__ = ["blueprint", "packaged_withdrawn"]

blueprint = Blueprint("ids", __name__)
blueprint.after_request(open_to_all)


def packaged_withdrawn() -> dict[str, str]:
    """Return the withdrawn IRIs of the package, with the reason of each.

    Raises:
        DataError: the list cannot be read.
    """
    return read_withdrawn((resources.ontology_dir() / "withdrawn.txt").read_text(encoding="utf-8"))


@blueprint.get("/ontology/")
@blueprint.get("/shapes/")
def namespace() -> Response:
    """Redirect from the namespace of the terms or of the shapes to what describes them all."""
    return see_other(request.script_root + request.path.removesuffix("/"))


@blueprint.get("/dataset")
@blueprint.get("/ontology")
@blueprint.get("/shapes")
@blueprint.get("/<any(dataset, ontology, shapes):space>.<name>")
@blueprint.get("/<any(graph, id, ontology, query, shapes):space>/<path:name>", merge_slashes=False)
def identify(**_decoded: str) -> Response:
    """Answer for a thing, or with a document about it."""
    store = served().store
    path = _sent_path()
    thing = things.first_known(store, names(path))
    if thing is not None:
        format_ = negotiate(DOCUMENTS, request.headers.get("Accept", ""))
        return see_other(
            request.script_root + path_of(thing, format_), links=thing_links(thing, request.script_root)
        )
    asked = split(path)
    described = asked and things.first_known(store, names(asked[0]))
    if not asked or described is None:
        _refuse(path, asked[0] if asked else path)
    format_ = asked[1]
    links = document_links(described, format_, request.script_root)
    if format_ == HTML:
        return _shown(things.versioned(store, described), links)
    if graphs := things.graphs_of(store, described):
        values = " ".join(f"<{graph}>" for graph in graphs)
        where = f"VALUES ?graph {{ {values} }} GRAPH ?graph {{ ?s ?p ?o }}"
        return _queried(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}", format_, links)
    if things.is_large(store, described):
        return _queried(f"CONSTRUCT WHERE {{ <{described}> ?p ?o }}", format_, links)
    return document(serialize_triples(things.document(store, described), format_), format_, links=links)


def _sent_path() -> str:
    """Return the path as it was sent, less the leading slash; Flask's own is decoded, where `%2F` is lost."""
    target = str(request.environ.get("REQUEST_URI", ""))
    path = target.partition("?")[0] if target.startswith("/") else urlsplit(target).path
    path = path or quote(request.script_root + request.path)
    return path.removeprefix(quote(request.script_root)).removeprefix("/")


def _queried(query: str, format_: Format, links: str) -> Response:
    """Return triples as the answer to a query by the workers, which limit and stream it."""
    asked = SparqlRequest(
        request.method,
        urlencode({"query": query, "format": format_.name}).encode(),
        accept=request.headers.get("Accept", ""),
        accept_encoding=request.headers.get("Accept-Encoding", ""),
        if_none_match=request.headers.get("If-None-Match", ""),
        client=current_client(),
    )
    reply = query_service().wait_for_answer(asked)
    headers = [*reply.headers, ("Link", links)]
    return Response(reply.body, reply.status, headers, direct_passthrough=True)


def _shown(iri: str, links: str) -> Response:
    """Return the page of a thing: by the view of its class, or with its facts alone."""
    view = view_of(current_graph(), iri)
    response = (view and view(iri)) or show_thing(iri)
    response.headers["Link"] = links
    return response


def _refuse(path: str, thing: str) -> NoReturn:
    withdrawn = app_state().withdrawn
    for iri in (*names(path), *names(thing)):
        if iri in withdrawn:
            raise Gone(f"<{iri}> was withdrawn: {withdrawn[iri]}")
    words = gettext(
        "There is no %(thing)s in version %(number)s of the dataset. "
        "Look for it by its name at %(search)s, or start at %(home)s."
    )
    root = request.script_root
    number = served().info.number
    raise NotFound(
        words % {"thing": f"<{BASE}{path}>", "number": number, "search": f"{root}/search", "home": f"{root}/"}
    )
