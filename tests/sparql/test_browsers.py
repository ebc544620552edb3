"""Browsers get the page of the editor, and programs the answer."""

import pytest

from forumkg.sparql.negotiation import asks_for_page

CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
QUERY = b"query=ASK+%7B%7D"


@pytest.mark.parametrize("accept", [CHROMIUM, FIREFOX, "text/html", "TEXT/HTML", "text/html, */*;q=0.1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query_string", [b"", QUERY, QUERY + b"&format=", QUERY + b"&timeout=2"])
def test_browser_gets_the_page(accept: str, method: str, query_string: bytes) -> None:
    """Who wants HTML more than any format of an answer gets the page, with and without a query."""
    assert asks_for_page(method, query_string, accept)


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/*",
        "application/sparql-results+json",
        "text/html, text/csv",
        "text/csv, text/html",
        "text/html;q=0.9, text/turtle",
        "text/html;q=0.5, */*",
        "text/html;q=0",
        # What rdflib and SPARQLWrapper send.
        "application/rdf+xml, application/sparql-results+xml;q=0.9",
        "application/sparql-results+xml",
        # What java.net.HttpURLConnection sends.
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
    ],
)
def test_program_gets_the_answer(accept: str) -> None:
    """Who likes a format of an answer as much as HTML, or does not name HTML, gets the answer."""
    assert not asks_for_page("GET", QUERY, accept)


@pytest.mark.parametrize(
    ("method", "query_string"),
    [
        ("POST", QUERY),
        ("OPTIONS", b""),
        ("GET", QUERY + b"&format=csv"),
        ("GET", QUERY + b"&output=json"),
        ("GET", b"format=turtle"),
        ("GET", b"update=CLEAR+ALL"),
        ("GET", QUERY + b"&a" * 300),
    ],
)
def test_browser_that_asks_for_something_else(method: str, query_string: bytes) -> None:
    """A submitted form, a format parameter and a request without a query are left to the protocol."""
    assert not asks_for_page(method, query_string, CHROMIUM)
