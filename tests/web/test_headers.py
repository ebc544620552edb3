"""The headers that every answer has."""

import pytest
from flask.testing import FlaskClient

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.web.headers import CORS, PREFLIGHT, SAFETY
from forumkg.web.query_service import QueryService


@pytest.fixture
def client(small_version: Version, small_service: QueryService) -> FlaskClient:
    """Return a client of an application on the small dataset."""
    return create_app(small_version, small_service).test_client()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/sparql?query=ASK%7B%7D", 200),
        ("/sparql?query=", 400),
        ("/static/style.css", 200),
        ("/no", 404),
    ],
)
def test_safety_on_every_answer(client: FlaskClient, path: str, status: int) -> None:
    """Each answer, a refusal too, forbids a browser what it never needs, and says so once."""
    with client.get(path) as response:
        assert response.status_code == status
        assert {name: response.headers.getlist(name) for name in SAFETY} == {
            name: [value] for name, value in SAFETY.items()
        }


def test_scripts_are_forbidden() -> None:
    """By default no answer may run a script, load from elsewhere, or stand in a frame."""
    rules = SAFETY["Content-Security-Policy"].split("; ")

    assert "default-src 'none'" in rules
    assert "frame-ancestors 'none'" in rules
    assert "base-uri 'none'" in rules


def test_other_origins(client: FlaskClient) -> None:
    """A page of any origin may read the answers of the endpoint and what their headers say, and no page."""
    endpoint = client.get("/sparql?query=ASK%7B%7D")
    preflight = client.options("/sparql")
    home = client.get("/")

    assert {name: endpoint.headers.get(name) for name in CORS} == CORS
    assert {name: preflight.headers.get(name) for name in CORS | PREFLIGHT} == CORS | PREFLIGHT
    assert not set(CORS) & set(home.headers.keys())
