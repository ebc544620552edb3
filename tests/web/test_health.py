"""Health and metrics endpoints for operators."""

from collections.abc import Iterator

import pytest
from counting import metrics_at_rest
from flask import Flask
from flask.testing import FlaskClient
from scripted_engine import ScriptedAnswer, scripted_engine

from forumkg.dataset.versions import Version
from forumkg.web.health import Health, keep
from forumkg.workers.pool import Pool

PLAIN = "text/plain; charset=utf-8"


@pytest.fixture(scope="module")
def pool(small_version: Version) -> Iterator[Pool]:
    """Run a pool of workers on the small dataset."""
    with Pool(small_version.path / "store") as running:
        yield running


def client_of(version: Version, pool: Pool) -> FlaskClient:
    """Return a client of an application with the endpoints for operators."""
    app = Flask(__name__)
    keep(app, Health(version.info, pool, metrics_at_rest(version.info, pool.statistics)))
    return app.test_client()


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_methods(small_version: Version, pool: Pool, path: str) -> None:
    """GET and HEAD are answered alike, and not stored; nothing can be posted."""
    client = client_of(small_version, pool)

    get, head, post = client.get(path), client.head(path), client.post(path)

    assert (get.status_code, head.status_code, post.status_code) == (200, 200, 405)
    assert get.headers["Cache-Control"] == head.headers["Cache-Control"] == "no-store"
    assert head.data == b""


def test_get_livez(small_version: Version, pool: Pool) -> None:
    """/livez answers as long as the process does."""
    response = client_of(small_version, pool).get("/livez")

    assert (response.status_code, response.content_type, response.text) == (200, PLAIN, "live\n")


def test_get_readyz(small_version: Version, pool: Pool) -> None:
    """/readyz answers after a worker has answered a query, and says what is served."""
    before = pool.statistics().outcomes.get("answered", 0)

    response = client_of(small_version, pool).get("/readyz")

    triples = small_version.info.triples
    assert response.status_code == 200
    assert response.text == f"ready: version 1, {triples} triples\n"
    assert pool.statistics().outcomes["answered"] == before + 1


def test_get_readyz_without_workers(small_version: Version) -> None:
    """Where no worker answers, /readyz is 503 and says why, while /livez goes on."""
    pool = Pool(small_version.path / "store")
    client = client_of(small_version, pool)
    pool.close()

    ready, live = client.get("/readyz"), client.get("/livez")

    assert (ready.status_code, ready.text) == (503, "not ready: The server is stopping.\n")
    assert live.status_code == 200


@pytest.mark.faults
def test_log_of_changes_of_readiness(small_version: Version, caplog: pytest.LogCaptureFixture) -> None:
    """The log has why a server is not ready, and when it is again, once each."""
    with scripted_engine() as engine, Pool(None, engine=engine.engine) as pool:
        client = client_of(small_version, pool)
        for status in (200, 500, 500, 200, 200):
            engine.answer = ScriptedAnswer(b'{"head":{},"boolean":true}', status)
            assert client.get("/readyz").status_code == (200 if status == 200 else 503)

    found = [(record.message, vars(record).get("fields")) for record in caplog.records]
    reason = "The engine of this endpoint answered with status 500."
    assert found == [("not ready", {"reason": reason}), ("ready again", None)]


def test_get_metrics(small_version: Version, pool: Pool) -> None:
    """/metrics reports what the pool does and what version is served."""
    response = client_of(small_version, pool).get("/metrics")

    assert response.content_type.startswith("text/plain; version=0.0.4")
    assert f"forumkg_triples {float(small_version.info.triples)}\n" in response.text
    assert "forumkg_fork_server_starts_total 1.0\n" in response.text
