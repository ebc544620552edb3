"""The ontology keeps to OWL 2 DL and OWL 2 RL, and it and the data are consistent.

The judges are the OWL API and HermiT, which owlready2 brings along: they need a JDK.
https://www.w3.org/TR/owl2-profiles/
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

import owlready2  # type: ignore[import-untyped]  # it has no type hints
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import asserted_triples, ontology_triples
from turtle_text import triples

from forumkg.dataset.files import source_files
from forumkg.formats import GRAPH_FORMATS, Format
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.reading import parse
from forumkg.rdf.terms import quads
from forumkg.resources import ontology_dir

JAVAC = shutil.which("javac")
JAVA = shutil.which("java")
needs_jdk = pytest.mark.skipif(JAVA is None or JAVAC is None, reason="needs a JDK (java, javac)")

OWL_API = os.pathsep.join(map(str, sorted(Path(owlready2.__file__).parent.glob("pellet/*.jar"))))
RDF_XML = next(format_ for format_ in GRAPH_FORMATS if format_.name == "rdfxml")
PROGRAM = Path(__file__).parents[1] / "java" / "Profiles.java"

Violations = Callable[[Iterable[ox.Triple] | bytes], list[str]]


@pytest.fixture(scope="session")
def violations(tmp_path_factory: pytest.TempPathFactory) -> Violations:
    """Return a function that gives the violations of the two profiles in an ontology, triples or RDF/XML."""
    folder = tmp_path_factory.mktemp("profiles")
    subprocess.run([JAVAC or "javac", "-cp", OWL_API, "-d", folder, PROGRAM], check=True, capture_output=True)

    def check(ontology: Iterable[ox.Triple] | bytes) -> list[str]:
        path = folder / "ontology.rdf"
        if isinstance(ontology, bytes):
            path.write_bytes(ontology)
        else:
            rdflib_graph(ontology).serialize(path, format="xml", encoding="utf-8")
        command = [JAVA or "java", "-cp", f"{folder}{os.pathsep}{OWL_API}", "Profiles", str(path)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()

    return check


@pytest.fixture(scope="session")
def violations_of_ontology(violations: Violations) -> list[str]:
    """Return the violations in the shipped ontology."""
    return violations(ontology_triples())


@needs_jdk
def test_profiles_of_ontology(violations_of_ontology: list[str]) -> None:
    """The ontology with its vocabulary and alignments is in OWL 2 DL and in OWL 2 RL."""
    assert violations_of_ontology == []


@needs_jdk
@pytest.mark.slow
@pytest.mark.parametrize("name", ["core", "vocabulary", "alignments"])
def test_profiles_of_each_file(name: str, violations: Violations) -> None:
    """Each file of the ontology alone is in OWL 2 DL and in OWL 2 RL: it declares what it uses."""
    assert violations(parse(ontology_dir() / f"{name}.ttl")) == []


@needs_jdk
def test_profiles_of_served_ontology(shipped_client: FlaskClient, violations: Violations) -> None:
    """What the server sends for the IRI of the ontology is in OWL 2 DL and in OWL 2 RL."""
    response = shipped_client.get("/ontology", headers={"Accept": RDF_XML.media_type}, follow_redirects=True)

    assert response.status_code == 200
    assert violations(response.data) == []


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/ontology", "ontology/"),
        ("/shapes", "shapes/"),
        ("/graph/ontology/core", "ontology/core"),
        ("/graph/shapes/evidence", "shapes/evidence"),
    ],
)
def test_served_document_is_the_files(
    shipped_client: FlaskClient, path: str, folder: str, format_: Format
) -> None:
    """A document has the triples of its files in each format, those with blank nodes included."""
    expected = [parse(file.path) for file in source_files() if file.name.startswith(folder)]
    rdf_format = ox.RdfFormat.from_media_type(format_.media_type)

    found = ox.parse(shipped_client.get(f"{path}.{format_.extension}").data, format=rdf_format)

    assert canonical(quad.triple for quad in found) == canonical(chain.from_iterable(expected))


def canonical(found: Iterable[ox.Triple]) -> ox.Dataset:
    """Return triples whose blank nodes have canonical labels."""
    dataset = ox.Dataset(quads(found))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@needs_jdk
@pytest.mark.slow
@pytest.mark.parametrize(
    ("planted", "profiles", "named"),
    [
        ("zgc:hasTheme a owl:FunctionalProperty .", {"OWL 2 DL", "OWL 2 RL"}, "hasTheme"),
        ("zgc:Theme rdfs:subClassOf ex:Undeclared .", {"OWL 2 DL", "OWL 2 RL"}, "Undeclared"),
        (
            "zgc:Edition rdfs:subClassOf "
            "[ a owl:Restriction ; owl:onProperty zgc:hasTheme ; owl:someValuesFrom zgc:Theme ] .",
            {"OWL 2 RL"},
            "hasTheme",
        ),
        ("zgc:issued a owl:DatatypeProperty ; rdfs:range xsd:date .", {"OWL 2 RL"}, "date"),
    ],
    ids=["functional-chain", "undeclared", "existential", "date"],
)
def test_profiles_planted_violation(
    violations: Violations, violations_of_ontology: list[str], planted: str, profiles: set[str], named: str
) -> None:
    """What is outside a profile is found and named with the profile."""
    found = set(violations((*ontology_triples(), *triples(planted)))) - set(violations_of_ontology)

    assert {violation.split(":")[0] for violation in found} == profiles
    assert all(named in violation for violation in found)


def unsatisfiable(data: Iterable[ox.Triple], folder: Path) -> set[str]:
    """Return the classes that HermiT finds to have no possible member, or raise if the data contradict."""
    # owlready2 does not read Turtle.
    path = folder / "data.nt"
    ox.serialize(data, path, format=ox.RdfFormat.N_TRIPLES)
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load()
    # xsd:date is no datatype of OWL 2: HermiT throws on it by default.
    owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    return {cls.iri for cls in world.inconsistent_classes()} - {owlready2.Nothing.iri}


@needs_jdk
@pytest.mark.slow
def test_hermit_shipped_graph(tmp_path: Path) -> None:
    """Ontology and data do not contradict each other, and every class can have members."""
    assert unsatisfiable(asserted_triples(), tmp_path) == set()


@needs_jdk
@pytest.mark.slow
@pytest.mark.parametrize(
    "planted",
    [
        "person:wu-zhaohui a zgc:Person , zgc:Organization .",
        "role:x zgc:hasHolder organization:x . organization:x a zgc:Organization .",
        "ex:s zgc:isSupportedBy ex:p . ex:p oa:hasSource person:x . person:x a zgc:Person .",
        'edition:x zgc:year "in spring" .',
    ],
    ids=["two-kinds", "holder", "source", "year"],
)
def test_hermit_planted_inconsistency(planted: str, tmp_path: Path) -> None:
    """HermiT finds a contradiction that is planted into the shipped graph."""
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        unsatisfiable((*asserted_triples(), *triples(planted)), tmp_path)


@needs_jdk
@pytest.mark.slow
def test_hermit_planted_unsatisfiable_class(tmp_path: Path) -> None:
    """HermiT finds a class that can have no member."""
    planted = "ex:Impossible a owl:Class ; rdfs:subClassOf zgc:Person , zgc:Theme ."

    found = unsatisfiable((*ontology_triples(), *triples(planted)), tmp_path)

    assert found == {"http://example.org/Impossible"}
