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


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/sparql",
            "/sparql/queries/x",
            "/id/edition/2021",
            "/id/edition/2021.ttl",
            "/ontology",
            "/prefixes",
        ),
        *("/graph/a.ttl", "/.well-known/void", "/data/full.nq", "/why", "/why.json"),
    ],
)
def test_preflight_of_all_that_other_origins_may_read(client: FlaskClient, path: str) -> None:
    """A browser that asks before it sends a long Accept header, or any other, is told that it may.

    https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    """
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "accept, x-requested-with, cache-control, queryid",
    }

    with client.options(path, headers=asked) as response:
        assert response.status_code == 200
        assert {name: response.headers.getlist(name) for name in CORS | PREFLIGHT} == {
            name: [value] for name, value in (CORS | PREFLIGHT).items()
        }
        assert {"*", "Authorization"} <= set(PREFLIGHT["Access-Control-Allow-Headers"].split(", "))


def test_mistake_of_ours_in_a_page(
    small_version: Version, small_service: QueryService, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that nothing foresaw is 500 with the id under which the log has its traceback."""
    app = create_app(small_version, small_service)
    app.add_url_rule("/broken", view_func=lambda: str(1 / 0))

    with app.test_client().get("/broken", headers={"X-Request-Id": "id-1"}) as response:
        assert (response.status_code, response.get_data(as_text=True)) == (
            500,
            "This is a fault of the server. Report it with the id id-1.\n",
        )
    (record,) = caplog.records
    assert record.__dict__["fields"] == {"id": "id-1"}
    assert record.exc_info is not None


def test_other_origins(client: FlaskClient) -> None:
    """A page of any origin may read the answers of the endpoint and what their headers say, and no page."""
    endpoint = client.get("/sparql?query=ASK%7B%7D")
    preflight = client.options("/sparql")
    home = client.get("/")

    assert {name: endpoint.headers.get(name) for name in CORS} == CORS
    assert {name: preflight.headers.get(name) for name in CORS | PREFLIGHT} == CORS | PREFLIGHT
    assert not set(CORS) & set(home.headers.keys())
