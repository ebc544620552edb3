"""Templates are compiled before the first reader comes."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forumkg.app.application import compile_templates, create_app
from forumkg.dataset.versions import Version
from forumkg.web.query_service import QueryService


def _generate(*_: object, **__: object) -> str:
    raise AssertionError("A template was compiled for a reader.")


def _get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, headers={"Accept": "text/html"})


@pytest.mark.parametrize("path", ["/", "/sparql", "/editions", "/nowhere"])
def test_page_of_new_application_compiles_nothing(
    small_version: Version, small_service: QueryService, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the templates were compiled, a new application compiles none, and says the same."""
    before = _get(create_app(small_version, small_service).test_client(), path)
    compile_templates()
    monkeypatch.setattr("jinja2.environment.generate", _generate)
    after = _get(create_app(small_version, small_service).test_client(), path)
    assert (after.status_code, after.data) == (before.status_code, before.data)
