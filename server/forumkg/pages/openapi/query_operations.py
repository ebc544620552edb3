"""The operations that work for a program: queries, proofs and validation."""

from typing import Any, Final

from forumkg.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.pages.openapi.operation import (
    GRAPHS,
    HTML,
    JSON,
    TEXT,
    Example,
    Operation,
    Operations,
    Parameter,
    RequestBody,
    shown,
)
from forumkg.sparql.problem import PROBLEM
from forumkg.web.http.limits import MAX_BODY
from forumkg.workers.queries import Limits

__all__ = ["QUERIES"]

_RESULTS: Final = tuple(each.media_type for each in RESULT_FORMATS)
_LIMITS: Final = Limits()


def _names(formats: tuple[Format, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": [each.name for each in formats]}


_SELECT: Final = "SELECT%20%2A%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%202"
_FACT: Final = (
    "s=https%3A%2F%2Fw3id.org%2Fzgc-forum%2Fid%2Fedition%2F2021"
    "&p=http%3A%2F%2Fwww.w3.org%2F1999%2F02%2F22-rdf-syntax-ns%23type"
    "&o=https%3A%2F%2Fw3id.org%2Fzgc-forum%2Fontology%2FEdition"
)

_QUERY: Final = Parameter(
    "query",
    "The SPARQL query. Without it, the response is the service description, or the editor for browsers.",
)
_PROTOCOL: Final = (
    Parameter(
        "default-graph-uri",
        "A named graph whose triples are the default graph of the query.",
        schema={"type": "string", "format": "iri"},
        is_repeatable=True,
    ),
    Parameter(
        "named-graph-uri",
        "A named graph that `GRAPH` finds.",
        schema={"type": "string", "format": "iri"},
        is_repeatable=True,
    ),
    Parameter(
        "format",
        "The format of the answer, stronger than `Accept`: a name, a file ending or a media type. "
        "`output` is another name of this parameter.",
        schema={
            "type": "string",
            "examples": [each.name for each in (*RESULT_FORMATS, *GRAPH_FORMATS)],
        },
    ),
    Parameter(
        "timeout",
        f"Seconds after which the query is stopped; at most the limit of the server ({_LIMITS.timeout:g}). "
        "The header `Timeout` means the same where the parameter is missing.",
        schema={"type": "number", "exclusiveMinimum": 0},
    ),
)
_QUERY_ID: Final = Parameter(
    "X-Query-Id",
    "A name for the query, by which it can be cancelled: 22 to 128 random letters, digits, `-` and `_`, "
    "for example a UUID. Without it, the server makes one up; the response has it in any case.",
    place="header",
    schema={"type": "string", "pattern": "^[A-Za-z0-9_-]{22,128}$"},
)
_FACT_PARAMETERS: Final = tuple(
    Parameter(name, f"The {term} of the fact: {text}.", is_required=True)
    for name, term, text in (
        ("s", "subject", "an IRI"),
        ("p", "predicate", "an IRI"),
        ("o", "object", "an IRI, or a literal as N-Triples write it"),
    )
)
_PROOF_FORMAT: Final = {"type": "string", "enum": ["html", "json", "turtle"]}

_QUERY_ERRORS: Final = (400, 406, 413, 415, 429, 503)
_LIMITS_TEXT: Final = (
    f"Limits, unless the operator has set others: {_LIMITS.timeout:g} s and {_LIMITS.memory >> 20} MiB for a "
    f"query, {_LIMITS.max_result >> 20} MiB for its answer, {MAX_BODY >> 20} MiB for the body of a request."
)


QUERIES: Final[Operations] = {
    ("/sparql", "get"): Operation(
        "Queries",
        "Answer a SPARQL query, or describe the service.",
        (*_RESULTS, *GRAPHS, HTML),
        (
            Example(f"/sparql?query={_SELECT}", 200, _RESULTS[0]),
            Example(f"/sparql?query={_SELECT}&format=csv", 200, "text/csv"),
            Example("/sparql?query=ASK%20%7B%7D", 200, _RESULTS[1], {"Accept": _RESULTS[1]}),
            Example("/sparql?query=DESCRIBE%20%3Curn%3Ax%3E", 200, GRAPHS[0]),
            Example("/sparql", 200, GRAPHS[0], {"Accept": GRAPHS[0]}),
            shown("/sparql"),
            Example(
                "/sparql?query=SELECT",
                400,
                PROBLEM,
                {"Accept": f"{PROBLEM}, */*"},
            ),
            Example("/sparql?query=ASK%20%7B%7D", 406, TEXT, {"Accept": "image/png"}),
        ),
        text="SELECT and ASK are answered in the formats of SPARQL results, CONSTRUCT and DESCRIBE as "
        "graphs. A browser gets the editor with the beginning of the answer. " + _LIMITS_TEXT,
        parameters=(_QUERY, *_PROTOCOL, _QUERY_ID),
        errors=(400, 406, 413, 429, 503),
    ),
    ("/sparql", "post"): Operation(
        "Queries",
        "Answer a SPARQL query that is too long for an address.",
        (*_RESULTS, *GRAPHS),
        (
            Example(
                "/sparql?format=json",
                200,
                _RESULTS[0],
                {"Content-Type": "application/sparql-query"},
                "SELECT * { ?s ?p ?o } LIMIT 2",
            ),
            Example(
                "/sparql",
                200,
                "text/csv",
                {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/csv"},
                f"query={_SELECT}",
            ),
            Example("/sparql", 415, TEXT, {"Content-Type": "application/json"}, "{}"),
        ),
        text=_LIMITS_TEXT,
        parameters=(*_PROTOCOL, _QUERY_ID),
        body=RequestBody(
            "The query itself, or a form with the parameters of GET. In UTF-8.",
            {
                "application/sparql-query": {"type": "string"},
                "application/x-www-form-urlencoded": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {
                        "query": {"type": "string"},
                        "default-graph-uri": {"type": "array", "items": {"type": "string"}},
                        "named-graph-uri": {"type": "array", "items": {"type": "string"}},
                        "format": {"type": "string"},
                        "timeout": {"type": "number"},
                    },
                },
            },
        ),
        errors=_QUERY_ERRORS,
    ),
    ("/sparql/queries/<query_id>", "delete"): Operation(
        "Queries",
        "Cancel a query that the same client has sent.",
        (),
        (Example("/sparql/queries/0123456789abcdef0123456789abcdef", 404, TEXT),),
        text="The request for the query is then answered 503. Queries of other clients cannot be cancelled.",
        parameters=(Parameter("query_id", "The `X-Query-Id` of the query.", place="path"),),
        success={204: "The query is cancelled."},
        errors=(404,),
    ),
    ("/sparql/completions.json", "get"): Operation(
        "Queries",
        "List the prefixes, classes, properties and named things of the graph, for editors.",
        (JSON,),
        (Example("/sparql/completions.json", 200, JSON),),
        errors=(429, 503),
    ),
    ("/why", "get"): Operation(
        "Proofs",
        "Prove a fact.",
        (HTML, JSON, "text/turtle"),
        (
            Example(f"/why?{_FACT}", 200, JSON, {"Accept": JSON}),
            shown(f"/why?{_FACT}"),
            Example("/why", 400, TEXT),
        ),
        parameters=(
            *_FACT_PARAMETERS,
            Parameter("format", "The format of the proof, stronger than `Accept`.", schema=_PROOF_FORMAT),
        ),
        errors=(400, 404, 406, 429, 503),
    ),
    ("/why.<ending>", "get"): Operation(
        "Proofs",
        "Prove a fact, in one format.",
        (HTML, JSON, "text/turtle"),
        (
            Example(f"/why.json?{_FACT}", 200, JSON),
            Example(f"/why.ttl?{_FACT}", 200, "text/turtle"),
            Example(f"/why.pdf?{_FACT}", 400, TEXT),
        ),
        parameters=(
            Parameter(
                "ending",
                "The file ending of the format.",
                place="path",
                schema={"type": "string", "enum": ["html", "json", "ttl"]},
            ),
            *_FACT_PARAMETERS,
        ),
        errors=(400, 404, 429, 503),
    ),
    ("/validate", "post"): Operation(
        "Validation",
        "Validate a document against the ontology and the shapes.",
        (JSON, "text/turtle", TEXT, *GRAPHS[1:], HTML),
        (
            Example(
                "/validate",
                200,
                JSON,
                {"Content-Type": "text/turtle", "Accept": JSON},
                "<https://w3id.org/zgc-forum/id/topic/x> <urn:p> <urn:o> .\n",
            ),
            Example("/validate", 400, TEXT, {"Content-Type": "text/turtle", "Accept": TEXT}, "<urn:a>"),
            Example("/validate", 415, TEXT, {"Content-Type": "text/csv", "Accept": TEXT}, "a,b"),
        ),
        text="The report is JSON, text, or a SHACL validation report; a browser gets a page. Nothing of the "
        f"document is kept. The body has at most {MAX_BODY >> 20} MiB, unless the operator has set another "
        "limit.",
        parameters=(Parameter("name", "The file name that the report uses, for a document in the body."),),
        body=RequestBody(
            "The document itself, or a form.",
            {
                **{each.media_type: {"type": "string"} for each in DOCUMENT_FORMATS},
                "multipart/form-data": {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string", "description": "The document, if it is pasted."},
                        "file": {"type": "string", "description": "The document, as a file."},
                        "syntax": _names(DOCUMENT_FORMATS),
                        "name": {"type": "string", "description": "The file name that the report uses."},
                    },
                },
            },
        ),
        errors=(400, 406, 413, 415, 429, 503),
    ),
    ("/map/things.json", "get"): Operation(
        "Validation",
        "List the things that a worksheet can name.",
        (JSON,),
        (
            Example("/map/things.json?q=edition%3A20&kind=edition", 200, JSON),
            Example("/map/things.json?kind=nothing", 400, TEXT, {"Accept": TEXT}),
        ),
        text="Things whose names begin with what was typed, then those that have its words in a label; at "
        "most a hundred.",
        parameters=(
            Parameter("q", "A name, its beginning, or words.", schema={"type": "string", "maxLength": 100}),
            Parameter("kind", "Only things of these kinds, such as `organization`.", is_repeatable=True),
        ),
        errors=(400, 429, 503),
    ),
    ("/map", "post"): Operation(
        "Validation",
        "Preview what a worksheet would do to the graph.",
        (JSON,),
        (
            Example("/map", 200, JSON, {"Content-Type": TEXT}, "article a-1\n"),
            Example("/map", 400, TEXT, {"Content-Type": TEXT, "Accept": TEXT}, " "),
            Example("/map", 415, TEXT, {"Content-Type": "text/csv", "Accept": TEXT}, "a,b"),
        ),
        text="The worksheet has offsets and digests in place of the words of the article text, which stays "
        "with the client. The answer has its problems by line, what it holds, and what its statements "
        "contradict, differ from, fulfil and corroborate. Nothing is kept.",
        body=RequestBody("The worksheet, in UTF-8.", {TEXT: {"type": "string"}}),
        errors=(400, 413, 415, 429, 503),
    ),
    ("/validate/examples/<name>.ttl", "get"): Operation(
        "Validation",
        "Download an example of a document to validate.",
        ("text/turtle",),
        (
            Example("/validate/examples/valid.ttl", 200, "text/turtle"),
            Example("/validate/examples/nothing.ttl", 404, TEXT),
        ),
        errors=(404,),
    ),
}
