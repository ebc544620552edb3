"""The endpoint: a query comes in, an answer goes out.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from typing import Final

from flask import Blueprint, Response, render_template, request

from forumkg.engine.queries import evaluate, serialize
from forumkg.formats import RESULT_FORMATS, Format
from forumkg.namespaces import prefix_lines
from forumkg.protocol.negotiation import choose, prefers_html
from forumkg.protocol.parameters import asks_for_description, read_query
from forumkg.sparql_tokens import query_form
from forumkg.web.headers import SPARQL_PATH
from forumkg.web.state import served
from forumkg.web.wellknown import describe

__all__ = ["blueprint", "content_type"]

blueprint = Blueprint("sparql", __name__)

_FIRST_QUERY: Final = (
    prefix_lines("skos", "zgc") + "\nSELECT ?edition ?name WHERE {\n    ?edition a zgc:Edition ;\n"
    '        skos:prefLabel ?name .\n    FILTER (lang(?name) = "en")\n}\nORDER BY ?edition\n'
)


@blueprint.route(SPARQL_PATH, methods=["GET", "POST"])
def sparql() -> Response | str:
    """Answer a query; show a browser that brings none a form to write one."""
    accept = request.headers.get("Accept", "")
    if asks_for_description(request.method, request.query_string):
        if not request.args and prefers_html(accept):
            return render_template("sparql.html", query=_FIRST_QUERY, formats=RESULT_FORMATS)
        return describe()
    asked = read_query(
        request.method, request.headers.get("Content-Type", ""), request.query_string, request.get_data()
    )
    format_ = choose(query_form(asked.query), asked.formats, accept)
    answer = evaluate(served().store, asked.query, asked.default_graphs, asked.named_graphs)
    return Response(serialize(answer, format_), content_type=content_type(format_))


def content_type(format_: Format) -> str:
    """Return the Content-Type of a format: text needs to say that it is UTF-8, the others always are."""
    return (
        f"{format_.media_type}; charset=utf-8"
        if format_.media_type.startswith("text/")
        else format_.media_type
    )
