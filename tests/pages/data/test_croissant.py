"""The description in Croissant: the files that there are, and the columns of the figures.

The reference implementation, `mlcroissant validate`, was run on it; it would triple what the tests install.
"""

import csv
import hashlib
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from forumkg.pages.figure_table import COLUMNS


@pytest.fixture(scope="module")
def described(shipped_client: FlaskClient) -> dict[str, Any]:
    """Return the description of the shipped dataset."""
    response = shipped_client.get("/data/croissant.json")
    assert response.headers["Content-Type"] == "application/ld+json"
    found: dict[str, Any] = json.loads(response.text)
    return found


def test_croissant_has_what_is_required(described: dict[str, Any]) -> None:
    """The properties that the specification requires of a dataset are there, and the recommended ones."""
    assert described["@type"] == "sc:Dataset"
    assert described["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    required = {"name", "description", "license", "url", "creator", "datePublished", "version", "citeAs"}
    assert all(described[name] for name in required)
    prefixes = {value for value in described["@context"].values() if isinstance(value, str)}
    assert {"http://mlcommons.org/croissant/", "https://schema.org/", "http://purl.org/dc/terms/"} <= prefixes


def test_croissant_files(described: dict[str, Any], shipped_client: FlaskClient) -> None:
    """Each file can be had, and has the stated format, size and digest."""
    for file in described["distribution"]:
        response = shipped_client.get(file["contentUrl"].removeprefix("http://localhost"))
        assert response.status_code == 200
        assert hashlib.sha256(response.data).hexdigest() == file["sha256"]
        assert f"{len(response.data)} B" == file["contentSize"]
        assert response.mimetype == file["encodingFormat"]


def test_croissant_records(described: dict[str, Any], shipped_client: FlaskClient) -> None:
    """The record set has the columns of the file that it names, and a key of them."""
    (records,) = described["recordSet"]
    header = next(csv.reader(io.StringIO(shipped_client.get("/data/figures.csv").text)))

    fields = {field["@id"]: field["source"]["extract"]["column"] for field in records["field"]}
    assert list(fields.values()) == header == [column.name for column in COLUMNS]
    assert {field["source"]["fileObject"]["@id"] for field in records["field"]} == {"figures.csv"}
    assert {key["@id"] for key in records["key"]} <= fields.keys()
    assert "figures.csv" in {file["@id"] for file in described["distribution"]}
