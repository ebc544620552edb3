"""Write the reference of the HTTP interface, in Markdown, from its OpenAPI document."""

import shlex
from collections.abc import Iterator
from typing import Any, Final

from forumkg.app.application import all_rules
from forumkg.pages.openapi.document import openapi

__all__ = ["http_reference"]

Json = dict[str, Any]

_LONGEST: Final = 200
_HEAD: Final = """# HTTP

This page is generated: `make docs` writes it anew, from the OpenAPI document that the server has at
`/openapi.json`. The tests run each example.

"""


def http_reference() -> str:
    """Return docs/http.md: a section for each tag of the OpenAPI document, a part for each operation."""
    return _HEAD + "\n".join(_lines(openapi(all_rules(), "/")))


def _lines(document: Json) -> Iterator[str]:
    yield document["info"]["description"]
    yield ""
    yield from _index(document)
    for tag in document["tags"]:
        yield f"## {tag['name']}"
        yield ""
        yield tag["description"]
        yield ""
        for path, method, operation in _operations(document):
            if operation["tags"] == [tag["name"]]:
                yield from _operation(document, path, method, operation)


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _index(document: Json) -> Iterator[str]:
    yield "| address | method | what it does |"
    yield "|---|---|---|"
    for tag in document["tags"]:
        for path, method, operation in _operations(document):
            if operation["tags"] == [tag["name"]]:
                yield f"| `{path}` | {method.upper()} | {operation['summary']} |"
    yield ""


def _operation(document: Json, path: str, method: str, operation: Json) -> Iterator[str]:
    yield f"### {_methods(method)} `{path}`"
    yield ""
    yield operation["summary"]
    yield ""
    if "description" in operation:
        yield operation["description"]
        yield ""
    if operation["parameters"]:
        yield "| parameter | in | value | meaning |"
        yield "|---|---|---|---|"
        for each in operation["parameters"]:
            name = f"`{each['name']}`{', required' if each['required'] else ''}"
            yield f"| {name} | {each['in']} | {_values(each['schema'])} | {each.get('description', '')} |"
        yield ""
    if "requestBody" in operation:
        body = operation["requestBody"]
        yield f"Body: {body['description']} {_media_types(body['content'])}."
        yield ""
    yield "| status | meaning | media types |"
    yield "|---|---|---|"
    for status, response in operation["responses"].items():
        name = response.get("$ref", "").rpartition("/")[2]
        found = document["components"]["responses"][name] if name else response
        content = "" if name else _media_types(found.get("content", {}))
        yield f"| {status} | {found['description']} | {content} |"
    yield ""
    yield from _examples(operation)


def _examples(operation: Json) -> Iterator[str]:
    shown = [each for each in operation["x-examples"] if len(each["request"]["target"]) <= _LONGEST]
    yield "```sh"
    for each in shown:
        request, response = each["request"], each["response"]
        words = ["curl", *(["-X", request["method"]] if request["method"] == "DELETE" else [])]
        for name, value in request["headers"].items():
            words += ["-H", f"{name}: {value}"]
        if "body" in request:
            words += ["--data-binary", request["body"].rstrip("\n")]
        yield f"{shlex.join([*words, 'http://127.0.0.1:8000' + request['target']])}"
        yield " ".join(["#", str(response["status"]), response.get("mediaType", "")]).rstrip()
    yield "```"
    yield ""


def _methods(method: str) -> str:
    return "GET, HEAD" if method == "get" else method.upper()


def _values(schema: Json) -> str:
    if schema.get("type") == "array":
        return f"{_values(schema['items'])}; repeatable"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    bounds = {"minimum": "from", "exclusiveMinimum": "above", "maxLength": "of at most"}
    words = [str(schema.get("format", schema["type"]))]
    words += [f"{word} {schema[name]:,}" for name, word in bounds.items() if name in schema]
    if "maxLength" in schema:
        words.append("characters")
    if "examples" in schema:
        words.append("such as " + ", ".join(f"`{value}`" for value in schema["examples"]))
    return " ".join(words)


def _media_types(content: Json) -> str:
    return ", ".join(f"`{media_type}`" for media_type in content)
