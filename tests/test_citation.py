"""The citation file has what GitHub, Zenodo and Zotero read, and agrees with the repository.

https://github.com/citation-file-format/citation-file-format/blob/1.2.0/schema-guide.md
"""

import datetime
import tomllib
from pathlib import Path

import yaml
from rdflib import DCTERMS, FOAF, OWL, URIRef

from forumkg.dataset.description import DATASET
from forumkg.namespaces import ONTOLOGY
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.reading import parse

ROOT = Path(__file__).resolve().parents[1]


def test_citation_file() -> None:
    """Required keys are there, and version, day, names, licence and addresses are those of the dataset."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dataset = rdflib_graph(parse(ROOT / "graph" / "dataset.ttl"))
    ontology = rdflib_graph(parse(ROOT / "ontology" / "core.ttl"))
    makers = [ontology.value(maker, FOAF.name) for maker in dataset.objects(URIRef(DATASET), DCTERMS.creator)]

    assert {"cff-version", "message", "title", "authors"} <= cited.keys()
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert cited["version"] == project["version"]
    assert cited["authors"] == [{"name": str(maker)} for maker in makers]
    issued = dataset.value(URIRef(DATASET), DCTERMS.issued)
    assert datetime.date.fromisoformat(cited["date-released"]).isoformat() == str(issued)
    assert cited["license"] in project["license"]
    assert cited["url"] == DATASET
    version = ontology.value(URIRef(ONTOLOGY), OWL.versionIRI)
    assert [each["value"] for each in cited["identifiers"]] == [str(version)]
