"""The parts of the description of an operation: parameters, body, responses, and requests to try."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from forumkg.formats import GRAPH_FORMATS

__all__ = [
    "FORUM",
    "GRAPHS",
    "HTML",
    "JSON",
    "LISTED",
    "OF_EDITION",
    "PAGE",
    "TEXT",
    "Example",
    "Operation",
    "Operations",
    "Parameter",
    "RequestBody",
    "shown",
]

HTML: Final = "text/html"
JSON: Final = "application/json"
TEXT: Final = "text/plain"
GRAPHS: Final = tuple(each.media_type for each in GRAPH_FORMATS)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query string, a path variable or a header.

    Attributes:
        name: as it is sent.
        text: what it means.
        place: `query`, `path` or `header`.
        schema: a JSON Schema of its values.
        is_required: whether the operation needs it; path variables always are.
        is_repeatable: whether it can be sent more than once.
    """

    name: str
    text: str
    place: str = "query"
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    is_required: bool = False
    is_repeatable: bool = False


@dataclass(frozen=True, slots=True)
class RequestBody:
    """The body of a request: a JSON Schema for each media type."""

    text: str
    schemas: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Example:
    """A request to try on the shipped graph, and the status and the media type of its response."""

    target: str
    status: int
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """A method on a path.

    Attributes:
        tag: the section that it belongs to.
        summary: what it does, in one sentence.
        media_types: those of the response with status 200.
        examples: at least one.
        text: what else is to be known.
        parameters: of query string and header; path variables where there is more to say than their names.
        body: of the request, if it has one.
        success: other responses than 200 and 304 that are not errors: what each means.
        errors: the statuses of its errors.
        has_validators: whether its responses to GET have validators, so that a client may get a 304.
    """

    tag: str
    summary: str
    media_types: tuple[str, ...]
    examples: tuple[Example, ...]
    text: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: RequestBody | None = None
    success: Mapping[int, str] = field(default_factory=dict)
    errors: tuple[int, ...] = ()
    has_validators: bool = True


# By the rule of the URL map and the method.
Operations = Mapping[tuple[str, str], Operation]


def shown(target: str, status: int = 200, media_type: str = HTML) -> Example:
    """Return the example of a request that a browser sends."""
    return Example(target, status, media_type, {"Accept": HTML})


PAGE: Final = Parameter(
    "page", "The number of the page of results.", schema={"type": "integer", "minimum": 1, "default": 1}
)
FORUM: Final = Parameter("forum", "Only what belongs to this forum: the last part of its IRI.")
OF_EDITION: Final = Parameter("edition", "Only what belongs to this edition: the last part of its IRI.")
LISTED: Final = (FORUM, OF_EDITION, PAGE)
