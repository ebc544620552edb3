"""The operations of the HTTP interface: pages, data, and with the queries all of them."""

from typing import Final

from forumkg.formats import GRAPH_FORMATS
from forumkg.pages.figure_files import FIGURE_FILES
from forumkg.pages.openapi.operation import (
    GRAPHS,
    HTML,
    JSON,
    NOT_MODIFIED,
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
_CITED: Final = Parameter(
    "of",
    "What is cited: an IRI of the dataset, or the path of a page. Without it, the version of the dataset.",
    schema={"type": "string", "maxLength": 2000},
)
_PAGE: Final = Parameter(
    "page", "The number of the page of results.", schema={"type": "integer", "minimum": 1, "default": 1}
)
_FORUM: Final = Parameter("forum", "Only what belongs to this forum: the last part of its IRI.")
_OF_EDITION: Final = Parameter("edition", "Only what belongs to this edition: the last part of its IRI.")
_LISTED: Final = (_FORUM, _OF_EDITION, _PAGE)


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
        parameters=_LISTED,
        errors=(400, 404),
    ),
    ("/compare/<name>", "get"): _page(
        "Compare the figures of one indicator.",
        shown("/compare/exhibitors"),
        shown("/compare/nothing", 404),
        parameters=(Parameter("name", "The last part of the IRI of the indicator.", place="path"), *_LISTED),
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
        "Show where sources disagree.",
        shown("/disagreements"),
        shown("/disagreements?kind=differences"),
        shown("/disagreements?kind=nothing", 404),
        parameters=(Parameter("kind", "Only disagreements of this kind."), *_LISTED),
        errors=(400, 404),
    ),
    ("/editions", "get"): _page(
        "List the editions of the forums.",
        shown("/editions"),
        shown("/editions?forum=zgc"),
        shown("/editions?forum=nothing", 404),
        shown("/editions?page=0", 400),
        parameters=_LISTED,
        errors=(400, 404),
    ),
    ("/articles", "get"): _page(
        "List the articles.",
        shown("/articles"),
        shown("/articles?edition=2021"),
        shown("/articles?page=1000", 404),
        parameters=_LISTED,
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
    ("/feed.<any(atom, json):ending>", "get"): Operation(
        "Data",
        "Return the disagreements and the statements of the newest articles as a feed.",
        ("application/atom+xml", "application/feed+json"),
        (
            Example("/feed.atom", 200, "application/atom+xml"),
            Example("/feed.json", 200, "application/feed+json"),
        ),
        parameters=(
            Parameter(
                "ending",
                "The format: Atom or JSON Feed.",
                place="path",
                schema={"type": "string", "enum": ["atom", "json"]},
            ),
        ),
        success={304: NOT_MODIFIED},
        errors=(429, 503),
    ),
    ("/cite", "get"): _page(
        "Show how to cite a thing or a page.",
        shown("/cite?of=https%3A%2F%2Fw3id.org%2Fzgc-forum%2Fid%2Fstatement%2Fchina-daily-2021%2F25"),
        Example("/cite?of=somewhere", 400, TEXT),
        parameters=(_CITED,),
        errors=(400,),
    ),
    ("/cite.<any(bib, ris, json):ending>", "get"): Operation(
        "Data",
        "Return a citation in BibTeX, RIS or CSL-JSON.",
        (
            "application/x-bibtex",
            "application/x-research-info-systems",
            "application/vnd.citationstyles.csl+json",
        ),
        (
            Example("/cite.bib?of=/compare", 200, "application/x-bibtex"),
            Example("/cite.ris", 200, "application/x-research-info-systems"),
            Example("/cite.json", 200, "application/vnd.citationstyles.csl+json"),
            Example("/cite.bib?of=somewhere", 400, TEXT),
        ),
        parameters=(
            _CITED,
            Parameter(
                "ending",
                "The format: BibTeX, RIS or CSL-JSON.",
                place="path",
                schema={"type": "string", "enum": ["bib", "ris", "json"]},
            ),
        ),
        text="A statement is cited by our paraphrase, which is marked so; a figure, by the statement that "
        "gives it; anything else, by its name or its path.",
        success={304: NOT_MODIFIED},
        errors=(400, 429, 503),
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
        text="More than 1,400 pages are listed in parts: the list then has the addresses of the parts.",
        success={304: NOT_MODIFIED},
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
        success={304: NOT_MODIFIED},
        errors=(404, 429, 503),
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


_EDITION: Final = "id/edition/2021"


def _thing(summary: str, name: str) -> Operation:
    return Operation(
        "Data",
        summary,
        (),
        (Example(name, 303, TEXT, {"Accept": "text/turtle"}), shown(name, 303, TEXT)),
        success={303: "The document about it, in the format that `Accept` prefers, is at `Location`."},
        errors=(406,),
    )


_DATA: Final[Operations] = {
    ("/<any(graph, id, ontology, query, shapes):space>/<path:name>", "get"): Operation(
        "Data",
        "Identify a thing (303), or send a document about it.",
        (*GRAPHS, HTML),
        (
            Example(f"/{_EDITION}", 303, TEXT, {"Accept": "text/turtle"}),
            Example(f"/{_EDITION}.ttl", 200, "text/turtle"),
            Example(f"/{_EDITION}.jsonld", 200, "application/ld+json"),
            shown(f"/{_EDITION}.html"),
            Example("/ontology/Edition.rdf", 200, "application/rdf+xml"),
            Example("/id/edition/1066", 404, TEXT),
        ),
        text="An IRI of the dataset, `https://w3id.org/zgc-forum/…`, has this path. With the ending of a "
        f"format ({', '.join(f'`.{each.extension}`' for each in GRAPH_FORMATS)}, `.html`) it is the address "
        "of the document. The name can contain slashes.",
        parameters=(
            Parameter("space", "The kind of thing.", place="path"),
            Parameter("name", "The rest of the IRI, with or without a file ending.", place="path"),
        ),
        success={
            303: "The document, in the format that `Accept` prefers, is at `Location`.",
            304: NOT_MODIFIED,
        },
        errors=(404, 406, 410, 429, 503),
    ),
    ("/<any(dataset, ontology, shapes):space>.<name>", "get"): Operation(
        "Data",
        "Send the description of the dataset, of the ontology or of the shapes.",
        (*GRAPHS, HTML),
        (
            Example("/ontology.ttl", 200, "text/turtle"),
            Example("/dataset.nt", 200, "application/n-triples"),
            shown("/shapes.html"),
        ),
        parameters=(
            Parameter("space", "What is described.", place="path"),
            Parameter(
                "name",
                "The file ending of the format.",
                place="path",
                schema={"type": "string", "enum": [*(each.extension for each in GRAPH_FORMATS), "html"]},
            ),
        ),
        success={304: NOT_MODIFIED},
        errors=(404, 429, 503),
    ),
    ("/dataset", "get"): _thing("Identify the dataset.", "/dataset"),
    ("/ontology", "get"): _thing("Identify the ontology.", "/ontology"),
    ("/shapes", "get"): _thing("Identify the SHACL shapes.", "/shapes"),
    ("/ontology/", "get"): Operation(
        "Data",
        "Redirect from the namespace of the ontology to its description.",
        (),
        (Example("/ontology/", 303, TEXT),),
        success={303: "The ontology is at `Location`."},
    ),
    ("/shapes/", "get"): Operation(
        "Data",
        "Redirect from the namespace of the shapes to their description.",
        (),
        (Example("/shapes/", 303, TEXT),),
        success={303: "The shapes are at `Location`."},
    ),
    ("/data/<name>", "get"): Operation(
        "Data",
        "Download a file of the dataset, or the SHA-256 of all files.",
        (
            "text/turtle",
            "application/trig",
            "application/n-quads",
            "application/n-triples",
            "application/ld+json",
            TEXT,
        ),
        (
            Example("/data/SHA256SUMS", 200, TEXT),
            Example("/data/nothing.ttl", 404, TEXT),
        ),
        text="The names of the files are in `SHA256SUMS` and on the page `/data`.",
        success={304: NOT_MODIFIED},
        errors=(404,),
    ),
    ("/data/croissant.json", "get"): Operation(
        "Data",
        "Describe the files and the table of figures in Croissant.",
        ("application/ld+json",),
        (Example("/data/croissant.json", 200, "application/ld+json"),),
        success={304: NOT_MODIFIED},
        errors=(429, 503),
    ),
    ("/data/figures.csv-metadata.json", "get"): Operation(
        "Data",
        "Describe the columns of the table of figures in CSVW.",
        ("application/ld+json",),
        (Example("/data/figures.csv-metadata.json", 200, "application/ld+json"),),
        success={304: NOT_MODIFIED},
        errors=(429, 503),
    ),
    ("/data/figures.<any(csv, xlsx, parquet):ending>", "get"): Operation(
        "Data",
        "Download all printed figures as a table.",
        tuple(file.format.media_type for file in FIGURE_FILES.values()),
        tuple(Example(f"/data/{name}", 200, file.format.media_type) for name, file in FIGURE_FILES.items()),
        text="Each row has a figure with its hedge, bounds, unit, stance and rank, and with the statement, "
        "the article and the publisher that it comes from. More than 400 figures come in parts: "
        '`Link: rel="next"` leads to the next.',
        parameters=_LISTED,
        success={304: NOT_MODIFIED},
        errors=(400, 404, 429, 503),
    ),
    ("/.well-known/void", "get"): Operation(
        "Data",
        "Describe the dataset and its files in VoID and DCAT.",
        GRAPHS,
        (
            Example("/.well-known/void", 200, "text/turtle"),
            shown("/.well-known/void", 303, TEXT),
        ),
        success={303: "The page about the dataset, for browsers, is at `Location`.", 304: NOT_MODIFIED},
        errors=(406,),
    ),
    ("/prefixes", "get"): Operation(
        "Data",
        "List the prefixes of the dataset.",
        (JSON, "text/turtle", HTML),
        (Example("/prefixes", 200, JSON), shown("/prefixes")),
        success={304: NOT_MODIFIED},
        errors=(406,),
    ),
    ("/prefixes.<any(json, ttl, html):ending>", "get"): Operation(
        "Data",
        "List the prefixes of the dataset in one format.",
        (JSON, "text/turtle", HTML),
        (Example("/prefixes.ttl", 200, "text/turtle"), shown("/prefixes.html")),
        success={304: NOT_MODIFIED},
    ),
    ("/openapi.json", "get"): Operation(
        "Data",
        "Describe this interface in OpenAPI 3.1.",
        (JSON,),
        (Example("/openapi.json", 200, JSON),),
        success={304: NOT_MODIFIED},
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
OPERATIONS: Final[Operations] = {**QUERIES, **_DATA, **_PAGES}
