"""The page that maps an article, without a browser: in both languages."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from page_texts import texts_of, untagged_english
from validating import PATIENT

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.web.query_service import QueryService
from forumkg.web.rate_limits import NO_LIMIT, RateLimiter
from forumkg.web.validation_service import ValidationService
from forumkg.workers.pool import Pool
from forumkg.workers.validation_workers import ValidationWorkers


@pytest.fixture(scope="module")
def client(shipped_version: Version) -> Iterator[FlaskClient]:
    """Return a client of an application that previews worksheets."""
    with (
        Pool(shipped_version.path / "store") as pool,
        ValidationWorkers(shipped_version.path, PATIENT) as workers,
    ):
        service = QueryService(pool, shipped_version.info.digest)
        validation = ValidationService(workers, RateLimiter(NO_LIMIT, NO_LIMIT))
        yield create_app(shipped_version, service, validation=validation).test_client()


def test_get_in_chinese(client: FlaskClient) -> None:
    """The page, its choices and the messages of its script are in Chinese."""
    text = client.get("/zh/map").text

    assert untagged_english(texts_of(text)) == []
    assert re.search(r'<option value="body">\s*正文</option>', text)
    assert '"The statement is added."' in text
    assert '"preview": "/zh/map"' in text


def test_get_in_english(client: FlaskClient) -> None:
    """The choices are the words of the worksheet, and the script needs no messages."""
    text = client.get("/map").text

    assert re.search(r'<option value="body">\s*body</option>', text)
    assert '"messages": {}' in text
