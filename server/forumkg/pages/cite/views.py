"""Cite what a page shows: a sentence to paste, and files for programs that manage references."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, request

from forumkg.formats import Format
from forumkg.pages.citations import Citation, bibtex, csl_json, ris, sentence
from forumkg.pages.cite.cited import Server, citation_of
from forumkg.pages.languages import DEFAULT, gettext
from forumkg.pages.rendering import page
from forumkg.pages.targets import read_target, unknown_target
from forumkg.pages.translated_text import TranslatedText
from forumkg.pages.worker_graph import current_graph
from forumkg.web.documents import document
from forumkg.web.state import served

__all__ = ["blueprint"]

blueprint = Blueprint("cite", __name__)

_FORMATS: Final[Mapping[str, tuple[Format, Callable[[Citation], str]]]] = MappingProxyType(
    {
        "bib": (Format("bibtex", "BibTeX", "application/x-bibtex", "bib"), bibtex),
        "ris": (Format("ris", "RIS", "application/x-research-info-systems", "ris"), ris),
        "json": (Format("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json"), csl_json),
    }
)


@blueprint.get("/cite")
def cite() -> Response:
    """Show how to cite a thing or a page."""
    of = read_target()
    cited = _citation(of)
    return page(
        "cite/cite.html",
        title=TranslatedText(f"Cite: {cited.title}", DEFAULT),
        description=gettext("A citation to paste, and the same in BibTeX, RIS and CSL-JSON."),
        citation=cited,
        heading=cited.title
        if isinstance(cited.title, TranslatedText)
        else TranslatedText(cited.title, DEFAULT),
        sentence=sentence(cited),
        of=of,
        formats=[(ending, format_.label, write(cited)) for ending, (format_, write) in _FORMATS.items()],
    )


@blueprint.get("/cite.<any(bib, ris, json):ending>")
def cite_as(ending: str) -> Response:
    """Send a citation for a program."""
    format_, write = _FORMATS[ending]
    cited = _citation(read_target())
    response = document(write(cited), format_)
    response.headers["Content-Disposition"] = f'attachment; filename="{cited.key[:80]}.{ending}"'
    return response


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
