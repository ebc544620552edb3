"""The descriptions for catalogues have what DCAT-AP 3 asks for: of a server, and of an exported folder."""

from pathlib import Path

import pyshacl
import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, URIRef
from shipped import shipped_store

from forumkg.dataset.description import DATASET
from forumkg.dataset.export import ExportTable, export
from forumkg.namespaces import BASE
from forumkg.pages.figure_files import CSV_FORMAT

SHAPES = Graph().parse(Path(__file__).parent / "dcat-ap-3.ttl")
ENDPOINT = "http://localhost/sparql"


@pytest.fixture(scope="module")
def served(shipped_client: FlaskClient) -> Graph:
    """Return the description that the server of the shipped dataset sends."""
    response = shipped_client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    return Graph().parse(data=response.data, format="turtle")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export the shipped dataset with a table; return the folder."""
    folder = tmp_path_factory.mktemp("export")
    table = ExportTable("figures.csv", CSV_FORMAT, b"a\r\n1\r\n")
    export(shipped_store(), folder, tables=[table])
    return folder


def findings(graph: Graph) -> str:
    """Return the report of the constraints of DCAT-AP 3; empty where all are met."""
    conforms, _, text = pyshacl.validate(graph, shacl_graph=SHAPES)
    return "" if conforms else str(text)


def test_server_meets_dcat_ap(served: Graph) -> None:
    """Catalogue, dataset, files, endpoint and makers of a server meet DCAT-AP 3."""
    assert findings(served) == ""
    assert {str(kind) for kind in served.objects(None, RDF.type)} >= {
        str(DCAT.Catalog),
        str(DCAT.Dataset),
        str(DCAT.DataService),
        str(DCAT.Distribution),
        str(FOAF.Agent),
    }


def test_server_lists_what_it_sends(served: Graph, shipped_client: FlaskClient) -> None:
    """Each file of the catalogue can be had, with the stated size; the endpoint is one way of access."""
    distributions = set(served.objects(URIRef(DATASET), DCAT.distribution))
    files = {each for each in distributions if (each, DCAT.downloadURL, None) in served}

    assert {str(each).rpartition("/")[2] for each in files} >= {"full.ttl", "asserted.nq", "figures.xlsx"}
    for each in files:
        response = shipped_client.get(str(each).removeprefix("http://localhost"))
        size = served.value(each, DCAT.byteSize)
        assert response.status_code == 200
        assert size is None or int(str(size)) == len(response.data)
        media_type = str(served.value(each, DCAT.mediaType)).partition("media-types/")[2]
        assert response.mimetype == media_type
    assert {str(served.value(each, DCAT.accessURL)) for each in distributions - files} == {ENDPOINT}


def test_export_meets_dcat_ap(exported: Path) -> None:
    """The index of an export meets DCAT-AP 3, and its makers are described."""
    index = Graph().parse(exported / "index.ttl")

    assert findings(index) == ""
    assert index.value(URIRef(f"{BASE}export/"), DCTERMS.publisher) == URIRef(f"{DATASET}#authors")


def test_export_addresses_are_those_of_its_folder(exported: Path) -> None:
    """Wherever the folder is published, the index gives the addresses of the files beside it."""
    base = "http://example.org/release/"
    index = Graph().parse(
        data=(exported / "index.ttl").read_bytes(), publicID=f"{base}index.ttl", format="turtle"
    )
    paths = {str(path) for path in index.objects(None, DCTERMS.identifier)}

    assert {str(each) for each in index.objects(None, DCAT.downloadURL)} == {base + path for path in paths}
    assert set(index.objects(None, DCAT.accessURL)) == {URIRef(f"{base}index.ttl")}
    assert all((exported / path).is_file() for path in paths)
    assert "figures.csv" in paths
