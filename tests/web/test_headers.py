"""The headers that every answer has."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.web.headers import CORS, PREFLIGHT, SAFETY
from forumkg.web.http.responses import server_timing
from forumkg.web.ids import choose_request_id, new_id
from forumkg.web.query_service import QueryService

__all__ = []


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
    """A browser that asks before it sends a long Accept header, or any other, gets permission.

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


@pytest.mark.parametrize(
    "sent",
    [
        "1",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "0e8c5a1c-4b42-4a7c-8f8e-2d9a0f0c5d11",
        "Root=1-67891233-abcdef012345678912345678",
        "a" * 128,
    ],
)
def test_sane_id_is_kept(sent: str) -> None:
    """An id in one of the forms that proxies send stays as it is."""
    assert choose_request_id(sent) == sent


@given(st.one_of(st.none(), st.text(), st.from_regex(r"\A[ -~]*[\s\"'<>\\;,{}][ -~]*\Z"), st.just("a" * 129)))
def test_any_other_id_is_replaced(sent: str | None) -> None:
    """Whatever is sent, an id is 1 to 128 letters, digits and a few signs that are safe everywhere."""
    chosen = choose_request_id(sent)

    assert 1 <= len(chosen) <= 128
    assert chosen.isascii()
    assert not set(chosen) - set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._:/+=@-")


@pytest.mark.parametrize("sent", [None, "", "a b", "a\r\nSet-Cookie: b=c", "é", "\x1b[31m", "-a", "a" * 129])
def test_id_that_is_not_sane(sent: str | None) -> None:
    """An id that could do harm gives way to a new one."""
    chosen = choose_request_id(sent)

    assert chosen != sent
    assert len(chosen) == 32


def test_new_ids_differ() -> None:
    """Thousands of ids that many threads take at once all differ, and have 128 bits."""
    with ThreadPoolExecutor(8) as threads:
        found = [*threads.map(lambda _: new_id(), range(5000))]

    assert len({*found}) == 5000
    assert {len(bytes.fromhex(each)) for each in found} == {16}


def test_server_timing() -> None:
    """Durations are named and given in milliseconds, in the order in which they are given."""
    assert (
        server_timing(queue=0.0004, query=0.0123, total=1)
        == "queue;dur=0.4, query;dur=12.3, total;dur=1000.0"
    )
    assert server_timing() == ""
