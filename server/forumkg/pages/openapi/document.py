"""Build the OpenAPI document of an application from its URL map and the descriptions of its operations.

https://spec.openapis.org/oas/v3.1.1.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from werkzeug.routing import Map, Rule

from forumkg import __version__
from forumkg.errors import NotFound
from forumkg.pages.openapi.operation import Example, Operation, Parameter
from forumkg.pages.openapi.operations import INTERNAL, OPERATIONS, TAGS
from forumkg.sparql.problem import PROBLEM

__all__ = ["described_methods", "openapi"]

Json = dict[str, Any]

# <converter(arguments):variable>, as werkzeug writes it.
_VARIABLE: Final = re.compile(r"<(?:(?P<converter>\w+)(?:\((?P<arguments>[^)]*)\))?:)?(?P<name>\w+)>")
# Methods that the application adds to each GET.
_IMPLIED: Final = frozenset({"HEAD", "OPTIONS"})
_ABOUT: Final = (
    "The knowledge graph of the Zhongguancun Forum over HTTP. HEAD answers each GET without its body. "
    "Scripts of any origin can read data and query results (CORS). An error is a line of text that states "
    "what was wrong and what to send instead; it is a problem document (RFC 9457) where `Accept` names "
    f"`{PROBLEM}`, and a page for browsers. Besides the statuses listed for an operation: 405 answers "
    "another method, with `Allow`; 408 a body that comes too slowly; 411 a body without `Content-Length`; "
    "421 a `Host` that the operator has excluded; 501 an unknown method. 429 and 503 have `Retry-After` "
    "where waiting helps."
)
_NOT_MODIFIED: Final = "The validator in `If-None-Match` is still that of the response."
_ERRORS: Final = {
    400: "The request is not valid.",
    404: "Not found.",
    406: "None of the accepted formats can be produced.",
    410: "The thing was withdrawn.",
    413: "The body of the request, or the answer, is larger than its limit.",
    415: "The body has a media type or a charset that cannot be read.",
    429: "The client has used up its share of the server for now.",
    503: "The query took too long or needed too much memory, or the server is busy.",
}
_PROBLEM_SCHEMA: Final[Json] = {
    "type": "object",
    "description": "A problem document: https://www.rfc-editor.org/rfc/rfc9457",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string", "description": "The phrase of the status."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong, and what to send instead."},
        "line": {"type": "integer", "description": "The line of a syntax error, from 1."},
        "column": {"type": "integer", "description": "The column of a syntax error, from 1, in code points."},
    },
}


def openapi(url_map: Map, server: str) -> Json:
    """Return the OpenAPI document of an application.

    Args:
        url_map: the rules of the application; those of `INTERNAL` are left out.
        server: the address that the paths are relative to.

    Raises:
        NotFound: a rule is neither described nor internal.
    """
    paths: dict[str, Json] = {}
    for rule in sorted(url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.rule not in INTERNAL:
            template = _VARIABLE.sub(r"{\g<name>}", rule.rule)
            paths.setdefault(template, {}).update(_path_item(rule))
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Zhongguancun Forum graph",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "CC BY 4.0 (data)", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM_SCHEMA},
            "responses": {f"Error{status}": _error(status) for status in _ERRORS},
        },
    }


def described_methods(rule: Rule) -> list[str]:
    """Return the methods of a rule that are described each for itself."""
    return sorted((rule.methods or set()) - _IMPLIED)


def _path_item(rule: Rule) -> Iterator[tuple[str, Json]]:
    for method in described_methods(rule):
        operation = OPERATIONS.get((rule.rule, method.lower()))
        if operation is None:
            raise NotFound(
                f"No description of {method} {rule.rule}: add one to a table of operations in pages/openapi/."
            )
        yield method.lower(), _operation(rule, method, operation)


def _operation(rule: Rule, method: str, operation: Operation) -> Json:
    described: Json = {
        "operationId": _identifier(rule, method),
        "tags": [operation.tag],
        "summary": operation.summary,
        **({"description": operation.text} if operation.text else {}),
        "parameters": [*_variables(rule, operation), *map(_parameter, _others(operation))],
        "responses": _responses(method, operation),
        "x-examples": [_example(method, example) for example in operation.examples],
    }
    if operation.body:
        content = {
            media_type: {"schema": dict(schema)} for media_type, schema in operation.body.schemas.items()
        }
        described["requestBody"] = {"required": True, "description": operation.body.text, "content": content}
    return described


def _identifier(rule: Rule, method: str) -> str:
    words = re.findall(r"\w+", _VARIABLE.sub(r"\g<name>", rule.rule.replace(">.<", "> as <"))) or ["home"]
    slash = "-namespace" if len(rule.rule) > 1 and rule.rule.endswith("/") else ""
    return "-".join([method.lower(), *words]) + slash


def _variables(rule: Rule, operation: Operation) -> Iterator[Json]:
    known = {each.name: each for each in operation.parameters if each.place == "path"}
    for match in _VARIABLE.finditer(rule.rule):
        name, arguments = match["name"], match["arguments"]
        parameter = known.get(name, Parameter(name, "", place="path"))
        described = _parameter(parameter)
        if match["converter"] == "any":
            described["schema"] = {"type": "string", "enum": [word.strip() for word in arguments.split(",")]}
        yield described


def _others(operation: Operation) -> list[Parameter]:
    return [each for each in operation.parameters if each.place != "path"]


def _parameter(parameter: Parameter) -> Json:
    schema = dict(parameter.schema)
    return {
        "name": parameter.name,
        "in": parameter.place,
        **({"description": parameter.text} if parameter.text else {}),
        "required": parameter.is_required or parameter.place == "path",
        "schema": {"type": "array", "items": schema} if parameter.is_repeatable else schema,
    }


def _responses(method: str, operation: Operation) -> Json:
    found: Json = {}
    if operation.media_types:
        content: Mapping[str, Json] = {media_type: {} for media_type in operation.media_types}
        found["200"] = {"description": operation.summary, "content": content}
    for status, text in operation.success.items():
        found[str(status)] = {"description": text}
    if method == "GET" and operation.media_types and operation.has_validators:
        found["304"] = {"description": _NOT_MODIFIED}
    for status in operation.errors:
        found[str(status)] = {"$ref": f"#/components/responses/Error{status}"}
    return found


def _error(status: int) -> Json:
    return {
        "description": _ERRORS[status],
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}},
            "text/html": {},
        },
    }


def _example(method: str, example: Example) -> Json:
    return {
        "request": {
            "method": method,
            "target": example.target,
            "headers": dict(example.headers),
            **({"body": example.body} if example.body else {}),
        },
        "response": {
            "status": example.status,
            **({"mediaType": example.media_type} if example.media_type else {}),
        },
    }
