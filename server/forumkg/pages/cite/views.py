"""Cite what a page shows: a sentence to paste, and files for programs that manage references."""

from datetime import date

from flask import Blueprint, Response, request

from forumkg.pages.citations import CITATION_FILE, CITATION_FORMATS, Citation, sentence
from forumkg.pages.cite.cited import Server, citation_of
from forumkg.pages.languages import DEFAULT, gettext
from forumkg.pages.rendering import page
from forumkg.pages.targets import read_target, unknown_target
from forumkg.pages.translated_text import TranslatedText, plain
from forumkg.pages.worker_graph import current_graph
from forumkg.web.documents import document
from forumkg.web.state import served

__all__ = ["blueprint"]

blueprint = Blueprint("cite", __name__)


@blueprint.get("/cite")
def cite() -> Response:
    """Show how to cite a thing or a page."""
    of = read_target()
    cited = _citation(of)
    return page(
        "cite/cite.html",
        title=TranslatedText(f"Cite: {cited.title}", DEFAULT, _translated_title(cited.title)),
        description=gettext("A citation to paste, and the same in BibTeX, RIS and CSL-JSON."),
        citation=cited,
        heading=cited.title
        if isinstance(cited.title, TranslatedText)
        else TranslatedText(cited.title, DEFAULT),
        sentence=TranslatedText(sentence(cited), DEFAULT, cited.reference),
        of=of,
        formats=[
            (ending, format_.label, write(cited)) for ending, (format_, write) in CITATION_FORMATS.items()
        ],
    )


@blueprint.get(CITATION_FILE)
def cite_as(ending: str) -> Response:
    """Send a citation for a program."""
    format_, write = CITATION_FORMATS[ending]
    cited = _citation(read_target())
    response = document(write(cited), format_)
    response.headers["Content-Disposition"] = f'attachment; filename="{cited.key[:80]}.{ending}"'
    return response


def _translated_title(title: str) -> str:
    """Return the title of the page in its language; empty where what is cited has none in it."""
    if not isinstance(title, TranslatedText) or not title.translation:
        return ""
    return gettext("Cite: %(title)s") % {"title": plain(title)}


def _citation(of: str) -> Citation:
    info = served().info
    server = Server(
        request.url_root.rstrip("/"),
        f"{info.number} (SHA-256 of its inputs {info.digest[:16]})",
        date.fromisoformat(info.time[:10]),
    )
    cited = citation_of(current_graph(), of, server)
    if cited is None:
        raise unknown_target(of)
    return cited
