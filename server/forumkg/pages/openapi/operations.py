"""The operations of the HTTP interface: pages, data, and with the queries all of them."""

from typing import Final

from forumkg.pages.openapi.data_operations import CITED, DATA
from forumkg.pages.openapi.operation import (
    HTML,
    LISTED,
    PAGE,
    TEXT,
    Example,
    Operation,
    Operations,
    Parameter,
    shown,
)
from forumkg.pages.openapi.query_operations import QUERIES

__all__ = ["INTERNAL", "OPERATIONS", "TAGS"]

_XML: Final = "application/xml"
_OPENMETRICS: Final = "application/openmetrics-text"
_LONGEST_SEARCH: Final = 200


def _page(
    summary: str,
    *examples: Example,
    text: str = "",
    parameters: tuple[Parameter, ...] = (),
    errors: tuple[int, ...] = (),
) -> Operation:
    return Operation("Pages", summary, (HTML,), examples, text, parameters, errors=(*errors, 429, 503))


_PAGES: Final[Operations] = {
    ("/validate", "get"): _page(
        "Show the form for a document to validate, or the report on an example.",
        shown("/validate"),
        shown("/validate?example=valid"),
        shown("/validate?example=nothing", 404),
        parameters=(Parameter("example", "The name of an example."),),
        errors=(404,),
    ),
    ("/map", "get"): _page("Show the page that maps an article text in the browser.", shown("/map")),
    ("/", "get"): _page("Show the home page.", shown("/")),
    ("/compare", "get"): _page(
        "Compare the figures of all editions.",
        shown("/compare"),
        shown("/compare?forum=zgc"),
        parameters=LISTED,
        errors=(400, 404),
    ),
    ("/compare/<name>", "get"): _page(
        "Compare the figures of one indicator.",
        shown("/compare/exhibitors"),
        shown("/compare/nothing", 404),
        parameters=(Parameter("name", "The last part of the IRI of the indicator.", place="path"), *LISTED),
        errors=(400, 404),
    ),
    ("/docs", "get"): _page("List the documentation.", shown("/docs")),
    ("/docs/<path:name>", "get"): _page(
        "Show a document of the documentation.",
        shown("/docs/http"),
        shown("/docs/nothing", 404),
        parameters=(Parameter("name", "The path of the document, without its ending.", place="path"),),
        errors=(404,),
    ),
    ("/disagreements", "get"): _page(
        "Show where statements disagree.",
        shown("/disagreements"),
        shown("/disagreements?kind=differences"),
        shown("/disagreements?kind=nothing", 404),
        parameters=(Parameter("kind", "Only disagreements of this kind."), *LISTED),
        errors=(400, 404),
    ),
    ("/gaps", "get"): _page(
        "Show what the sources do not say.",
        shown("/gaps"),
        shown("/gaps?kind=hosts"),
        shown("/gaps?kind=nothing", 404),
        parameters=(Parameter("kind", "Only gaps of this kind."), *LISTED),
        errors=(400, 404),
    ),
    ("/editions", "get"): _page(
        "List the editions of the forums.",
        shown("/editions"),
        shown("/editions?forum=zgc"),
        shown("/editions?forum=nothing", 404),
        shown("/editions?page=0", 400),
        parameters=LISTED,
        errors=(400, 404),
    ),
    ("/editions/compare", "get"): _page(
        "Show two editions side by side, or the form that chooses them.",
        shown("/editions/compare"),
        shown("/editions/compare?a=2021&b=2023"),
        shown("/editions/compare?a=2021&b=2021", 400),
        shown("/editions/compare?a=2021&b=1900", 404),
        parameters=(
            Parameter("a", "The name of an edition: the last part of its IRI."),
            Parameter("b", "The name of another edition."),
        ),
        errors=(400, 404),
    ),
    ("/contribute", "get"): _page("Show how to contribute.", shown("/contribute")),
    ("/contribute/report", "get"): _page(
        "Show a prefilled report on an error, which the reader completes and sends.",
        shown("/contribute/report?of=/compare/exhibitors"),
        shown("/contribute/report?of=nothing", 400),
        parameters=(CITED,),
        errors=(400,),
    ),
    ("/timeline", "get"): _page(
        "Show when editions took place, and when the articles about them were published.",
        shown("/timeline"),
        shown("/timeline?forum=zgc"),
        shown("/timeline?page=1000", 404),
        parameters=LISTED,
        errors=(400, 404),
    ),
    ("/statements", "get"): _page(
        "List the statements.",
        shown("/statements"),
        shown("/statements?edition=2021&stance=planned"),
        shown("/statements?article=xinhua-2021-09-15&page=2"),
        shown("/statements?publisher=china-daily"),
        shown("/statements?carrier=teller-report"),
        shown("/statements?speaker=person/wu-zhaohui"),
        shown("/statements?judgement=wrong"),
        shown("/statements?article=nothing", 404),
        shown("/statements?publisher=nothing", 404),
        shown("/statements?carrier=nothing", 404),
        shown("/statements?speaker=nothing", 404),
        shown("/statements?stance=nothing", 404),
        shown("/statements?judgement=nothing", 404),
        parameters=(
            Parameter("article", "Only what is in this article: the last part of its IRI."),
            Parameter("publisher", "Only what this organization publishes: the last part of its IRI."),
            Parameter("carrier", "Only what this organization carries: the last part of its IRI."),
            Parameter(
                "speaker", "Only what is said by this person, organization or group: `person/wu-zhaohui`."
            ),
            Parameter(
                "stance",
                "Only what is stated so.",
                schema={"type": "string", "enum": ["planned", "ongoing", "accomplished"]},
            ),
            Parameter(
                "judgement",
                "Only what the curators judge so.",
                schema={"type": "string", "enum": ["accepted", "preferred", "wrong", "unjudged"]},
            ),
            *LISTED,
        ),
        errors=(400, 404),
    ),
    ("/articles", "get"): _page(
        "List the articles.",
        shown("/articles"),
        shown("/articles?edition=2021"),
        shown("/articles?page=1000", 404),
        parameters=LISTED,
        errors=(400, 404),
    ),
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
    ("/cite", "get"): _page(
        "Show how to cite a thing or a page.",
        shown("/cite?of=https%3A%2F%2Fw3id.org%2Fzgc-forum%2Fid%2Fstatement%2Fchina-daily-2021%2F25"),
        Example("/cite?of=somewhere", 400, TEXT),
        parameters=(CITED,),
        errors=(400,),
    ),
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
            PAGE,
        ),
        errors=(400,),
    ),
    ("/opensearch.xml", "get"): Operation(
        "Pages",
        "Describe the search for browsers, in OpenSearch.",
        ("application/opensearchdescription+xml",),
        (Example("/opensearch.xml", 200, "application/opensearchdescription+xml"),),
    ),
    ("/sitemap.xml", "get"): Operation(
        "Pages",
        "List all pages for search engines.",
        (_XML,),
        (Example("/sitemap.xml", 200, _XML),),
        text="More than 1,400 pages are listed in parts: the list then has the addresses of the parts.",
        errors=(429, 503),
    ),
    ("/sitemap/<int:number>.xml", "get"): Operation(
        "Pages",
        "List a part of the pages for search engines.",
        (_XML,),
        (Example("/sitemap/0.xml", 200, _XML), shown("/sitemap/1000.xml", 404)),
        parameters=(
            Parameter(
                "number",
                "The number of the part, from 0.",
                place="path",
                schema={"type": "integer", "minimum": 0},
            ),
        ),
        errors=(404, 429, 503),
    ),
    ("/robots.txt", "get"): Operation(
        "Pages",
        "State which addresses crawlers may visit.",
        (TEXT,),
        (Example("/robots.txt", 200, TEXT),),
    ),
    ("/livez", "get"): Operation(
        "Operation",
        "Report that the process answers.",
        (TEXT,),
        (Example("/livez", 200, TEXT),),
        has_validators=False,
    ),
    ("/readyz", "get"): Operation(
        "Operation",
        "Report whether queries are answered.",
        (TEXT,),
        (Example("/readyz", 200, TEXT),),
        errors=(503,),
        has_validators=False,
    ),
    ("/metrics", "get"): Operation(
        "Operation",
        "Send the metrics in the formats of Prometheus.",
        (TEXT, _OPENMETRICS),
        (
            Example("/metrics", 200, TEXT),
            Example("/metrics", 200, _OPENMETRICS, {"Accept": _OPENMETRICS}),
        ),
        has_validators=False,
    ),
}


TAGS: Final = {
    "Queries": "The [SPARQL Protocol](https://www.w3.org/TR/sparql11-protocol/).",
    "Data": "A document for each IRI, files of the whole dataset, its description and its prefixes.",
    "Proofs": "Why a fact is in the graph: the statements, axioms and rules that it follows from.",
    "Validation": "Reports on documents of your own.",
    "Pages": "Pages for people, in HTML. The query behind each is shown at its end, with its answer as data.",
    "Operation": "For operators; a reverse proxy should keep these addresses from the public.",
}

# Rules that programs need not know: their addresses are in the pages, or in the habits of browsers.
INTERNAL: Final = frozenset({"/favicon.ico", "/static/<path:filename>"})

# The paths and their variables come from the URL map of the application, whose rules are the keys.
OPERATIONS: Final[Operations] = {**QUERIES, **DATA, **_PAGES}
