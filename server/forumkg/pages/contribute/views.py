"""Show how to contribute, and a report on an error that the reader completes and sends."""

from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request

from forumkg.errors import BadRequest
from forumkg.namespaces import BASE
from forumkg.pages.contribute.reports import Reported, report_text
from forumkg.pages.graph import Graph
from forumkg.pages.languages import gettext, root_of_site
from forumkg.pages.names import names_of
from forumkg.pages.page_queries import page_query
from forumkg.pages.rendering import page
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import HTML, names, path_of, split
from forumkg.web.contact import contact
from forumkg.web.state import served

__all__ = ["blueprint"]

blueprint = Blueprint("contribute", __name__)

_LONGEST: Final = 2000
# A figure that more statements give is reported by its page.
_STATEMENTS: Final = 5


@blueprint.get("/contribute")
def contribute() -> Response:
    """Show how to contribute, what to send, and to whom."""
    return page(
        "contribute/contribute.html",
        title=gettext("Contribute"),
        description=gettext(
            "How to report an error, add an article or correct a fact of the Zhongguancun Forum graph, "
            "and to whom to send it."
        ),
        contact=contact(),
    )


@blueprint.get("/contribute/report")
def report() -> Response:
    """Show a report on a statement, a thing or a page, prefilled, for the reader to complete and to send."""
    of = request.args.get("of", "")
    if len(of) > _LONGEST:
        raise BadRequest(
            f"Parameter of has {len(of)} characters: give an IRI or a path of at most {_LONGEST}."
        )
    reported = _reported(current_graph(), of)
    if reported is None:
        raise BadRequest(f"Parameter of is {of!r}: give an IRI of the dataset, or a path such as /compare.")
    text = report_text(reported)
    return page(
        "contribute/report.html",
        title=gettext("Report an error"),
        description=gettext("A prefilled report to complete, copy and send. This server stores nothing."),
        reported=reported,
        text=text,
        contact=contact(),
        mail=f"{contact()}?subject={quote(f'Report: {reported.title}'[:120])}&body={quote(text)}",
    )


def _reported(graph: Graph, of: str) -> Reported | None:
    """Return what an IRI or a path names; None where it is neither one of our IRIs nor a path."""
    info, root = served().info, request.host_url.rstrip("/") + root_of_site()
    version = f"{info.number} (SHA-256 of its inputs {info.digest[:16]}, built {info.time[:10]})"
    iri = of if of.startswith(BASE) else _iri_of(of)
    found = names_of(graph, [iri]).get(iri) if iri else None
    if found and found.language:
        statements = _statements(graph, iri)
        address = f"{root}{path_of(iri, HTML)}"
        title = statements[0].headline if statements else found.text
        return Reported(title, address, version, iri, statements)
    path = of or "/"
    if not path.startswith("/") or path.startswith("//"):
        return None
    return Reported(path, f"{root}{path}", version)


def _statements(graph: Graph, iri: str) -> tuple[Statement, ...]:
    """Return the statement of an IRI, or those that give the figure that it names."""
    wanted = [iri]
    if "/quantity/" in iri:
        rows = graph.select(page_query("statements-of", thing=iri).text)
        wanted = [row.iri("statement") for row in rows]
    return read_statements(graph, wanted[:_STATEMENTS])


def _iri_of(path: str) -> str:
    document = split(path.removeprefix("/"))
    known = names(document[0] if document else path.removeprefix("/")) if path.startswith("/id/") else ()
    return known[0] if known else ""
