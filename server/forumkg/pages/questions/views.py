"""Show the competency questions, each with its answer and its query."""

from itertools import islice
from typing import Any, Final

from flask import Blueprint, Response, request

from forumkg.dataset.description import DATASET
from forumkg.errors import NotFound
from forumkg.formats import CSV, JSON, JSON_LD, TURTLE
from forumkg.namespaces import ID, QUERY
from forumkg.pages.answer_tables import Answer
from forumkg.pages.charts import bar_chart
from forumkg.pages.class_views import page_of
from forumkg.pages.languages import DEFAULT, gettext, language, ngettext, root_of_site
from forumkg.pages.linked_data import LICENCE
from forumkg.pages.page_queries import page_query
from forumkg.pages.question_index import (
    AskedQuestion,
    answered,
    bars,
    grouped,
    read_questions,
)
from forumkg.pages.rendering import ask_address, page
from forumkg.pages.snippets import snippets
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.translated_text import plain
from forumkg.pages.worker_graph import current_graph
from forumkg.web.paths import SPARQL_PATH

__all__ = ["blueprint"]

blueprint = Blueprint("questions", __name__)

_STATEMENT: Final = f"{ID}statement/"
# Of how many statements of an answer the page names who printed and said them.
_MOST_STATEMENTS: Final = 150


@blueprint.get("/questions")
def questions() -> Response:
    """Show all questions."""
    known = read_questions(current_graph())
    return page(
        "questions/questions.html",
        title=gettext("Questions"),
        description=gettext(
            "%(count)s questions on the Zhongguancun Forum, each with its answer and its query."
        )
        % {"count": len(known)},
        queries=[page_query("question-index")],
        groups=grouped(known),
        count=len(known),
    )


@blueprint.get("/questions/<slug>")
def question(slug: str) -> Response:
    """Show a question with its answer."""
    known = read_questions(current_graph())
    place = next((place for place, each in enumerate(known) if each.slug == slug), None)
    if place is None:
        raise NotFound(f"There is no question {slug!r}: {request.script_root}/questions lists all.")
    asked = known[place]
    found = answered(current_graph(), asked)
    return page(
        "questions/question.html",
        title=asked.title,
        description=_description(asked, found),
        json_ld=_json_ld(asked, found),
        path=f"/questions/{slug}",
        question=asked,
        answer=found,
        statements=_statements(found),
        caption=_caption(found),
        chart=bar_chart(rows) if (rows := bars(found)) else None,
        downloads=_downloads(asked),
        codes=[] if asked.form == "CONSTRUCT" else snippets(_endpoint(), asked.text),
        previous=known[place - 1] if place else None,
        next=known[place + 1] if place + 1 < len(known) else None,
    )


def _statements(found: Answer) -> dict[str, Statement]:
    """Return the first statements of an answer by their IRIs."""
    iris = dict.fromkeys(cell.iri for row in found.rows for cell in row if cell.iri.startswith(_STATEMENT))
    known = read_statements(current_graph(), islice(iris, _MOST_STATEMENTS))
    return {each.iri: each for each in known}


@page_of("sh:SPARQLExecutable")
def view(iri: str) -> Response:
    """Show the question that an IRI of a query names."""
    return question(iri.removeprefix(QUERY))


def _caption(found: Answer) -> str:
    rows = ngettext("%(count)s row", "%(count)s rows", found.total) % {"count": f"{found.total:,}"}
    if len(found.rows) == found.total:
        return rows
    return gettext("%(rows)s; the first %(shown)s are shown") % {"rows": rows, "shown": len(found.rows)}


def _description(asked: AskedQuestion, found: Answer) -> str:
    if found.truth is not None:
        said = gettext("Yes, by the Zhongguancun Forum graph.")
        if not found.truth:
            said = gettext("No, by the Zhongguancun Forum graph.")
    else:
        said = gettext("The answer of the Zhongguancun Forum graph, in %(rows)s, and its query.") % {
            "rows": _caption(found)
        }
    return f"{plain(asked.title)} {said}" if language() == DEFAULT else f"{plain(asked.title)}{said}"


def _formats(asked: AskedQuestion) -> tuple[tuple[str, str, str], ...]:
    """Return the label, the name and the media type of the formats in which the answer is offered."""
    formats = (TURTLE, JSON_LD) if asked.form == "CONSTRUCT" else (CSV, JSON)
    return tuple((each.label.removeprefix("SPARQL results "), each.name, each.media_type) for each in formats)


def _downloads(asked: AskedQuestion) -> list[tuple[str, str]]:
    links = ((label, ask_address(asked.text, name)) for label, name, _ in _formats(asked))
    return [(label, link) for label, link in links if link]


def _endpoint() -> str:
    return request.host_url.rstrip("/") + root_of_site() + SPARQL_PATH


def _json_ld(asked: AskedQuestion, found: Answer) -> dict[str, Any]:
    """Return the description of the answer for search engines: https://schema.org/Dataset."""
    root = request.host_url.rstrip("/")
    return {
        "@type": "Dataset",
        "@id": QUERY + asked.slug,
        "name": plain(asked.title),
        "description": _description(asked, found),
        "url": f"{request.url_root.rstrip('/')}/questions/{asked.slug}",
        "isPartOf": {"@type": "Dataset", "@id": DATASET},
        "license": LICENCE,
        "variableMeasured": [column.heading for column in found.columns],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": root + link}
            for _, name, media_type in _formats(asked)
            if (link := ask_address(asked.text, name))
        ],
    }
