"""The page of the data: files for download, the named graphs, and what is said of them."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_dataset
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.app.application import create_app
from forumkg.dataset.description import DATASET
from forumkg.dataset.downloads import (
    DOWNLOADS,
    MAX_TRIPLES,
    Download,
    make_downloads,
    read_downloads,
    sums,
    write_downloads,
)
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, open_version
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool

NAMES = [f"{part}.{ending}" for part in ("full", "asserted") for ending in ("ttl", "trig", "nq", "jsonld")]


@pytest.fixture(scope="module")
def files() -> tuple[Download, ...]:
    """Make the files of the shipped dataset."""
    return make_downloads(shipped_store())


def test_files_hold_the_dataset(files: tuple[Download, ...]) -> None:
    """Each file holds as many triples as it says, and the whole is the default graph of the endpoint."""
    assert [each.name for each in files] == NAMES
    for each in files:
        store = ox.Store()
        rdf_format = ox.RdfFormat.from_media_type(each.format.media_type)
        assert rdf_format
        store.load(each.data, format=rdf_format)
        assert len({quad.triple for quad in store}) == each.triples

    default = {
        str(quad.triple) for quad in shipped_store().quads_for_pattern(None, None, None, ox.DefaultGraph())
    }
    assert files[0].triples == len(default)


def test_files_are_kept(files: tuple[Download, ...], tmp_path: Path) -> None:
    """What was written is read again as it was, and a folder without files has none."""
    assert read_downloads(tmp_path / "downloads") is None

    write_downloads(shipped_store(), tmp_path / "downloads", MAX_TRIPLES + 1)
    assert read_downloads(tmp_path / "downloads") is None

    write_downloads(shipped_store(), tmp_path / "downloads", files[0].triples)
    kept = read_downloads(tmp_path / "downloads")

    assert kept
    assert [(each.name, each.data, each.sha256, each.size) for each in kept] == [
        (each.name, each.data, each.sha256, each.size) for each in files
    ]


def test_version_has_its_files(shipped_version: Version) -> None:
    """A version has its files from the beginning, so that no request waits for them."""
    assert [each.name for each in read_downloads(shipped_version.path / DOWNLOADS) or ()] == NAMES


def test_version_without_files(tmp_path: Path) -> None:
    """A version that an earlier release has made is packed when the files are wanted."""
    small = small_dataset.write(tmp_path / "root")
    version = open_version(tmp_path / "data", small.files, ontology_dir=small.ontology_dir)
    shutil.rmtree(version.path / DOWNLOADS)
    with Pool(version.path / "store") as pool:
        client = create_app(version, QueryService(pool, version.info.digest)).test_client()

        text = client.get("/data").text
        assert re.findall(r'<a href="/data/([a-z.]+)">', text) == NAMES
        assert client.get("/data/full.nq").text.count("\n") > 20


def test_sums(files: tuple[Download, ...]) -> None:
    """The checksums are in the form that `sha256sum --check` reads."""
    assert sums(files).splitlines()[0] == f"{hashlib.sha256(files[0].data).hexdigest()}  full.ttl"


def test_get_data(shipped_client: FlaskClient) -> None:
    """The page links to each file with its size and its checksum, and to each named graph."""
    text = shipped_client.get("/data").text

    assert re.findall(r'<a href="/data/([a-z.]+)">', text) == NAMES
    for name in NAMES:
        assert hashlib.sha256(shipped_client.get(f"/data/{name}").data).hexdigest() in text
    graphs = re.findall(r'href="/graph/([^"]+)\.ttl"', text)
    built = ["derived", "description", "entailed", "questions"]
    assert sorted(graphs) == sorted([*built, *(file.name for file in source_files())])
    assert all(shipped_client.get(f"/graph/{name}.ttl").status_code == 200 for name in graphs)
    assert 'href="/docs/changelog"' in text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert data
    described = json.loads(data[1])
    assert (described["@type"], described["@id"]) == ("Dataset", DATASET)
    assert len(described["distribution"]) == len(NAMES) + 1


@pytest.mark.parametrize("name", [*NAMES, "SHA256SUMS"])
def test_get_download(shipped_client: FlaskClient, name: str) -> None:
    """A file has a length and a validator, is not sent twice, and may be read by pages of any origin."""
    response = shipped_client.get(f"/data/{name}")
    again = shipped_client.get(f"/data/{name}", headers={"If-None-Match": response.headers["ETag"]})

    assert response.status_code == 200
    assert response.content_length == len(response.data)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.data) == (304, b"")
    assert shipped_client.head(f"/data/{name}").content_length == len(response.data)


def test_get_download_unknown(shipped_client: FlaskClient) -> None:
    """Any other name is answered 404, with the way to those that are there."""
    response = shipped_client.get("/data/full.exe")

    assert response.status_code == 404
    assert "There is no download 'full.exe': /data lists all." in response.text


def test_void_lists_the_files(shipped_client: FlaskClient, files: tuple[Download, ...]) -> None:
    """The description of the dataset has each file with its address, size and checksum."""
    store = ox.Store()
    store.load(shipped_client.get("/.well-known/void").data, format=ox.RdfFormat.TURTLE)
    found = store.query(
        "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX spdx: <http://spdx.org/rdf/terms#> "
        f"SELECT ?url ?size ?sum {{ <{DATASET}> dcat:distribution [ dcat:downloadURL ?url ; "
        "dcat:byteSize ?size ; spdx:checksum [ spdx:checksumValue ?sum ] ] }"
    )

    assert isinstance(found, ox.QuerySolutions)
    assert {tuple(str(term.value) for term in row if not isinstance(term, ox.Triple)) for row in found} == {
        (f"http://localhost/data/{each.name}", str(each.size), each.sha256) for each in files
    }


def test_the_shipped_dataset_is_packed(shipped_version: Version) -> None:
    """The shipped dataset is well below the size from which on none is packed."""
    assert shipped_version.info.triples < MAX_TRIPLES / 5
