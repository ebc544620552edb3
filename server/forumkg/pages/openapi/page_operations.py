"""The operations that serve pages, and those for operators."""

from typing import Final

from forumkg.pages.openapi.operation import (
    HTML,
    NOT_MODIFIED,
    TEXT,
    Example,
    Operation,
    Operations,
    Parameter,
    shown,
)

__all__ = ["PAGES"]

_XML: Final = "application/xml"
_OPENMETRICS: Final = "application/openmetrics-text"
_LONGEST_SEARCH: Final = 200
_PAGE: Final = Parameter(
    "page", "The number of the page of results.", schema={"type": "integer", "minimum": 1, "default": 1}
)


def _page(
    summary: str,
    *examples: Example,
    text: str = "",
    parameters: tuple[Parameter, ...] = (),
    errors: tuple[int, ...] = (),
) -> Operation:
    return Operation(
        "Pages",
        summary,
        (HTML,),
        examples,
        text=text,
        parameters=parameters,
        success={304: NOT_MODIFIED},
        errors=(*errors, 429, 503),
    )


PAGES: Final[Operations] = {
    ("/validate", "get"): _page(
        "Show the form for a document to validate, or the report on an example.",
        shown("/validate"),
        shown("/validate?example=valid"),
        shown("/validate?example=nothing", 404),
        parameters=(Parameter("example", "The name of an example."),),
        errors=(404,),
    ),
    ("/", "get"): _page("Show the home page.", shown("/")),
    ("/compare", "get"): _page("Compare the figures of all editions.", shown("/compare")),
    ("/compare/<name>", "get"): _page(
        "Compare the figures of one indicator.",
        shown("/compare/exhibitors"),
        shown("/compare/nothing", 404),
        parameters=(Parameter("name", "The last part of the IRI of the indicator.", place="path"),),
        errors=(404,),
    ),
    ("/docs", "get"): _page("List the documentation.", shown("/docs")),
    ("/docs/<path:name>", "get"): _page(
        "Show a document of the documentation.",
        shown("/docs/http"),
        shown("/docs/nothing", 404),
        parameters=(Parameter("name", "The path of the document, without its ending.", place="path"),),
        errors=(404,),
    ),
    ("/disagreements", "get"): _page("Show where sources disagree.", shown("/disagreements")),
    ("/editions", "get"): _page("List the editions of the forum.", shown("/editions")),
    ("/articles", "get"): _page("List the articles.", shown("/articles")),
    ("/people", "get"): _page("List the people.", shown("/people")),
    ("/organizations", "get"): _page("List the organizations.", shown("/organizations")),
    ("/themes", "get"): _page("List the themes and topics of the editions.", shown("/themes")),
    ("/questions", "get"): _page("List the questions that the graph answers.", shown("/questions")),
    ("/questions/<slug>", "get"): _page(
        "Show a question, its query and its answer.",
        shown("/questions/hosts"),
        shown("/questions/nothing", 404),
        parameters=(Parameter("slug", "The name of the question, as `/questions` links it.", place="path"),),
        errors=(404,),
    ),
    ("/data", "get"): _page("Show what there is to download.", shown("/data")),
    ("/about", "get"): _page("Show what the graph is, and what it cannot answer.", shown("/about")),
    ("/search", "get"): _page(
        "Search names, wordings, paraphrases and notes.",
        shown("/search?q=robotics"),
        shown("/search?q=" + "e" * _LONGEST_SEARCH),
        shown("/search"),
        Example("/search?q=" + "x" * (_LONGEST_SEARCH + 1), 400, TEXT),
        parameters=(
            Parameter("q", "The words to find.", schema={"type": "string", "maxLength": _LONGEST_SEARCH}),
            Parameter("kind", "Only things of this kind."),
            _PAGE,
        ),
        errors=(400,),
    ),
    ("/opensearch.xml", "get"): Operation(
        "Pages",
        "Describe the search for browsers, in OpenSearch.",
        ("application/opensearchdescription+xml",),
        (Example("/opensearch.xml", 200, "application/opensearchdescription+xml"),),
        success={304: NOT_MODIFIED},
    ),
    ("/sitemap.xml", "get"): Operation(
        "Pages",
        "List all pages for search engines.",
        (_XML,),
        (Example("/sitemap.xml", 200, _XML),),
        success={304: NOT_MODIFIED},
        errors=(429, 503),
    ),
    ("/robots.txt", "get"): Operation(
        "Pages",
        "State which addresses crawlers may visit.",
        (TEXT,),
        (Example("/robots.txt", 200, TEXT),),
        success={304: NOT_MODIFIED},
    ),
    ("/livez", "get"): Operation(
        "Operation",
        "Report that the process answers.",
        (TEXT,),
        (Example("/livez", 200, TEXT),),
    ),
    ("/readyz", "get"): Operation(
        "Operation",
        "Report whether queries are answered.",
        (TEXT,),
        (Example("/readyz", 200, TEXT),),
        errors=(503,),
    ),
    ("/metrics", "get"): Operation(
        "Operation",
        "Send the metrics in the formats of Prometheus.",
        (TEXT, _OPENMETRICS),
        (
            Example("/metrics", 200, TEXT),
            Example("/metrics", 200, _OPENMETRICS, {"Accept": _OPENMETRICS}),
        ),
    ),
}
