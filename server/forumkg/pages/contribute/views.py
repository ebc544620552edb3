"""Show how to contribute, and a report on an error that the reader completes and sends."""

from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request

from forumkg.pages.contribute.reports import Reported, report_text
from forumkg.pages.graph import Graph
from forumkg.pages.languages import DEFAULT, gettext, root_of_site
from forumkg.pages.names import names_of
from forumkg.pages.rendering import page
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.targets import is_page, read_target, statements_of, thing_of, unknown_target
from forumkg.pages.translated_text import TranslatedText, plain, tag_of
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import HTML, path_of
from forumkg.web.state import app_state, served

__all__ = ["blueprint"]

blueprint = Blueprint("contribute", __name__)

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
        contact=app_state().contact,
    )


@blueprint.get("/contribute/report")
def report() -> Response:
    """Show a report on a statement, a thing or a page, prefilled, for the reader to complete and to send."""
    of = read_target()
    reported = _reported(current_graph(), of)
    if reported is None:
        raise unknown_target(of)
    text = report_text(reported)
    # Line breaks of RFC 6068.
    body = text.replace("\n", "\r\n")
    subject = gettext("Report: %(title)s") % {"title": plain(reported.title)}
    return page(
        "contribute/report.html",
        title=gettext("Report an error"),
        description=gettext("A prefilled report to complete, copy and send. This server stores nothing."),
        reported=reported,
        text=text,
        contact=app_state().contact,
        mail=f"{app_state().contact}?subject={quote(subject[:120])}&body={quote(body)}",
    )


def _reported(graph: Graph, of: str) -> Reported | None:
    """Return what an IRI or a path names; None where it is neither one of our IRIs nor a path."""
    info, root = served().info, request.host_url.rstrip("/") + root_of_site()
    version = gettext("%(number)s (SHA-256 of its inputs %(digest)s, built %(day)s)") % {
        "number": info.number,
        "digest": info.digest[:16],
        "day": info.time[:10],
    }
    iri = thing_of(of)
    found = names_of(graph, [iri]).get(iri) if iri else None
    if found and found.language:
        statements = read_statements(graph, statements_of(graph, iri)[:_STATEMENTS])
        address = f"{root}{path_of(iri, HTML)}"
        title = _headline(statements[0]) if statements else TranslatedText(found.text, found.language)
        return Reported(title, address, version, iri, statements)
    path = of or "/"
    if not is_page(path):
        return None
    return Reported(TranslatedText(path, DEFAULT), f"{root}{path}", version)


def _headline(statement: Statement) -> TranslatedText:
    """Return the headline of a statement, in the language of the page where its paraphrase is."""
    return TranslatedText(
        statement.headline, DEFAULT, "" if tag_of(statement.says) else statement.shown_headline
    )
