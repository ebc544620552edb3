"""The product as a WSGI application, under servers that others wrote."""

import http.client
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from urllib.parse import quote

import pytest
import small_dataset
from processes import exists, tree, until
from servers import Server
from small_dataset import PREFIXES
from wsgi_servers import flask_server, gunicorn_server

import forumkg

QUERY = f"/sparql?query={quote(PREFIXES + 'SELECT ?year { ?edition zgc:year ?year } ORDER BY ?year')}"
YEARS = b"year\r\n2021\r\n2023\r\n"


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the call that makes the application on the small dataset."""
    folder = tmp_path_factory.mktemp("wsgi")
    root = small_dataset.write(folder / "root").root
    return f"forumkg:create_app(data='{folder / 'data'}', root='{root}')"


SERVERS = {
    "flask": flask_server,
    "gunicorn": gunicorn_server,
    "gunicorn, forked later": lambda application: gunicorn_server(application, "--preload"),
}


@pytest.fixture(scope="module", params=SERVERS.values(), ids=[*SERVERS])
def server(request: pytest.FixtureRequest, application: str) -> Iterator[Server]:
    """Run the application in each server."""
    start: Callable[[str], AbstractContextManager[Server]] = request.param
    with start(application) as running:
        yield running


def test_query(server: Server) -> None:
    """A query is answered, again and by each process."""
    for _ in range(6):
        assert server.request("GET", QUERY, Accept="text/csv") == (200, "text/csv; charset=utf-8", YEARS)


def test_mistake(server: Server) -> None:
    """A mistake in a query is answered with its place."""
    status, _, body = server.request("GET", "/sparql?query=ASK%20%7B")

    assert (status, body.startswith(b"line 1, column 6: ")) == (400, True)


def test_version_of_every_response(server: Server) -> None:
    """Each response names the version of the dataset that it is from."""
    assert {named(server, path)[:3] for path in (QUERY, "/", "/no", "/livez", "/static/style.css")} == {"1; "}


def named(server: Server, path: str) -> str:
    """Return the version that a response names."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path)
        return connection.getresponse().getheader("Forumkg-Version", "")


def test_page(server: Server) -> None:
    """A page, a document and the page of the editor are answered."""
    assert server.request("GET", "/", Accept="text/html")[:2] == (200, "text/html; charset=utf-8")
    assert server.request("GET", "/sparql", Accept="text/html")[:2] == (200, "text/html; charset=utf-8")
    assert server.request("GET", "/.well-known/void", Accept="text/turtle")[0] == 200


def test_validation(server: Server) -> None:
    """A document is validated."""
    status, _, body = server.request(
        "POST", "/validate", "<a:b> a <a:c> .", Content_Type="text/turtle", Accept="application/json"
    )

    assert (status, b'"conforms"' in body) == (200, True)


def test_operators(server: Server) -> None:
    """Health and metrics are answered."""
    assert server.request("GET", "/livez")[0] == 200
    assert server.request("GET", "/readyz")[0] == 200
    assert b"forumkg_workers" in server.request("GET", "/metrics")[2]


@pytest.mark.parametrize("start", SERVERS.values(), ids=SERVERS)
def test_no_process_is_left(application: str, start: Callable[[str], AbstractContextManager[Server]]) -> None:
    """When a server ends in order, so do all processes for queries."""
    with start(application) as running:
        with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)) as connection:
            connection.request("GET", QUERY)
            assert connection.getresponse().read()
        processes = tree(running.process.pid)
        assert len(processes) >= 2
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(60)

    until(lambda: not any(map(exists, processes)))


def test_public_name() -> None:
    """The package has the name that WSGI servers look for."""
    assert callable(forumkg.create_app)
