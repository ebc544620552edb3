"""Errors as text and as problem documents."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import QueryError
from forumkg.sparql.problem import PLAIN, PROBLEM, Problem, of_query, wants_document


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", False),
        ("*/*", False),
        ("application/*", False),
        ("application/json", False),
        ("text/plain", False),
        ("application/problem+json", True),
        ("APPLICATION/PROBLEM+JSON", True),
        ("application/sparql-results+json, application/problem+json", True),
        ("application/problem+json;q=0.1, application/sparql-results+json", True),
        ("application/problem+json;q=0", False),
        ("application/problem+json;q=0.5, text/plain", False),
        ("application/problem+json, text/plain;q=0.5", True),
        ("application/problem+json;q=0.5, text/*", True),
    ],
)
def test_wants_document(accept: str, *, wanted: bool) -> None:
    """A problem document comes only where it is named, and plain text is not named and liked more."""
    assert wants_document(accept) is wanted


def test_problem_as_text() -> None:
    """A person reads one line."""
    assert Problem(404, "There is no such graph.").write("text/html") == (PLAIN, b"There is no such graph.\n")


def test_query_error_as_document() -> None:
    """A program reads the status, its name, what was wrong, and the place of a syntax error."""
    error = QueryError("A brace is missing.", line=2, column=7)

    content_type, body = of_query(error).write(PROBLEM)

    assert content_type == PROBLEM
    assert json.loads(body) == {
        "title": "Bad Request",
        "status": 400,
        "detail": "line 2, column 7: A brace is missing.",
        "line": 2,
        "column": 7,
    }


def test_query_error_without_a_place() -> None:
    """A document has no line and column where they are unknown."""
    assert of_query(QueryError("No query.")) == Problem(400, "No query.")


@given(st.text())
def test_any_detail_is_whole(detail: str) -> None:
    """Whatever a message quotes, the document gives it back."""
    _, body = Problem(400, detail).write(PROBLEM)

    assert json.loads(body)["detail"] == detail


@given(st.text())
def test_any_accept_header_is_read(accept: str) -> None:
    """No Accept header makes the error page fail."""
    assert wants_document(accept) in {True, False}
