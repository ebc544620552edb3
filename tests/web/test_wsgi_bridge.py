"""What a WSGI application is told of a request."""

from forumkg.web.wsgi_bridge import environ


def test_headers() -> None:
    """Headers become variables; one with an underscore in its name does not pass for another one."""
    variables = environ(
        method="GET",
        path="/",
        query_string="",
        headers=[("if-none-match", "a"), ("if_none_match", "b"), ("accept", "c"), ("accept", "d")],
        body=b"",
        scheme="http",
        version="1.1",
        server="127.0.0.1:80",
        client="127.0.0.1",
    )

    assert {name: value for name, value in variables.items() if name.startswith("HTTP_")} == {
        "HTTP_IF_NONE_MATCH": "a",
        "HTTP_ACCEPT": "c,d",
    }
