"""Write errors as a line of text, or as a problem document where the client accepts one.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from forumkg.errors import QueryError
from forumkg.sparql.negotiation import parse_accept, quality

__all__ = ["PLAIN", "PROBLEM", "Problem", "of_query", "wants_document"]

PLAIN: Final = "text/plain; charset=utf-8"
PROBLEM: Final = "application/problem+json"

_TEXT: Final = "text/plain"
_NAMED: Final = 2  # the specificity of a media type without a star


@dataclass(frozen=True, slots=True)
class Problem:
    """An error response.

    Attributes:
        status: the HTTP status.
        detail: what was wrong, with the value, and what to send instead.
        members: further members of the document, as `line` and `column` of a syntax error.
    """

    status: int
    detail: str
    members: Mapping[str, str | int | float] = field(default_factory=dict)

    def write(self, accept: str) -> tuple[str, bytes]:
        """Return Content-Type and body: the document where the Accept header asks for it, else text."""
        if not wants_document(accept):
            return PLAIN, f"{self.detail}\n".encode()
        document = {
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }
        return PROBLEM, f"{json.dumps(document, ensure_ascii=False)}\n".encode()


def of_query(error: QueryError) -> Problem:
    """Return the problem of a query that cannot be evaluated, with line and column where they are known."""
    places = {"line": error.line, "column": error.column}
    return Problem(400, str(error), {name: at for name, at in places.items() if at is not None})


def wants_document(accept: str) -> bool:
    """Whether an Accept header names problem documents and does not prefer text."""
    ranges = parse_accept(accept)
    weight, specificity = quality(PROBLEM, ranges)
    text, named = quality(_TEXT, ranges)
    return specificity == _NAMED and weight > 0 and (named < _NAMED or weight >= text)
