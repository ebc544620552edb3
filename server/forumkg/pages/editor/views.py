"""The query editor: its page, and the names that it completes."""

import json
import re
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from forumkg.errors import QueryError
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.namespaces import BASE, prefix_lines
from forumkg.pages.editor.results import Outcome, follow
from forumkg.pages.editor.vocabulary import vocabulary
from forumkg.pages.languages import gettext as _
from forumkg.pages.languages import language, root_of_site, script_messages
from forumkg.pages.page_queries import page_query
from forumkg.pages.rendering import page
from forumkg.pages.translated_text import TranslatedText
from forumkg.pages.worker_graph import current_graph
from forumkg.rdf.sparql_tokens import query_form
from forumkg.web.documents import document
from forumkg.web.paths import SPARQL_PATH
from forumkg.web.rate_limits import current_client
from forumkg.web.response_cache import is_constant
from forumkg.web.state import query_service

__all__ = ["blueprint", "show"]

blueprint = Blueprint("editor", __name__)

COMPLETIONS: Final = f"{SPARQL_PATH}/completions.json"

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_JSON: Final = Format("json", "JSON", "application/json", "json")
# The parameters of the protocol, besides the query, that an address can set.
_DATASET: Final = ("default-graph-uri", "named-graph-uri", "timeout")
_FIRST_QUERY: Final = (
    prefix_lines("skos", "zgc") + "\nSELECT ?edition ?name WHERE {\n    ?edition a zgc:Edition ;\n"
    '        skos:prefLabel ?name .\n    FILTER (lang(?name) = "$language")\n}\nORDER BY ?edition\n'
)


@blueprint.get(COMPLETIONS)
def completions() -> Response:
    """Return the names that a query can use, with their labels in the language of the page."""
    found = vocabulary(current_graph(), language())
    return document(json.dumps(found, ensure_ascii=False, separators=(",", ":")), _JSON)


def show() -> Response:
    """Show the editor: with an example query, or the query of the address and the start of its answer."""
    asked = request.args.get("query", "").replace("\r\n", "\n")
    question = _question(asked)
    parameters = [*request.args.items(multi=True)]
    dataset = [pair for pair in parameters if pair[0] in _DATASET]
    outcome = None
    if "query" in request.args:
        outcome = follow(query_service(), request.query_string, current_client())
    response = page(
        "editor/editor.html",
        title=TranslatedText(question, _language_of(question)) if question else _("Ask in SPARQL"),
        description=_(
            "Query the Zhongguancun Forum graph in SPARQL: who said what, where statements disagree."
        ),
        path=SPARQL_PATH,
        status=outcome.status if outcome and not outcome.is_slow else HTTPStatus.OK,
        query=asked or _FIRST_QUERY.replace("$language", language()),
        outcome=outcome,
        downloads=[(format_, _download(asked, dataset, format_)) for format_ in _formats(asked)],
        dataset=dataset,
        timeout=f"{query_service().timeout:g}",
        questions=current_graph().select(page_query("question-index").text),
        completions=request.script_root + COMPLETIONS,
        base=BASE,
        messages=script_messages(),
    )
    return _for_now(response, outcome) if outcome and _is_fresh(asked, outcome) else response


def _question(query: str) -> str:
    """Return the question that a query begins with, or its translation below; nothing without a question."""
    first, second = f"{query}\n\n".split("\n")[:2]
    question = first.strip()
    if not (question.startswith("#") and question.endswith(("?", "？"))):
        return ""
    translated = re.match(rf"#\s*{language()}:\s*(\S.*)", second.strip())
    return (translated[1] if translated else question.lstrip("# "))[:120]


def _language_of(words: str) -> str:
    """Return the language of a question: Chinese where it has a Chinese character, else English."""
    return "" if not words else "zh" if _HAN.search(words) else "en"


def _download(query: str, dataset: list[tuple[str, str]], format_: Format) -> str:
    parameters = urlencode([("query", query), *dataset, ("format", format_.name)])
    return f"{root_of_site()}{SPARQL_PATH}?{parameters}"


def _formats(query: str) -> tuple[Format, ...]:
    try:
        form = query_form(query)
    except QueryError:
        return RESULT_FORMATS
    return GRAPH_FORMATS if form in {"CONSTRUCT", "DESCRIBE"} else RESULT_FORMATS


def _is_fresh(query: str, outcome: Outcome) -> bool:
    """Whether the next request could give another page."""
    return outcome.is_slow or outcome.status != HTTPStatus.OK or not is_constant(query)


def _for_now(response: Response, outcome: Outcome) -> Response:
    """Mark the response `no-store`."""
    response.headers.pop("ETag", None)
    response.headers["Cache-Control"] = "no-store"
    if outcome.retry_after:
        response.headers["Retry-After"] = outcome.retry_after
    return response
