"""The operations that give data: documents, files, citations, feeds and descriptions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from forumkg.formats import GRAPH_FORMATS
from forumkg.pages.citations import CITATION_FILE, CITATION_FORMATS
from forumkg.pages.figure_files import FIGURE_FILES
from forumkg.pages.openapi.operation import (
    GRAPHS,
    HTML,
    JSON,
    LISTED,
    TEXT,
    Example,
    Operation,
    Operations,
    Parameter,
    shown,
)

__all__ = ["CITED", "DATA"]

CITED: Final = Parameter(
    "of",
    "What is cited: an IRI of the dataset, or the path of a page. Without it, the version of the dataset.",
    schema={"type": "string", "maxLength": 2000},
)
*_FIRST, _LAST = (each.label for each, _ in CITATION_FORMATS.values())
_CITATIONS: Final = f"{', '.join(_FIRST)} or {_LAST}"
_EDITION: Final = "id/edition/2021"


def _data(  # noqa: PLR0913 (what an operation has)
    summary: str,
    media_types: tuple[str, ...],
    *examples: Example,
    text: str = "",
    parameters: tuple[Parameter, ...] = (),
    success: Mapping[int, str] = MappingProxyType({}),
    errors: tuple[int, ...] = (),
) -> Operation:
    return Operation("Data", summary, media_types, examples, text, parameters, None, success, errors)


def _thing(summary: str, name: str) -> Operation:
    return Operation(
        "Data",
        summary,
        (),
        (Example(name, 303, TEXT, {"Accept": "text/turtle"}), shown(name, 303, TEXT)),
        success={303: "The document about it, in the format that `Accept` prefers, is at `Location`."},
        errors=(406,),
    )


def _chart(
    summary: str, path: str, *, query: str = "", parameters: tuple[Parameter, ...], errors: tuple[int, ...]
) -> Operation:
    return _data(
        summary,
        ("image/svg+xml", "image/png"),
        Example(f"{path}.svg{query}", 200, "image/svg+xml"),
        Example(f"{path}.png{query}", 200, "image/png"),
        parameters=(
            *parameters,
            Parameter("ending", "The format.", place="path"),
        ),
        text="The file has its style, title, source and version in it. Texts are in English.",
        errors=(*errors, 429, 503),
    )


DATA: Final[Operations] = {
    ("/feed", "get"): _data(
        "Name the feeds; a client that does not ask for HTML is led to the one in Atom.",
        (HTML,),
        shown("/feed"),
        success={303: "See the feed in Atom."},
        errors=(429, 503),
    ),
    ("/feed.<any(atom, json):ending>", "get"): _data(
        "Return the disagreements and the statements of the newest articles as a feed.",
        ("application/atom+xml", "application/feed+json"),
        Example("/feed.atom", 200, "application/atom+xml"),
        Example("/feed.json", 200, "application/feed+json"),
        parameters=(Parameter("ending", "The format: Atom or JSON Feed.", place="path"),),
        errors=(429, 503),
    ),
    (CITATION_FILE, "get"): _data(
        f"Return a citation in {_CITATIONS}.",
        tuple(each.media_type for each, _ in CITATION_FORMATS.values()),
        Example("/cite.bib?of=/compare", 200, CITATION_FORMATS["bib"][0].media_type),
        *(
            Example(f"/cite.{ending}", 200, each.media_type)
            for ending, (each, _) in CITATION_FORMATS.items()
            if ending != "bib"
        ),
        Example("/cite.bib?of=somewhere", 400, TEXT),
        parameters=(
            CITED,
            Parameter("ending", f"The format: {_CITATIONS}.", place="path"),
        ),
        text="A statement is cited by our paraphrase, which is marked so; a figure, by the statement that "
        "gives it; anything else, by its name or its path.",
        errors=(400, 429, 503),
    ),
    ("/compare/<name>.<any(svg, png):ending>", "get"): _chart(
        "Return the charts of an indicator as a file.",
        "/compare/exhibitors",
        parameters=(
            Parameter("name", "The last part of the IRI of the indicator.", place="path"),
            *LISTED,
        ),
        errors=(400, 404),
    ),
    ("/timeline.<any(svg, png):ending>", "get"): _chart(
        "Return the timeline as a file.", "/timeline", parameters=LISTED, errors=(400, 404)
    ),
    ("/editions/compare.<any(svg, png):ending>", "get"): _chart(
        "Return the figures of two editions as a file of charts.",
        "/editions/compare",
        query="?a=2021&b=2023",
        parameters=(
            Parameter("a", "The name of an edition: the last part of its IRI.", is_required=True),
            Parameter("b", "The name of another edition.", is_required=True),
        ),
        errors=(400, 404),
    ),
    ("/<any(graph, id, ontology, query, shapes):space>/<path:name>", "get"): _data(
        "Identify a thing (303), or send a document about it.",
        (*GRAPHS, HTML),
        Example(f"/{_EDITION}", 303, TEXT, {"Accept": "text/turtle"}),
        Example(f"/{_EDITION}.ttl", 200, "text/turtle"),
        Example(f"/{_EDITION}.jsonld", 200, "application/ld+json"),
        shown(f"/{_EDITION}.html"),
        Example("/ontology/Edition.rdf", 200, "application/rdf+xml"),
        Example("/id/edition/1066", 404, TEXT),
        text="An IRI of the dataset, `https://w3id.org/zgc-forum/…`, has this path. With the ending of a "
        f"format ({', '.join(f'`.{each.extension}`' for each in GRAPH_FORMATS)}, `.html`) it is the address "
        "of the document. The name can contain slashes.",
        parameters=(
            Parameter("space", "The kind of thing.", place="path"),
            Parameter("name", "The rest of the IRI, with or without a file ending.", place="path"),
        ),
        success={303: "The document, in the format that `Accept` prefers, is at `Location`."},
        errors=(404, 406, 410, 429, 503),
    ),
    ("/<any(dataset, ontology, shapes):space>.<name>", "get"): _data(
        "Send the description of the dataset, of the ontology or of the shapes.",
        (*GRAPHS, HTML),
        Example("/ontology.ttl", 200, "text/turtle"),
        Example("/dataset.nt", 200, "application/n-triples"),
        shown("/shapes.html"),
        parameters=(
            Parameter("space", "What is described.", place="path"),
            Parameter(
                "name",
                "The file ending of the format.",
                place="path",
                schema={"type": "string", "enum": [*(each.extension for each in GRAPH_FORMATS), "html"]},
            ),
        ),
        errors=(404, 429, 503),
    ),
    ("/dataset", "get"): _thing("Identify the dataset.", "/dataset"),
    ("/ontology", "get"): _thing("Identify the ontology.", "/ontology"),
    ("/shapes", "get"): _thing("Identify the SHACL shapes.", "/shapes"),
    ("/ontology/", "get"): _data(
        "Redirect from the namespace of the ontology to its description.",
        (),
        Example("/ontology/", 303, TEXT),
        success={303: "The ontology is at `Location`."},
    ),
    ("/shapes/", "get"): _data(
        "Redirect from the namespace of the shapes to their description.",
        (),
        Example("/shapes/", 303, TEXT),
        success={303: "The shapes are at `Location`."},
    ),
    ("/data/<name>", "get"): _data(
        "Download a file of the dataset, or the SHA-256 of all files.",
        (
            "text/turtle",
            "application/trig",
            "application/n-quads",
            "application/n-triples",
            "application/ld+json",
            TEXT,
        ),
        Example("/data/SHA256SUMS", 200, TEXT),
        Example("/data/nothing.ttl", 404, TEXT),
        text="The names of the files are in `SHA256SUMS` and on the page `/data`.",
        errors=(404,),
    ),
    ("/data/croissant.json", "get"): _data(
        "Describe the files and the table of figures in Croissant.",
        ("application/ld+json",),
        Example("/data/croissant.json", 200, "application/ld+json"),
        errors=(429, 503),
    ),
    ("/data/figures.csv-metadata.json", "get"): _data(
        "Describe the columns of the table of figures in CSVW.",
        ("application/ld+json",),
        Example("/data/figures.csv-metadata.json", 200, "application/ld+json"),
        errors=(429, 503),
    ),
    ("/data/figures.<any(csv, xlsx, parquet):ending>", "get"): _data(
        "Download all printed figures as a table.",
        tuple(file.format.media_type for file in FIGURE_FILES.values()),
        *(Example(f"/data/{name}", 200, file.format.media_type) for name, file in FIGURE_FILES.items()),
        text="Each row has a figure with its hedge, bounds, unit, stance and rank, and with the statement, "
        "the article and the publisher that it comes from. More than 400 figures come in parts: "
        '`Link: rel="next"` leads to the next.',
        parameters=LISTED,
        errors=(400, 404, 429, 503),
    ),
    ("/.well-known/void", "get"): _data(
        "Describe the dataset and its files in VoID and DCAT.",
        GRAPHS,
        Example("/.well-known/void", 200, "text/turtle"),
        shown("/.well-known/void", 303, TEXT),
        success={303: "The page about the dataset, for browsers, is at `Location`."},
        errors=(406,),
    ),
    ("/prefixes", "get"): _data(
        "List the prefixes of the dataset.",
        (JSON, "text/turtle", HTML),
        Example("/prefixes", 200, JSON),
        shown("/prefixes"),
        errors=(406,),
    ),
    ("/prefixes.<any(json, ttl, html):ending>", "get"): _data(
        "List the prefixes of the dataset in one format.",
        (JSON, "text/turtle", HTML),
        Example("/prefixes.ttl", 200, "text/turtle"),
        shown("/prefixes.html"),
    ),
    ("/openapi.json", "get"): _data(
        "Describe this interface in OpenAPI 3.1.",
        (JSON,),
        Example("/openapi.json", 200, JSON),
    ),
}
