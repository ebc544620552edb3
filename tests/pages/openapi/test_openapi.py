"""The description of the HTTP interface: complete, valid, and true of a server on the shipped graph."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from servers import SCRIPTS, Server, forumkg_server
from werkzeug.routing import Map, Rule

from forumkg.app.application import all_rules
from forumkg.errors import NotFound
from forumkg.pages.openapi.document import described_methods, openapi
from forumkg.pages.openapi.operation import Operation
from forumkg.pages.openapi.operations import INTERNAL, OPERATIONS, TAGS
from forumkg.pages.search.search import MAX_LENGTH

Json = dict[str, Any]

DOCUMENT = openapi(all_rules(), "/")
EXAMPLES = [
    pytest.param(example, id=f"{method} {example['request']['target'][:60]} {example['response']['status']}")
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
    for example in operation["x-examples"]
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the shipped graph without limits for a client."""
    data = str(tmp_path_factory.mktemp("openapi"))
    unlimited = ["--client-seconds", "0", "--client-errors", "0"]
    with forumkg_server(
        [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", data, *unlimited]
    ) as server:
        yield server


def ask(site: Server, method: str, request: Json) -> tuple[int, Mapping[str, str], bytes]:
    """Return status, headers (in lower case) and body of the response to a request."""
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=120)) as connection:
        connection.request(method, request["target"], request.get("body"), request.get("headers", {}))
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read()


def media_type(headers: Mapping[str, str]) -> str:
    """Return the media type of a response, without its parameters."""
    return headers.get("content-type", "").partition(";")[0]


def test_document_is_valid() -> None:
    """The document is valid OpenAPI 3.1."""
    validate(DOCUMENT, cls=OpenAPIV31SpecValidator)


def test_served_document(site: Server) -> None:
    """The server has the document at /openapi.json, for pages of any origin."""
    status, headers, body = ask(site, "GET", {"target": "/openapi.json"})

    assert (status, headers["content-type"]) == (200, "application/json")
    assert headers["access-control-allow-origin"] == "*"
    assert json.loads(body) == json.loads(json.dumps(DOCUMENT))


def test_every_rule_is_described() -> None:
    """Each rule and method of the URL map is described or internal, and nothing else is described."""
    rules = {
        (rule.rule, method.lower()) for rule in all_rules().iter_rules() for method in described_methods(rule)
    }

    assert {rule for rule in rules if rule[0] not in INTERNAL} == set(OPERATIONS)
    assert {rule for rule, _ in rules} >= INTERNAL


def test_rule_without_description() -> None:
    """A new address without a description is an error that says where to write it."""
    with pytest.raises(NotFound, match=r"^No description of GET /new: add one to .*pages/openapi/\.$"):
        openapi(Map([Rule("/new", methods=["GET"])]), "/")


@pytest.mark.parametrize(("rule", "operation"), OPERATIONS.items(), ids=lambda value: str(value)[:60])
def test_operation_is_described_whole(rule: tuple[str, str], operation: Operation) -> None:
    """An operation has a known section, a sentence, and an example of a response without an error."""
    assert operation.tag in TAGS
    assert re.fullmatch(r"[A-Z].*\.", operation.summary)
    documented = {*operation.success, *operation.errors, *([200] if operation.media_types else [])}
    assert {example.status for example in operation.examples} <= documented
    # What can be cancelled is gone when a reader tries the example.
    assert any(example.status < 400 or rule[1] == "delete" for example in operation.examples)
    variables = set(re.findall(r"(\w+)>", rule[0]))
    assert {each.name for each in operation.parameters if each.place == "path"} <= variables


def test_limits_are_those_of_the_code() -> None:
    """The longest search is documented as it is."""
    parameters = {each["name"]: each for each in DOCUMENT["paths"]["/search"]["get"]["parameters"]}

    assert parameters["q"]["schema"]["maxLength"] == MAX_LENGTH


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(site: Server, example: Json) -> None:
    """Each example has the status and the media type that are documented; HEAD those of its GET."""
    request, expected = example["request"], example["response"]
    status, headers, body = ask(site, request["method"], request)

    assert (status, media_type(headers)) == (expected["status"], expected.get("mediaType", "")), body[:300]
    if request["method"] == "GET":
        head_status, head_headers, nothing = ask(site, "HEAD", request)
        assert (head_status, media_type(head_headers), nothing) == (status, media_type(headers), b"")


@pytest.mark.parametrize("path", ["/sparql", "/compare", "/data", "/openapi.json"])
def test_undocumented_method(site: Server, path: str) -> None:
    """A method that is not documented is answered 405, with the methods that are."""
    status, headers, _ = ask(site, "PUT", {"target": path})

    documented = {method.upper() for method in DOCUMENT["paths"][path]}
    assert status == 405
    assert documented <= {method.strip() for method in headers["allow"].split(",")}
